"""What a grid member's month comes to. Every figure has its definition; what cannot be counted is None, never 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from app.domain.directory import Certificate, Worker

SOON_DAYS = 30


@dataclass(frozen=True)
class MemberCounts:
    """Counts of one month. unit_grids: those of the member's duty grids; entered: those a track went into."""

    reported: int = 0
    decided: int = 0
    valid: int = 0
    self_handled: int = 0
    missed: int | None = None
    verify_due: int = 0
    verify_on_time: int = 0
    check_due: int = 0
    check_on_time: int = 0
    rounds_planned: int = 0
    rounds_done: int = 0
    points_total: int = 0
    points_checked: int = 0
    unit_grids: int = 0
    entered: int | None = None


class Score(StrEnum):
    """The figures a member is judged by (`domain/cases-and-grid.md` 5.3)."""

    VALID = "valid"
    MISSED = "missed"
    VERIFY = "verify"
    CHECK = "check"
    COVER = "cover"
    POINTS = "points"
    SELF_HANDLED = "self_handled"


SCORE_TITLES: Mapping[Score, str] = {
    Score.VALID: "有效上报率",
    Score.MISSED: "漏报",
    Score.VERIFY: "按期核实率",
    Score.CHECK: "按期核查率",
    Score.COVER: "区域覆盖率",
    Score.POINTS: "检查点到位率",
    Score.SELF_HANDLED: "自处置",
}
SCORE_MEANINGS: Mapping[Score, str] = {
    Score.VALID: "有效上报 ÷ 已有结论的上报;有效 = 已转案件(未作废)或当场解决,待处理和持续关注的不计",
    Score.MISSED: "别人在本人责任网格内巡查发现、查实的问题数;本人没有责任网格时无法统计",
    Score.VERIFY: "截止前完成的核实 ÷ 应核实;已撤回的不计",
    Score.CHECK: "截止前完成的核查 ÷ 应核查;已撤回的不计",
    Score.COVER: "轨迹进入的单元网格 ÷ 责任网格所含单元网格;没有轨迹或没有单元网格时无法统计",
    Score.POINTS: "已查检查点 ÷ 应查检查点",
    Score.SELF_HANDLED: "当场解决的问题数;没有上报时无法统计",
}


@dataclass(frozen=True)
class MemberScore:
    """One member's month."""

    member_id: UUID
    name: str
    counts: MemberCounts

    def value(self, score: Score) -> float | None:
        """A share from 0 to 1, or a count for `MISSED` and `SELF_HANDLED`; None: nothing to count."""
        c = self.counts
        match score:
            case Score.VALID:
                return _share(c.valid, c.decided)
            case Score.MISSED:
                return c.missed
            case Score.VERIFY:
                return _share(c.verify_on_time, c.verify_due)
            case Score.CHECK:
                return _share(c.check_on_time, c.check_due)
            case Score.COVER:
                return None if c.entered is None else _share(c.entered, c.unit_grids)
            case Score.POINTS:
                return _share(c.points_checked, c.points_total)
            case Score.SELF_HANDLED:
                return c.self_handled if c.reported else None


class CertificateLight(StrEnum):
    """How a certificate stands; the values are the lights of the screen."""

    VALID = "green"
    SOON = "yellow"
    EXPIRED = "red"


def certificate_light(certificate: Certificate, day: date) -> CertificateLight:
    """Expired the day after its last day; soon within thirty days of it."""
    until = certificate.valid_until
    if until is None:
        return CertificateLight.VALID
    if until < day:
        return CertificateLight.EXPIRED
    return CertificateLight.SOON if until <= day + timedelta(days=SOON_DAYS) else CertificateLight.VALID


def worst_certificate(member: Worker, day: date) -> tuple[Certificate, CertificateLight] | None:
    """The certificate that ends first, with its light; None without any."""
    dated = [certificate for certificate in member.certificates if certificate.valid_until is not None]
    if not dated:
        return None
    first = min(dated, key=lambda certificate: certificate.valid_until or date.max)
    return first, certificate_light(first, day)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
