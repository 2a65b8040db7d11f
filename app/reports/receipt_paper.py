"""The delivery receipt on paper: what the city says it holds of a case, and whether this office holds the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from app.base.words import _
from app.domain.cases import Case
from app.domain.catalog import TYPE_NAMED
from app.domain.office import Office
from app.domain.receipts import GAP_TITLES, ReceiptGap
from app.reports.case_slip import moment
from app.reports.paper import Block, Facts, Heading, PaperColumn, Signatures, Table, Words
from app.wire.blobs import FileProof, Receipt


def receipt_blocks(
    receipt: Receipt, gaps: Sequence[ReceiptGap], case: Case, names: Mapping[UUID, str], office: Office
) -> list[Block]:
    """The receipt of one case. names: what a clerk calls its steps and photos; by identity."""
    blocks: list[Block] = [
        Heading(_("案件送达回执"), office.name),
        Facts(
            (
                ((_("编号"), case.local_no), (_("市平台编号"), case.city_no)),
                ((_("市平台"), receipt.city), (_("回执时间"), moment(receipt.now))),
                ((_("市平台收到"), moment(receipt.received_at)), (_("市平台版本"), str(receipt.version))),
                ((_("记录标识"), str(receipt.record_id)),),
                ((_("内容摘要"), receipt.sha256),),
            )
        ),
    ]
    if receipt.children:
        blocks.append(_children(receipt, names))
    if receipt.files:
        blocks.append(_files(receipt.files))
    blocks += _verdict(gaps, names)
    blocks.append(Facts((((_("市平台签名"), receipt.signature),),)))
    blocks.append(Signatures((_("核对人"), _("日期"))))
    return blocks


def _children(receipt: Receipt, names: Mapping[UUID, str]) -> Table:
    columns = (PaperColumn(_("记录"), 22), PaperColumn(_("市平台收到"), 20), PaperColumn(_("内容摘要"), 58))
    rows = [
        (
            names.get(UUID(str(child["id"])), "") or kind_word(str(child["type"])),
            moment(datetime.fromisoformat(str(child["received_at"]))),
            str(child["sha256"]),
        )
        for child in receipt.children
    ]
    return Table(columns, rows)


def _files(files: Sequence[FileProof]) -> Table:
    columns = (
        PaperColumn(_("文件大小(字节)"), 16, "right"),
        PaperColumn(_("送达"), 26),
        PaperColumn(_("文件摘要"), 58),
    )
    rows = [(str(file.size), moment(file.at) if file.complete else _("还没有送到"), file.sha256) for file in files]
    return Table(columns, rows)


def _verdict(gaps: Sequence[ReceiptGap], names: Mapping[UUID, str]) -> list[Block]:
    if not gaps:
        return [Words(_("核对:本机与市平台的内容、附件完全一致。"))]
    rows = [(names.get(gap.record_id, "") or kind_word(gap.record_type), _(GAP_TITLES[gap.kind])) for gap in gaps]
    return [
        Words(_("核对:有 {n} 处不一致。").format(n=len(gaps))),
        Table((PaperColumn(_("记录"), 50), PaperColumn(_("不一致"), 50)), rows),
    ]


def kind_word(record_type: str) -> str:
    """What people call records of a type."""
    kind = TYPE_NAMED.get(record_type)
    return _(kind.title) if kind is not None else record_type
