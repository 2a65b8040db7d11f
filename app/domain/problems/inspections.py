"""Problems of inspections of enterprises, of their officers, and of draws."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

INSPECTION_PROBLEMS: Mapping[str, ProblemEntry] = {
    "inspection.not_found": ProblemEntry("没有编号为“{number}”的行政检查。", "请核对编号,或在列表里按企业查找。"),
    "inspection.enterprise_missing": ProblemEntry("没有选择被检查的企业。", "请输入名称或信用代码,从名单里选一户。"),
    "inspection.enterprise_retired": ProblemEntry(
        "“{name}”已停用,不能再安排检查。", "请在企业名单里恢复在用,或核对企业。"
    ),
    "inspection.reason_missing": ProblemEntry(
        "来源是“{basis}”的检查没有写理由。", "这类检查不计入年度次数,请写明线索、交办单位或紧急情况。"
    ),
    "inspection.day_missing": ProblemEntry("没有计划日期。", "请填写准备检查的日期,如 2026-11-21。"),
    "inspection.two_officers": ProblemEntry(
        "执法人员不足两名。", "行政检查由两名以上持证执法人员实施,请从执法人员名单里选两名不同的人。"
    ),
    "inspection.officer_unknown": ProblemEntry(
        "执法人员名单里没有“{name}”。", "请从名单里选择,或先由管理员登记执法证。"
    ),
    "inspection.officer_retired": ProblemEntry("{name} 已不在执法岗位。", "请换一名执法人员。"),
    "inspection.certificate_missing": ProblemEntry("{name} 没有登记执法证号。", "请先在执法人员名单里补全,或换人。"),
    "inspection.certificate_not_yet": ProblemEntry(
        "{name} 的执法证 {begins} 才生效,{day} 还不能检查。", "请改日期或换人。"
    ),
    "inspection.certificate_expired": ProblemEntry(
        "{name} 的执法证已于 {until} 到期,{day} 不能检查。", "请先换证并在名单里更新,或换人。"
    ),
    "inspection.grid_member": ProblemEntry(
        "“{name}”是网格员({member}),不能检查企业。",
        "国办发〔2024〕54号不许网格员和辅助人员实施涉企行政检查。只是同名的,请在姓名后加单位区分,如“王强(一中队)”。",
    ),
    "inspection.items_missing": ProblemEntry("没有选择检查事项。", "请从已公布的检查事项里至少选一项。"),
    "inspection.item_not_made_known": ProblemEntry(
        "“{title}”不在已公布的检查事项里。", "请只选清单里的事项;要增加的先公布,再写进“设置 - 检查模板”的行政检查清单。"
    ),
    "inspection.nothing_made_known": ProblemEntry(
        "还没有录入已公布的检查事项清单。",
        "请在“设置 - 检查模板”新建一份类型为“行政检查”的清单,逐项写明依据。",
    ),
    "inspection.cap_reached": ProblemEntry(
        "“{name}”{year} 年最多检查 {cap} 次,已经用完:{visits}。",
        "请并入已有的检查一次完成(综合查一次)、改到下一年,或取消后到的一次;投诉举报、转办和紧急情况写明理由的不计次。",
    ),
    "inspection.state": ProblemEntry("{number} 现在是“{state}”,不能{deed}。", "请刷新后按现在的环节办理。"),
    "inspection.notice_missing": ProblemEntry(
        "{number} 还没有告知企业。", "请先送达检查通知书;只有投诉举报和紧急情况写明理由后可以不先告知。"
    ),
    "inspection.not_leader": ProblemEntry(
        "{name} 不是领导,不能批准行政检查。", "请由本单位负责人登录后批准;管理员可在规则里改变要求。"
    ),
    "inspection.own_draft": ProblemEntry("{name} 不能批准自己拟的检查。", "请由另一位负责人登录后批准。"),
    "inspection.items_changed": ProblemEntry("{number} 的检查事项与批准的不一致。", "请只填写批准的事项的结果。"),
    "inspection.item_unanswered": ProblemEntry("“{title}”还没有填结果。", "请填符合、不符合或不涉及。"),
    "inspection.result_missing": ProblemEntry("没有选择检查结果。", "请选未发现问题、责令改正或移送立案。"),
    "inspection.result_contradicts": ProblemEntry(
        "检查结果与各事项的结果不一致。", "有不符合的事项就选责令改正或移送立案;都符合就选未发现问题。"
    ),
    "inspection.cancel_reason": ProblemEntry("没有写取消的理由。", "请写明为什么不检查了。"),
    "inspection.nothing_wrong": ProblemEntry("{number} 没有发现问题,不用转案件。", "有不符合的事项时才转案件。"),
    "inspection.case_there": ProblemEntry("{number} 已经转为案件 {case}。", "请打开那件案件办理。"),
    "inspection.field_unknown": ProblemEntry("没有“{name}”这一项;可用的有 {known}。", "请从列出的名称中选择。"),
    "enterprise.not_found": ProblemEntry("没有找到企业“{text}”。", "请核对名称或信用代码,或先登记这户企业。"),
    "enterprise.name_missing": ProblemEntry("没有企业名称。", "请填写营业执照上的名称。"),
    "enterprise.code_length": ProblemEntry(
        "信用代码“{number}”是 {found} 位,应为 18 位。", "请对照营业执照核对;没有代码的留空。"
    ),
    "enterprise.code_character": ProblemEntry(
        "信用代码“{number}”里的“{letter}”不是代码用的字符。", "代码只用数字和大写字母,不用 I、O、S、V、Z,请核对。"
    ),
    "enterprise.code_digit": ProblemEntry(
        "信用代码“{number}”的校验位不对,有一位抄错了或两位颠倒了。", "请对照营业执照逐位核对。"
    ),
    "enterprise.code_part": ProblemEntry(
        "信用代码“{number}”的校验位对,但里面的组织机构代码不对。", "已照常导入,请对照营业执照再核对一遍。"
    ),
    "enterprise.code_taken": ProblemEntry(
        "信用代码“{number}”已经登记为“{name}”。", "请打开那户企业核对,不要重复登记。"
    ),
    "enterprise.code_twice_in_file": ProblemEntry(
        "信用代码“{number}”在第 {earlier} 行已经出现过。", "请核对这两行,删去重复的一行后再导入。"
    ),
    "enterprise.name_twice_in_file": ProblemEntry(
        "“{name}”没有信用代码,在第 {earlier} 行已经出现过。", "请给这两行补上信用代码或地址,或删去一行。"
    ),
    "enterprise.no_column": ProblemEntry("表里没有企业名称这一列。", "请指明哪一列是企业名称。"),
    "enterprise.cap_not_number": ProblemEntry("年度检查上限“{text}”不是 0 到 366 的整数。", "请改成次数,或留空。"),
    "officer.certificate_missing": ProblemEntry("{name} 没有执法证号。", "请填写执法证上的编号。"),
    "officer.certificate_taken": ProblemEntry("执法证号“{number}”已经登记给 {name}。", "请核对证号。"),
    "officer.dates_reversed": ProblemEntry("{name} 的执法证到期日早于发证日。", "请核对两个日期。"),
    "draw.not_found": ProblemEntry("没有编号为“{number}”的抽取。", "请核对编号,或在“双随机”里查看。"),
    "draw.too_few": ProblemEntry("要抽 {wanted} 户,名单里只有 {found} 户。", "请少抽几户,或放宽筛选。"),
    "draw.officers_missing": ProblemEntry(
        "能派的执法人员只有 {found} 名,不够两名。", "请减少回避,或先登记有效的执法证。"
    ),
    "draw.wanted_wrong": ProblemEntry("抽取数量“{found}”不是 1 以上的整数。", "请填写要抽几户。"),
    "draw.exclusion_reason": ProblemEntry("回避没有写理由。", "请写明利害关系或其他理由。"),
}
