"""The report at the end of an outage on paper: since when, how much waited, what went through, what is left for a person."""

from __future__ import annotations

from datetime import timedelta

from app.base.words import _
from app.domain.office import Office
from app.domain.outages import OutageReport
from app.reports.case_slip import moment
from app.reports.paper import Block, Facts, Heading, Signatures, Words


def outage_blocks(outage: OutageReport, office: Office) -> list[Block]:
    """The report of one outage."""
    sent = _("{changes} 条改动,{files} 个文件").format(changes=outage.pushed, files=outage.files_sent)
    return [
        Heading(_("与市平台中断报告"), office.name),
        Facts(
            (
                ((_("中断自"), moment(outage.since)), (_("恢复于"), moment(outage.until))),
                ((_("时长"), _length(outage.until - outage.since)), (_("失败次数"), str(outage.tries))),
                ((_("最多待送"), str(outage.most_waiting)), (_("恢复后送出"), sent)),
                ((_("恢复后收到"), str(outage.pulled)), (_("仍待送"), str(outage.waiting))),
                ((_("冲突"), str(outage.conflicts)), (_("退回"), str(outage.refused))),
                ((_("暂缓"), str(outage.held)), (_("与市平台比对"), _equal(outage.equal))),
            )
        ),
        Words(_left(outage)),
        Signatures((_("填表人"), _("日期"))),
    ]


def _length(length: timedelta) -> str:
    minutes = max(0, int(length.total_seconds())) // 60
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(_("{n} 天"), days), (_("{n} 小时"), hours), (_("{n} 分"), minutes)]
    return " ".join(words.format(n=number) for words, number in parts if number) or _("不到 1 分")


def _equal(equal: bool | None) -> str:
    if equal is None:
        return _("没有比对")
    return _("一致") if equal else _("不一致")


def _left(outage: OutageReport) -> str:
    if outage.conflicts or outage.refused:
        return _("还有冲突或退回的记录,请在“同步”页逐条处理。")
    if outage.waiting or outage.held:
        return _("还有内容没有送到市平台,程序会继续发送。")
    return _("中断期间的内容都已送到市平台。")
