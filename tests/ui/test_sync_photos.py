"""Photos whose originals lie elsewhere: seen small, fetched when asked, and told in words when they cannot be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from starlette.testclient import TestClient

from app.base.clock import FixedClock
from app.base.watch import silent
from app.desk import Desk
from app.domain.cases import Case, PhotoPhase
from app.domain.permissions import Actor
from server.city import City
from server.main import create_app
from tests.builders import a_draft
from tests.desks import first_actor, make_desk
from tests.ui.a_case import a_photo, settle
from tests.ui.city_desk import Cable, a_city, enrolled, in_step, wired
from ui.pages.cases.case_reading import read_case
from ui.pages.cases.photos import CasePhotos
from ui.pages.context import PageContext
from ui.widgets.photo_viewer import PhotoViewer


@pytest.fixture
def city(tmp_path: Path, clock: FixedClock) -> Iterator[City]:
    with a_city(tmp_path, clock) as made:
        yield made


@pytest.fixture
def cable(city: City) -> Cable:
    return Cable(TestClient(create_app(city)))


@pytest.fixture
def desk(desk: Desk, cable: Cable, city: City, actor: Actor) -> Desk:
    return enrolled(wired(desk, cable, "machine A"), city, actor)


@pytest.fixture
def elsewhere(tmp_path: Path, clock: FixedClock, cable: Cable, city: City, desk: Desk) -> Iterator[Case]:
    """A case of another office with one photo, known here, its original at the city."""
    other = wired(make_desk(tmp_path / "other", clock), cable, "machine B")
    author = first_actor(other)
    enrolled(other, city, author)
    case = other.cases.report(a_draft(), actor=author)
    other.photos.attach(case.id, [other.photos.take_in(a_photo(), name="门前.jpg")], PhotoPhase.BEFORE, actor=author)
    in_step(other)
    in_step(desk)
    yield desk.cases.get(case.id)
    other.close()


@pytest.fixture
def show(context: PageContext, window: QWidget, qtbot: QtBot) -> Callable[[Case], PhotoViewer]:
    """The case's only photo, opened."""

    def made(case: Case) -> PhotoViewer:
        photos = CasePhotos(context, window)
        window.show()
        picture = read_case(context.desk, context.actor, case.id, silent())
        photos.show_case(picture, context.desk.reference.office())
        photos.open(photos._items[0].key)
        settle(qtbot, context.tasks)
        assert photos.viewer is not None
        return photos.viewer

    return made


def test_a_photo_of_another_office_offers_its_original(
    elsewhere: Case, show: Callable[[Case], PhotoViewer], context: PageContext, qtbot: QtBot
) -> None:
    viewer = show(elsewhere)
    told = viewer.said()

    viewer.fetch.click()
    settle(qtbot, context.tasks)

    assert "原件不在本机" in told
    photo = context.desk.cases.detail(elsewhere.id, actor=context.actor).photos[0]
    assert context.desk.photos.open(photo.sha256) == a_photo()
    assert viewer.fetch.isHidden()
    assert viewer.said() == ""


def test_an_original_that_cannot_be_fetched_says_why_and_can_be_asked_for_again(
    elsewhere: Case, show: Callable[[Case], PhotoViewer], context: PageContext, cable: Cable, qtbot: QtBot
) -> None:
    viewer = show(elsewhere)
    cable.cut = True

    viewer.fetch.click()
    settle(qtbot, context.tasks)

    assert "拔了网线" in viewer.said()
    assert viewer.fetch.isEnabled()


def test_an_own_photo_is_simply_shown(
    desk: Desk, actor: Actor, show: Callable[[Case], PhotoViewer], qtbot: QtBot
) -> None:
    case = desk.cases.report(a_draft(), actor=actor)
    desk.photos.attach(case.id, [desk.photos.take_in(a_photo(), name="门前.jpg")], PhotoPhase.BEFORE, actor=actor)

    viewer = show(case)

    assert viewer.fetch.isHidden()
    assert viewer.said() == ""
