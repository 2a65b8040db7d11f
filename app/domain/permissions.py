"""Who may do what: office roles, and the roles of the case flow they may act in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.problems import Refused


class OfficeRole(StrEnum):
    """What a person is in this office; one person may be several."""

    ACCEPTOR = "acceptor"
    DISPATCHER = "dispatcher"
    GRID_CLERK = "grid_clerk"
    LEADER = "leader"
    ADMIN = "admin"
    AUDITOR = "auditor"


OFFICE_ROLE_TITLES: Mapping[OfficeRole, str] = {
    OfficeRole.ACCEPTOR: "受理员",
    OfficeRole.DISPATCHER: "派遣员",
    OfficeRole.GRID_CLERK: "网格专干",
    OfficeRole.LEADER: "领导",
    OfficeRole.ADMIN: "管理员",
    OfficeRole.AUDITOR: "审计员",
}

FLOW_ROLES: Mapping[OfficeRole, frozenset[str]] = {
    # Units, handlers and collectors have no PC here: a clerk records their step on behalf of a named one.
    OfficeRole.ACCEPTOR: frozenset({"acceptor", "collector", "district"}),
    OfficeRole.DISPATCHER: frozenset({"dispatcher", "unit", "handler"}),
    OfficeRole.GRID_CLERK: frozenset({"collector"}),
    OfficeRole.LEADER: frozenset({"leader"}),
    OfficeRole.ADMIN: frozenset({"admin"}),
    OfficeRole.AUDITOR: frozenset(),
}

PERSONAL_DATA_ROLES = frozenset({OfficeRole.ACCEPTOR, OfficeRole.DISPATCHER, OfficeRole.LEADER})

_GRID_ROLES = frozenset({OfficeRole.GRID_CLERK, OfficeRole.ADMIN})
_FIELD_ROLES = frozenset({OfficeRole.GRID_CLERK, OfficeRole.ACCEPTOR, OfficeRole.DISPATCHER, OfficeRole.ADMIN})
_CHECK_ROLES = frozenset({OfficeRole.GRID_CLERK, OfficeRole.LEADER, OfficeRole.ADMIN})

WRITERS: Mapping[str, frozenset[OfficeRole]] = {
    # Record type -> who may add or change it, at the desk and at the city. What is not named here, anybody may.
    "worker": _GRID_ROLES,
    "road": _GRID_ROLES,
    "grid": _GRID_ROLES,
    "road_segment": _GRID_ROLES,
    "checklist_template": _GRID_ROLES,
    "patrol_plan": _GRID_ROLES,
    "patrol_round": _FIELD_ROLES,
    "check_result": _FIELD_ROLES,
    "finding": _FIELD_ROLES,
    # A step of a case takes its tasks along, and leaders take steps too.
    "field_task": _FIELD_ROLES | {OfficeRole.LEADER},
    "attendance": _GRID_ROLES,
    "roll_call": _GRID_ROLES,
    "track": _FIELD_ROLES,
    "facility": _FIELD_ROLES,
    "enterprise": _CHECK_ROLES,
    "officer": frozenset({OfficeRole.ADMIN}),
    "inspection": _CHECK_ROLES,
    "draw": _CHECK_ROLES,
}


@dataclass(frozen=True)
class Actor:
    """The person at the desk, or the program itself, as every write knows it."""

    person_id: UUID
    name: str
    roles: frozenset[OfficeRole]
    device_id: UUID

    @property
    def flow_roles(self) -> frozenset[str]:
        """Roles of the case flow this person may act in or record for."""
        return frozenset().union(*(FLOW_ROLES[role] for role in self.roles)) if self.roles else frozenset()

    @property
    def sees_personal_data(self) -> bool:
        """May search and uncover reporters' names and telephones."""
        return bool(self.roles & PERSONAL_DATA_ROLES)

    @property
    def administers(self) -> bool:
        """May change persons, reference tables and settings of the office."""
        return OfficeRole.ADMIN in self.roles

    def may_write(self, record_type: str) -> bool:
        """May add or change records of that type."""
        needed = WRITERS.get(record_type)
        return needed is None or bool(self.roles & needed)


def need_writer(actor: Actor, record_type: str) -> None:
    """Raises Refused("account.role_needed") naming the roles that may do it."""
    if not actor.may_write(record_type):
        roles = "、".join(title for role, title in OFFICE_ROLE_TITLES.items() if role in WRITERS[record_type])
        raise Refused("account.role_needed", name=actor.name, roles=roles)
