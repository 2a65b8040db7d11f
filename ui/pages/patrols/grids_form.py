"""Forms of a grid, a road, a piece of a road, each in a window of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from app.base.problem_words import problem_sentence
from app.base.words import _
from app.desk import Desk
from app.domain.directory import Road, Worker
from app.domain.grids import GRID_KIND_TITLES, Grid, GridKind, RoadSegment
from app.domain.problems import Problem
from ui.forms.key_input import KeyInput, uuid_of
from ui.forms.record_form import RecordForm
from ui.forms.text_inputs import TextInput
from ui.naming import name
from ui.pages.context import PageContext
from ui.theme import gap, set_look

WIDTH_PX = 520
GRID_FIELDS = ("kind", "code", "name", "street_code", "community_code", "member_id", "unit_codes")
GRID_MORE = ("land_use", "level", "note")
ROAD_FIELDS = ("name", "street_code", "chief", "level")
PIECE_FIELDS = ("name", "from_place", "to_place", "street_code", "chief")
_AT_FIELD = {"grid.code_taken": "code", "grid.code_district": "code", "grid.road_taken": "name"}


class CodesInput(TextInput):
    """Codes one after the other, with spaces or commas between them."""

    def value(self) -> tuple[str, ...]:  # type: ignore[override]
        """The codes typed."""
        text = str(super().value() or "").replace("、", " ").replace(",", " ").replace(",", " ")
        return tuple(dict.fromkeys(text.split()))

    def set_value(self, value: object) -> None:
        """Show codes."""
        super().set_value(" ".join(value) if isinstance(value, tuple | list) else str(value or ""))


class RecordDialog(QDialog):
    """Fields of one record; `kept` carries it when it was saved. Saving stays possible until it succeeds."""

    kept = Signal(object)

    def __init__(
        self,
        context: PageContext,
        title: str,
        form: RecordForm[Any],
        save: Callable[[dict[str, Any]], BaseModel],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        name(self, "grid_record_dialog", title)
        self.setWindowTitle(title)
        self._context = context
        self.form = form
        self._save = save
        self._wrong = set_look(name(QLabel(), "grid_record_wrong", _("没有保存的原因")), "wrong")
        self._wrong.setWordWrap(True)
        self._wrong.hide()
        buttons = QDialogButtonBox()
        self.ok = set_look(buttons.addButton(_("保存"), QDialogButtonBox.ButtonRole.AcceptRole), "primary")
        name(self.ok, "grid_record_save", _("保存"))
        name(buttons.addButton(_("取消"), QDialogButtonBox.ButtonRole.RejectRole), "grid_record_cancel", _("取消"))
        buttons.accepted.connect(self.save)
        buttons.rejected.connect(self.reject)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(6), gap(5), gap(6), gap(4))
        lines.setSpacing(gap(4))
        for widget in (form, self._wrong, buttons):
            lines.addWidget(widget)
        self.setMinimumWidth(WIDTH_PX)

    def save(self) -> None:
        """Keep what is typed."""
        values = self.form.values()
        self.ok.setEnabled(False)
        self._context.tasks.write(lambda _watch: self._save(values), done=self._on_kept, failed=self._on_refused)

    def said(self) -> str:
        """Why it was not saved; empty: nothing was refused."""
        return "" if self._wrong.isHidden() else self._wrong.text()

    def _on_kept(self, record: BaseModel) -> None:
        self.kept.emit(record)
        self.accept()

    def _on_refused(self, problem: Problem) -> None:
        self.ok.setEnabled(True)
        words = problem_sentence(problem)
        rest = self.form.show_refusals({_AT_FIELD[problem.code]: words} if problem.code in _AT_FIELD else {})
        self._wrong.setText("\n".join(rest) if problem.code in _AT_FIELD else words)
        self._wrong.setVisible(bool(self._wrong.text()))


def grid_dialog(context: PageContext, grid: Grid | None, kind: GridKind, parent: QWidget) -> RecordDialog:
    """A new grid, or changes of one; its outline is imported, or changed on the map."""
    desk, actor = context.desk, context.actor
    fields = (*GRID_FIELDS, *GRID_MORE)
    form = RecordForm(Grid, fields, titles={"kind": GRID_KIND_TITLES}, widgets=_grid_inputs(desk))
    form.fill(**{field: getattr(grid, field) for field in fields} if grid is not None else {"kind": kind})
    title = _("修改网格 {code}").format(code=grid.code) if grid is not None else _("新建网格")

    def save(values: dict[str, Any]) -> Grid:
        empty = {"member_id": None, "unit_codes": (), **dict.fromkeys(("name", "street_code", "note"), "")}
        empty |= dict.fromkeys(("community_code", "land_use", "level"), "")
        return desk.grids.save({**empty, **values}, actor=actor, grid_id=None if grid is None else grid.id)

    return RecordDialog(context, title, form, save, parent)


def road_dialog(context: PageContext, road: Road | None, parent: QWidget) -> RecordDialog:
    """A new road, or another chief for one."""
    desk, actor = context.desk, context.actor
    form = RecordForm(Road, ROAD_FIELDS, widgets={"street_code": _street_input(desk)})
    if road is not None:
        form.fill(**{field: getattr(road, field) for field in ROAD_FIELDS})
    title = _("修改道路 {name}").format(name=road.name) if road is not None else _("新建道路")

    def save(values: dict[str, Any]) -> Road:
        whole = {**dict.fromkeys(ROAD_FIELDS, ""), **values}
        return desk.grids.save_road(whole, actor=actor, road_id=None if road is None else road.id)

    return RecordDialog(context, title, form, save, parent)


def piece_dialog(context: PageContext, road_id: UUID, piece: RoadSegment | None, parent: QWidget) -> RecordDialog:
    """A new piece of a road, or changes of one."""
    desk, actor = context.desk, context.actor
    form = RecordForm(RoadSegment, PIECE_FIELDS, widgets={"street_code": _street_input(desk)})
    if piece is not None:
        form.fill(**{field: getattr(piece, field) for field in PIECE_FIELDS})
    title = _("修改路段") if piece is not None else _("新建路段")

    def save(values: dict[str, Any]) -> RoadSegment:
        whole = {**dict.fromkeys(PIECE_FIELDS, ""), **values, "road_id": road_id}
        return desk.grids.save_segment(whole, actor=actor, segment_id=None if piece is None else piece.id)

    return RecordDialog(context, title, form, save, parent)


def _street_input(desk: Desk) -> KeyInput:
    def title(code: Any) -> str:
        street = desk.reference.divisions().street(str(code))
        return street.name if street else ""

    return KeyInput(desk.pickers.streets, title, "")


def _grid_inputs(desk: Desk) -> dict[str, QWidget]:
    def community(code: Any) -> str:
        found = desk.reference.divisions().community(str(code))
        return found.name if found else ""

    def member(key: Any) -> str:
        found = next((w for w in desk.directory.everything(Worker) if w.id == uuid_of(key)), None)
        return found.name if found else ""

    street = _street_input(desk)
    codes = CodesInput()
    codes.setPlaceholderText(_("责任网格可以由单元网格拼成:写出代码,用空格隔开"))
    return {
        "street_code": street,
        "community_code": KeyInput(
            lambda typed: desk.pickers.communities(typed, str(street.value() or "")), community, ""
        ),
        "member_id": KeyInput(desk.pickers.members, member, None),
        "unit_codes": codes,
    }
