"""Whether a PC is well, as an operator would judge it from what the city remembers of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

SILENT_AFTER = timedelta(days=3)
CLOCK_OFF_MS = 5 * 60 * 1000


def ailments(device: Any, now: datetime) -> list[str]:
    """What is wrong with a row of the device table; empty: it is well. A revoked PC is not looked at."""
    found = []
    if device.last_seen_at is None:
        found.append("接入后没有联系过")
    elif now - device.last_seen_at > SILENT_AFTER:
        found.append(f"{(now - device.last_seen_at).days} 天没有联系")
    if device.last_failed_at and (device.last_ok_at is None or device.last_failed_at > device.last_ok_at):
        found.append("最近一次失败,之后没有成功")
    if abs(device.clock_offset_ms) > CLOCK_OFF_MS:
        found.append("电脑时间不准")
    return found
