"""Enterprises: the register with what of the year's cap is used, the form and the visits of one beside it, import."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.base.words import _
from app.domain.inspection_views import EnterpriseLine
from app.domain.inspections import Inspection
from app.services.case_import import ImportResult
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.enforcement.enterprise_card import EnterpriseCard
from ui.pages.enforcement.enterprise_list import enterprise_columns, enterprise_source
from ui.tables.view_list import ViewList
from ui.theme import set_look
from ui.widgets.fitting_row import quiet_button
from ui.widgets.sections import InPart
from ui.widgets.split_view import SplitView


class EnterprisesPart(QWidget):
    """`go` takes the id of an enterprise, words to search, or None."""

    wanted = Signal(str, object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "enterprises_part", _("企业"))
        self._context = context
        self.list = ViewList(
            "enterprises",
            _("企业列表"),
            context,
            enterprise_source(context.desk),
            enterprise_columns(context.desk),
            _("名称、信用代码、地址、拼音首字母"),
        )
        self.card = EnterpriseCard(context)
        self.split = SplitView("enterprises_split", _("企业"), self.list.table, self.card, context.remember)
        self.new = set_look(name(QPushButton(_("+ 新企业 Ctrl+N")), "new_enterprise", _("新企业")), "primary")
        self.bring_in = quiet_button("import_enterprises", _("导入…"))
        self._lay_out()
        self._connect()

    def go(self, argument: object) -> None:
        """Show what was asked for."""
        if isinstance(argument, UUID):
            self.list.narrow("all", then=argument)
        elif isinstance(argument, str):
            self.list.narrow("all", search=argument)

    def refresh(self) -> None:
        """Read again what is shown; place and selection stay."""
        self.list.refresh()
        self.card.refresh()

    def keep(self) -> None:
        """A company is typed at once: there is no draft."""

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

    def _lay_out(self) -> None:
        self.list.tools.addWidget(self.bring_in)
        self.list.tools.addWidget(self.new)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        for widget in (self.list.bars, self.list.busy):
            lines.addWidget(widget)
        lines.addWidget(self.split, 1)
        self.list.setParent(self)
        self.list.hide()

    def _connect(self) -> None:
        self.list.chosen.connect(self._on_chosen)
        self.list.opened.connect(lambda _line: self.split.open_full())
        self.card.saved.connect(self.list.ask)
        self.card.inspect_wanted.connect(self.inspect)
        self.card.visit_wanted.connect(self._on_visit)
        self.new.clicked.connect(self.new_enterprise)
        self.bring_in.clicked.connect(self.ask_import)
        may = self._context.actor.may_write("enterprise")
        self.new.setVisible(may)
        self.bring_in.setVisible(may)
        for key, where, act in (
            ("Ctrl+N", self, self.new_enterprise),
            ("Ctrl+I", self, self.ask_import),
            ("J", self.list.table, self.inspect),
        ):
            shortcut = QShortcut(QKeySequence(key), cast(QWidget, where))
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _on_chosen(self, line: EnterpriseLine | None) -> None:
        if line is not None:
            self.card.show_enterprise(line.id)

    def _on_visit(self, visit: Inspection) -> None:
        self.wanted.emit("enforcement", InPart("inspections", visit.id))

    def _on_imported(self, _result: ImportResult) -> None:
        self.list.refresh()
