"""The part of findings: the list with one finding beside it, decided by single keys; or the entry of a new one."""

from __future__ import annotations

from functools import cached_property
from uuid import UUID

from PySide6.QtWidgets import QPushButton

from app.base.words import _
from app.domain.findings import Finding
from app.domain.map_views import point_place
from app.domain.permissions import OfficeRole
from ui.keys import listen
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.patrols.finding_correction import FindingCorrection
from ui.pages.patrols.finding_form import FindingForm
from ui.pages.patrols.findings_deeds import FindingDeeds
from ui.pages.patrols.findings_detail import FindingDetailPane
from ui.pages.patrols.findings_list import finding_columns, finding_source
from ui.tables.list_part import DeedPart
from ui.tables.view_list import ViewList
from ui.theme import set_look
from ui.widgets.fitting_row import quiet_button
from ui.widgets.sections import InPart


class FindingsPart(DeedPart[FindingDetailPane]):
    """`go` takes the id of a finding, a FindingView, {"round": (id,)} and other chips, words to search, or None."""

    def __init__(self, context: PageContext) -> None:
        list_ = ViewList(
            "findings",
            _("问题列表"),
            context,
            finding_source(context.desk),
            finding_columns(context.desk.clock.now),
            _("编号、地点、描述、拼音首字母"),
        )
        super().__init__(context, "findings_part", _("问题"), list_, FindingDetailPane(context), "findings_split")
        self.deeds = FindingDeeds(context, list_.busy, self)
        self.new = set_look(name(QPushButton(_("+ 新问题 Ctrl+N")), "new_finding", _("新问题")), "primary")
        self.new.clicked.connect(lambda: self.new_finding())
        self.new.setVisible(bool(context.actor.roles - {OfficeRole.AUDITOR, OfficeRole.LEADER}))
        export = quiet_button("export_findings", _("导出 Ctrl+E"))
        export.clicked.connect(self.export)
        for button in (export, self.new):
            list_.tools.addWidget(button)
        self.listen_to(self.deeds)
        listen(list_, {"Ctrl+N": self.new_finding, "Ctrl+E": self.export})

    @cached_property
    def form(self) -> FindingForm:
        """The entry, made when it is first wanted."""
        form = self.add_form(FindingForm(self._context, self))
        form.saved.connect(self._on_saved)
        return form

    @cached_property
    def correction(self) -> FindingCorrection:
        """The form that puts a finding right, made when it is first wanted."""
        form = self.add_form(FindingCorrection(self._context, self))
        form.saved.connect(lambda finding: self._on_done(finding.id))
        return form

    def new_finding(self, round_id: UUID | None = None) -> None:
        """An empty form; one that was not finished is gone on with."""
        drafts = self.form.drafts() if round_id is None else []
        if drafts:
            self.form.load_draft(drafts[0])
        else:
            self.form.start_new(round_id)
        self.show_form(self.form)

    def decide(self, deed: str) -> None:
        """Do what a key or button says with the finding one stands on."""
        detail = self.detail.detail
        if detail is None or not self.detail.may(deed):
            return
        if deed == "open_case" and detail.case is not None:
            self.wanted.emit("cases", detail.case.id)
        elif deed == "correct":
            self.correction.show_finding(detail.finding)
            self.show_form(self.correction)
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
        self.deeds.export(self.list.rids())

    def _on_saved(self, finding: Finding) -> None:
        self.list.ask(finding.id)
