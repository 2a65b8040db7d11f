"""How a PC becomes known to the city: an address, a one-time code, keys made here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from app.base.version import VERSION
from app.domain.office import Office, Person
from app.domain.permissions import Actor
from app.domain.problems import Refused, Unavailable
from app.sync.line import CityLine, hang_up
from app.sync.link import Link, LinkStore
from app.wire.accounts import EnrolReply, EnrolRequest, LocalPerson
from app.wire.signing import to_raw, to_text
from db.queries import link as rows
from db.queries.sync import ensure_scopes
from db.store import Store
from db.tx import Tx

Seed = Callable[[], bytes]
MakeLine = Callable[[LinkStore], CityLine]
NO_KEY = bytes(32)


class Enrolment:
    """Asks the city to take this PC in. seed: 32 fresh random bytes each time; machine: the mark of this machine."""

    def __init__(self, store: Store, make_line: MakeLine, *, seed: Seed, machine: Callable[[], str]) -> None:
        self._store = store
        self._make_line = make_line
        self._seed = seed
        self._machine = machine
        self._links = LinkStore(store)
        self._asked = LinkStore(store, rows.ASKED)

    def enrol(self, url: str, code: str, *, own_ca: str, proxy: str, actor: Actor) -> EnrolReply:
        """Introduce this PC; asked again after a lost answer, the same keys are offered.

        Raises Refused: sync.not_administrator, sync.demonstration, sync.enrolled_already, sync.address_wrong, and what
        the city says of the code; Unavailable when the line is at fault. This PC is not enrolled then.
        """
        office = self._admitted(actor)
        asked = self._keys_for(normal_address(url), office, own_ca, proxy)
        request = self._request(asked, code.strip(), office)
        line = self._make_line(self._asked)
        try:
            reply = line.enrol(request)
        finally:
            hang_up(line)
        if reply.district != office.district_code:
            raise Refused("sync.code_other_district")
        taken = taken_in(asked, reply, counter=1)
        with self._store.write(actor, "sync.enrol", taken.url) as tx:
            put_identity(tx, taken, reply)
        return reply

    def _admitted(self, actor: Actor) -> Office:
        refuse_unless_administrator(actor)
        with self._store.read() as reader:
            office = reader.all(Office)[0]
        if office.demonstration:
            raise Refused("sync.demonstration")
        if (link := self._links.get()) is not None:
            raise Refused("sync.enrolled_already", city=link.city)
        return office

    def _keys_for(self, url: str, office: Office, own_ca: str, proxy: str) -> Link:
        before, machine = self._asked.get(), self._machine()
        if before is not None and (before.url, before.machine) == (url, machine):
            asked = replace(before, own_ca=own_ca, proxy=proxy, counter=0)
        else:
            asked = self._new_link(url, office.district_code, machine)
            asked = replace(asked, own_ca=own_ca, proxy=proxy)
        self._asked.save(asked)
        return asked

    def _new_link(self, url: str, district: str, machine: str) -> Link:
        return Link(
            url=url,
            city="",
            district=district,
            device_id=self._store.ids.new(),
            sign_seed=self._seed(),
            box_seed=self._seed(),
            city_sign_key=NO_KEY,
            city_box_key=NO_KEY,
            enrolled_at=self._store.clock.now(),
            machine=machine,
        )

    def _request(self, asked: Link, code: str, office: Office) -> EnrolRequest:
        if not 4 <= len(code) <= 40:
            raise Refused("sync.code_wrong")
        with self._store.read() as reader:
            persons = reader.all(Person)
        return EnrolRequest(
            code=code,
            device_id=asked.device_id,
            sign_key=to_text(asked.public_sign_key()),
            box_key=to_text(asked.public_box_key()),
            district=office.district_code,
            office=office.name,
            office_mark=office.mark,
            pc_mark=office.pc_mark,
            machine=asked.machine,
            program=VERSION,
            persons=[_told(person) for person in persons],
        )


def taken_in(asked: Link, reply: EnrolReply, *, counter: int) -> Link:
    """The link as the city answered; `counter` of the last request signed with its key.

    Raises Unavailable("sync.reply_broken") when what it calls its keys are none.
    """
    return replace(
        asked, city=reply.city, city_sign_key=_key(reply.sign_key), city_box_key=_key(reply.box_key), counter=counter
    )


def _key(text: str) -> bytes:
    try:
        raw = to_raw(text)
    except ValueError as error:
        raise Unavailable("sync.reply_broken", reason="key") from error
    if len(raw) != len(NO_KEY):
        raise Unavailable("sync.reply_broken", reason="key")
    return raw


def put_identity(tx: Tx, link: Link, reply: EnrolReply) -> None:
    """This PC is who the city says: link, scopes and mark in one transaction; keys that were asked for are used up."""
    rows.put(tx.connection, link.as_row())
    rows.remove(tx.connection, rows.ASKED)
    ensure_scopes(tx.connection, [head.scope for head in reply.scopes])
    office = tx.all(Office)[0]
    if reply.pc_mark and reply.pc_mark != office.pc_mark:
        tx.change(office.changed(tx.now, pc_mark=reply.pc_mark))
    tx.note_event("sync.identity", "", link.device_id, reply.pc_mark)


def refuse_unless_administrator(actor: Actor) -> None:
    """Raise Refused("sync.not_administrator")."""
    if not actor.administers:
        raise Refused("sync.not_administrator")


def normal_address(url: str) -> str:
    """Scheme, host and port, path without a last slash. Without TLS only this machine itself is spoken to.

    Raises Refused("sync.address_wrong").
    """
    given = url.strip()
    try:
        parts = urlsplit(given if "://" in given else f"https://{given}")
        port = parts.port
    except ValueError as error:
        raise Refused("sync.address_wrong", url=given) from error
    host = parts.hostname or ""
    plain = parts.scheme == "http" and _is_loopback(host)
    if not (parts.scheme == "https" or plain) or not _is_host(host) or _has_more(parts):
        raise Refused("sync.address_wrong", url=given)
    shown = f"[{host}]" if ":" in host else host
    place = shown if port is None else f"{shown}:{port}"
    return f"{parts.scheme}://{place}{parts.path.rstrip('/')}"


def _has_more(parts: SplitResult) -> bool:
    return bool(parts.query or parts.fragment or parts.username or parts.password)


def _is_host(host: str) -> bool:
    return bool(host) and not any(char.isspace() or char in "<>\"'" for char in host)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _told(person: Person) -> LocalPerson:
    roles = tuple(str(role) for role in person.roles)
    return LocalPerson(id=person.id, name=person.name, login=person.login, roles=roles, active=person.active)
