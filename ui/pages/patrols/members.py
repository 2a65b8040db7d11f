"""The part of grid members: who they are, their month's attendance, roll calls, and their scores."""

from __future__ import annotations

from app.base.words import N_, _
from ui.pages.context import PageContext
from ui.widgets.sections import PartEntry, PartsPage

PARTS = (
    PartEntry("list", N_("名册"), "ui.pages.patrols.members_list:MembersList", ("worker", "grid", "unit")),
    PartEntry(
        "attendance",
        N_("考勤"),
        "ui.pages.patrols.members_attendance:AttendanceSheet",
        ("attendance", "worker", "track", "patrol_round"),
    ),
    PartEntry("roll", N_("点名抽查"), "ui.pages.patrols.members_roll:RollCalls", ("roll_call", "worker")),
    PartEntry(
        "scores",
        N_("考核"),
        "ui.pages.patrols.members_scores:MemberScores",
        ("finding", "field_task", "patrol_round", "track", "grid", "worker"),
    ),
)


class MembersPart(PartsPage):
    """`go` takes a part's name, or `InPart(name, argument)`."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "members_part", _("人员考勤"), PARTS)
