"""The part of inspections: the list with one beside it, taken on by single keys; or the form of a new one."""

from __future__ import annotations

from functools import cached_property
from uuid import UUID

from PySide6.QtWidgets import QPushButton

from app.base.words import _
from app.domain.inspection_views import InspectionView
from app.domain.inspections import Inspection
from ui.keys import listen
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.enforcement.inspection_form import InspectionForm
from ui.pages.enforcement.inspections_deeds import InspectionDeeds
from ui.pages.enforcement.inspections_detail import InspectionDetailPane
from ui.pages.enforcement.inspections_list import inspection_columns, inspection_source
from ui.tables.list_part import DeedPart
from ui.tables.view_list import ViewList
from ui.theme import set_look
from ui.widgets.fitting_row import quiet_button
from ui.widgets.sections import InPart


class InspectionsPart(DeedPart[InspectionDetailPane]):
    """`go` takes the id of an inspection, an InspectionView, {"draw": id} or {"enterprise": id}, words, or None.

    {"new": enterprise id} begins a new one.
    """

    def __init__(self, context: PageContext) -> None:
        list_ = ViewList(
            "inspections",
            _("行政检查列表"),
            context,
            inspection_source(context.desk),
            inspection_columns(),
            _("编号、企业、单位、拼音首字母"),
        )
        detail = InspectionDetailPane(context)
        super().__init__(context, "inspections_part", _("行政检查"), list_, detail, "inspections_split")
        self.deeds = InspectionDeeds(context, list_.busy, self)
        self.new = set_look(name(QPushButton(_("+ 拟检查 Ctrl+N")), "new_inspection", _("拟检查")), "primary")
        self.new.clicked.connect(lambda: self.new_inspection())
        self.new.setVisible(context.actor.may_write("inspection"))
        self.export = quiet_button("inspections_export", _("导出…"))
        self.export.clicked.connect(lambda: self.deeds.export(list_.rids()))
        for button in (self.export, self.new):
            list_.tools.addWidget(button)
        self.listen_to(self.deeds)
        listen(list_, {"Ctrl+N": self.new_inspection})

    @cached_property
    def form(self) -> InspectionForm:
        """The form, made when it is first wanted."""
        form = self.add_form(InspectionForm(self._context))
        form.saved.connect(self._on_saved)
        return form

    def go(self, argument: object) -> None:
        """Show what was asked for."""
        match argument:
            case {"new": UUID() as enterprise_id}:
                self.new_inspection(enterprise_id)
            case dict():
                super().go({key: (str(value),) for key, value in argument.items()})
            case _:
                super().go(argument)

    def new_inspection(self, enterprise_id: UUID | None = None) -> None:
        """The form; what was not finished is gone on with."""
        if not self._context.actor.may_write("inspection"):
            return
        self.form.start_new(enterprise_id)
        self.show_form(self.form)

    def decide(self, deed: str) -> None:
        """Do what a key or button says with the inspection one stands on."""
        detail = self.detail.detail
        if detail is None or not self.detail.may(deed):
            return
        inspection = detail.inspection
        if deed == "open_case":
            self.wanted.emit("cases", inspection.case_id)
        elif deed == "open_enterprise":
            self.wanted.emit("enforcement", InPart("enterprises", inspection.enterprise_id))
        else:
            self.deeds.take(deed, inspection)

    def _on_saved(self, inspection: Inspection) -> None:
        self.show_list()
        self.list.narrow(view=InspectionView.TO_APPROVE, then=inspection.id)
