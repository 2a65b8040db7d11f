"""The fields an enterprise can be imported into, the header words they are known by, and which column goes where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.base.words import N_
from app.domain.problems import Refused
from app.services.sheets.mapping import layout_signature, plain_header


@dataclass(frozen=True)
class EnterpriseColumn:
    """One field. words: headers it is known by, the surest first."""

    name: str
    title: str
    words: tuple[str, ...]


def _column(name: str, title: str, words: str) -> EnterpriseColumn:
    return EnterpriseColumn(name, title, tuple(words.split("|")))


COLUMNS: tuple[EnterpriseColumn, ...] = (
    _column("name", N_("名称"), "企业名称|单位名称|商户名称|店铺名称|市场主体名称|名称|企业|name|company"),
    _column(
        "credit_code",
        N_("统一社会信用代码"),
        "统一社会信用代码|信用代码|社会信用代码|统一信用代码|注册号|营业执照号|credit_code|uscc",
    ),
    _column("category", N_("类别"), "类别|行业|行业类别|经营类别|业态|类型|category"),
    _column("risk", N_("信用风险"), "信用风险|风险等级|信用等级|信用风险等级|风险分类|risk"),
    _column("street", N_("街道"), "街道|所属街道|街道名称|街道办|街道办事处|乡镇街道|镇街|street"),
    _column("address", N_("地址"), "地址|住所|经营场所|经营地址|详细地址|注册地址|address"),
    _column("longitude", N_("经度"), "经度|lon|lng|longitude|x"),
    _column("latitude", N_("纬度"), "纬度|lat|latitude|y"),
    _column("yearly_cap", N_("年度检查上限"), "年度检查上限|检查上限|上限|年检查次数|cap"),
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
        return {"columns": {name: header[place] for name, place in self.columns.items() if place < len(header)}}


def enterprise_signature(header: Sequence[str]) -> str:
    """The layout's name among remembered ones."""
    return f"enterprise-{layout_signature(header)}"


def is_enterprise_word(text: str) -> bool:
    """True when a header is known to the import of enterprises."""
    return plain_header(text) in _words()


def propose(header: Sequence[str]) -> EnterpriseMapping:
    """The mapping header words suggest; the surest column wins a field, and a column goes into one field."""
    plain = [plain_header(title) for title in header]
    claims = sorted((rank, place, name) for place, word in enumerate(plain) for rank, name in _words().get(word, ()))
    columns: dict[str, int] = {}
    for _rank, place, name in claims:
        if name not in columns and place not in columns.values():
            columns[name] = place
    return EnterpriseMapping(columns)


def remembered(memory: Mapping[str, Any], header: Sequence[str]) -> EnterpriseMapping:
    """The mapping kept for this layout by `as_memory`."""
    plain = [plain_header(title) for title in header]
    kept = {name: plain_header(title) for name, title in memory["columns"].items()}
    return EnterpriseMapping({name: plain.index(word) for name, word in kept.items() if word in plain})


@cache
def _words() -> Mapping[str, tuple[tuple[int, str], ...]]:
    words: dict[str, list[tuple[int, str]]] = {}
    for column in COLUMNS:
        for rank, word in enumerate(column.words):
            words.setdefault(plain_header(word), []).append((rank, column.name))
    return {word: tuple(fields) for word, fields in words.items()}
