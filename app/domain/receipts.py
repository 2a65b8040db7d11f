"""What a delivery receipt may differ in from what lies here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class GapKind(StrEnum):
    """How one record of a receipt and ours differ."""

    NOT_WITH_CITY = "not_with_city"
    NOT_HERE = "not_here"
    DIFFERENT = "different"
    FILE_NOT_WITH_CITY = "file_not_with_city"


GAP_TITLES = {
    GapKind.NOT_WITH_CITY: "市平台还没有",
    GapKind.NOT_HERE: "本机还没有",
    GapKind.DIFFERENT: "两边内容不同",
    GapKind.FILE_NOT_WITH_CITY: "文件还没有送到市平台",
}


@dataclass(frozen=True)
class ReceiptGap:
    """One difference: record type, identity, and what it is."""

    record_type: str
    record_id: UUID
    kind: GapKind
