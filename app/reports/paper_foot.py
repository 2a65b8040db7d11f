"""The line at the foot of every paper."""

from __future__ import annotations

from datetime import datetime

from app.base.words import _
from app.domain.office import Office
from app.reports.case_slip import moment


def foot_words(office: Office, person: str, now: datetime) -> str:
    """Whose paper it is, who printed it and when, and that it shows no real district where it does not."""
    words = [office.name, _("{person} 打印于 {at}").format(person=person, at=moment(now))]
    if office.demonstration:
        words.append(_("演示数据"))
    return " · ".join(words)
