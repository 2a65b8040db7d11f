"""The page of patrols: rounds, findings, tasks, plans, members, traces, coverage and grids as tabs."""

from __future__ import annotations

from app.base.words import N_, _
from ui.pages.context import PageContext
from ui.widgets.sections import PartEntry, PartsPage

PARTS = (
    PartEntry(
        "rounds",
        N_("巡查"),
        "ui.pages.patrols.rounds:RoundsPart",
        ("patrol_round", "check_result", "finding", "track", "outbox"),
    ),
    PartEntry("findings", N_("问题"), "ui.pages.patrols.findings:FindingsPart", ("finding", "photo", "case")),
    PartEntry("tasks", N_("核实核查"), "ui.pages.patrols.tasks:TasksPart", ("field_task", "case", "worker")),
    PartEntry(
        "plans",
        N_("计划"),
        "ui.pages.patrols.plans:PlansPart",
        ("patrol_plan", "patrol_round", "checklist_template", "worker", "grid", "attendance"),
    ),
    PartEntry(
        "members",
        N_("人员考勤"),
        "ui.pages.patrols.members:MembersPart",
        ("worker", "grid", "unit", "attendance", "roll_call", "track", "patrol_round", "finding", "field_task"),
    ),
    PartEntry("traces", N_("轨迹"), "ui.pages.patrols.traces:TracesPart", ("track", "patrol_round", "grid", "worker")),
    PartEntry(
        "coverage",
        N_("覆盖"),
        "ui.pages.patrols.coverage:CoveragePart",
        ("patrol_round", "check_result", "grid", "worker", "road"),
    ),
    PartEntry("grids", N_("网格"), "ui.pages.patrols.grids:GridsPart", ("grid", "road", "road_segment", "worker")),
)


class PatrolsPage(PartsPage):
    """`go` takes a part's name, or `InPart(name, argument)`."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "patrols_page", _("巡查"), PARTS)
