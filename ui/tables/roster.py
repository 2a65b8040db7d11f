"""A short list of people with a form beside it: what is half typed stays with its row until it is kept or given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar
from uuid import UUID

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.base.words import _
from app.domain.directory import Worker
from app.domain.inspections import Officer
from app.domain.problems import Problem
from ui.forms.record_form import RecordForm
from ui.keys import listen
from ui.naming import name
from ui.notices import problem_box
from ui.pages.context import PageContext
from ui.tables.small_table import SmallTable
from ui.theme import gap, set_look
from ui.widgets.half_typed import half_typed_words

L = TypeVar("L")
T = TypeVar("T", Worker, Officer)


class Roster(QWidget, Generic[L, T]):
    """`go` takes the id of a person, or None. L: a line of the list. T: the record its form edits.

    A subclass says how lines are read and kept (`refresh`, `submit`), whose line it is (`record_of`), and its words.
    """

    wanted = Signal(str, object)
    fields: Sequence[str]
    new_title: str
    form_px: int

    def __init__(
        self,
        context: PageContext,
        table: SmallTable[L],
        form: RecordForm[T],
        *,
        own: str,
        part: str,
        title: str,
        editable: bool,
        buttons: Sequence[QPushButton] = (),
    ) -> None:
        """part: its name among widgets. own: how the names of what is on it begin. buttons: stand beside the one that saves."""
        super().__init__()
        name(self, part, title)
        self._context = context
        self._record: T | None = None
        self._wanted: UUID | None = None
        self._moving = self._dirty = False
        self.table: SmallTable[L] = table
        self.form: RecordForm[T] = form
        self.title = set_look(name(QLabel(), f"{own}_form_title", _("正在编辑")), "title")
        self.new = name(QPushButton(_("新增 Insert")), f"{own}_new", _(self.new_title))
        self.save = set_look(name(QPushButton(_("保存 Ctrl+S")), f"{own}_save", _("保存 (Ctrl+S)")), "primary")
        self._lay_out(editable, buttons)
        self.table.chosen.connect(self._on_chosen)
        self.form.changed.connect(self._on_changed)
        self.new.clicked.connect(self._on_new)
        self.save.clicked.connect(self.submit)
        if editable:
            listen(self, {"Ctrl+S": self.submit, "Insert": self._on_new})
        self.start_new()

    # What each list of people puts in place ----------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the list again and hand it to `show_lines`."""
        raise NotImplementedError

    def submit(self) -> None:
        """Keep the person in the form, then `on_saved`."""
        raise NotImplementedError

    def record_of(self, line: L) -> T:
        """Whose line it is."""
        raise NotImplementedError

    def empty(self) -> Mapping[str, Any]:
        """What a new person's form begins with."""
        return dict.fromkeys(self.fields)

    # What a person does ------------------------------------------------------------------------------------------

    def go(self, argument: object) -> None:
        """Stand on a person."""
        if isinstance(argument, UUID):
            self._wanted = argument
            self.refresh()

    def keep(self) -> None:
        """They are few and typed at once: there is no draft, but nothing half typed is left unasked."""

    def start_new(self) -> None:
        """An empty form; no row is chosen then."""
        self._record = None
        self.table.table.view.setCurrentIndex(QModelIndex())
        self.title.setText(_(self.new_title))
        self.form.fill(**self.empty())
        self.form.clear_refusals()
        self._dirty = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up what is half typed, unless a field took it: to close its list, or to end composing."""
        if event.key() == Qt.Key.Key_Escape and self._dirty:
            self._give_up()
        else:
            super().keyPressEvent(event)

    # What comes back ---------------------------------------------------------------------------------------------

    def show_lines(self, lines: Sequence[L]) -> None:
        """The list as it is now; a row that moved is not a row somebody went to."""
        own = self._wanted or (None if self._record is None else self._record.id)
        self._wanted = None
        self._moving = True
        self.table.show_all(lines)
        self.table.go_to(lambda line: self.record_of(line).id == own)
        self._moving = False
        self._on_chosen(self.table.current())

    def on_saved(self, record: T) -> None:
        """Stand on who was kept."""
        self._context.notices.say(_("已保存 {name}").format(name=record.name))
        self._record, self._dirty = None, False
        self._wanted = record.id
        self.refresh()

    def on_trouble(self, problem: Problem) -> None:
        """Nothing was kept; everything typed stays."""
        problem_box(self, problem, safe=_("名册没有改动"))

    def fill(self, record: T) -> None:
        """Put a person into the form."""
        self._record, self._dirty = record, False
        self.title.setText(_("修改 {name}").format(name=record.name))
        self.form.fill(**{field: getattr(record, field) for field in self.fields})
        self.form.clear_refusals()

    def _on_chosen(self, line: L | None) -> None:
        if self._moving or line is None:
            return
        record = self.record_of(line)
        if self._record is not None and record.id == self._record.id:
            return
        if self._dirty:
            # The table is in the middle of its own move: it goes back once that is done.
            QTimer.singleShot(0, self, self._stand_back)
            return
        self.fill(record)

    def _on_changed(self) -> None:
        self._dirty = True

    def _stand_back(self) -> None:
        """Stay with the person half typed, and say how to leave."""
        own = None if self._record is None else self._record.id
        self._moving = True
        self.table.table.view.setCurrentIndex(QModelIndex())
        self.table.go_to(lambda line: self.record_of(line).id == own)
        self._moving = False
        self._context.notices.say(half_typed_words(self.title.text()))

    def _on_new(self) -> None:
        if self._dirty:
            self._context.notices.say(half_typed_words(self.title.text()))
        else:
            self.start_new()

    def _give_up(self) -> None:
        if self._record is not None:
            self.fill(self._record)
        else:
            self.start_new()

    def _lay_out(self, editable: bool, buttons: Sequence[QPushButton]) -> None:
        top = QHBoxLayout()
        top.addWidget(self.new)
        top.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(gap(2))
        left.addLayout(top)
        left.addWidget(self.table, 1)
        held = QWidget()
        rows = QVBoxLayout(held)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.form)
        rows.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(held)
        foot = QHBoxLayout()
        foot.setSpacing(gap(2))
        for button in (self.save, *buttons):
            foot.addWidget(button)
        foot.addStretch(1)
        side = QWidget()
        side.setFixedWidth(self.form_px)
        right = QVBoxLayout(side)
        right.setContentsMargins(gap(4), 0, 0, 0)
        right.setSpacing(gap(3))
        right.addWidget(self.title)
        right.addWidget(scroll, 1)
        right.addLayout(foot)
        self.new.setVisible(editable)
        side.setVisible(editable)
        page = QHBoxLayout(self)
        page.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        page.addLayout(left, 1)
        page.addWidget(side)
