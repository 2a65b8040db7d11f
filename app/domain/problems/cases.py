"""Problems of cases and their workflow."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

CASE_PROBLEMS: Mapping[str, ProblemEntry] = {
    "case.step_unknown": ProblemEntry("现在的环节({stage})不能{action}", "请在“为什么不能…”里查看现在可以办理的步骤"),
    "case.role_missing": ProblemEntry(
        "{action}由其他角色办理({roles})", "请由该角色的人员登录后办理,或请管理员调整角色"
    ),
    "case.reason_missing": ProblemEntry("{action}必须写明理由", "请在说明栏写明理由后再提交"),
    "case.condition_missing": ProblemEntry("立案必须选定立案条件", "请先选择类别,再选择一条立案条件"),
    "case.closing_missing": ProblemEntry("结案必须选定结案条件", "请填写或选择结案条件"),
    "case.unit_missing": ProblemEntry("派遣必须选定处置部门", "请选择处置部门"),
    "case.handler_missing": ProblemEntry("指派必须写明处置人员", "请选择或填写处置人员姓名"),
    "case.acceptor_missing": ProblemEntry("批转必须选定受理员", "请选择负责结案的受理员"),
    "case.result_missing": ProblemEntry("核查反馈必须给出结果", "请选择达标或不达标"),
    "case.approval_missing": ProblemEntry("{action}必须写明批准人", "请填写批准人姓名"),
    "case.until_wrong": ProblemEntry("挂账截止日必须在今天之后、一年之内", "请重新选择挂账截止日"),
    "case.suspended_before": ProblemEntry("案件 {case} 已挂账过一次,不能再次挂账", "请按原时限处置,或申请延期"),
    "case.until_not_reached": ProblemEntry("挂账到 {until} 才自动恢复", "请等到期后由程序自动恢复"),
    "case.overdue_extension": ProblemEntry("案件 {case} 已超期,不能延期", "请尽快处置;结案后部门可以申诉"),
    "case.extended_twice": ProblemEntry("案件 {case} 已延期 2 次,不能再延", "请尽快处置,或按规定挂账"),
    "case.handler_still_assigned": ProblemEntry(
        "退回前要先撤销指派(现处置人员:{handler})", "请先办理“撤销指派”,再退回"
    ),
    "case.source_no_known": ProblemEntry(
        "来源编号 {source_no} 已经录入,是案件 {case}", "请打开那一件补充;确实是另一件时,请改来源编号"
    ),
    "case.changed_meanwhile": ProblemEntry(
        "案件 {case} 的{fields}刚才被别人改过", "请重新打开案件看最新内容,再改;这里填的还在"
    ),
    "case.photo_missing": ProblemEntry("案件 {case} 还没有本批次的处置后照片", "请先添加至少一张处置后照片"),
    "case.both_photos_missing": ProblemEntry("自处置要有处置前和处置后照片", "请各添加至少一张照片"),
    "case.other_acceptor": ProblemEntry("案件 {case} 由 {name} 结案", "请由被指定的受理员结案,或请派遣员重新批转"),
    "case.not_late": ProblemEntry("案件 {case} 没有超期处置,不用申诉", "无需操作"),
    "case.appealed_before": ProblemEntry("案件 {case} 已申诉过,只能申诉一次", "请查看经过中的申诉结果"),
    "case.no_appeal_waiting": ProblemEntry("案件 {case} 没有等待这一级审核的申诉", "请查看经过中的申诉状态"),
    "case.not_city_level": ProblemEntry("案件 {case} 不是市级案件", "请直接结案"),
    "case.action_switched_off": ProblemEntry("本单位没有启用{action}", "需要时请管理员在设置中启用"),
    "case.limit_missing": ProblemEntry(
        "案件 {case} 的立案条件没有可计算的时限", "请先在标准表中补上处置时限,再立案或派遣"
    ),
    "case.nothing_said": ProblemEntry("还没有写是什么问题", "请选择类别,或写明问题描述"),
    "case.place_missing": ProblemEntry("还没有写在什么地方", "请填写街道和道路,或写明地点"),
    "case.source_missing": ProblemEntry("还没有选择来源", "请选择案件来源"),
    "case.category_unknown": ProblemEntry("标准表中没有 {kind}-{major}-{minor} 这个小类", "请重新选择类别"),
    "case.condition_unknown": ProblemEntry("{minor_name} 没有第 {no} 条立案条件", "请重新选择立案条件"),
    "case.reported_later": ProblemEntry("上报时间 {at} 在将来", "请检查上报时间和本机时钟"),
    "case.reported_too_early": ProblemEntry("上报时间 {at} 早于 1990 年", "请检查上报时间"),
    "case.point_incomplete": ProblemEntry("坐标缺一半", "经度和纬度要一起填写,或都不填"),
    "case.not_found": ProblemEntry("没有找到案件 {case}", "请检查编号;可以用搜索查找"),
    "case.field_fixed": ProblemEntry("{field}不能直接更正", "这一项只随办理步骤变化"),
    "case.after_closing": ProblemEntry("案件 {case} 已办结,不能再{action}", "请查看经过;需要时新建案件并关联"),
    "case.linked_to_itself": ProblemEntry("案件不能与自己关联", "请选择另一件案件"),
    "case.personal_data_denied": ProblemEntry("现在的角色不能查看上报人信息", "请由受理员、派遣员或领导查看"),
    "case.filter_unknown": ProblemEntry("没有“{name}”这个筛选项", "可用的筛选项:{known}"),
}
