"""What the list of grid members shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.base.words import N_, _
from app.domain.directory import Worker
from app.domain.member_scores import worst_certificate
from app.services.members import seconded_on
from ui.tables.columns import Column


@dataclass(frozen=True)
class MemberLine:
    """A member as the list shows them."""

    member: Worker
    unit: str
    grids: str
    today: date


def member_columns() -> Sequence[Column[MemberLine]]:
    """The list's columns."""
    return (
        Column("name", N_("姓名"), 72, lambda line: line.member.name),
        Column("number", N_("工号"), 56, lambda line: line.member.number),
        Column("unit", N_("所属部门"), 100, lambda line: line.unit),
        Column("grids", N_("责任网格"), 168, lambda line: line.grids, hint=lambda line: line.grids),
        Column("certificate", N_("证件"), 216, _certificate_words, light=_certificate_light, hint=_certificate_words),
        Column("seconded", N_("下沉"), 110, _seconded_words),
        Column("skills", N_("技能"), 110, lambda line: "、".join(line.member.skills)),
        Column("phone", N_("电话"), 110, lambda line: line.member.phone),
        Column("active", N_("状态"), 60, lambda line: _("在用") if line.member.active else _("停用")),
    )


def _certificate_words(line: MemberLine) -> str:
    worst = worst_certificate(line.member, line.today)
    if worst is None:
        return "、".join(one.name for one in line.member.certificates) or "-"
    certificate, light = worst
    said = {"red": N_("▲ 已过期"), "yellow": N_("◐ 将到期"), "green": N_("● 有效")}[str(light)]
    return f"{_(said)} {certificate.name} {certificate.valid_until}"


def _certificate_light(line: MemberLine) -> str | None:
    worst = worst_certificate(line.member, line.today)
    return None if worst is None else str(worst[1])


def _seconded_words(line: MemberLine) -> str:
    member = line.member
    if member.seconded_from is None:
        return ""
    until = f"{member.seconded_until:%m-%d}" if member.seconded_until else _("未定")
    days = f"{member.seconded_from:%m-%d}–{until}"
    return _("正在 {days}").format(days=days) if seconded_on(member, line.today) else days
