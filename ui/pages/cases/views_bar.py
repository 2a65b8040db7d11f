"""The saved views over the work list, each with how many it holds, and the views a person named."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from app.base.words import _
from app.domain.case_views import CASE_VIEW_TITLES, CaseView, CountSaid
from ui.naming import name
from ui.pages.cases.question import Question
from ui.theme import gap
from ui.widgets.choices import Choice
from ui.widgets.fitting_row import NO_INDICATOR, FittingRow, quiet_button

VIEWS = (
    CaseView.WAITS_FOR_ME,
    CaseView.DUE_TODAY,
    CaseView.OVERDUE,
    CaseView.RETURNED,
    CaseView.TO_DISPATCH,
    CaseView.IN_HANDLING,
    CaseView.TO_CLOSE,
    CaseView.SUSPENDED,
    CaseView.OPEN_MINE,
    CaseView.ALL,
)
Choices = Callable[[], Sequence[Choice]]


class ViewsBar(QWidget):
    """`asked` carries the Question of the view chosen; `keep_wanted`, `drop_wanted` ask to name or forget one."""

    asked = Signal(object)
    keep_wanted = Signal()
    drop_wanted = Signal(str)

    def __init__(self, units: Choices, streets: Choices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "views_bar", _("常用视图"))
        self._own: dict[str, Question] = {}
        self._row = FittingRow("views", _("常用视图"), self)
        self.buttons = {view: self._view_button(view) for view in VIEWS}
        self._by_unit = self._menu_button("by_unit", _("按部门 ▾"), partial(self._fill_choices, "unit", units))
        self._by_street = self._menu_button("by_street", _("按街道 ▾"), partial(self._fill_choices, "street", streets))
        self._mine = self._menu_button("own_views", _("自定视图 ▾"), self._fill_own)
        self._row.set_buttons([*self.buttons.values(), self._by_unit, self._by_street, self._mine])
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(gap(2))
        line.addWidget(self._row, 1)

    def show_counts(self, counts: Mapping[CaseView, CountSaid]) -> None:
        """Say how many cases each view holds."""
        for view, said in counts.items():
            self.buttons[view].setText(f"{_(CASE_VIEW_TITLES[view])} {count_words(said)}")
            self.buttons[view].setAccessibleName(self.buttons[view].text())
        self._row.arrange()

    def show_question(self, question: Question) -> None:
        """Mark the view that is shown, if it is one of these."""
        plain = not question.search and not question.chosen
        for view, button in self.buttons.items():
            button.setChecked(view == question.view and plain)
        own = next((title for title, kept in self._own.items() if kept == question), "")
        self._mine.setText(f"{own} ▾" if own else _("自定视图 ▾"))
        self._row.arrange()

    def set_own(self, own: Mapping[str, Question]) -> None:
        """Offer the views this person named."""
        self._own = dict(own)

    def own_menu(self) -> QMenu:
        """The menu of named views, filled as if it were opened."""
        self._fill_own(self._mine.menu())
        return self._mine.menu()

    def _view_button(self, view: CaseView) -> QToolButton:
        button = quiet_button(f"view_{view.value}", _(CASE_VIEW_TITLES[view]), checkable=True)
        button.clicked.connect(lambda: self.asked.emit(Question(view)))
        return button

    def _menu_button(self, object_name: str, title: str, fill: Callable[[QMenu], object]) -> QToolButton:
        button = quiet_button(object_name, title)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = name(QMenu(button), f"{object_name}_menu", title)
        button.setMenu(menu)
        button.setStyleSheet(NO_INDICATOR)
        menu.aboutToShow.connect(lambda: fill(menu))
        return button

    def _fill_choices(self, filter_name: str, choices: Choices, menu: QMenu) -> None:
        menu.clear()
        for choice in choices():
            question = Question(CaseView.ALL, {filter_name: (choice.key,)})
            action = menu.addAction(choice.title, partial(self.asked.emit, question))
            action.setObjectName(f"{filter_name}_{choice.code or choice.key}")
        if menu.isEmpty():
            menu.addAction(_("还没有可选的项")).setEnabled(False)

    def _fill_own(self, menu: QMenu) -> None:
        menu.clear()
        for title, question in self._own.items():
            menu.addAction(title, partial(self.asked.emit, question)).setObjectName(f"own_view_{title}")
        if self._own:
            menu.addSeparator()
        menu.addAction(_("把现在的筛选存为视图…"), self.keep_wanted.emit).setObjectName("own_view_keep")
        if self._own:
            drop = menu.addMenu(_("删除视图"))
            for title in self._own:
                drop.addAction(title, partial(self.drop_wanted.emit, title)).setObjectName(f"own_view_drop_{title}")


def count_words(said: CountSaid) -> str:
    """12, or 1000+ while it is capped."""
    return f"{said.count}+" if said.capped else str(said.count)
