"""Problems of reference tables and calendars."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

REFERENCE_PROBLEMS: Mapping[str, ProblemEntry] = {
    "reference.version_missing": ProblemEntry(
        "找不到标准版本 {version}", "这个案件按该版本立案;请管理员重新导入该版本,或从备份恢复。"
    ),
    "reference.scheme_missing": ProblemEntry(
        "分类体系“{scheme}”还没有生效的立案结案标准", "请管理员在“设置 · 标准”中导入该体系的标准表,或改用内置体系。"
    ),
    "reference.category_twice": ProblemEntry(
        "同一编码 {code} 有两个名称:“{minor_name}”和“{other_name}”", "请核对标准表中这两行的编码或名称,改好后再接收。"
    ),
}
