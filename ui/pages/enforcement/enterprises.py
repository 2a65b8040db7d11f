"""Enterprises: the register with what of the year's cap is used, the form and the visits of one beside it, import."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.base.words import _
from app.domain.inspections import Inspection
from app.services.case_import import ImportResult
from ui.keys import listen
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.enforcement.enterprise_card import EnterpriseCard
from ui.pages.enforcement.enterprise_list import enterprise_columns, enterprise_source
from ui.tables.list_part import ListPart
from ui.tables.view_list import ViewList
from ui.theme import set_look
from ui.widgets.fitting_row import quiet_button
from ui.widgets.sections import InPart


class EnterprisesPart(ListPart[EnterpriseCard]):
    """`go` takes the id of an enterprise, words to search, chips, or None. A company is typed at once: no draft."""

    def __init__(self, context: PageContext) -> None:
        list_ = ViewList(
            "enterprises",
            _("企业列表"),
            context,
            enterprise_source(context.desk),
            enterprise_columns(context.desk),
            _("名称、信用代码、地址、拼音首字母"),
        )
        card = EnterpriseCard(context)
        super().__init__(context, "enterprises_part", _("企业"), list_, card, "enterprises_split")
        self.card = card
        self.new = set_look(name(QPushButton(_("+ 新企业 Ctrl+N")), "new_enterprise", _("新企业")), "primary")
        self.bring_in = quiet_button("import_enterprises", _("导入…"))
        self._connect()

    def new_enterprise(self) -> None:
        """An empty form."""
        self.card.start_new()

    def ask_import(self) -> None:
        """Choose a sheet."""
        from ui.pages.enforcement.enterprise_import import ImportEnterprises

        dialog = ImportEnterprises(self._context, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.imported.connect(self._on_imported)
        dialog.open()

    def inspect(self) -> None:
        """Draft an inspection of the company one stands on."""
        if self.card.enterprise is not None:
            self.wanted.emit("enforcement", InPart("inspections", {"new": self.card.enterprise.id}))

    def _connect(self) -> None:
        self.card.saved.connect(self.list.ask)
        self.card.inspect_wanted.connect(self.inspect)
        self.card.visit_wanted.connect(self._on_visit)
        self.new.clicked.connect(self.new_enterprise)
        self.bring_in.clicked.connect(self.ask_import)
        may = self._context.actor.may_write("enterprise")
        for button in (self.bring_in, self.new):
            self.list.tools.addWidget(button)
            button.setVisible(may)
        listen(self, {"Ctrl+N": self.new_enterprise, "Ctrl+I": self.ask_import})
        listen(self.list.table, {"J": self.inspect})

    def _on_visit(self, visit: Inspection) -> None:
        self.wanted.emit("enforcement", InPart("inspections", visit.id))

    def _on_imported(self, _result: ImportResult) -> None:
        self.list.refresh()
