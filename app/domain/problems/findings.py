"""Problems of findings, verify and check tasks, and the photos of a round."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

FINDING_PROBLEMS: Mapping[str, ProblemEntry] = {
    "finding.nothing_said": ProblemEntry("还没有写发现了什么", "请选择类别,或写明问题描述"),
    "finding.place_missing": ProblemEntry("还没有写在什么地方", "请填写街道和道路,或给出坐标"),
    "finding.found_later": ProblemEntry("发现时间 {at} 在将来", "请检查发现时间和本机时钟"),
    "finding.found_too_early": ProblemEntry("发现时间 {at} 早于 1990 年", "请检查发现时间"),
    "finding.settled_before": ProblemEntry(
        "问题 {number} 已经处理过({state}{case}),不能再处理一次", "需要改时请先撤销原来的处理"
    ),
    "finding.photos_missing": ProblemEntry("当场解决要有处置前和处置后照片", "请各添加至少一张照片;填的内容还在"),
    "finding.watch_until_wrong": ProblemEntry("关注截止日 {until} 要在今天之后、一年之内", "请重新选择日期"),
    "finding.reason_missing": ProblemEntry("认定不成立必须写明理由", "请写明理由后再保存"),
    "finding.not_found": ProblemEntry("没有找到问题 {number}", "请检查编号;可以用搜索查找"),
    "finding.case_went_on": ProblemEntry(
        "由这个问题转成的案件 {case} 已经往下办理,不能撤销", "请在案件里办理;确实不是问题时请受理员作废案件"
    ),
    "finding.changed_meanwhile": ProblemEntry(
        "问题 {number} 的{fields}刚才被别人改过", "请关闭后重新按 E 打开,看最新内容再改;这里填的还在"
    ),
    "finding.case_fixed": ProblemEntry(
        "问题 {number} 已转成案件 {case},{fields}不能在问题里改",
        "请在案件里更正,或先撤销转案件;描述、道路、门牌和附近可以改",
    ),
    "task.over": ProblemEntry("任务 {number} 已经{state},不能再改", "请打开案件看现在的情况"),
    "task.member_missing": ProblemEntry("任务 {number} 还没有交给谁", "请先选择网格员"),
    "task.result_missing": ProblemEntry("反馈必须给出结果", "请选择结果后再保存"),
    "task.not_found": ProblemEntry("没有找到任务 {number}", "请检查编号;可以用搜索查找"),
    "photos.folder_empty": ProblemEntry("文件夹“{folder}”里没有照片", "请选择存放照片的文件夹"),
    "photos.folder_unreadable": ProblemEntry("文件夹“{folder}”打不开", "请检查存储卡或手机是否还连着,然后重试"),
}
