"""The fields an enterprise can be imported into, the header words they are known by, and which column goes where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.base.words import N_
from app.domain.problems import Refused
from app.services.sheets.known_columns import KnownColumn, KnownColumns, columns_of, headers_of, known

COLUMNS: tuple[KnownColumn, ...] = (
    known("name", N_("名称"), "企业名称|单位名称|商户名称|店铺名称|市场主体名称|名称|企业|name|company"),
    known(
        "credit_code",
        N_("统一社会信用代码"),
        "统一社会信用代码|信用代码|社会信用代码|统一信用代码|注册号|营业执照号|credit_code|uscc",
    ),
    known("category", N_("类别"), "类别|行业|行业类别|经营类别|业态|类型|category"),
    known("risk", N_("信用风险"), "信用风险|风险等级|信用等级|信用风险等级|风险分类|risk"),
    known("street", N_("街道"), "街道|所属街道|街道名称|街道办|街道办事处|乡镇街道|镇街|street"),
    known("address", N_("地址"), "地址|住所|经营场所|经营地址|详细地址|注册地址|address"),
    known("longitude", N_("经度"), "经度|lon|lng|longitude|x"),
    known("latitude", N_("纬度"), "纬度|lat|latitude|y"),
    known("yearly_cap", N_("年度检查上限"), "年度检查上限|检查上限|上限|年检查次数|cap"),
)


@dataclass(frozen=True)
class EnterpriseMapping:
    """Field name -> column, counted from 0. Points are WGS-84."""

    columns: Mapping[str, int]

    def need_columns(self) -> None:
        """Raises Refused("enterprise.no_column") without a column of names."""
        if "name" not in self.columns:
            raise Refused("enterprise.no_column")

    def as_memory(self, header: Sequence[str]) -> dict[str, Any]:
        """What to keep for this layout, as plain JSON."""
        return {"columns": headers_of(self.columns, header)}


SHEETS = KnownColumns("enterprise", lambda: COLUMNS)


def propose(header: Sequence[str]) -> EnterpriseMapping:
    """The mapping header words suggest."""
    return EnterpriseMapping(SHEETS.proposed(header))


def remembered(memory: Mapping[str, Any], header: Sequence[str]) -> EnterpriseMapping:
    """The mapping kept for this layout by `as_memory`."""
    return EnterpriseMapping(columns_of(memory["columns"], header))
