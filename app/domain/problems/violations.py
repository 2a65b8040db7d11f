"""Problems of violations and of importing them."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

VIOLATION_PROBLEMS: Mapping[str, ProblemEntry] = {
    "violation.unknown": ProblemEntry("没有代码为“{code}”的违法事项。", "请从事项表里选择,或先导入本单位的事项清单。"),
    "violation.not_in_force": ProblemEntry(
        "“{title}”在 {on} 没有施行的版本。", "请核对行为终了日期;那一天适用的可能是另一部法律的事项。"
    ),
    "violation.no_fine": ProblemEntry("“{title}”没有设定罚款。", "请按责令改正等其他方式处理。"),
    "violation.base_needed": ProblemEntry(
        "“{title}”的罚款按“{unit}”计算。", "请先在案卷里写明作为基数的金额和证据,再计算罚款。"
    ),
    "violation.quantity_wrong": ProblemEntry("数量“{quantity}”不大于零。", "请填写大于零的数量,如面积、株数、只数。"),
    "violation.no_column": ProblemEntry(
        "表里认不出“{columns}”这一列。", "请在对应关系里指定是哪一列;事项名称和法律依据缺一不可。"
    ),
    "violation.row_lacks": ProblemEntry("没有{field}。", "请补齐后再导入这一行。"),
    "violation.amount_wrong": ProblemEntry(
        "“{text}”不是罚款金额。", "请写不小于零的数,单位是元,如 200、5000 或 1万;比例写在单位列。"
    ),
    "violation.amounts_crossed": ProblemEntry("罚款上限 {high} 小于下限 {low}。", "请核对两个数,下限在前。"),
    "violation.days_crossed": ProblemEntry("废止日期 {last} 早于施行日期 {first}。", "请核对两个日期。"),
    "violation.subject_wrong": ProblemEntry("“{text}”不是适用对象。", "请写个人、单位,或个人和单位。"),
    "violation.twice_in_file": ProblemEntry("与第 {earlier} 行的代码和施行日期相同。", "请只留一行。"),
    "violation.too_many": ProblemEntry(
        "表里有 {found} 行,一次最多导入 {most} 行。", "请按法律或条线分成几张表,分别导入。"
    ),
}
