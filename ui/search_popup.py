"""What the one search box finds while a person types: a few of each kind, opened by arrows and Enter."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from app.base.words import N_, _
from app.services.search import SearchGroup, SearchHit
from ui.pages.context import PageContext
from ui.tasks import Latest
from ui.widgets.choice_popup import ChoicePopup
from ui.widgets.choices import Choice
from ui.widgets.sections import InPart

REST_MS = 200
SHORTEST = 2
ALL = "all:"
GROUP_TITLES: Mapping[str, str] = {
    "case": N_("案件"),
    "patrol_round": N_("巡查"),
    "finding": N_("问题"),
    "facility": N_("部件"),
    "enterprise": N_("企业"),
    "inspection": N_("行政检查"),
    "grid": N_("网格"),
    "road": N_("道路"),
}
PLACES: Mapping[str, tuple[str, str]] = {
    # Record type -> the page that shows it, and the tab of that page.
    "case": ("cases", ""),
    "patrol_round": ("patrols", "rounds"),
    "finding": ("patrols", "findings"),
    "facility": ("facilities", ""),
    "enterprise": ("enforcement", "enterprises"),
    "inspection": ("enforcement", "inspections"),
    "grid": ("patrols", "grids"),
    "road": ("patrols", "grids"),
}
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class SearchPopup(QObject):
    """`wanted` carries page and argument of what was chosen. pages: the pages this office has."""

    wanted = Signal(str, object)

    def __init__(self, line: QLineEdit, context: PageContext, pages: Collection[str]) -> None:
        super().__init__(line)
        self._line = line
        self._context = context
        self._pages = frozenset(pages)
        self.popup = ChoicePopup(line)
        self.popup.taken.connect(self._take)
        self._groups: Latest[list[SearchGroup]] = Latest(context.tasks, done=self._show, pause_ms=REST_MS, parent=self)
        self._away = QTimer(self, singleShot=True, interval=0)
        self._away.timeout.connect(self._hide_if_left)
        line.textEdited.connect(self._on_edited)
        line.returnPressed.connect(self.close)
        line.installEventFilter(self)

    def close(self) -> None:
        """Show nothing, and forget what was asked."""
        self._groups.drop()
        self.popup.hide()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Arrows light, Enter takes what is lit, Escape closes; everything else belongs to the box."""
        if event.type() == QEvent.Type.FocusOut:
            self._away.start()
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress or not self.popup.isVisible():
            return False
        if event.key() in _STEPS:
            self.popup.move_light(_STEPS[Qt.Key(event.key())])
            return True
        lit = self.popup.lit()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and lit is not None:
            self._take(lit)
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return True
        return False

    def _on_edited(self, text: str) -> None:
        if len(text.strip()) < SHORTEST:
            self.close()
            return
        search, actor = self._context.desk.search, self._context.actor
        self._groups.ask(lambda _watch: search.groups(text, actor=actor))

    def _show(self, groups: list[SearchGroup]) -> None:
        if self._line.hasFocus():
            shown = [group for group in groups if PLACES[group.record_type][0] in self._pages]
            self.popup.offer(choices_of(shown), light_first=False)

    def _take(self, choice: Choice) -> None:
        self.close()
        kind, _colon, identity = choice.key.removeprefix(ALL).partition(":")
        page, part = PLACES[kind]
        argument: object = self._line.text().strip() if choice.key.startswith(ALL) else UUID(identity)
        self.wanted.emit(page, InPart(part, argument) if part else argument)

    def _hide_if_left(self) -> None:
        if not self._line.hasFocus():
            self.close()


def choices_of(groups: Sequence[SearchGroup]) -> list[Choice]:
    """Hits group by group, each group closed by a line for the whole list where there are more."""
    choices: list[Choice] = []
    for group in groups:
        title = _(GROUP_TITLES[group.record_type])
        choices += [_choice(hit, title) for hit in group.hits]
        if group.more:
            words = _("更多{kind}…").format(kind=title)
            choices.append(Choice(f"{ALL}{group.record_type}", "", words, title))
    return choices


def _choice(hit: SearchHit, group: str) -> Choice:
    where = f"{hit.title}  {hit.where}".strip()
    hint = " · ".join(part for part in (group, _(hit.state) if hit.state else "") if part)
    return Choice(f"{hit.record_type}:{hit.id}", hit.number, where, hint)
