"""The filters of the work list and where their choices come from."""

from __future__ import annotations

from collections.abc import Iterable

from app.base.words import _
from app.desk import Desk
from app.domain.stages import Stage
from app.services.case_words import stage_word
from ui.pages.cases.question import PERIODS
from ui.widgets.choices import Choice
from ui.widgets.filter_bar import FilterSpec

OWN_PERIOD = "own"


class CaseChoices:
    """Everything a list can be narrowed to, read from the desk when a chip is opened."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def specs(self) -> list[FilterSpec]:
        """The chips, in order."""
        return [
            FilterSpec("category", _("类别"), self.categories, many=False),
            FilterSpec("street", _("街道"), self.streets, many=False),
            FilterSpec("unit", _("部门"), self.units, many=False),
            FilterSpec("source", _("来源"), self.sources, many=False),
            FilterSpec("reported", _("上报时间"), self.periods, many=False),
            FilterSpec("stage", _("环节"), self.stages),
        ]

    def categories(self) -> list[Choice]:
        """Minor categories of the standards in force."""
        table = self._desk.reference.categories()
        return [
            Choice(f"{c.kind}-{c.major}-{c.minor}", c.code, f"{c.minor_name}  {c.code}", c.major_name)
            for c in table.categories
        ]

    def streets(self) -> list[Choice]:
        """Streets of the district."""
        reference = self._desk.reference
        streets = reference.divisions().streets_of(reference.office().district_code)
        return [Choice(street.code, street.code, street.name) for street in streets]

    def units(self) -> list[Choice]:
        """Handling units in use."""
        return [Choice(str(unit.id), unit.code, unit.name, unit.phone) for unit in self._desk.directory.units()]

    def sources(self) -> list[Choice]:
        """Where cases come from."""
        return [Choice(code, "", _(title)) for code, title in self._desk.reference.case_sources().items()]

    def periods(self) -> list[Choice]:
        """Stretches of days up to today."""
        known = [Choice(key, "", _(title)) for key, title in PERIODS.items()]
        return [*known, Choice(OWN_PERIOD, "", _("自定日期…"))]

    def stages(self) -> list[Choice]:
        """Every stage, by the names this office uses."""
        office = self._desk.reference.office()
        return [Choice(stage.value, "", stage_word(stage, office)) for stage in Stage]


def title_of(choices: Iterable[Choice], key: str) -> str:
    """The title of a key among choices; the key itself when it is not there any more."""
    return next((choice.title for choice in choices if choice.key == key), key)
