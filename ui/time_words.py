"""Moments and lengths in a clerk's words."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.base.words import _

OFFICE_ZONE = ZoneInfo("Asia/Shanghai")


def moment_words(at: datetime, now: datetime) -> str:
    """`11-21 09:30` this year, `2025-11-21` before."""
    local, today = at.astimezone(OFFICE_ZONE), now.astimezone(OFFICE_ZONE)
    return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d}"


def left_words(due: datetime, now: datetime) -> str:
    """`剩 1 小时 55 分` or `超 3 小时`, by the clock on the wall; a begun minute counts."""
    seconds = int((due - now).total_seconds())
    span = span_words(abs(seconds))
    return _("超 {span}").format(span=span) if seconds < 0 else _("剩 {span}").format(span=span)


def span_words(seconds: int) -> str:
    """A length in its two largest parts."""
    minutes = max(1, -(-seconds // 60))
    days, hours, rest = minutes // (24 * 60), minutes // 60 % 24, minutes % 60
    if days:
        parts = [_("{n} 天").format(n=days), _("{n} 小时").format(n=hours) if hours else ""]
    elif hours:
        parts = [_("{n} 小时").format(n=hours), _("{n} 分").format(n=rest) if rest else ""]
    else:
        parts = [_("{n} 分").format(n=rest)]
    return " ".join(part for part in parts if part)


def day_of(at: datetime) -> date:
    """The office's calendar day of an instant."""
    return at.astimezone(OFFICE_ZONE).date()
