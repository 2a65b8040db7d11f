"""What each command of the city does: arguments in, what is printed and the exit code out."""

from __future__ import annotations

import argparse
import getpass
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import from_json
from sqlalchemy import Connection, select

from app.base.words import _
from app.domain.office import PERSON
from app.domain.problems import Refused
from app.domain.reference_versions import ReferenceTable, ReferenceVersion
from server import audit, devices, districts, enrolment, operators, people, publish, review, sealed, serving
from server import backup as backups
from server import fsck as checks
from server import status as standing
from server import tidy as tidying
from server.city import City, open_city
from server.cli.output import Exit, UsageError
from server.serving import Listening
from server.settings import CitySettings
from server.sync import city_records
from server.tables import DISTRICT, OPERATOR, RECORD, REVIEW

Told = tuple[dict[str, Any], Exit]
FIRST_OPERATOR = "operator"


def who() -> str:
    """The person at the command line, as the trail names them."""
    with suppress(OSError, KeyError, ImportError):
        return f"cli {getpass.getuser()}"[:60]
    return "cli"


def serve(options: argparse.Namespace, settings: CitySettings) -> Told:
    """Run the city until it is told to stop."""
    if (options.tls_cert is None) != (options.tls_key is None):
        raise UsageError(_("--tls-cert 和 --tls-key 要一起给出"))
    if options.workers < 1 or (options.workers > 1 and settings.database.startswith("sqlite")):
        raise UsageError(_("SQLite 只能用一个进程;多进程请用 PostgreSQL"))
    listening = Listening(
        host=options.host,
        port=options.port,
        tls_cert=options.tls_cert,
        tls_key=options.tls_key,
        behind_tls_proxy=options.behind_tls_proxy,
        proxy=options.proxy_address,
        workers=options.workers,
    )
    serving.serve(settings, listening)
    return {}, Exit.DONE


def trial(options: argparse.Namespace, _settings: None) -> Told:
    """An embedded city on this machine, with everything a first desk needs."""
    options.folder.mkdir(parents=True, exist_ok=True)
    settings = CitySettings(f"sqlite:{'///'}{options.folder / 'city.db'}", options.folder / "files")
    city = open_city(settings)
    try:
        with city.database.write() as connection:
            for name, value in _first_things(connection, city, options).items():
                print(f"{name}: {value}", flush=True)
    finally:
        city.close()
    serving.serve(settings, Listening(port=options.port))
    return {}, Exit.DONE


def _first_things(connection: Connection, city: City, options: argparse.Namespace) -> dict[str, str]:
    told = {}
    if connection.execute(select(DISTRICT.c.code).where(DISTRICT.c.code == options.district)).first() is None:
        districts.add(connection, city, options.district, options.district_name, who=who())
    if connection.execute(select(OPERATOR.c.login)).first() is None:
        password = _made_up()
        name = _("操作员")
        operators.add(connection, city, login=FIRST_OPERATOR, name=name, password=password, who=who())
        told = {"operator": FIRST_OPERATOR, "password": password}
    code = enrolment.new_code(connection, city, options.district, who=who())
    return {**told, "district": options.district, "code": code}


def restore(options: argparse.Namespace, settings: CitySettings) -> Told:
    """A backup into an empty place."""
    manifest = backups.restore(settings, options.folder, who=who())
    return {"restored": str(options.folder), "made_at": manifest.made_at, "files": len(manifest.files)}, Exit.DONE


def district_add(options: argparse.Namespace, city: City) -> Told:
    """A new district."""
    with city.database.write() as connection:
        districts.add(connection, city, options.code, options.name, who=who())
    return {"district": options.code, "name": options.name}, Exit.DONE


def person_add(options: argparse.Namespace, city: City) -> Told:
    """A new person."""
    told = {"district": options.district, "name": options.name, "login": options.login}
    roles = people.roles_of(options.role)
    person = city.database.retrying(lambda c: people.add(c, city, **told, roles=roles, who=who()))
    return {"id": str(person), **told, "roles": sorted(roles)}, Exit.DONE


def person_roles(options: argparse.Namespace, city: City) -> Told:
    """Other roles for a person."""
    roles = people.roles_of(options.role)

    def change(connection: Connection) -> UUID:
        person = people.find(connection, options.district, options.person)
        people.set_roles(connection, city, person, roles, who=who())
        return person

    return {"id": str(city.database.retrying(change)), "roles": sorted(roles)}, Exit.DONE


def person_revoke(options: argparse.Namespace, city: City) -> Told:
    """Stop a person."""
    return _on_person(options, city, people.revoke, "revoked")


def person_reinstate(options: argparse.Namespace, city: City) -> Told:
    """Let a person work again."""
    return _on_person(options, city, people.reinstate, "active")


