"""Who signs in at the city's console: passwords (argon2id), sessions with two ends, and the waits of wrong guesses."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import Connection, delete, insert, or_, select, update

from app.domain.passwords import check_password, normal
from app.domain.problems import Refused, Unavailable
from server import audit, guard
from server.city import City
from server.tables import CONSOLE_SESSION, OPERATOR

IDLE_END = timedelta(minutes=30)
ABSOLUTE_END = timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=1)
_HASHER = PasswordHasher()
# Each check takes 64 MiB: more at once would let strangers fill the memory, and waiting for a turn would let them take
# the threads that desks need.
_CHECKS = BoundedSemaphore(4)
# Compared against when the login is unknown, so that the time taken tells nobody which logins there are.
_NOBODY = _HASHER.hash(secrets.token_hex(16))


@dataclass(frozen=True)
class Seat:
    """An operator who is signed in. csrf: every form of this session carries it."""

    login: str
    name: str
    csrf: str
    token_hash: bytes

    @property
    def who(self) -> str:
        """How acts of this operator are signed in the trail: at most 60 characters, the login never cut."""
        return f"{self.login} {self.name}"[:60]


def add(connection: Connection, city: City, *, login: str, name: str, password: str, who: str) -> None:
    """A new operator. Raises Refused("city.operator_known"), ("account.password_…")."""
    login, name = normal(login).strip()[:40], name.strip()[:60]
    if not login or connection.execute(select(OPERATOR.c.login).where(OPERATOR.c.login == login)).first():
        raise Refused("city.operator_known", login=login)
    check_password(password, login=login, name=name)
    values = {"login": login, "name": name, "password": _hash(password), "active": True, "added_at": city.now()}
    connection.execute(insert(OPERATOR).values(values))
    audit.note(connection, city.now(), who, "operator.add", login)


def set_password(connection: Connection, city: City, *, login: str, password: str, who: str) -> None:
    """A new password; ends every session. Raises Refused("account.person_unknown"), ("account.password_…")."""
    row = connection.execute(select(OPERATOR.c.name).where(OPERATOR.c.login == login)).first()
    if row is None:
        raise Refused("account.person_unknown", name=login)
    check_password(password, login=login, name=row.name)
    connection.execute(update(OPERATOR).where(OPERATOR.c.login == login).values(password=_hash(password)))
    connection.execute(delete(CONSOLE_SESSION).where(CONSOLE_SESSION.c.login == login))
    audit.note(connection, city.now(), who, "operator.set_password", login)


def set_active(connection: Connection, city: City, *, login: str, active: bool, who: str) -> None:
    """Stop an operator at once, or let them back in. Raises Refused("account.person_unknown")."""
    if connection.execute(update(OPERATOR).where(OPERATOR.c.login == login).values(active=active)).rowcount != 1:
        raise Refused("account.person_unknown", name=login)
    if not active:
        connection.execute(delete(CONSOLE_SESSION).where(CONSOLE_SESSION.c.login == login))
    audit.note(connection, city.now(), who, "operator.reinstate" if active else "operator.stop", login)


def sign_in(city: City, login: str, password: str, *, address: str) -> str:
    """The token of a new session. address: where the browser is.

    Raises Refused("account.sign_in_wrong"), Refused("sync.too_many_tries"), Unavailable("sync.city_busy").
    """
    login = normal(login).strip()[:40]
    # By login and address together: a stranger elsewhere cannot lock an operator out.
    subject = f"console:{login}@{address}"

    def begin(connection: Connection) -> tuple[str, str] | None:
        guard.refuse_when_waiting(connection, city.now(), subject)
        # Counted before the password is looked at: guesses sent all at once are counted all the same.
        guard.failed(connection, city.now(), subject)
        row = connection.execute(select(OPERATOR).where(OPERATOR.c.login == login, OPERATOR.c.active)).first()
        return None if row is None else (row.name, row.password)

    with _a_check():
        known = city.database.retrying(begin)
        is_right = _is_password(known[1] if known else _NOBODY, password)
    if known is None or not is_right:
        if known is not None:
            city.database.retrying(
                lambda connection: audit.note(connection, city.now(), login, "operator.sign_in_failed", login, address)
            )
        raise Refused("account.sign_in_wrong")
    name = known[0]

    def open_session(connection: Connection) -> str:
        guard.passed(connection, subject)
        token = _new_session(connection, city.now(), login)
        audit.note(connection, city.now(), f"{login} {name}"[:60], "operator.sign_in", login, address)
        return token

    return city.database.retrying(open_session)


def seat_of(city: City, token: str) -> Seat | None:
    """Who sits behind a token; None when the session has ended or never was."""
    hashed, now = _token_hash(token), city.now()
    with city.database.read() as connection:
        row = connection.execute(
            select(CONSOLE_SESSION, OPERATOR.c.name)
            .join(OPERATOR, OPERATOR.c.login == CONSOLE_SESSION.c.login)
            .where(CONSOLE_SESSION.c.token_hash == hashed, OPERATOR.c.active)
        ).first()
    if row is None or now - row.seen_at > IDLE_END or now - row.made_at > ABSOLUTE_END:
        return None
    if now - row.seen_at >= _SEEN_EVERY:
        seen = update(CONSOLE_SESSION).where(CONSOLE_SESSION.c.token_hash == hashed).values(seen_at=now)
        city.database.retrying(lambda connection: connection.execute(seen))
    return Seat(row.login, row.name, row.csrf, hashed)


def sign_out(city: City, seat: Seat) -> None:
    """End the session now."""

    def end(connection: Connection) -> None:
        connection.execute(delete(CONSOLE_SESSION).where(CONSOLE_SESSION.c.token_hash == seat.token_hash))
        audit.note(connection, city.now(), seat.who, "operator.sign_out", seat.login)

    city.database.retrying(end)


def change_own_password(city: City, seat: Seat, *, old: str, new: str) -> None:
    """A new password for the one who sits there; their other sessions end.

    Raises Refused("account.sign_in_wrong") for a wrong old one, Refused("account.password_…").
    """
    with city.database.read() as connection:
        stored = connection.execute(select(OPERATOR.c.password).where(OPERATOR.c.login == seat.login)).scalar_one()
    with _a_check():
        if not _is_password(stored, old):
            raise Refused("account.sign_in_wrong")
        check_password(new, login=seat.login, name=seat.name, old=old)
        hashed = _hash(new)

    def change(connection: Connection) -> None:
        connection.execute(update(OPERATOR).where(OPERATOR.c.login == seat.login).values(password=hashed))
        others = CONSOLE_SESSION.c.token_hash != seat.token_hash
        connection.execute(delete(CONSOLE_SESSION).where(CONSOLE_SESSION.c.login == seat.login, others))
        audit.note(connection, city.now(), seat.who, "operator.set_password", seat.login)

    city.database.retrying(change)


def _new_session(connection: Connection, now: datetime, login: str) -> str:
    ended = or_(CONSOLE_SESSION.c.seen_at < now - IDLE_END, CONSOLE_SESSION.c.made_at < now - ABSOLUTE_END)
    connection.execute(delete(CONSOLE_SESSION).where(ended))
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    values = {"token_hash": _token_hash(token), "login": login, "csrf": csrf, "made_at": now, "seen_at": now}
    connection.execute(insert(CONSOLE_SESSION).values(values))
    return token


def _token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


@contextmanager
def _a_check() -> Iterator[None]:
    if not _CHECKS.acquire(blocking=False):
        raise Unavailable("sync.city_busy")
    try:
        yield
    finally:
        _CHECKS.release()


def _hash(password: str) -> str:
    return _HASHER.hash(normal(password))


def _is_password(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, normal(password[:1000]))
    except VerificationError:
        return False
