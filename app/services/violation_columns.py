"""The fields an item of violations can be imported into, the header words they are known by, and which column goes where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.base.words import N_, _
from app.domain.problems import Refused
from app.services.sheets.known_columns import KnownColumn, KnownColumns, columns_of, headers_of, known

COLUMNS: tuple[KnownColumn, ...] = (
    known("code", N_("事项代码"), "事项代码|事项编码|职权编码|权力编码|事项编号|编码|代码|编号|code"),
    known("title", N_("违法事项"), "违法事项|违法行为|事项名称|职权名称|案由|名称|违法情形|name_zh|title"),
    known("basis", N_("法律依据"), "法律依据|处罚依据|实施依据|设定依据|依据|违反条款和处罚依据|legal_basis|basis"),
    known("kinds", N_("处罚种类"), "处罚种类|处罚类别|种类|penalty_kinds"),
    known("fine_low", N_("罚款下限"), "罚款下限|最低罚款|下限|下限(元)|fine_min"),
    known("fine_high", N_("罚款上限"), "罚款上限|最高罚款|上限|上限(元)|fine_max"),
    known("unit", N_("罚款单位"), "罚款单位|计罚单位|单位|fine_unit"),
    known("subject", N_("适用对象"), "适用对象|处罚对象|对象|相对人类别|subject"),
    known("precondition", N_("前置条件"), "前置条件|前置程序|责令改正|precondition"),
    known("authority", N_("实施部门"), "实施部门|实施主体|执法主体|责任部门|部门|authority"),
    known("tiers", N_("裁量等次"), "裁量等次|裁量基准|裁量标准|裁量阶次|discretion_tiers|tiers"),
    known("valid_from", N_("施行日期"), "施行日期|生效日期|开始日期|valid_from"),
    known("valid_to", N_("废止日期"), "废止日期|失效日期|截止日期|valid_to"),
    known("source", N_("来源"), "来源|出处|source"),
)
NEEDED = ("title", "basis")
SHEETS = KnownColumns("violation", lambda: COLUMNS)


@dataclass(frozen=True)
class ViolationMapping:
    """Field name -> column, counted from 0."""

    columns: Mapping[str, int]

    def need_columns(self) -> None:
        """Raises Refused("violation.no_column") without a name or a basis."""
        missing = [_(column.title) for column in COLUMNS if column.name in NEEDED and column.name not in self.columns]
        if missing:
            raise Refused("violation.no_column", columns="、".join(missing))

    def as_memory(self, header: Sequence[str]) -> dict[str, Any]:
        """What to keep for this layout, as plain JSON."""
        return {"columns": headers_of(self.columns, header)}


def propose(header: Sequence[str]) -> ViolationMapping:
    """The mapping header words suggest."""
    return ViolationMapping(SHEETS.proposed(header))


def remembered(memory: Mapping[str, Any], header: Sequence[str]) -> ViolationMapping:
    """The mapping kept for this layout by `as_memory`."""
    return ViolationMapping(columns_of(memory["columns"], header))
