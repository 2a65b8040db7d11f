"""A desk with a line, and what tests ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from app.base.watch import silent
from app.desk import Desk
from app.domain.cases import Case
from app.domain.permissions import Actor
from app.sync import apply, check, points
from app.sync.city import CityClient
from app.sync.engine import SyncEngine
from app.sync.line import CityLine
from app.sync.link import LinkStore
from app.sync.points import Reach
from app.sync.views import SyncReport
from db import city_apart, city_held, city_settle, city_tx
from db.queries import sync as queue
from server.city import City
from tests.builders import a_draft
from tests.desks import first_actor

URL = "http://localhost:8470"


@dataclass
class Office:
    """One office; `line` goes through the city's own routes, without a network."""

    desk: Desk
    client: TestClient
    city: City
    key: bytes = field(repr=False)
    _line: CityLine | None = None

    @property
    def actor(self) -> Actor:
        """The first person, who may do everything."""
        return first_actor(self.desk)

    def line_of(self, link: LinkStore) -> CityLine:
        """A line that signs as a link says."""
        return CityClient(link, transport=self.client._transport)

    @property
    def line(self) -> CityLine:
        """The line of this office."""
        if self._line is None:
            self._line = self.line_of(LinkStore(self.desk.store))
        return self._line

    def engine(self, line: CityLine | None = None, reach: Reach = points.nothing) -> SyncEngine:
        """An engine over this office's store."""
        return SyncEngine(self.desk.store, line or self.line, LinkStore(self.desk.store), reach=reach)

    def sync(self, line: CityLine | None = None, reach: Reach = points.nothing) -> SyncReport:
        """One run."""
        return self.engine(line, reach).run(silent())

    def report(self, **what_matters: Any) -> Case:
        """A case a clerk enters."""
        return self.desk.cases.report(a_draft(**what_matters), actor=self.actor)

    def case(self, case_id: UUID) -> Case | None:
        """What the screen shows of a case."""
        with self.desk.store.read() as reader:
            return reader.get(Case, case_id)

    def sql(self, sql: str, *values: Any) -> list[Any]:
        """Rows of the store."""
        with self.desk.store.read() as reader:
            return list(reader.connection.exec_driver_sql(sql, tuple(values)))

    def states(self) -> dict[str, int]:
        """How many changes are in each state."""
        return dict(self.sql("SELECT state, count(*) FROM outbox GROUP BY state"))


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sync gives to the store inside; one prepared for many rows counts once."""
    said: list[str] = []
    modules = (city_apart, city_held, city_settle, city_tx, queue, apply, check)
    places = [(module, name) for module in modules for name in ("run", "run_many") if hasattr(module, name)]

    def counting(deed: Any) -> Any:
        def run(connection: Any, sql: str, *values: Any) -> Any:
            said.append(sql)
            return deed(connection, sql, *values)

        return run

    with pytest.MonkeyPatch.context() as patch:
        for module, name in places:
            patch.setattr(module, name, counting(getattr(module, name)))
        yield said
