"""The dispatch slip (派遣单): what a unit takes along to the place, with room to sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.base.words import _
from app.domain.cases import PHOTO_PHASE_TITLES, Case, Photo, PhotoPhase
from app.domain.office import Office
from app.reports.paper import Block, Facts, Heading, PaperPhoto, Photos, Signatures, Words
from app.services.case_words import stage_word
from app.services.reference import OFFICE_ZONE

MOST_PHOTOS = 4
Row = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class SlipCase:
    """One case with the pictures that go on its slip, as bytes a page can hold."""

    case: Case
    photos: Sequence[tuple[Photo, bytes | None]]


def slip_blocks(slip: SlipCase, office: Office, sources: Mapping[str, str]) -> list[Block]:
    """The slip of one case: facts, photos before handling, what was asked, and lines to sign."""
    case = slip.case
    blocks: list[Block] = [
        Heading(_("城市管理案件派遣单"), office.name),
        Facts(tuple(row for row in _rows(case, office, sources) if any(value for _title, value in row))),
    ]
    shown = [pair for pair in slip.photos if pair[0].phase == PhotoPhase.BEFORE][:MOST_PHOTOS]
    if shown:
        blocks.append(Photos(tuple(_photo(photo, picture) for photo, picture in shown)))
    more = len(slip.photos) - len(shown)
    if more:
        blocks.append(Words(_("另有 {n} 张照片在系统里").format(n=more)))
    blocks.append(Facts((((_("处置情况"), "\n\n\n"),),)))
    blocks.append(Signatures((_("派遣员"), _("接收人"), _("处置人员"), _("日期"))))
    return blocks


def moment(at: datetime | None) -> str:
    """An instant on paper: always with its year."""
    return f"{at.astimezone(OFFICE_ZONE):%Y-%m-%d %H:%M}" if at is not None else ""


def _rows(case: Case, office: Office, sources: Mapping[str, str]) -> list[Row]:
    numbers = " / ".join(number for number in (case.city_no or _("待编号"), case.source_no) if number)
    category = " / ".join(part for part in (case.major_name, case.minor_name) if part) or case.category_text
    area = " ".join(part for part in (case.street_name, case.community_name) if part)
    grid = " / ".join(part for part in (case.unit_grid, case.duty_grid) if part)
    near = _("附近 {near}").format(near=case.near) if case.near and case.near not in case.address else ""
    return [
        ((_("编号"), case.local_no), (_("其他编号"), numbers)),
        ((_("来源"), _(sources.get(case.source, case.source))), (_("上报时间"), moment(case.reported_at))),
        ((_("类别"), category), (_("环节"), stage_word(case.stage, office))),
        ((_("地点"), " ".join(part for part in (case.address, near) if part)),),
        ((_("街道社区"), area), (_("网格"), grid)),
        ((_("问题描述"), case.description),),
        ((_("立案条件"), case.condition),),
        ((_("结案条件"), case.closing),),
        ((_("处置部门"), case.unit_name), (_("处置人员"), case.handler_name)),
        ((_("处置时限"), case.limit.text if case.limit else ""), (_("截止时间"), moment(case.due_at))),
    ]


def _photo(photo: Photo, picture: bytes | None) -> PaperPhoto:
    words = [_(PHOTO_PHASE_TITLES[photo.phase]), moment(photo.taken_at or photo.created_at)]
    if picture is None:
        words.append(_("(此照片不能打印,请在系统里查看)"))
    return PaperPhoto(picture, " ".join(words))
