"""Problems of plans, rounds, checklists and their entry."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

PATROL_PROBLEMS: Mapping[str, ProblemEntry] = {
    "patrol.wrong_state": ProblemEntry(
        "巡查 {round} 现在是“{state}”,不能{deed}。", "请刷新列表;已完成的巡查要改,先点“更正”。"
    ),
    "patrol.reason_missing": ProblemEntry("取消巡查要写明原因。", "请填写原因,例如大雨、任务调整。"),
    "patrol.times_crossed": ProblemEntry("结束时间早于开始时间。", "请核对巡查单上的时间;跨过零点的,结束填第二天。"),
    "patrol.time_ahead": ProblemEntry("巡查时间还没有到。", "请核对巡查单上的日期和时间。"),
    "patrol.day_not_come": ProblemEntry(
        "巡查 {round} 是 {day} 的,那一天还没有到。", "请核对是不是选错了巡查;提前走的,新建一次临时巡查。"
    ),
    "patrol.item_unknown": ProblemEntry("检查模板里没有代码为“{code}”的检查项。", "请按这次巡查所用的模板填写。"),
    "patrol.point_unknown": ProblemEntry("巡查 {round} 没有第 {no} 个检查点。", "请按巡查单的序号填写。"),
    "patrol.not_found": ProblemEntry("找不到编号为“{number}”的巡查。", "请核对编号,或在列表中查找。"),
    "patrol.member_unknown": ProblemEntry("名单里没有网格员“{name}”。", "请先把此人加进网格员名单,或改为名单上的人。"),
    "patrol.filter_unknown": ProblemEntry("不认识的筛选条件“{name}”。", "可用的有:{known}。"),
    "patrol.plan_without_days": ProblemEntry("计划“{name}”没有选任何一天。", "请至少勾选一个星期几。"),
    "patrol.plan_days_crossed": ProblemEntry("计划“{name}”的结束日期早于开始日期。", "请改正日期。"),
    "patrol.points_not_in_order": ProblemEntry("检查点的序号没有从 1 连续排列。", "请重新排列检查点后再保存。"),
    "patrol.nothing_entered": ProblemEntry("巡查 {round} 还没有填任何检查点。", "请先填写结果;没有走的,改为取消。"),
    "patrol.units_missing": ProblemEntry("联合执法要写明参加的单位。", "请至少填写两个单位。"),
    "checklist.no_items": ProblemEntry("检查模板“{name}”里没有检查项。", "请至少加一项。"),
    "checklist.code_twice": ProblemEntry("检查项代码“{code}”用了两次。", "请给每一项不同的代码。"),
    "checklist.changed_meanwhile": ProblemEntry(
        "模板“{name}”已有第 {number} 版,别人刚改过。", "请重新打开模板,在最新一版上修改。"
    ),
    "checklist.limit_without_number": ProblemEntry(
        "检查项“{title}”有上限,但不是填数字的。", "请把填法改为数字,或清空上限。"
    ),
    "rounds.columns_missing": ProblemEntry("表“{sheet}”缺少巡查导入需要的列:{columns}。", "请在列对应里指明这些列。"),
    "rounds.map_unknown_field": ProblemEntry("列对应里的“{field}”不是巡查导入的字段。", "可用的字段:{fields}。"),
    "row.grade_unknown": ProblemEntry("{column}的“{text}”看不出是好、一般还是差。", "请改为 好、一般、差、未查 之一。"),
    "row.day_missing": ProblemEntry("没有巡查日期。", "请补上日期后再导入这一行。"),
    "row.check_twice": ProblemEntry(
        "这条检查在第 {earlier} 行已出现(编号 {number})。", "请删去重复的行;确实是两次检查的,请给不同的编号。"
    ),
    "row.axes_swapped": ProblemEntry(
        "{column}里是经度:经度和纬度写反了。", "请在列对应里把“经度”和“纬度”两列对调,再导入一次。"
    ),
    "row.check_elsewhere": ProblemEntry(
        "编号 {number} 那一天已经导入过,是另一个检查点“{name}”。",
        "几张表各编各的号时,请在列对应里不选编号列,再导入一次。",
    ),
    "row.day_ahead": ProblemEntry("巡查日期还没有到。", "请核对日期;还没有走的巡查用计划安排。"),
    "row.place_missing": ProblemEntry("没有检查点名称和地址。", "请补上检查点后再导入这一行。"),
    "row.member_unknown": ProblemEntry(
        "名单里没有网格员“{name}”,只保留了姓名。", "要计入考勤和考核,请先加进名单再导入。"
    ),
    "row.grid_unknown": ProblemEntry(
        "没有代码或名称为“{text}”的网格,只保留了文字。", "要计入覆盖,请先建立该网格再导入。"
    ),
    "row.count_not_whole": ProblemEntry("{column}的“{text}”不是问题个数。", "请填 0 或正整数。"),
}
