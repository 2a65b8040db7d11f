"""The part of findings: the list with one finding beside it, decided by single keys; or the entry of a new one."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QStackedLayout, QVBoxLayout, QWidget

from app.base.words import _
from app.domain.finding_views import FindingLine, FindingView
from app.domain.findings import Finding
from app.domain.map_views import point_place
from app.domain.permissions import OfficeRole
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.patrols.finding_correction import FindingCorrection
from ui.pages.patrols.finding_form import FindingForm
from ui.pages.patrols.findings_deeds import FindingDeeds
from ui.pages.patrols.findings_detail import FindingDetailPane
from ui.pages.patrols.findings_list import finding_columns, finding_source
from ui.pages.patrols.list_export import ask_export
from ui.tables.view_list import ViewList
from ui.theme import set_look
from ui.widgets.fitting_row import quiet_button
from ui.widgets.sections import InPart
from ui.widgets.split_view import SplitView

KEYS = {
    "G": "to_case",
    "S": "settle",
    "W": "watch",
    "D": "drop",
    "L": "link",
    "E": "correct",
    "U": "take_back",
    "O": "open_case",
}


class FindingsPart(QWidget):
    """`go` takes the id of a finding, a FindingView, {"round": id}, words to search, or None."""

    wanted = Signal(str, object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "findings_part", _("问题"))
        self._context = context
        self._form: FindingForm | None = None
        self._correction: FindingCorrection | None = None
        self.list = ViewList(
            "findings",
            _("问题列表"),
            context,
            finding_source(context.desk),
            finding_columns(context.desk.clock.now),
            _("编号、地点、描述、拼音首字母"),
        )
        self.detail = FindingDetailPane(context)
        self.split = SplitView("findings_split", _("问题"), self.list.table, self.detail, context.remember)
        self.deeds = FindingDeeds(context, self)
        self.new = set_look(name(QPushButton(_("+ 新问题 Ctrl+N")), "new_finding", _("新问题")), "primary")
        self._lay_out()
        self._connect()

    @property
    def form(self) -> FindingForm:
        """The entry, made when it is first wanted."""
        if self._form is None:
            self._form = FindingForm(self._context, self)
            self._form.saved.connect(self._on_saved)
            self._form.closed.connect(self.show_list)
            self._stack.addWidget(self._form)
        return self._form

    @property
    def correction(self) -> FindingCorrection:
        """The form that puts a finding right, made when it is first wanted."""
        if self._correction is None:
            self._correction = FindingCorrection(self._context, self)
            self._correction.saved.connect(lambda finding: self._on_done(finding.id))
            self._correction.closed.connect(self.show_list)
            self._stack.addWidget(self._correction)
        return self._correction

    def go(self, argument: object) -> None:
        """Show what was asked for."""
        match argument:
            case UUID():
                self.show_list()
                self.list.narrow(FindingView.ALL, then=argument)
            case FindingView():
                self.show_list()
                self.list.narrow(argument.value)
            case str():
                self.show_list()
                self.list.narrow(FindingView.ALL, search=argument)
            case dict():
                self.show_list()
                self.list.narrow(FindingView.ALL, argument)

    def refresh(self) -> None:
        """Read again what is shown; place and selection stay."""
        self.list.refresh()
        self.detail.refresh()

    def keep(self) -> None:
        """Put what is half typed into a draft."""
        for form in (self._form, self._correction):
            if form is not None:
                form.keep()

    def new_finding(self, round_id: UUID | None = None) -> None:
        """An empty form; one that was not finished is gone on with."""
        drafts = self.form.drafts() if round_id is None else []
        if drafts:
            self.form.load_draft(drafts[0])
        else:
            self.form.start_new(round_id)
        self._stack.setCurrentWidget(self.form)

    def show_list(self) -> None:
        """The list again."""
        self._stack.setCurrentIndex(0)
        self.list.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def decide(self, deed: str) -> None:
        """Do what a key or button says with the finding one stands on."""
        detail = self.detail.detail
        if detail is None or not self.detail.may(deed):
            return
        if deed == "open_case" and detail.case is not None:
            self.wanted.emit("cases", detail.case.id)
        elif deed == "correct":
            self.correction.show_finding(detail.finding)
            self._stack.setCurrentWidget(self.correction)
        elif deed == "open_round" and detail.walk is not None:
            self.wanted.emit("patrols", InPart("rounds", detail.walk.id))
        elif deed == "show_place":
            found = detail.finding
            title = f"{found.number} {found.address}".strip()
            self.wanted.emit("map", point_place(title, found.longitude, found.latitude, "finding", found.id))
        else:
            self.deeds.take(deed, detail.finding)

    def export(self) -> None:
        """Write what is selected (two or more), else the whole list."""
        sheets, actor = self._context.desk.finding_sheets, self._context.actor
        rids = self.list.selected()
        ask_export(
            self,
            self._context,
            self.list.busy,
            rids,
            _("巡查问题"),
            lambda path, rows, watch: sheets.findings(path, rows, actor=actor, watch=watch),
        )

    def _lay_out(self) -> None:
        export = quiet_button("export_findings", _("导出 Ctrl+E"))
        export.clicked.connect(self.export)
        self.list.tools.addWidget(export)
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
        self.new.clicked.connect(lambda: self.new_finding())
        may = bool(self._context.actor.roles - {OfficeRole.AUDITOR, OfficeRole.LEADER})
        self.new.setVisible(may)
        for key, deed in KEYS.items():
            self._shortcut(key, self.split, partial(self.decide, deed))
        self._shortcut("R", self.split, partial(self.decide, "open_round"))
        self._shortcut("M", self.split, partial(self.decide, "show_place"))
        self._shortcut("Ctrl+N", self._page, self.new_finding)
        self._shortcut("Ctrl+E", self._page, self.export)

    def _shortcut(self, key: str, where: QWidget, act: object) -> None:
        shortcut = QShortcut(QKeySequence(key), where)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)

    def _on_chosen(self, line: FindingLine | None) -> None:
        self.detail.show_finding(None if line is None else line.id)

    def _on_done(self, finding_id: UUID) -> None:
        self.list.ask(finding_id)
        self.detail.refresh()

    def _on_saved(self, finding: Finding) -> None:
        self.list.ask(finding.id)
