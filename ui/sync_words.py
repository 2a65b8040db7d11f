"""The line to the city in a clerk's words; the foot line and the sync page say the same."""

from __future__ import annotations

from datetime import datetime
from string import Formatter

from app.base.problem_words import problem_sentence
from app.base.words import _
from app.domain.problems import Unavailable
from app.domain.problems.catalog import PROBLEMS
from app.sync.views import LineState, SyncStatus
from ui.time_words import OFFICE_ZONE, moment_words

CLOCK_WARN_S = 300
UNSAID = "…"


def clock_words(at: datetime, now: datetime) -> str:
    """`09:12` today, `11-21 09:12` on another day."""
    local = at.astimezone(OFFICE_ZONE)
    return f"{local:%H:%M}" if local.date() == now.astimezone(OFFICE_ZONE).date() else moment_words(at, now)


def foot_words(status: SyncStatus, now: datetime) -> str:
    """One line: how the line stands, what waits, when it is tried again."""
    parts = [_standing(status, now), _waiting(status), _troubles(status)]
    if status.state == LineState.OUTAGE and status.next_try_at is not None:
        parts.append(_("{time} 再试").format(time=clock_words(status.next_try_at, now)))
    return " · ".join(part for part in parts if part)


def needs_a_person(status: SyncStatus) -> bool:
    """True when the line waits for somebody: a conflict, a refusal, the brake, a PC the city turned away."""
    return bool(status.conflicts or status.refused or status.brake or status.state == LineState.STOPPED)


def head_words(status: SyncStatus, now: datetime) -> str:
    """The state as the title of the page."""
    city = status.city or _("市平台")
    match status.state:
        case LineState.RUNNING:
            return _("↻ 正在与{city}同步").format(city=city)
        case LineState.OUTAGE:
            since = clock_words(status.outage_since, now) if status.outage_since else ""
            return _("○ 离线,自 {time} 起连不上{city}").format(time=since, city=city)
        case LineState.PAUSED:
            return _("‖ 同步已暂停").format(city=city)
        case LineState.STOPPED:
            return _("▲ 同步已停,需要处理")
        case _:
            return _("● 已连 {city}").format(city=city)


def unseen_words(status: SyncStatus, now: datetime) -> str:
    """What nobody else can see yet; empty: they see everything."""
    things = [
        _("{n} 条改动").format(n=f"{status.waiting:,}") if status.waiting else "",
        _("{n} 张照片").format(n=f"{status.files_waiting:,}") if status.files_waiting else "",
    ]
    said = _("和").join(thing for thing in things if thing)
    if not said:
        return ""
    if status.last_success_at is None:
        return _("别的电脑和市平台还看不到本机的{things}").format(things=said)
    since = clock_words(status.last_success_at, now)
    return _("别的电脑和市平台还看不到本机的{things};看到的是 {time} 的情况").format(things=said, time=since)


def problem_words(status: SyncStatus) -> str:
    """Why the line does not go, and what to do; empty: nothing is wrong."""
    if not status.problem_code:
        return ""
    return code_words(status.problem_code, dict(status.problem_details))


def code_words(code: str, details: dict[str, str]) -> str:
    """Sentence and cure of a code of the catalogue, as far as its details are known; an unknown code as it is."""
    if code not in PROBLEMS:
        return _("市平台说:{code}").format(code=code)
    entry = PROBLEMS[code]
    wanted = {field for _text, field, _spec, _how in Formatter().parse(entry.text + entry.cure) if field}
    problem = Unavailable(code, **(dict.fromkeys(wanted, UNSAID) | details))
    return problem_sentence(problem).replace(f"({UNSAID})", "")


def proof_words(status: SyncStatus) -> str:
    """Whether desk and city hold the same, as counted on both sides."""
    if status.equal is None:
        return _("还没有核对") if status.first_sync_done else _("首次接收还没有完成")
    if not status.equal:
        return _("▲ 与市平台对不上")
    later = status.waiting or status.state == LineState.OUTAGE
    return _("✓ 上次核对与市平台一致") if later else _("✓ 与市平台一致")


def offset_words(status: SyncStatus) -> str:
    """How far this PC's clock is from the city's (offset: the city's minus ours); above five minutes with a warning."""
    seconds = round(abs(status.clock_offset_s))
    if seconds < 1:
        return _("与市平台相同")
    length = _("{n} 秒").format(n=seconds) if seconds < 60 else _("{n} 分").format(n=round(seconds / 60))
    said = _("比市平台慢 {length}") if status.clock_offset_s > 0 else _("比市平台快 {length}")
    words = said.format(length=length)
    return _("▲ {words},请校准电脑时间").format(words=words) if seconds > CLOCK_WARN_S else words


def _standing(status: SyncStatus, now: datetime) -> str:
    city = status.city or _("市平台")
    match status.state:
        case LineState.NOT_ENROLLED:
            return _("未连市平台")
        case LineState.RUNNING:
            return _("正在同步")
        case LineState.OUTAGE:
            return _("离线自 {time}").format(time=clock_words(status.outage_since, now) if status.outage_since else "")
        case LineState.PAUSED:
            return _("同步已暂停")
        case LineState.STOPPED:
            return _("▲ 同步已停")
        case _:
            return _("已连 {city}").format(city=city)


def _waiting(status: SyncStatus) -> str:
    said = [
        _("{n} 条待送").format(n=f"{status.waiting:,}") if status.waiting else "",
        _("{n} 张照片待送").format(n=f"{status.files_waiting:,}") if status.files_waiting else "",
    ]
    return " · ".join(part for part in said if part) or _("没有待送")


def _troubles(status: SyncStatus) -> str:
    said = [
        _("{n} 条冲突").format(n=status.conflicts) if status.conflicts else "",
        _("{n} 条退回").format(n=status.refused) if status.refused else "",
    ]
    words = _("、").join(part for part in said if part)
    return f"▲ {words}" if words else ""
