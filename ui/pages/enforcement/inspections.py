"""The part of inspections: the list with one beside it, taken on by single keys; or the form of a new one."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QStackedLayout, QVBoxLayout, QWidget

from app.base.words import _
from app.domain.inspection_views import InspectionLine, InspectionView
from app.domain.inspections import Inspection
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.enforcement.inspection_form import InspectionForm
from ui.pages.enforcement.inspections_deeds import InspectionDeeds
from ui.pages.enforcement.inspections_detail import InspectionDetailPane
from ui.pages.enforcement.inspections_list import inspection_columns, inspection_source
from ui.tables.view_list import ViewList
from ui.theme import set_look
from ui.widgets.fitting_row import quiet_button
from ui.widgets.sections import InPart
from ui.widgets.split_view import SplitView

KEYS = {
    "A": "approve",
    "N": "notify",
    "B": "start",
    "F5": "finish",
    "G": "to_case",
    "O": "open_case",
    "E": "open_enterprise",
    "Ctrl+P": "print",
}


class InspectionsPart(QWidget):
    """`go` takes the id of an inspection, an InspectionView, {"draw": id} or {"enterprise": id}, words, or None.

    {"new": enterprise id} begins a new one.
    """

    wanted = Signal(str, object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "inspections_part", _("行政检查"))
        self._context = context
        self._form: InspectionForm | None = None
        self.list = ViewList(
            "inspections",
            _("行政检查列表"),
            context,
            inspection_source(context.desk),
            inspection_columns(),
            _("编号、企业、单位、拼音首字母"),
        )
        self.detail = InspectionDetailPane(context)
        self.split = SplitView("inspections_split", _("行政检查"), self.list.table, self.detail, context.remember)
        self.deeds = InspectionDeeds(context, self.list.busy, self)
        self.new = set_look(name(QPushButton(_("+ 拟检查 Ctrl+N")), "new_inspection", _("拟检查")), "primary")
        self.export = quiet_button("inspections_export", _("导出…"))
        self._lay_out()
        self._connect()

    @property
    def form(self) -> InspectionForm:
        """The form, made when it is first wanted."""
        if self._form is None:
            self._form = InspectionForm(self._context)
            self._form.saved.connect(self._on_saved)
            self._form.closed.connect(self.show_list)
            self._stack.addWidget(self._form)
        return self._form

    def go(self, argument: object) -> None:
        """Show what was asked for."""
        match argument:
            case {"new": UUID() as enterprise_id}:
                self.new_inspection(enterprise_id)
                return
            case UUID():
                self.list.narrow(InspectionView.ALL, then=argument)
            case InspectionView():
                self.list.narrow(argument.value)
            case str():
                self.list.narrow(InspectionView.ALL, search=argument)
            case dict():
                self.list.narrow(InspectionView.ALL, {key: (str(value),) for key, value in argument.items()})
            case _:
                return
        self.show_list()

    def refresh(self) -> None:
        """Read again what is shown; place and selection stay."""
        self.list.refresh()
        self.detail.refresh()

    def keep(self) -> None:
        """Put what is half typed into a draft."""
        if self._form is not None:
            self._form.keep()

    def new_inspection(self, enterprise_id: UUID | None = None) -> None:
        """The form; what was not finished is gone on with."""
        if not self._context.actor.may_write("inspection"):
            return
        self.form.start_new(enterprise_id)
        self._stack.setCurrentWidget(self.form)

    def show_list(self) -> None:
        """The list again."""
        self._stack.setCurrentIndex(0)
        self.list.table.setFocus(Qt.FocusReason.OtherFocusReason)

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

    def _lay_out(self) -> None:
        self.list.tools.addWidget(self.export)
        self.list.tools.addWidget(self.new)
        page = QWidget()
        lines = QVBoxLayout(page)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        for widget in (self.list.bars, self.list.busy):
            lines.addWidget(widget)
        lines.addWidget(self.split, 1)
        self._page = page
        self._stack = QStackedLayout(self)
        self._stack.addWidget(page)
        self.list.setParent(self)
        self.list.hide()

    def _connect(self) -> None:
        self.list.chosen.connect(self._on_chosen)
        self.list.opened.connect(lambda _line: self.split.open_full())
        self.detail.deed_wanted.connect(self.decide)
        self.detail.photos.added.connect(self.detail.refresh)
        self.deeds.done.connect(self._on_done)
        self.new.clicked.connect(lambda: self.new_inspection())
        self.new.setVisible(self._context.actor.may_write("inspection"))
        self.export.clicked.connect(lambda: self.deeds.ask_export(self.list.selected()))
        for key, deed in KEYS.items():
            self._shortcut(key, self.split, partial(self.decide, deed))
        self._shortcut("Ctrl+N", self._page, self.new_inspection)

    def _shortcut(self, key: str, where: QWidget, act: object) -> None:
        shortcut = QShortcut(QKeySequence(key), where)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)

    def _on_chosen(self, line: InspectionLine | None) -> None:
        self.detail.show_inspection(None if line is None else line.id)

    def _on_done(self, inspection_id: UUID) -> None:
        self.list.ask(inspection_id)
        self.detail.refresh()

    def _on_saved(self, inspection: Inspection) -> None:
        self.show_list()
        self.list.narrow(InspectionView.TO_APPROVE, then=inspection.id)
