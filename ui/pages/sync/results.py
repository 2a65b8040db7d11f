"""What a run or a test of the line came to, in words."""

from __future__ import annotations

from collections.abc import Mapping

from app.base.words import N_, _
from app.sync.views import LineTestResult, OutageReport, SyncReport
from ui.sync_words import code_words

STATIONS: Mapping[str, str] = {
    "proof": N_("设备身份"),
    "disk": N_("本机磁盘"),
    "push": N_("发送"),
    "back": N_("取回"),
    "compare": N_("比对"),
    "remove": N_("撤掉"),
}


def report_words(report: SyncReport) -> str:
    """What one run did."""
    if report.problem_code:
        return code_words(report.problem_code, dict(report.problem_details))
    parts = [
        _("送出 {n} 条").format(n=f"{report.pushed:,}"),
        _("收到 {n} 条").format(n=f"{report.pulled:,}"),
        _("照片 {n} 张").format(n=f"{report.files_sent:,}") if report.files_sent else "",
        _("▲ 冲突 {n} 条").format(n=report.conflicts) if report.conflicts else "",
        _("▲ 退回 {n} 条").format(n=report.refused) if report.refused else "",
        _("✓ 与市平台一致") if report.equal else "",
    ]
    return " · ".join(part for part in parts if part)


def stations_words(result: LineTestResult) -> str:
    """Each station with its seconds, or why it failed there."""
    said = []
    for station, seconds, code in result.stations:
        title = _(STATIONS.get(station, station))
        if code:
            said.append(_("▲ {station}:{why}").format(station=title, why=code_words(code, {})))
        else:
            said.append(_("✓ {station} {n} 秒").format(station=title, n=f"{seconds:.2f}"))
    head = _("线路正常") if result.ok else _("线路不通")
    return f"{head}:{' · '.join(said)}"


def outage_words(report: OutageReport) -> str:
    """What one outage left, in a line."""
    parts = [
        _("试了 {n} 次").format(n=report.tries),
        _("送出 {n} 条").format(n=f"{report.pushed:,}"),
        _("收到 {n} 条").format(n=f"{report.pulled:,}"),
        _("照片 {n} 张").format(n=f"{report.files_sent:,}"),
        _("冲突 {n} 条").format(n=report.conflicts) if report.conflicts else "",
        _("退回 {n} 条").format(n=report.refused) if report.refused else "",
        _("还剩 {n} 条").format(n=report.waiting) if report.waiting else "",
        _("与市平台一致 ✓") if report.equal else "",
    ]
    return " · ".join(part for part in parts if part)
