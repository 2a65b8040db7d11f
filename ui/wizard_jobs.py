"""What the first run does beside the screen: making a store, filling a demonstration."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.base.clock import Clock
from app.base.paths import StorePaths
from app.base.watch import Watch

if TYPE_CHECKING:
    from app.desk import Desk
    from app.domain.permissions import Actor

DEMO_PERSON = "演示员"
DEMO_LOGIN = "demo"
DEMO_DISTRICT = "410105"
DEMO_OFFICE = "金水区城市管理局(演示)"
OFFICE_OF_DISTRICT = "{district}城市管理局"
DEMO_MARK = "YS"
DEMO_CASES = 1200
DEMO_SEED = 2026
PASSWORD_GROUPS = 3
# Nothing that looks like something else on paper: no O and 0, no I, l and 1.
CAPITALS, SMALL, DIGITS = "ABCDEFGHJKMNPQRSTUVWXYZ", "abcdefghjkmnpqrstuvwxyz", "23456789"


@dataclass(frozen=True)
class OfficeTyped:
    """What the office step asked."""

    district_code: str
    name: str
    mark: str


@dataclass(frozen=True)
class PersonTyped:
    """What the person step asked."""

    name: str
    login: str
    password: str

    def __repr__(self) -> str:
        return f"PersonTyped({self.login!r})"


def make_office(paths: StorePaths, clock: Clock, office: OfficeTyped, person: PersonTyped) -> tuple[Desk, Actor, str]:
    """A new store, its first person signed in, and the recovery code."""
    from app.desk import NewOffice, create_desk

    wanted = NewOffice(district_code=office.district_code, name=office.name, mark=office.mark)
    desk, code = create_desk(paths, wanted, person.name, person.login, person.password, clock=clock)
    return desk, _sign_in(desk, person.login), code


def make_demo(
    paths: StorePaths, clock: Clock, password: str, watch: Watch, cases: int = DEMO_CASES
) -> tuple[Desk, Actor]:
    """A demonstration district with a month of made-up cases, and its one person signed in."""
    from app.desk import NewOffice, create_desk

    watch.step(0, cases)
    wanted = NewOffice(DEMO_DISTRICT, DEMO_OFFICE, DEMO_MARK, demonstration=True)
    desk, _code = create_desk(paths, wanted, DEMO_PERSON, DEMO_LOGIN, password, clock=clock)
    actor = _sign_in(desk, DEMO_LOGIN)
    desk.demo.load(cases, DEMO_SEED, actor=actor, watch=watch)
    return desk, actor


def demo_password() -> str:
    """A password made for one demonstration, like `Kp7-Wm4-Rt9`."""
    groups = [
        secrets.choice(CAPITALS) + secrets.choice(SMALL) + secrets.choice(DIGITS) for _n in range(PASSWORD_GROUPS)
    ]
    return "-".join(groups)


def _sign_in(desk: Desk, login: str) -> Actor:
    actor = desk.accounts.actor(desk.accounts.person_named(login).id)
    desk.accounts.signed_in(actor)
    return actor
