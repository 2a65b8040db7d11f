"""A round nobody planned: who, where, what for, and which check points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from app.base.problem_words import problem_cure, problem_text
from app.base.words import N_, _
from app.desk import Desk
from app.domain.directory import WorkerKind
from app.domain.grids import GridKind
from app.domain.patrols import ROUND_KIND_TITLES, CheckPoint, RoundKind
from app.domain.problems import Refused
from app.services.patrols import RoundDraft, refuse_unsound
from ui.forms.choice_input import ChoiceInput
from ui.forms.field import FormColumn
from ui.forms.text_inputs import ParagraphInput, TextInput
from ui.forms.time_inputs import DayInput
from ui.naming import name
from ui.pages.context import PageContext
from ui.theme import gap, set_look
from ui.widgets.choices import Choice
from ui.widgets.code_picker import CodePicker

POINTS_HINT = N_("一行一个检查点,按走的顺序")
MOST_OFFERED = 50


class NewRoundDialog(QDialog):
    """`agreed`: the RoundDraft."""

    agreed = Signal(object)

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "new_round_dialog", _("临时巡查"))
        self.setWindowTitle(_("临时巡查"))
        desk = context.desk
        kinds = [kind for kind in RoundKind if kind is not RoundKind.PATROL]
        self.day = DayInput()
        self.day.set_value(desk.reference.today())
        self.kind = ChoiceInput([(kind, ROUND_KIND_TITLES[kind]) for kind in kinds])
        self.kind.set_value(RoundKind.UNPLANNED)
        self.member = CodePicker(finder(lambda: member_choices(desk)))
        self.grid = CodePicker(finder(lambda: grid_choices(desk)))
        self.road = CodePicker(finder(lambda: road_choices(desk)))
        templates = [(one.id, one.name) for one in desk.checklists.current()]
        self.template = ChoiceInput(templates, empty=N_("不用模板"))
        self.units = TextInput()
        self.units.setPlaceholderText(_("联合执法填,用顿号隔开"))
        self.points = ParagraphInput(8)
        self.form = FormColumn()
        self._add_fields()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        set_look(buttons.button(QDialogButtonBox.StandardButton.Ok), "primary").setText(_("建立"))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(_("取消"))
        buttons.accepted.connect(self.agree)
        buttons.rejected.connect(self.reject)
        lines = QVBoxLayout(self)
        lines.setSpacing(gap(3))
        lines.addWidget(self.form)
        lines.addWidget(buttons)
        self.setMinimumWidth(gap(130))

    def agree(self) -> None:
        """Hand over what is typed, or say what is missing."""
        day = self.day.value()
        if day is None or isinstance(day, str):
            self.form.show_refusals({"day": _("请写成 2026-11-21")})
            return
        grid, member, road = (field.value() for field in (self.grid, self.member, self.road))
        draft = RoundDraft(
            day=day,
            kind=self.kind.value(),
            member_id=UUID(member) if member else None,
            grid_id=UUID(grid) if grid else None,
            road_id=UUID(road) if road else None,
            template_id=self.template.value(),
            points=points_of(self.points.value()),
            units=units_of(self.units.value()),
        )
        try:
            refuse_unsound(draft)
        except Refused as refused:
            self.form.show_refusals({"units": f"{problem_text(refused)},{problem_cure(refused)}"})
            return
        self.agreed.emit(draft)
        self.accept()

    def _add_fields(self) -> None:
        self.form.add("day", _("日期"), self.day, required=True)
        self.form.add("kind", _("类别"), self.kind)
        self.form.add("member", _("网格员"), self.member)
        self.form.add("grid", _("网格"), self.grid)
        self.form.add("road", _("道路"), self.road)
        self.form.add("template", _("检查模板"), self.template)
        self.form.add("units", _("联合单位"), self.units)
        self.form.add("points", _("检查点"), self.points, hint=_(POINTS_HINT))


def units_of(text: str) -> tuple[str, ...]:
    """Names of units parted by any comma."""
    for comma in (",", "\uff0c"):
        text = text.replace(comma, "、")
    return tuple(part.strip() for part in text.split("、") if part.strip())


def points_of(text: str, road: str = "") -> tuple[CheckPoint, ...]:
    """Check points from lines of text: a name, or name, longitude, latitude parted by tabs or commas."""
    points: list[CheckPoint] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        parts = [part.strip() for part in line.replace("\t", ",").replace("\uff0c", ",").split(",")]
        point = _placed(parts)
        given = {} if point is None else {"longitude": point[0], "latitude": point[1]}
        title = parts[0] if point is not None else line
        points.append(CheckPoint(no=len(points) + 1, name=title[:120], road=road, **given))
    return tuple(points)


def _placed(parts: Sequence[str]) -> tuple[float, float] | None:
    if len(parts) != 3:
        return None
    try:
        longitude, latitude = float(parts[1]), float(parts[2])
    except ValueError:
        return None
    return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 90 else None


def finder(choices: Callable[[], Sequence[Choice]]) -> Callable[[str], Sequence[Choice]]:
    """What a picker asks: choices whose code or name holds the text."""

    def find(text: str) -> Sequence[Choice]:
        wanted = text.strip().lower()
        found = [one for one in choices() if wanted in f"{one.code} {one.title}".lower()]
        return found[:MOST_OFFERED]

    return find


def member_choices(desk: Desk) -> list[Choice]:
    """Grid members in use."""
    return [Choice(str(one.id), one.number, one.name) for one in desk.directory.workers(WorkerKind.COLLECTOR)]


def grid_choices(desk: Desk) -> list[Choice]:
    """Grids one may walk, duty grids first."""
    kinds = (GridKind.DUTY, GridKind.UNIT, GridKind.GOVERNANCE, GridKind.COMMUNITY, GridKind.STREET)
    return [
        Choice(str(grid.id), grid.code, f"{grid.code} {grid.name}".strip())
        for kind in kinds
        for grid in desk.grids.all(kind)
    ]


def road_choices(desk: Desk) -> list[Choice]:
    """Roads in use."""
    return [Choice(str(road.id), "", road.name, road.chief) for road in desk.directory.roads()]
