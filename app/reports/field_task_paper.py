"""The slip of a verify or check task (核实单、核查单): what a member takes along, several to a page."""

from __future__ import annotations

from dataclasses import dataclass

from app.base.words import _
from app.domain.cases import Case
from app.domain.findings import FieldTask, TaskKind
from app.domain.office import Office
from app.domain.task_rules import CHOSEN_BY_TITLES, RESULTS, TASK_KIND_TITLES
from app.reports.case_slip import moment
from app.reports.paper import Block, Facts, Heading, Signatures
from app.services.case_words import swapped

BOX = "□"


@dataclass(frozen=True)
class TaskSlip:
    """One task with the case it is about."""

    task: FieldTask
    case: Case


def task_blocks(slip: TaskSlip, office: Office) -> list[Block]:
    """One slip: what, where, until when, boxes for the result, and lines to sign. It is short, so that several fit a page."""
    task, case = slip.task, slip.case
    kind = _(swapped(TASK_KIND_TITLES[task.kind], office))
    category = " / ".join(part for part in (case.major_name, case.minor_name) if part) or case.category_text
    point = f"{case.longitude:.6f}, {case.latitude:.6f}" if case.longitude and case.latitude else ""
    # Whom the handling is checked of matters only after it.
    handled = case.unit_name if task.kind is TaskKind.CHECK else ""
    rows = [
        ((_("任务编号"), task.number), (_("案件编号"), case.city_no or case.local_no)),
        ((_("网格员"), task.member_name), (_("指派"), chosen_words(task))),
        ((_("下达时间"), moment(task.issued_at)), (_("截止时间"), moment(task.due_at))),
        ((_("类别"), category), (_("坐标"), point)),
        ((_("地点"), case.address),),
        ((_("问题描述"), case.description),),
        ((_("处置部门"), handled), (_("结案条件"), case.closing if handled else "")),
        ((_("结果"), "    ".join(f"{BOX} {_(title)}" for title in RESULTS[task.kind].values())),),
        ((_("现场情况"), "\n\n"),),
    ]
    facts = tuple(row for row in rows if any(value for _title, value in row))
    return [
        Heading(_("城市管理案件{kind}任务单").format(kind=kind), office.name),
        Facts(facts),
        Signatures((_("交办人"), _("网格员"), _("日期"))),
    ]


def chosen_words(task: FieldTask) -> str:
    """Why this member: 距离最近 91 米."""
    said = _(CHOSEN_BY_TITLES[task.chosen_by])
    if task.distance_m is None:
        return said
    return f"{said} {_('{n} 米').format(n=round(task.distance_m))}"