def _on_person(options: argparse.Namespace, city: City, deed: Callable[..., None], state: str) -> Told:
    def change(connection: Connection) -> UUID:
        person = people.find(connection, options.district, options.person)
        deed(connection, city, person, who=who())
        return person

    return {"id": str(city.database.retrying(change)), "state": state}, Exit.DONE


def person_map(options: argparse.Namespace, city: City) -> Told:
    """Which ids are one human."""

    def change(connection: Connection) -> tuple[UUID, UUID | None]:
        person = people.find(connection, options.district, options.person)
        to = people.find(connection, options.district, options.to) if options.to else None
        people.map_to(connection, city, person, to, who=who())
        return person, to

    person, to = city.database.retrying(change)
    return {"id": str(person), "mapped_to": str(to) if to else None}, Exit.DONE


def operator_add(options: argparse.Namespace, city: City) -> Told:
    """An operator of the console; without a password file a password is made up and shown once."""
    password, told = _password(options.password_file), {"operator": options.login}
    with city.database.write() as connection:
        operators.add(connection, city, login=options.login, name=options.name, password=password, who=who())
    return (told if options.password_file else {**told, "password": password}), Exit.DONE


def operator_password(options: argparse.Namespace, city: City) -> Told:
    """A new password for an operator who forgot theirs; whoever is signed in under the login is signed out."""
    password, told = _password(options.password_file), {"operator": options.login}
    with city.database.write() as connection:
        operators.set_password(connection, city, login=options.login, password=password, who=who())
    return (told if options.password_file else {**told, "password": password}), Exit.DONE


def operator_revoke(options: argparse.Namespace, city: City) -> Told:
    """Stop an operator at once."""
    return _operator_active(options, city, active=False)


def operator_reinstate(options: argparse.Namespace, city: City) -> Told:
    """Let an operator back in."""
    return _operator_active(options, city, active=True)


def _operator_active(options: argparse.Namespace, city: City, *, active: bool) -> Told:
    with city.database.write() as connection:
        operators.set_active(connection, city, login=options.login, active=active, who=who())
    return {"operator": options.login, "active": active}, Exit.DONE


def _password(file: Path | None) -> str:
    if file is None:
        return _made_up()
    lines = _read(file).decode("utf-8-sig", errors="replace").splitlines()
    return lines[0] if lines else ""


def _made_up() -> str:
    """96 random bits; the end makes it hold a digit, a small letter and a sign every time."""
    return f"{secrets.token_urlsafe(12)}-9z"


def code_new(options: argparse.Namespace, city: City) -> Told:
    """A one-time code."""
    if options.hours < 1:
        raise UsageError(_("有效小时数至少是 1"))
    with city.database.write() as connection:
        code = enrolment.new_code(connection, city, options.district, hours=options.hours, who=who())
    return {"code": code, "district": options.district, "hours": options.hours}, Exit.DONE


def reference_add(options: argparse.Namespace, city: City) -> Told:
    """A version of a reference table for the whole city."""
    now = city.now()
    try:
        given = {"table": options.table, "label": options.label, "scheme": options.scheme, "source": options.source}
        from_day, content = date.fromisoformat(options.valid_from), from_json(_read(options.file))
        if options.table == ReferenceTable.STANDARDS and isinstance(content, dict):
            given["scheme"] = options.scheme or content.get("scheme", "")
        stamps = {"id": city.ids.new(), "created_at": now, "changed_at": now}
        version = ReferenceVersion.model_validate({**given, **stamps, "valid_from": from_day, "content": content})
    except (ValueError, ValidationError) as error:
        raise Refused("city.file_unreadable", path=options.file, reason=type(error).__name__) from error
    city.database.retrying(lambda connection: publish.publish(connection, city, version, who()))
    return {"id": str(version.id), "table": options.table, "label": options.label}, Exit.DONE


def reference_promote(options: argparse.Namespace, city: City) -> Told:
    """A district's version for the whole city."""
    record = _uuid(options.record)
    city.database.retrying(lambda connection: publish.promote(connection, city, record, who()))
    return {"id": options.record}, Exit.DONE


def status(_options: argparse.Namespace, city: City) -> Told:
    """How the city stands."""
    with city.database.read() as connection:
        return {"city": city.name, **standing.status(connection, city.now())}, Exit.DONE


def fsck(_options: argparse.Namespace, city: City) -> Told:
    """Everything looked at; exit 4 when something is wrong."""
    found = [asdict(damage) for damage in checks.damages(city)]
    return {"ok": not found, "damages": found}, Exit.REFUSED if found else Exit.DONE


