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
    "reference.district_unknown": ProblemEntry("行政区划表中没有 {code}", "请填写六位区县代码,例如金水区 410105"),
    "reference.street_unknown": ProblemEntry("本区没有“{name}”这个街道", "请写街道全称或九位代码"),
    "directory.unit_unknown": ProblemEntry("没有“{name}”这个处置部门", "请先在设置的处置部门里添加,或检查名称"),
    "flow.word_unknown": ProblemEntry(
        "第 {row} 行“{column}”列里的“{text}”不认识,没有导入", "请对照现行的表改正这一格,再重新导入。"
    ),
    "flow.empty": ProblemEntry("文件“{file}”里没有可以导入的行", "请检查是否选对了文件和表。"),
    "flow.no_end": ProblemEntry("文件“{file}”里的流程没有一步能结案或作废", "请补上结案的步骤,再重新导入。"),
}
