"""Cases for tests of the cases page: only what matters is said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.case_judgement import StepInputs
from app.domain.cases import Case, CaseDraft, CaseKind
from app.domain.directory import Unit
from app.domain.permissions import Actor
from ui.tasks import TaskRunner

SHOP = {"kind": CaseKind.EVENT, "condition_no": 1}


def shop_category(desk: Desk) -> dict[str, Any]:
    """The fields of 店外经营, with its first filing condition."""
    category = desk.reference.categories().named("店外经营")[0]
    return {**SHOP, "major": category.major, "minor": category.minor}


def reported(desk: Desk, actor: Actor, **fields: Any) -> Case:
    """A case of 店外经营 at 纬一路 12 号, waiting to be registered."""
    draft = {
        "source": "hotline_12319",
        "street_code": desk.street_code("经八路街道"),
        "road": "纬一路",
        "house_no": "12",
        "description": "门店外摆放商品",
        **shop_category(desk),
        **fields,
    }
    return desk.cases.report(CaseDraft(**draft), actor=actor)


def act(desk: Desk, actor: Actor, case: Case, action: str, **inputs: Any) -> Case:
    """The case after a step."""
    return desk.cases.act(case.id, action, StepInputs(**inputs), actor=actor)


def a_unit(desk: Desk, actor: Actor, name: str = "市政设施中心") -> Unit:
    """A handling unit."""
    return desk.directory.save(Unit, {"name": name, "code": "SZ"}, actor=actor)


def registered(desk: Desk, actor: Actor, **fields: Any) -> Case:
    """A case waiting to be dispatched."""
    return act(desk, actor, reported(desk, actor, **fields), "register")


def dispatched(desk: Desk, actor: Actor, unit: Unit, **fields: Any) -> Case:
    """A case at its unit."""
    case = registered(desk, actor, **fields)
    return act(desk, actor, case, "dispatch", unit_id=unit.id, unit_name=unit.name)


def a_photo(colour: int = 0xFF557744) -> bytes:
    """A small picture as a camera would give it."""
    image = QImage(320, 240, QImage.Format.Format_RGB32)
    image.fill(colour)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def settle(qtbot: QtBot, tasks: TaskRunner) -> None:
    """Wait until everything asked for has been answered."""
    qtbot.waitUntil(lambda: not tasks.busy(), timeout=10_000)


def at(text: str) -> datetime:
    """An instant from its ISO words."""
    return datetime.fromisoformat(text)
