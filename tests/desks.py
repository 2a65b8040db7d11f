"""A desk for tests: a real encrypted store in a folder of the test's own."""

from __future__ import annotations

from pathlib import Path

from app.base.clock import Clock
from app.base.paths import StorePaths
from app.desk import Desk, NewOffice, create_desk
from app.domain.directory import Road, Unit, Worker, WorkerKind
from app.domain.permissions import Actor
from tests.builders import PASSWORD

JINSHUI = "410105"


def make_desk(folder: Path, clock: Clock) -> Desk:
    """A new office of 金水区 with one person who may do everything."""
    office = NewOffice(JINSHUI, "金水区城市管理局", "JS")
    desk, _code = create_desk(StorePaths.of(folder), office, "张敏", "zhangmin", PASSWORD, clock=clock)
    return desk


def first_actor(desk: Desk) -> Actor:
    """The person the desk was made with."""
    return desk.accounts.actor(desk.accounts.persons()[0].id)


def fill_lists(desk: Desk) -> None:
    """Two units, two roads, a collector and a handler."""
    actor = first_actor(desk)
    desk.directory.save_many(Unit, [{"name": "综合行政执法大队"}, {"name": "环卫清洁中心"}], actor=actor)
    desk.directory.save_many(Road, [{"name": "纬一路"}, {"name": "经八路"}], actor=actor)
    people: list[dict[str, object]] = [
        {"name": "采集员甲", "kind": WorkerKind.COLLECTOR},
        {"name": "处置员甲", "kind": WorkerKind.HANDLER},
    ]
    desk.directory.save_many(Worker, people, actor=actor)
