"""Persons of this office: who may sign in here, with which roles, and their passwords."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from app.base.changes import ChangeSet
from app.domain.office import SYSTEM_PERSON_ID, SYSTEM_PERSON_NAME, Person
from app.domain.passwords import check_password
from app.domain.permissions import Actor, OfficeRole
from app.domain.problems import Refused, Unavailable
from db.keys import KeyFile
from db.store import Store


class AccountService:
    """Persons and their key slots. A slot is written only after the person's record is safe."""

    def __init__(self, store: Store, keys: KeyFile, key: bytes) -> None:
        self._store = store
        self._keys = keys
        self._key = key
        self._inactive: frozenset[UUID] | None = None
        store.admit = self._refuse_inactive
        store.listen(self._look_again)

    def persons(self) -> list[Person]:
        """Everybody, active first, by name."""
        with self._store.read() as reader:
            return sorted(reader.all(Person), key=lambda person: (not person.active, person.name))

    def with_password(self) -> frozenset[UUID]:
        """Who has a password on this PC; somebody added at the city or on another PC has none at first."""
        return frozenset(owner.person_id for owner in self._keys.people())

    def person_named(self, name: str) -> Person:
        """An active person by name or login. Raises Refused("account.person_unknown")."""
        for person in self.persons():
            if person.active and name in (person.name, person.login):
                return person
        raise Refused("account.person_unknown", name=name)

    def actor(self, person_id: UUID) -> Actor:
        """The person as every write knows them. Raises Refused("account.inactive")."""
        with self._store.read() as reader:
            person = reader.need(Person, person_id)
        if not person.active:
            raise Refused("account.inactive", name=person.name)
        return Actor(person.id, person.name, frozenset(person.roles), self._store.device_id)

    def carrier(self, person_id: UUID) -> Actor:
        """The person as who carries work to the city and its answer back; somebody stopped still may, and nothing more."""
        with self._store.read() as reader:
            person = reader.need(Person, person_id)
        roles = frozenset(person.roles) if person.active else frozenset()
        return Actor(person.id, person.name, roles, self._store.device_id)

    def system(self) -> Actor:
        """The program itself, for what happens by the clock."""
        return Actor(SYSTEM_PERSON_ID, SYSTEM_PERSON_NAME, frozenset(), self._store.device_id)

    def add_person(self, name: str, login: str, roles: Sequence[OfficeRole], password: str, *, actor: Actor) -> Person:
        """A new person with a sign-in of their own. Raises Refused("account.…")."""
        self._admit(actor)
        check_password(password, login=login, name=name)
        if any(person.login == login for person in self.persons()):
            raise Refused("account.login_taken", login=login)
        person = self.first_person(name, login, roles, actor=actor)
        self._keys.add(person.id, login, name, password, self._key)
        return person

    def first_person(self, name: str, login: str, roles: Sequence[OfficeRole], *, actor: Actor) -> Person:
        """Only the record of a person; the key slot is the caller's next step."""
        with self._store.write(actor, "person.add") as tx:
            person = Person(
                id=tx.ids.new(),
                created_at=tx.now,
                changed_at=tx.now,
                name=name,
                login=login,
                roles=tuple(sorted(set(roles))),
            )
            tx.add(person)
        return person

    def set_person(self, person: Person, *, actor: Actor) -> None:
        """Change name, roles or whether somebody is active; the last administrator stays one."""
        self._admit(actor)
        others = [p for p in self.persons() if p.id != person.id and p.active and OfficeRole.ADMIN in p.roles]
        if not others and not (person.active and OfficeRole.ADMIN in person.roles):
            raise Refused("account.last_administrator")
        with self._store.write(actor, "person.set") as tx:
            tx.change(person)
        if person.active:
            self._keys.rename(person.id, person.login, person.name)
        else:
            self._keys.remove(person.id)

    def change_password(self, person_id: UUID, old: str, new: str, *, actor: Actor) -> None:
        """Change one's own password. Raises Refused for a wrong old one or a weak new one."""
        person = self._person(person_id)
        if old == new:
            raise Refused("account.password_same")
        self._keys.open_slot(person.login, old, self._store.clock.now())
        self._set(person, new, "person.change_password", actor)

    def reset_password(self, person_id: UUID, new: str, *, actor: Actor) -> None:
        """Give somebody a new password, as an administrator or after the recovery code."""
        self._admit(actor)
        self._set(self._person(person_id), new, "person.reset_password", actor)

    def signed_in(self, actor: Actor) -> None:
        """Write the sign-in to the audit trail."""
        self._note("person.sign_in", actor)

    def signed_out(self, actor: Actor) -> None:
        """Write the sign-out to the audit trail."""
        self._note("person.sign_out", actor)

    def _note(self, deed: str, actor: Actor) -> None:
        with self._store.write(actor, deed) as tx:
            tx.note_event(deed, "person", actor.person_id)

    def _set(self, person: Person, password: str, deed: str, actor: Actor) -> None:
        check_password(password, login=person.login, name=person.name)
        self._keys.set(person.id, person.login, person.name, password, self._key)
        with self._store.write(actor, deed) as tx:
            tx.note_event(deed, "person", person.id)

    def _person(self, person_id: UUID) -> Person:
        with self._store.read() as reader:
            return reader.need(Person, person_id)

    def _look_again(self, changes: ChangeSet) -> None:
        if changes.concerns("person"):
            self._inactive = None
            self._follow_names()

    def _follow_names(self) -> None:
        """The sign-in of a person bears the name and login the city, or another PC, gave them."""
        persons = {person.id: person for person in self.persons() if person.active}
        # What was written stands, whatever becomes of the key file: it is asked again with the next change of a person.
        with suppress(Unavailable):
            for owner in self._keys.people():
                person = persons.get(owner.person_id)
                if person is not None and (person.login, person.name) != (owner.login, owner.name):
                    self._rename(person)

    def _rename(self, person: Person) -> None:
        # A login somebody else signs in with here stays theirs; the old one goes on working.
        with suppress(Refused):
            self._keys.rename(person.id, person.login, person.name)

    def _refuse_inactive(self, actor: Actor) -> None:
        """Who was made inactive here or by the city writes nothing more, in a session that is still open either."""
        if self._inactive is None:
            self._inactive = frozenset(person.id for person in self.persons() if not person.active)
        if actor.person_id in self._inactive:
            raise Refused("account.inactive", name=actor.name)

    def _admit(self, actor: Actor) -> None:
        if not actor.administers:
            raise Refused("account.not_administrator")
