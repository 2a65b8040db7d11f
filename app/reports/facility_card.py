"""The card of one facility (部件卡片), and a list of them, on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.base.words import _
from app.domain.facilities import FACILITY_STATE_TITLES, Facility
from app.domain.facility_rules import FacilityGroup, HistoryLine
from app.domain.facility_views import FacilityLine
from app.domain.office import Office
from app.reports.case_slip import moment
from app.reports.paper import Block, Facts, Heading, PaperColumn, PaperPhoto, Photos, Table, Words

MOST_HISTORY = 20
Row = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class FacilityCard:
    """One facility with what goes on its card. pictures: bytes a page can hold, None where a photo cannot be printed."""

    facility: Facility
    group: FacilityGroup
    history: Sequence[HistoryLine]
    pictures: Sequence[tuple[bytes | None, datetime]]


def card_blocks(card: FacilityCard, office: Office) -> list[Block]:
    """The card: facts, its own attributes, photos, history."""
    facility = card.facility
    title = " ".join(part for part in (facility.name or facility.minor_name, _("部件卡片")) if part)
    blocks: list[Block] = [
        Heading(title, office.name),
        Facts(tuple(row for row in _rows(facility, card.group) if any(value for _title, value in row))),
    ]
    if card.pictures:
        blocks.append(Photos(tuple(PaperPhoto(picture, moment(at)) for picture, at in card.pictures)))
    blocks.append(Heading(_("经过")))
    if card.history:
        rows = [(moment(line.at), line.what, line.words, line.who) for line in card.history[:MOST_HISTORY]]
        blocks.append(Table(_history_columns(), rows))
    else:
        blocks.append(Words(_("没有记录")))
    return blocks


def list_blocks(title: str, lines: Sequence[FacilityLine], total: int, office: Office) -> list[Block]:
    """A heading, the lines, and a word when there are more than fit a stack of paper."""
    columns = (
        PaperColumn(_("序"), 4, "right"),
        PaperColumn(_("状态"), 6),
        PaperColumn(_("标识码"), 16),
        PaperColumn(_("户籍号"), 10),
        PaperColumn(_("名称"), 16),
        PaperColumn(_("街道"), 10),
        PaperColumn(_("位置"), 22),
        PaperColumn(_("养护单位"), 14),
        PaperColumn(_("最近巡查"), 14, "right"),
    )
    rows = [
        (
            str(number),
            _(FACILITY_STATE_TITLES[line.state]),
            line.code,
            line.house_number,
            line.title,
            line.street_name,
            line.address or line.road,
            line.maintainer,
            moment(line.seen_at),
        )
        for number, line in enumerate(lines, start=1)
    ]
    blocks: list[Block] = [Heading(title, _("{office} · 共 {n} 件").format(office=office.name, n=total))]
    blocks.append(Table(columns, rows))
    if total > len(lines):
        blocks.append(Words(_("只打印了前 {n} 件;全部请用导出").format(n=len(lines))))
    return blocks


def attribute_rows(facility: Facility, group: FacilityGroup) -> list[tuple[str, str]]:
    """(title, value with its unit) of the attributes a facility has, those its register knows first."""
    known = {one.name: one for one in group.attributes}
    rows = [
        (_(one.title), f"{value}{_(one.unit) if one.unit else ''}")
        for one in group.attributes
        if (value := facility.attributes.get(one.name, ""))
    ]
    return rows + [(name, value) for name, value in facility.attributes.items() if name not in known and value]


def _rows(facility: Facility, group: FacilityGroup) -> list[Row]:
    category = " / ".join(part for part in (facility.major_name, facility.minor_name) if part)
    area = " ".join(part for part in (facility.street_name, facility.community_name) if part)
    grid = " / ".join(part for part in (facility.unit_grid, facility.duty_grid) if part)
    state = _(FACILITY_STATE_TITLES[facility.state])
    point = ""
    if facility.longitude is not None and facility.latitude is not None:
        point = f"{facility.longitude:.6f}, {facility.latitude:.6f}"
    own = attribute_rows(facility, group)
    pairs: list[Row] = [own[place : place + 2] for place in range(0, len(own), 2)]
    return [
        ((_("标识码"), facility.code), (_("户籍号"), facility.house_number)),
        ((_("台账"), _(group.title)), (_("类别"), category)),
        ((_("状态"), state), (_("最近巡查"), moment(facility.seen_at))),
        ((_("位置"), facility.address or facility.road),),
        ((_("街道社区"), area), (_("网格"), grid)),
        ((_("坐标"), point), (_("精度"), facility.accuracy)),
        ((_("主管部门"), facility.authority), (_("权属单位"), facility.owner)),
        ((_("养护单位"), facility.maintainer), (_("数据来源"), facility.source)),
        *pairs,
        ((_("备注"), facility.note),),
    ]


def _history_columns() -> tuple[PaperColumn, ...]:
    return (
        PaperColumn(_("时间"), 16),
        PaperColumn(_("事由"), 24),
        PaperColumn(_("内容"), 44),
        PaperColumn(_("经手人"), 12),
    )
