"""The columns of the work list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from app.base.words import N_, _
from app.domain.case_views import CaseLine, CaseOrder
from app.domain.cases import SUPERVISE_TITLES, Case, SuperviseLevel
from app.domain.office import Office
from app.domain.stages import CLOSED_STAGES, Stage
from app.domain.workcalendar import WorkCalendar
from app.services.case_words import clock_word, delivery_word, line_word, remaining_words, stage_word
from app.sync.views import RecordDelivery
from ui.tables.columns import RIGHT, Column
from ui.time_words import moment_words
from ui.widgets.deadline_light import light_text


class LineWords:
    """What the cells of a line say, as of `now`; the list sets `now` anew each minute."""

    def __init__(self, now: datetime, office: Office, calendar: WorkCalendar, sources: Mapping[str, str]) -> None:
        self.now = now
        self.office = office
        self.calendar = calendar
        self.sources = sources
        self.deliveries: dict[UUID, RecordDelivery] = {}

    def light_key(self, line: CaseLine) -> str:
        """Key of the light."""
        return line.light(self.now).value

    def light(self, line: CaseLine) -> str:
        """Shape and word, and a word for a case that is watched."""
        said = light_text(self.light_key(line), light_words(line))
        watched = line.supervise != SuperviseLevel.NONE
        return f"{said} {_('督')}" if watched else said

    def light_hint(self, line: CaseLine) -> str:
        """Everything the light stands for."""
        parts = [light_text(self.light_key(line), self.left(line)), self.clock(line)]
        if line.supervise != SuperviseLevel.NONE:
            parts.append(_(SUPERVISE_TITLES[SuperviseLevel(line.supervise)]))
        if line.handled_late:
            parts.append(_("超期处置"))
        return " · ".join(part for part in parts if part)

    def problem(self, line: CaseLine) -> str:
        """The minor category, or what the source called it, or how it was described: never an empty line."""
        return line.minor_name or line.category_text or _one_line(line)

    def stage(self, line: CaseLine) -> str:
        """Where it stands."""
        return stage_word(line.stage, self.office)

    def clock(self, line: CaseLine) -> str:
        """Which clock is running."""
        return clock_word(line.clock, self.office)

    def left(self, line: CaseLine) -> str:
        """What is left on it."""
        return remaining_words(line, self.now, self.calendar)

    def source(self, line: CaseLine) -> str:
        """Where it came from."""
        return _(self.sources.get(line.source, line.source))

    def reported(self, line: CaseLine) -> str:
        """When it was reported."""
        return moment_words(line.reported_at, self.now)

    def due(self, line: CaseLine) -> str:
        """When the time is up."""
        return moment_words(line.due_at, self.now) if line.due_at else ""

    def delivery(self, line: CaseLine) -> str:
        """Where it stands on its way to the city."""
        return delivered_words(self.deliveries.get(line.id), line.waiting, line.version)


def delivered_words(delivery: RecordDelivery | None, waiting: int, version: int) -> str:
    """Where a case stands on its way to the city; without a city, what waits for one."""
    if delivery is None:
        return delivery_word(waiting, version)
    return line_word(delivery.state, delivery.waiting, delivery.files_done, delivery.files)


def light_words(line: CaseLine | Case) -> str:
    """The word of a light that no clock has lit; empty: the light's own word is right."""
    return "" if line.clock or line.stage in (Stage.SUSPENDED, *CLOSED_STAGES) else _("不计时")


def case_columns(words: LineWords) -> list[Column[CaseLine]]:
    """All of them, in the order they come; some must be chosen first."""
    return [
        Column("light", N_("灯"), 76, words.light, light=words.light_key, hint=words.light_hint),
        Column("local_no", N_("编号"), 176, lambda line: line.local_no, sort_key=CaseOrder.NUMBER),
        Column("problem", N_("问题"), 104, words.problem, hint=_described),
        Column("address", N_("地点"), 150, lambda line: line.address),
        Column("stage", N_("环节"), 76, words.stage),
        Column("clock", N_("计时"), 44, words.clock),
        Column("left", N_("剩余"), 144, words.left, RIGHT, sort_key=CaseOrder.DUE, light=words.light_key),
        Column("unit", N_("处置部门"), 128, lambda line: line.unit_name),
        Column("delivery", N_("送达"), 96, words.delivery),
        Column("source", N_("来源"), 96, words.source),
        Column("acceptor", N_("受理员"), 72, lambda line: line.acceptor_name),
        Column("reported_at", N_("上报时间"), 104, words.reported, RIGHT, sort_key=CaseOrder.REPORTED),
        Column("due_at", N_("到期"), 104, words.due, RIGHT, sort_key=CaseOrder.DUE, shown=False),
        Column("changed_at", N_("最近变动"), 104, _changed_at(words), RIGHT, CaseOrder.CHANGED, shown=False),
        Column("street", N_("街道"), 108, lambda line: line.street_name, shown=False),
        Column("description", N_("问题描述"), 260, _one_line, hint=_described, shown=False),
        Column("photos", N_("照片"), 52, lambda line: str(line.photos or ""), RIGHT, shown=False),
        Column("city_no", N_("市平台编号"), 150, lambda line: line.city_no, shown=False),
    ]


def _changed_at(words: LineWords) -> Callable[[CaseLine], str]:
    return lambda line: moment_words(line.changed_at, words.now)


def _described(line: CaseLine) -> str:
    return line.description or line.minor_name or line.category_text


def _one_line(line: CaseLine) -> str:
    return " ".join(line.description.split())
