"""Papers of an inspection: approval form, notice, record and result notice (行政检查审批表、通知书、笔录、结果告知书).

Source: the basic formats of the Ministry of Justice of 2025 go by these names; districts differ in their lay-out, so what
stands here is the fields they share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.base.words import N_, _
from app.domain.cases import Photo
from app.domain.inspections import (
    INSPECTION_BASIS_TITLES,
    INSPECTION_RESULT_TITLES,
    ITEM_RESULT_TITLES,
    Enterprise,
    Inspection,
    InspectionItem,
    InspectionResult,
    ItemResult,
)
from app.domain.office import Office
from app.reports.case_slip import moment
from app.reports.paper import Block, Facts, Heading, PaperColumn, PaperPhoto, Photos, Signatures, Table, Words

BOX, TICK = "□", "☑"
BLANK = "　　　　"
MOST_PHOTOS = 6
Row = Sequence[tuple[str, str]]


class InspectionForm(StrEnum):
    """Which paper."""

    APPROVAL = "approval"
    NOTICE = "notice"
    RECORD = "record"
    RESULT = "result"


FORM_TITLES: Mapping[InspectionForm, str] = {
    InspectionForm.APPROVAL: N_("行政检查审批表"),
    InspectionForm.NOTICE: N_("行政检查通知书"),
    InspectionForm.RECORD: N_("行政检查笔录"),
    InspectionForm.RESULT: N_("行政检查结果告知书"),
}


@dataclass(frozen=True)
class InspectionSheet:
    """One inspection with what stands on its papers. photos: as bytes a page can hold."""

    inspection: Inspection
    enterprise: Enterprise
    photos: Sequence[tuple[Photo, bytes | None]] = ()


def form_blocks(form: InspectionForm, sheet: InspectionSheet, office: Office) -> list[Block]:
    """One paper, from its title to its signatures."""
    number = sheet.inspection.notice_no or sheet.inspection.number
    return [Heading(_(FORM_TITLES[form]), f"{office.name}  {number}"), *_BODIES[form](sheet)]


def _approval(sheet: InspectionSheet) -> list[Block]:
    inspection = sheet.inspection
    rows: list[Row] = [
        *_who(sheet.enterprise),
        ((_("检查来源"), _(INSPECTION_BASIS_TITLES[inspection.basis])), (_("计划日期"), _day(inspection))),
        ((_("检查单位"), "、".join(inspection.units)), (_("拟稿人"), inspection.drafter_name)),
        ((_("执法人员"), "\n".join(inspection.officer_words)),),
        ((_("检查内容"), inspection.matter),),
    ]
    if inspection.exempt_reason:
        rows.append(((_("不计次理由"), inspection.exempt_reason),))
    approved = f"{inspection.approved_by}  {moment(inspection.approved_at)}".strip()
    opinion = _("同意实施检查。 {who}").format(who=approved) if approved else "\n\n"
    return [
        Facts(tuple(rows)),
        _plain_items(inspection.items),
        Facts((((_("承办人意见"), "\n\n"),), ((_("负责人意见"), opinion),))),
        Signatures((_("承办人"), _("负责人"), _("日期"))),
    ]


def _notice(sheet: InspectionSheet) -> list[Block]:
    inspection = sheet.inspection
    sentence = _("{name}:根据有关法律、法规、规章的规定,本机关决定于 {day} 对你单位下列事项进行行政检查,请予配合。")
    rights = _(
        "检查由两名以上执法人员实施,检查时出示执法证件;执法人员不足两名或者不出示证件的,你单位有权拒绝检查。"
        "你单位有权申请有利害关系的执法人员回避,有权陈述意见。"
    )
    return [
        Words(sentence.format(name=sheet.enterprise.name, day=_day(inspection))),
        Facts(
            (
                ((_("检查地点"), sheet.enterprise.address), (_("检查单位"), "、".join(inspection.units))),
                ((_("执法人员"), "\n".join(inspection.officer_words)),),
                ((_("检查内容"), inspection.matter),),
            )
        ),
        _plain_items(inspection.items),
        Words(rights),
        Signatures((_("被检查人签收"), _("送达人"), _("日期"))),
    ]


def _record(sheet: InspectionSheet) -> list[Block]:
    inspection = sheet.inspection
    began, ended = moment(inspection.started_at) or BLANK, moment(inspection.ended_at) or BLANK
    shown = f"{BOX}{_('是')}  {BOX}{_('否')}"
    blocks: list[Block] = [
        Facts(
            (
                *_who(sheet.enterprise),
                ((_("检查时间"), _("{began} 至 {ended}").format(began=began, ended=ended)),),
                ((_("执法人员"), "\n".join(inspection.officer_words)),),
                ((_("已出示执法证件"), shown), (_("已告知权利"), shown)),
                ((_("现场负责人"), ""), (_("职务"), "")),
            )
        ),
        _answered_items(inspection.items),
        Facts((((_("检查情况"), inspection.note or "\n\n\n\n"),), ((_("检查结果"), _results(inspection.result)),))),
    ]
    pictures = [_photo(photo, picture) for photo, picture in sheet.photos[:MOST_PHOTOS]]
    if pictures:
        blocks.append(Photos(tuple(pictures)))
    blocks.append(Words(_("以上笔录已阅,与现场情况一致。以下空白。")))
    blocks.append(Signatures((_("被检查人"), _("执法人员"), _("执法人员"), _("日期"))))
    return blocks


def _result(sheet: InspectionSheet) -> list[Block]:
    inspection = sheet.inspection
    wrong = [item for item in inspection.items if item.result == ItemResult.WRONG]
    day = moment(inspection.started_at)[:10] or _day(inspection)
    sentence = _("{name}:本机关于 {day} 对你单位进行了行政检查,现将结果告知如下。")
    blocks: list[Block] = [
        Words(sentence.format(name=sheet.enterprise.name, day=day)),
        Facts((((_("检查结果"), _results(inspection.result)),), ((_("说明"), inspection.note),))),
    ]
    if wrong:
        blocks.append(_answered_items(wrong))
    return [*blocks, Signatures((_("被检查人签收"), _("执法人员"), _("日期")))]


_BODIES: Mapping[InspectionForm, Callable[[InspectionSheet], list[Block]]] = {
    InspectionForm.APPROVAL: _approval,
    InspectionForm.NOTICE: _notice,
    InspectionForm.RECORD: _record,
    InspectionForm.RESULT: _result,
}


def _who(enterprise: Enterprise) -> list[Row]:
    return [
        ((_("被检查人"), enterprise.name), (_("统一社会信用代码"), enterprise.credit_code)),
        ((_("地址"), enterprise.address),),
    ]


def _plain_items(items: Sequence[InspectionItem]) -> Table:
    columns = (PaperColumn(_("序"), 6, "right"), PaperColumn(_("检查事项"), 44), PaperColumn(_("依据"), 50))
    return Table(columns, [(str(at), item.title, item.basis) for at, item in enumerate(items, start=1)])


def _answered_items(items: Sequence[InspectionItem]) -> Table:
    columns = (
        PaperColumn(_("序"), 6, "right"),
        PaperColumn(_("检查事项"), 34),
        PaperColumn(_("结果"), 30),
        PaperColumn(_("说明"), 30),
    )
    return Table(
        columns,
        [(str(at), item.title, _answer(item.result), item.note) for at, item in enumerate(items, start=1)],
    )


def _answer(result: str) -> str:
    if result:
        return _(ITEM_RESULT_TITLES[ItemResult(result)])
    return "  ".join(f"{BOX}{_(title)}" for title in ITEM_RESULT_TITLES.values())


def _results(result: str) -> str:
    words = [f"{TICK if one == result else BOX} {_(title)}" for one, title in INSPECTION_RESULT_TITLES.items()]
    return "    ".join(words)


def result_word(result: str) -> str:
    """未发现问题, 责令改正, 移送立案; nothing before it is done."""
    return _(INSPECTION_RESULT_TITLES[InspectionResult(result)]) if result else ""


def _day(inspection: Inspection) -> str:
    return f"{inspection.planned_on:%Y-%m-%d}"


def _photo(photo: Photo, picture: bytes | None) -> PaperPhoto:
    words = [moment(photo.taken_at or photo.created_at)]
    if picture is None:
        words.append(_("(此照片不能打印,请在系统里查看)"))
    return PaperPhoto(picture, " ".join(words))
