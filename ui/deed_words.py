"""What a deed of the audit trail is called on the screen."""

from __future__ import annotations

from collections.abc import Mapping

from app.base.words import N_, _

DEEDS: Mapping[str, str] = {
    "case.report": N_("上报案件"),
    "case.correct": N_("更正案件"),
    "case.link": N_("关联案件"),
    "case.attach": N_("添加照片"),
    "case.import": N_("导入案件"),
    "case.reveal_reporter": N_("查看上报人信息"),
    "case.lay_out_times": N_("重新计算截止时间"),
    "case.resume": N_("恢复挂账"),
    "finding.report": N_("上报巡查问题"),
    "finding.correct": N_("更正巡查问题"),
    "finding.attach": N_("添加问题照片"),
    "finding.to_case": N_("问题转案件"),
    "finding.link": N_("问题关联案件"),
    "finding.settle": N_("问题当场解决"),
    "finding.watch": N_("问题持续关注"),
    "finding.drop": N_("问题不成立"),
    "finding.take_back": N_("撤销问题处理"),
    "finding.export": N_("导出巡查问题"),
    "finding.join": N_("关联同一问题的案件"),
    "field_task.assign": N_("任务改派"),
    "field_task.hand_over": N_("任务交办"),
    "field_task.answer": N_("任务反馈"),
    "field_task.export": N_("导出核实核查任务"),
    "field_task.call_off": N_("撤回任务"),
    "patrol.attach": N_("添加巡查照片"),
    "patrol.open": N_("新建临时巡查"),
    "patrol.start": N_("开始录入巡查"),
    "patrol.enter": N_("录入巡查"),
    "patrol.reopen": N_("更正巡查"),
    "patrol.cancel": N_("取消巡查"),
    "patrol.assign": N_("改派巡查"),
    "patrol.miss": N_("记为未巡查"),
    "patrol.import": N_("导入巡查"),
    "patrol.export": N_("导出巡查"),
    "patrol.save_plan": N_("修改巡查计划"),
    "patrol.plan_week": N_("排出一周巡查"),
    "patrol.save_checklist": N_("修改检查模板"),
    "grid.save": N_("修改网格"),
    "grid.save_road": N_("修改道路"),
    "grid.save_segment": N_("修改路段"),
    "grid.import": N_("导入边界"),
    "grid.export": N_("导出网格"),
    "reference.patrol_rules": N_("修改网格与巡查规则"),
    "member.save": N_("修改网格员"),
    "member.retire": N_("停用网格员并移交"),
    "attendance.mark": N_("登记考勤"),
    "attendance.accept": N_("采用考勤建议"),
    "attendance.import": N_("导入考勤"),
    "attendance.export": N_("导出考勤"),
    "attendance.undo": N_("撤销考勤改动"),
    "roll_call.draw": N_("点名抽查"),
    "roll_call.answer": N_("登记点名应答"),
    "track.import": N_("导入轨迹"),
    "track.assign": N_("改轨迹所属"),
    "coverage.export": N_("导出巡查覆盖"),
    "directory.save": N_("修改名单"),
    "office.found": N_("建立单位"),
    "office.set": N_("修改单位设置"),
    "person.add": N_("添加人员"),
    "person.set": N_("修改人员"),
    "person.change_password": N_("修改本人密码"),
    "person.reset_password": N_("重设他人密码"),
    "person.sign_in": N_("登录"),
    "person.sign_out": N_("退出"),
    "reference.standards": N_("导入标准"),
    "reference.workdays": N_("修改工作日历"),
    "reference.flow": N_("导入办理流程"),
    "reference.stage_limits": N_("导入环节时限"),
    "reference.divisions": N_("导入行政区划"),
    "reference.code_lists": N_("导入代码表"),
    "store.check": N_("检查数据"),
    "store.backup": N_("备份"),
    "case.export": N_("导出案件"),
    "facility.save": N_("登记部件"),
    "facility.set_many": N_("批量修改部件"),
    "facility.import": N_("导入部件"),
    "facility.export": N_("导出部件"),
    "facility.code": N_("编发部件标识码"),
    "facility.attach": N_("添加部件照片"),
    "demo.load": N_("载入演示数据"),
    "city.apply": N_("接收市平台的内容"),
    "city.settle": N_("市平台答复"),
    "city.adopt": N_("接收市平台的内容"),
    "case.number": N_("取得市平台编号"),
    "line_test.write": N_("测试线路"),
    "sync.enrol": N_("接入市平台"),
    "sync.identity": N_("记下设备身份"),
    "sync.renew": N_("换设备身份"),
    "sync.set_line": N_("修改线路设置"),
    "sync.pause": N_("暂停同步"),
    "sync.resume": N_("继续同步"),
    "sync.decide": N_("处理冲突"),
    "sync.resend": N_("退回后再送"),
    "sync.allow_removals": N_("放行移走"),
    "sync.seal": N_("做密封文件"),
    "sync.unseal": N_("收入密封文件"),
}
RESULTS: Mapping[str, str] = {"ok": N_("成功"), "failed": N_("失败"), "refused": N_("被拒绝")}


def deed_words(deed: str, steps: Mapping[str, str]) -> str:
    """The deed in words. steps: titles of the flow's steps by action; anything unknown as it is written."""
    if deed in DEEDS:
        return _(DEEDS[deed])
    step = steps.get(deed.removeprefix("case."))
    return _(step) if step is not None else deed


def result_words(result: str) -> str:
    """How it ended."""
    return _(RESULTS.get(result, result))
