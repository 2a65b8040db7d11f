"""Problems of statutory terms."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

TERM_PROBLEMS: Mapping[str, ProblemEntry] = {
    "term.unknown": ProblemEntry("没有代码为“{code}”的期限。", "请从期限表里选择;命令行用 list terms 查看代码。"),
    "term.no_length": ProblemEntry("“{title}”没有固定的长度,由事件本身确定。", "请按法律依据办理,不需要计算日期。"),
    "term.calendar_gap": ProblemEntry(
        "“{title}”按工作日计算,但 {year} 年的放假安排还没有公布或没有导入。",
        "请管理员在设置的节假日里导入 {year} 年的放假和调休安排,再计算。",
    ),
    "term.day_unlikely": ProblemEntry("起算时间 {day} 不像真的日期。", "请核对年份,应在 1950 年到 2999 年之间。"),
    "term.pause_backwards": ProblemEntry("扣除期间的结束日 {last} 早于开始日 {first}。", "请核对两个日期,开始日在前。"),
    "term.pause_too_long": ProblemEntry("扣除期间 {first} 至 {last} 超过十年。", "请核对两个日期的年份。"),
    "term.fine_below_zero": ProblemEntry("罚款金额 {amount} 小于零。", "请填写处罚决定书上的罚款金额,单位是元。"),
    "term.length_from_law": ProblemEntry(
        "“{title}”的长度由 {basis} 规定,不能改。", "只有未见原文、由本程序推断的期限可以由单位设定长度。"
    ),
}
