"""What a person says of a boundary file: what it holds, its coordinate system, which property is what, what may be put right."""

from __future__ import annotations

from app.base.words import N_, _
from app.domain.boundary_plans import BY_COLUMN, PROPERTIES, ROAD, SEGMENT, BoundaryPlan, SystemGuess, Why
from app.domain.grids import GRID_KIND_TITLES, PointSystem
from app.domain.projections import ValueKind
from app.services.boundary_values import BoundaryFile
from ui.forms.choice_input import ChoiceInput
from ui.forms.side_form import SideForm
from ui.forms.tick_input import TickInput

KINDS = (
    *((str(kind), title) for kind, title in GRID_KIND_TITLES.items()),
    (BY_COLUMN, N_("按文件里的类别")),
    (ROAD, N_("道路")),
    (SEGMENT, N_("路段")),
)
SYSTEMS = (
    (PointSystem.WGS84, "WGS-84"),
    (PointSystem.GCJ02, N_("GCJ-02(高德、腾讯地图)")),
    (PointSystem.CGCS2000, N_("CGCS2000(国家2000,度或米)")),
    (PointSystem.BD09, N_("BD-09(百度地图)")),
)
REASONS = {
    Why.SAID: N_("文件里写明 {detail}"),
    Why.METRES: N_("坐标以米为单位,是高斯投影"),
    Why.ATLAS: N_("有 adcode 等属性,是地图服务商的行政区图,用 GCJ-02"),
    Why.NAMED: N_("文件名或标题写着 {detail}"),
    Why.OVERLAP: N_("按这个坐标系,落在本区县边界里的最多"),
    Why.NOTHING: N_("文件没有说明坐标系,请核对后选择"),
}
USED = {
    ROAD: ("name", "street", "level", "chief"),
    SEGMENT: ("name", "road", "street", "chief"),
}
AREAS_USED = ("code", "name", "street", "community", "level", "land_use", "member", "units")


class BoundaryForm(SideForm):
    """What does not belong to the kind chosen is not shown."""

    def __init__(self) -> None:
        super().__init__("boundary_form", _("怎样导入"))
        self._guess = SystemGuess(PointSystem.WGS84, Why.NOTHING)
        self.kind = ChoiceInput(KINDS)
        self.system = ChoiceInput(SYSTEMS)
        self.put_right = TickInput()
        self.mend = TickInput()
        self.form.add("boundary_kind", _("内容"), self.kind, required=True)
        self.form.add("boundary_system", _("坐标系"), self.system, required=True)
        self.form.add("put_right", _("经纬度写反的改正过来"), self.put_right)
        self.form.add("mend", _("修复自相交的边界"), self.mend)
        self._columns = {own: ChoiceInput() for own in PROPERTIES}
        for own, title in PROPERTIES.items():
            self.form.add(f"property_{own}", _(title), self._columns[own])
        for choice in (self.kind, self.system, *self._columns.values()):
            choice.edited.connect(self._on_edited)
        for tick in (self.put_right, self.mend):
            tick.edited.connect(self._on_edited)
        self.put_in_place()
        self.setEnabled(False)

    def show_file(self, file: BoundaryFile) -> None:
        """Offer what the file has, chosen as proposed."""
        choices = [(column, f"{column}({some[0]})" if some else column) for column, some in file.columns.items()]
        for own, choice in self._columns.items():
            choice.set_choices(choices, empty=N_("(没有)"))
            choice.set_value(file.plan.columns.get(own))
        self.kind.set_value(file.plan.kind)
        self.system.set_value(file.plan.system)
        self.put_right.set_value(False)
        self.mend.set_value(False)
        self._guess = file.guess
        self._say_system()
        swapped = file.values.get(ValueKind.SWAPPED_DEGREES, 0)
        words = _("有 {n} 条的经度和纬度写反了").format(n=swapped) if swapped else ""
        self.form.field("put_right").set_hint(words)
        self._show_used()
        self.setEnabled(True)

    def plan(self) -> BoundaryPlan:
        """What is chosen."""
        used = self._used()
        columns = {own: choice.value() for own, choice in self._columns.items() if own in used and choice.value()}
        return BoundaryPlan(
            str(self.kind.value()),
            PointSystem(self.system.value()),
            columns,
            put_right=bool(self.put_right.value()),
            mend=bool(self.mend.value()),
        )

    def _used(self) -> tuple[str, ...]:
        kind = str(self.kind.value())
        return USED.get(kind, ("kind", *AREAS_USED) if kind == BY_COLUMN else AREAS_USED)

    def _say_system(self) -> None:
        """Why this system is proposed, or that the file speaks against the one chosen."""
        guess, box = self._guess, self.form.field("boundary_system")
        reason = _(REASONS[guess.why]).format(detail=guess.detail)
        box.set_hint(reason)
        if guess.speaks_against(PointSystem(self.system.value())):
            words = _("文件看来是 {system}:{reason};选错会偏移几百米")
            box.say_wrong(words.format(system=guess.system, reason=reason))

    def _show_used(self) -> None:
        used = self._used()
        for own in PROPERTIES:
            self.form.show_field(f"property_{own}", own in used)
        self.form.show_field("mend", str(self.kind.value()) not in USED)

    def _on_edited(self) -> None:
        self._show_used()
        self._say_system()
        self.changed.emit()
