"""What stands beside a list: the record one stands on, read beside the screen, with the keys that do something to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QScrollArea, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from app.base.words import _
from app.domain.problems import Problem
from ui.naming import name
from ui.pages.context import PageContext
from ui.tasks import Latest
from ui.theme import gap, set_look
from ui.widgets.empty_state import EmptyState
from ui.widgets.fitting_row import FittingRow, quiet_button
from ui.widgets.timeline import Timeline

D = TypeVar("D")
REST_MS = 60
GONE = "store.record_missing"


class RecordPane(QWidget, Generic[D]):
    """`detail`: what was read of the record one stands on; None: nothing is chosen, or it is still being read.

    A subclass puts its widgets into place with `put` and fills them in `show_detail`.
    """

    def __init__(
        self, context: PageContext, object_name: str, title: str, empty: str, read: Callable[[UUID], D]
    ) -> None:
        """empty: said while nothing is chosen. read: runs in a reader thread."""
        super().__init__()
        name(self, object_name, title)
        self._context = context
        self._read = read
        self._wanted: UUID | None = None
        self.detail: D | None = None
        self._latest: Latest[D] = Latest(
            context.tasks, done=self._on_read, failed=self._on_trouble, pause_ms=REST_MS, parent=self
        )
        self._empty = EmptyState(empty)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)

    def show_record(self, record_id: UUID | None) -> None:
        """Show another record, or none; until it is read, no key acts on the one before."""
        if record_id != self._wanted:
            self.detail = None
        self._wanted = record_id
        if record_id is None:
            self._latest.drop()
            self._stack.setCurrentWidget(self._empty)
            return
        read = self._read
        self._latest.ask(lambda _watch: read(record_id))

    def refresh(self) -> None:
        """Read it again."""
        self.show_record(self._wanted)

    def show_detail(self, detail: D) -> None:
        """Fill the widgets."""
        raise NotImplementedError

    def put(self, scroll_name: str, parts: Sequence[QWidget | QLayout], stretched: QWidget) -> QScrollArea:
        """Lay the parts out from top to bottom in a page that scrolls. stretched: takes the room that is left."""
        page = QWidget()
        lines = QVBoxLayout(page)
        lines.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        lines.setSpacing(gap(2))
        for part in parts:
            if isinstance(part, QLayout):
                lines.addLayout(part)
            else:
                lines.addWidget(part, 1 if part is stretched else 0)
        self._area = name(QScrollArea(), scroll_name, self.accessibleName())
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidget(page)
        self._stack.addWidget(self._area)
        return self._area

    def _on_read(self, detail: D) -> None:
        self.detail = detail
        self.show_detail(detail)
        self._stack.setCurrentWidget(self._area)

    def _on_trouble(self, problem: Problem) -> None:
        """What went meanwhile leaves an empty place; anything else is told."""
        self.show_record(None)
        if problem.code != GONE:
            self._context.tasks.tell_problem(problem)


@dataclass(frozen=True)
class PaneDeed(Generic[D]):
    """One button of a pane. title: a msgid that ends in the key. when: whether it may be done now."""

    name: str
    title: str
    key: str
    when: Callable[[D], bool]
    primary: bool = False


@dataclass(frozen=True)
class PaneWords:
    """What the parts of a pane are called, in the language in use; empty: what is said while nothing is chosen."""

    pane: str
    head: str
    facts: str
    deeds: str
    empty: str


class DeedPane(RecordPane[D]):
    """Head, deeds, facts, story. `deed_wanted` carries the name of a deed; the record it is about is in `detail`."""

    deed_wanted = Signal(str)

    def __init__(
        self,
        context: PageContext,
        stem: str,
        words: PaneWords,
        deeds: Sequence[PaneDeed[D]],
        read: Callable[[UUID], D],
    ) -> None:
        """stem: English, what all object names begin with."""
        super().__init__(context, f"{stem}_detail", words.pane, words.empty, read)
        self._stem = stem
        self.deeds = deeds
        self.head = set_look(said_label(f"{stem}_head", words.head), "title")
        self.facts = said_label(f"{stem}_facts", words.facts)
        self.row = FittingRow(f"{stem}_deeds", words.deeds)
        self.story = Timeline()

    def may(self, deed: str) -> bool:
        """The deed can be done with what is shown."""
        return self.detail is not None and any(one.name == deed and one.when(self.detail) for one in self.deeds)

    def put_between(self, over: Sequence[QWidget], under: Sequence[QWidget]) -> None:
        """Lay out. over: what stands between head and facts, beside the row of deeds. under: between facts and story."""
        self.put(f"{self._stem}_detail_scroll", [self.head, *over, self.facts, *under, self.story], self.story)

    def _on_read(self, detail: D) -> None:
        self.row.set_buttons([self._button(deed) for deed in self.deeds if deed.when(detail)])
        super()._on_read(detail)

    def _button(self, deed: PaneDeed[D]) -> QToolButton:
        button = quiet_button(f"{self._stem}_{deed.name}", _(deed.title))
        if deed.primary:
            set_look(button, "primary")
        button.clicked.connect(partial(self.deed_wanted.emit, deed.name))
        return button


def said_label(object_name: str, title: str) -> QLabel:
    """Words one may select, as many lines as they need."""
    label = name(QLabel(), object_name, title)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
