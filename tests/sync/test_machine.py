"""Everything that may happen to desks and their city, in any order: at rest all of them hold the same and nothing is lost.

GRIDDESK_SOAK=seconds runs random examples for that long instead of the fixed ones; GRIDDESK_SEED says which.
"""

from __future__ import annotations

import os
import random
import secrets
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.desk import Desk, NewOffice, create_desk, open_desk
from app.domain.permissions import OfficeRole
from app.domain.recovery import key_from_recovery
from app.sync.enrolment import Enrolment
from app.sync.link import Link, LinkStore
from server import districts, enrolment
from server.city import open_city
from tests.builders import PASSWORD
from tests.conftest import MONDAY_MORNING
from tests.desks import JINSHUI, fill_lists, first_actor
from tests.sync.machine import OTHER_DISTRICT, Machine, Member, Template
from tests.sync.machine_grids import begin_grid_work
from tests.sync.model_city import ModelCity
from tests.sync.offices import URL
from tests.sync.towns import ModelTown, RealTown, Town, a_copy_of, settings_in

SOAK_S = int(os.environ.get("GRIDDESK_SOAK", "0"))
SEED = int(os.environ.get("GRIDDESK_SEED", "0"))
DISTRICTS = {"A": JINSHUI, "B": JINSHUI, "C": OTHER_DISTRICT}
SETTINGS = settings(
    deadline=None,
    derandomize=not SOAK_S,
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate, Phase.shrink) if SOAK_S else (Phase.generate,),
)


@pytest.fixture(scope="session")
def _offices(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """Three offices with two people each, two of them in one district."""
    folder, keys = tmp_path_factory.mktemp("offices"), {}
    for name, district in DISTRICTS.items():
        office = NewOffice(district, "城市管理局", "JS" if district == JINSHUI else "EQ")
        person, login = f"张敏{name}", f"zhangmin-{name.lower()}"
        clock = FixedClock(MONDAY_MORNING)
        desk, code = create_desk(StorePaths.of(folder / name), office, person, login, PASSWORD, clock=clock)
        keys[name] = key_from_recovery(code)
        fill_lists(desk)
        begin_grid_work(desk, first_actor(desk))
        roles = list(OfficeRole)
        desk.accounts.add_person(f"李强{name}", f"liqiang-{name.lower()}", roles, PASSWORD, actor=first_actor(desk))
        desk.close()
    return folder, keys


@pytest.fixture
def real(_offices: tuple[Path, dict[str, bytes]], tmp_path: Path) -> Template:
    """The offices enrolled at a real city and equal with it."""
    folder, clock = tmp_path / "template", FixedClock(MONDAY_MORNING)
    shutil.copytree(_offices[0], folder)
    city = open_city(settings_in(folder), clock=clock)
    with city.database.write() as connection:
        for code, name in ((JINSHUI, "金水区"), (OTHER_DISTRICT, "二七区")):
            districts.add(connection, city, code, name, who="测试")
        codes = {
            name: enrolment.new_code(connection, city, district, hours=1, who="测试")
            for name, district in DISTRICTS.items()
        }
    city.close()
    town = RealTown(folder, clock)
    for name, key in _offices[1].items():
        desk = open_desk(key, StorePaths.of(folder / name), clock)
        asks = Enrolment(desk.store, town.line, seed=lambda: secrets.token_bytes(32), machine=lambda: "machine")
        asks.enrol(URL, codes[name], own_ca="", proxy="", actor=first_actor(desk))
        desk.close()
    return _in_step(Template(folder, _offices[1], DISTRICTS, RealTown), town)


@pytest.fixture
def model(_offices: tuple[Path, dict[str, bytes]], tmp_path: Path) -> Template:
    """The offices linked with a model city and equal with it."""
    folder, clock = tmp_path / "template", FixedClock(MONDAY_MORNING)
    shutil.copytree(_offices[0], folder)
    for name, key in _offices[1].items():
        desk = open_desk(key, StorePaths.of(folder / name), clock)
        LinkStore(desk.store).save(_a_link(desk, DISTRICTS[name]))
        desk.close()
    made = ModelCity(clock)

    def found(_folder: Path, its_clock: FixedClock) -> Town:
        return ModelTown(a_copy_of(made, its_clock))

    return _in_step(Template(folder, _offices[1], DISTRICTS, found), ModelTown(made))


def _a_link(desk: Desk, district: str) -> Link:
    keys = {name: secrets.token_bytes(32) for name in ("sign_seed", "box_seed", "city_sign_key", "city_box_key")}
    now, device_id = desk.clock.now(), desk.store.ids.new()
    return Link(
        url=URL, city="模型", district=district, device_id=device_id, enrolled_at=now, machine="machine", **keys
    )


def _in_step(template: Template, town: Town) -> Template:
    """Every desk has sent and fetched everything."""
    for _turn in range(2):
        for name, key in template.keys.items():
            member = Member(name, template.folder / name, key, template.districts[name], town)
            report = member.sync()
            assert report is not None
            assert report.finished, report
            member.desk.close()
    town.close()
    return template


def _run(template: Template, examples: int, steps: int) -> None:
    machine = type("OfTemplate", (Machine,), {"template": template})
    if not SOAK_S:
        run_state_machine_as_test(
            machine, settings=settings(SETTINGS, max_examples=examples, stateful_step_count=steps)
        )
        return
    chance, until = random.Random(SEED), time.monotonic() + SOAK_S
    while time.monotonic() < until:
        chosen = chance.getrandbits(64)
        print(f"GRIDDESK_SEED={SEED}, seed of this round {chosen}", flush=True)
        seeded = seed(chosen)(type("Seeded", (machine,), {}))
        run_state_machine_as_test(seeded, settings=settings(SETTINGS, max_examples=20, stateful_step_count=60))


@pytest.mark.timeout(36_000)
def test_desks_and_a_model_city_agree_at_rest(model: Template) -> None:
    _run(model, examples=12, steps=40)


@pytest.mark.timeout(36_000)
def test_desks_and_the_real_city_agree_at_rest(real: Template) -> None:
    _run(real, examples=10, steps=30)
