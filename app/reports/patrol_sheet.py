"""The patrol sheet (巡查单): what a member takes along, its check points in the order in which they are entered."""

from __future__ import annotations

from collections.abc import Sequence

from app.base.words import _
from app.domain.checklists import PROGRAMME_TITLES, ChecklistItem, ChecklistTemplate, ItemKind
from app.domain.office import Office
from app.domain.patrols import CHECK_GRADE_TITLES, ROUND_KIND_TITLES, CheckGrade, CheckPoint, PatrolRound
from app.reports.paper import Block, Facts, Heading, PaperColumn, Signatures, Table, Words

BOX = "□"
NOTE_ROWS = 6
PRINTED_GRADES = (CheckGrade.GOOD, CheckGrade.FAIR, CheckGrade.BAD)


def sheet_blocks(round_: PatrolRound, template: ChecklistTemplate | None, office: Office) -> list[Block]:
    """The sheet of one round: who, where, when; what to look at; the route with boxes; room for findings; signatures."""
    blocks: list[Block] = [
        Heading(_("巡查单"), f"{office.name}  {round_.number}"),
        Facts(_facts(round_)),
    ]
    if template is not None:
        blocks.append(Words(_("检查内容:{items}").format(items=";".join(map(item_words, template.items)))))
    blocks.append(Table(_columns(), [_row(point) for point in round_.points] or [_empty_row(n) for n in range(1, 11)]))
    found = [PaperColumn(_("点"), 5), PaperColumn(_("发现的问题"), 60), PaperColumn(_("处理"), 35)]
    how = f"{BOX}{_('上报')}  {BOX}{_('当场解决')}  {BOX}{_('关注')}"
    blocks.append(Table(found, [("\n", "", how)] * NOTE_ROWS))
    times = _("开始时间 ____:____    结束时间 ____:____")
    blocks.append(Words(times))
    blocks.append(Signatures((_("网格员"), _("核对人"), _("日期"))))
    return blocks


def item_words(item: ChecklistItem) -> str:
    """An item on paper, a measured one with its limit."""
    if item.answer is not ItemKind.NUMBER:
        return item.title
    limit = "" if item.limit_max is None else f"≤{item.limit_max:g}"
    return f"{item.title}({limit}{item.measure})"


def _facts(round_: PatrolRound) -> Sequence[Sequence[tuple[str, str]]]:
    shift = ""
    if round_.shift_start and round_.shift_end:
        over = _("次日") if round_.shift_end <= round_.shift_start else ""
        shift = f"{round_.shift_start:%H:%M}-{over}{round_.shift_end:%H:%M}"
    kind = f"{_(ROUND_KIND_TITLES[round_.kind])} {_(PROGRAMME_TITLES[round_.programme])}"
    place = " ".join(filter(None, (round_.grid_code, round_.road)))
    rows: list[Sequence[tuple[str, str]]] = [
        ((_("网格员"), round_.member_name), (_("日期"), f"{round_.day:%Y-%m-%d} {shift}".strip())),
        ((_("街道"), round_.street_name), (_("网格/道路"), place)),
        ((_("类别"), kind), (_("检查模板"), round_.template_name)),
    ]
    if round_.units:
        rows.append(((_("联合单位"), "、".join(round_.units)),))
    if round_.note:
        rows.append(((_("说明"), round_.note),))
    return rows


def _columns() -> tuple[PaperColumn, ...]:
    return (
        PaperColumn(_("序"), 5, "right"),
        PaperColumn(_("检查点"), 31),
        PaperColumn(_("结果"), 29),
        PaperColumn(_("问题"), 7, "center"),
        PaperColumn(_("数值/说明"), 28),
    )


def _boxes() -> str:
    return "  ".join(f"{BOX}{_(CHECK_GRADE_TITLES[grade])}" for grade in PRINTED_GRADES)


def _row(point: CheckPoint) -> tuple[str, ...]:
    place = f"{point.road}{point.house_no}"
    said = point.name if not place or place in point.name else f"{point.name} {place}"
    return str(point.no), said, _boxes(), BOX, ""


def _empty_row(number: int) -> tuple[str, ...]:
    return str(number), "", _boxes(), BOX, ""