def review_list(_options: argparse.Namespace, city: City) -> Told:
    """What waits in the tray, oldest first."""
    columns = (REVIEW.c.group_id, REVIEW.c.at, REVIEW.c.district, REVIEW.c.actor_name, REVIEW.c.reason)
    waiting = select(*columns).where(REVIEW.c.state == review.WAITING).order_by(REVIEW.c.at, REVIEW.c.change_id)
    groups: dict[UUID, dict[str, Any]] = {}
    with city.database.read() as connection:
        for group, at, district, actor, reason in connection.execute(waiting):
            told = {"group": str(group), "at": at, "district": district, "actor": actor, "reason": reason, "changes": 0}
            groups.setdefault(group, told)["changes"] += 1
    return {"waiting": list(groups.values())}, Exit.DONE


def review_accept(options: argparse.Namespace, city: City) -> Told:
    """Take a group over."""
    outcomes = review.accept(city, _uuid(options.group), who=who())
    return {
        "outcomes": [{"change": str(o.change_id), "status": o.status.value, "code": o.code} for o in outcomes]
    }, Exit.DONE


def review_refuse(options: argparse.Namespace, city: City) -> Told:
    """Send a group back."""
    review.refuse(city, _uuid(options.group), options.reason, who=who())
    return {"refused": options.group}, Exit.DONE


def device_revoke(options: argparse.Namespace, city: City) -> Told:
    """Stop a PC."""
    city.database.retrying(lambda connection: devices.revoke(connection, city, _uuid(options.device), who=who()))
    return {"revoked": options.device}, Exit.DONE


def device_reinstate(options: argparse.Namespace, city: City) -> Told:
    """Let a PC back in."""
    city.database.retrying(lambda connection: devices.reinstate(connection, city, _uuid(options.device), who=who()))
    return {"reinstated": options.device}, Exit.DONE


def backup(options: argparse.Namespace, city: City) -> Told:
    """The whole city into a folder."""
    manifest = backups.back_up(city, options.folder, who=who())
    size = manifest.database.size + sum(kept.size for kept in manifest.files)
    return {"backup": str(options.folder), "files": len(manifest.files), "bytes": size}, Exit.DONE


def tidy(_options: argparse.Namespace, city: City) -> Told:
    """What is old goes."""
    return dict(tidying.tidy(city, who=who())), Exit.DONE


def unseal(options: argparse.Namespace, city: City) -> Told:
    """A desk's sealed file taken in, and the sealed answer for it."""
    taken = sealed.unseal(city, options.file, options.answer, who=who())
    device = {"district": taken.device.district, "pc_mark": taken.device.pc_mark, "device": str(taken.device.id)}
    brought = {"number": taken.counter, "outcomes": dict(taken.outcomes), "files": taken.files}
    return {**device, **brought, "rows": taken.rows, "answer": str(options.answer)}, Exit.DONE


def move(options: argparse.Namespace, city: City) -> Told:
    """A record, its children and its files to another district."""
    record = _uuid(options.record)

    def go(connection: Connection) -> None:
        districts.need(connection, options.to)
        # What hangs below another goes with it, and a person belongs to the district that knows them.
        movable = (RECORD.c.id == record, ~RECORD.c.deleted, RECORD.c.parent.is_(None), RECORD.c.type != PERSON.name)
        scope = connection.execute(select(RECORD.c.scope).where(*movable)).scalar()
        if scope is None:
            raise Refused("city.record_unknown", record=options.record)
        city_records.move(connection, city, record_id=record, to_scope=options.to, who=who())
        audit.note(connection, city.now(), who(), "record.move", options.record, f"{scope} {options.to}")

    city.database.retrying(go)
    return {"moved": options.record, "to": options.to}, Exit.DONE


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise UsageError(_("“{text}”不是标识").format(text=text)) from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused("city.file_unreadable", path=path, reason=error.strerror or type(error).__name__) from error


WITHOUT_CITY: Mapping[str, Callable[[argparse.Namespace, Any], Told]] = {
    "serve": serve,
    "trial": trial,
    "restore": restore,
}

WITH_CITY: Mapping[str, Callable[[argparse.Namespace, City], Told]] = {
    "district add": district_add,
    "person add": person_add,
    "person roles": person_roles,
    "person revoke": person_revoke,
    "person reinstate": person_reinstate,
    "person map": person_map,
    "operator add": operator_add,
    "operator password": operator_password,
    "operator revoke": operator_revoke,
    "operator reinstate": operator_reinstate,
    "code new": code_new,
    "reference add": reference_add,
    "reference promote": reference_promote,
    "status": status,
    "fsck": fsck,
    "review list": review_list,
    "review accept": review_accept,
    "review refuse": review_refuse,
    "device revoke": device_revoke,
    "device reinstate": device_reinstate,
    "backup": backup,
    "tidy": tidy,
    "unseal": unseal,
    "move": move,
}
