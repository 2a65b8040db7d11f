"""Problems of grid members, attendance, roll calls and tracks."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

_TRACKS: Mapping[str, ProblemEntry] = {
    "track.unreadable": ProblemEntry(
        "轨迹文件“{name}”读不出来:{reason}", "请用手持机或软件重新导出 GPX 或 CSV 文件,再导入"
    ),
    "track.points_unreadable": ProblemEntry("这条轨迹的点读不出来。", "请用原文件重新导入轨迹。"),
    "track.too_long": ProblemEntry(
        "轨迹的点太多({n} 字符,超过 {limit})。", "请按天拆成几个文件再导入,或在手持机上加大记录间隔。"
    ),
    "track.empty": ProblemEntry("轨迹文件“{name}”里没有点。", "请检查文件是否导出完整,重新导出后再导入。"),
    "track.no_time": ProblemEntry(
        "轨迹文件“{name}”的点都没有时间。", "请在手持机或软件里选择“带时间”导出;没有时间就说不清谁几点在哪里。"
    ),
    "track.columns_missing": ProblemEntry(
        "轨迹文件“{name}”缺少这些列:{columns}。", "请在表头写明“时间、经度、纬度”,再导入。"
    ),
    "track.not_on_earth": ProblemEntry(
        "轨迹文件“{name}”的坐标不是经纬度(如 {longitude}、{latitude})。", "请导出为经纬度(度),不要用平面坐标。"
    ),
    "track.swapped": ProblemEntry(
        "轨迹文件“{name}”的经度和纬度像是写反了。", "请确认后选择“经纬度对调”再导入;命令行用 --swap。"
    ),
    "track.known": ProblemEntry(
        "轨迹文件“{name}”已经导入过({day},{member})。", "不用再导入;要重新导入,请先删除原来的轨迹。"
    ),
    "track.elsewhere": ProblemEntry(
        "轨迹文件“{name}”离本区县约 {km} 公里,像是别处的轨迹。", "请检查坐标系和文件;确认无误时选择“仍然导入”。"
    ),
    "track.member_needed": ProblemEntry(
        "没有说明轨迹是谁的。", "请选择网格员,或选择对应的巡查;用命令行时加 --member。"
    ),
    "track.round_not_his": ProblemEntry("巡查 {number} 不是 {member} 的。", "请选择该网格员自己的巡查。"),
}

_MEMBERS: Mapping[str, ProblemEntry] = {
    "member.unknown": ProblemEntry("没有叫“{name}”的网格员。", "请先在“人员考勤”里添加,或检查姓名和工号。"),
    "member.several": ProblemEntry("叫“{name}”的网格员不止一位。", "请改用工号。"),
    "member.still_owns": ProblemEntry(
        "{name} 还负责 {grids} 个网格,有 {tasks} 件任务没有办完。", "请先选择接手的网格员,一次移交后再停用。"
    ),
    "member.same_person": ProblemEntry("接手的人就是本人。", "请选择另一位网格员。"),
    "member.dates_reversed": ProblemEntry("{what}的结束日期早于开始日期。", "请检查两个日期。"),
    "attendance.columns_missing": ProblemEntry(
        "文件“{file}”看不出是考勤表。", "请在表头写明“姓名”或“工号”,再加“日期”一列或 1 至 31 日各一列。"
    ),
    "attendance.cell": ProblemEntry(
        "“{what}”里的“{text}”看不懂。", "请写 出勤、迟到、早退、缺勤、请假、病假、休息、下沉,或打卡时间如 8:25。"
    ),
    "attendance.in_future": ProblemEntry("{day} 还没有到,不能记为出勤。", "将来的日子只能登记请假、病假、休息或下沉。"),
    "roll_call.nobody": ProblemEntry("名单是空的,没有人可抽。", "请放宽街道或网格的范围,或先登记当天在岗人员。"),
    "roll_call.too_many": ProblemEntry("要抽 {n} 人,名单里只有 {pool} 人。", "请减少人数,或放宽范围。"),
    "roll_call.not_drawn": ProblemEntry("{name} 不在这次点名里。", "请只登记抽中的人。"),
    "coverage.span": ProblemEntry(
        "从 {first} 到 {last} 不是有效的时段。", "请让结束日期不早于开始日期,且不超过 {most} 天。"
    ),
}

TRACE_PROBLEMS: Mapping[str, ProblemEntry] = {**_TRACKS, **_MEMBERS}
