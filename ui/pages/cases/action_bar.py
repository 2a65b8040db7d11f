"""What may be done with the case now, each with its key; the rest says why not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.words import _
from app.domain.case_rules import ActionOffer
from app.domain.office import Office
from app.domain.problems import Problem
from ui.icons import icon
from ui.naming import name
from ui.pages.cases.offer_words import PRIMARY_KEY, closed_offers, offer_title, open_offers, refusal_words
from ui.theme import gap, set_look
from ui.widgets.fitting_row import FittingRow, quiet_button

WHY_PX = 480
KIND_ICONS = {
    "forward": "check",
    "return": "return",
    "pause": "suspend",
    "task": "person",
    "mark": "warning",
    "end": "stop",
    "appeal": "law",
}
FORWARD_ICONS = {"dispatch": "dispatch"}


class ActionBar(QFrame):
    """`wanted` carries the ActionOffer a person chose."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "action_bar", _("可办理的步骤"))
        self._offers: list[ActionOffer] = []
        self._office: Office | None = None
        self._row = FittingRow("actions", _("可办理的步骤"), self)
        self._nothing = set_look(name(QLabel(self), "no_action", _("没有可办理的步骤")), "muted")
        self._nothing.setText(_("现在没有由你办理的步骤"))
        self._why = quiet_button("why_not", _("为什么不能…"), _("其他步骤现在为什么不能办理"))
        self._why.setParent(self)
        self._why.clicked.connect(self.say_why)
        line = QHBoxLayout(self)
        line.setContentsMargins(gap(3), gap(2), gap(2), gap(2))
        line.setSpacing(gap(2))
        line.addWidget(self._nothing)
        line.addWidget(self._row, 1)
        line.addWidget(self._why)

    def show_offers(self, offers: Sequence[ActionOffer], office: Office) -> None:
        """Show what is open; what is closed is told by `say_why`."""
        self._offers, self._office = list(offers), office
        opened = open_offers(self._offers)
        self._row.set_buttons([self._button(offer, office) for offer in opened])
        self._row.setVisible(bool(opened))
        self._nothing.setVisible(not opened)
        self._why.setVisible(bool(closed_offers(self._offers)))

    def take_key(self, key: str) -> bool:
        """Choose the open step of that key; False: none has it now."""
        for offer in open_offers(self._offers):
            if offer.step.key == key:
                self.wanted.emit(offer)
                return True
        return False

    def key_refusal(self, key: str) -> tuple[str, Problem] | None:
        """The closed step of a key and the rule that closes it."""
        for offer in closed_offers(self._offers):
            if offer.step.key == key and offer.refusal is not None and self._office is not None:
                return offer_title(offer, self._office), offer.refusal
        return None

    def titles(self) -> list[str]:
        """What is offered, in order."""
        return [offer_title(offer, self._office) for offer in open_offers(self._offers) if self._office is not None]

    def say_why(self) -> QFrame:
        """Open the list of closed steps with their rules."""
        popup = WhyNot(closed_offers(self._offers), self._office, self)
        popup.adjustSize()
        corner = self.mapToGlobal(QPoint(self.width() - popup.width() - gap(2), -popup.height()))
        popup.move(corner)
        popup.show()
        return popup

    def _button(self, offer: ActionOffer, office: Office) -> QPushButton:
        step, title = offer.step, offer_title(offer, office)
        words = f"{title} {step.key}".strip()
        button = name(QPushButton(words), f"act_{step.action}", words, _(step.note))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if step.key == PRIMARY_KEY:
            set_look(button, "primary")
        else:
            button.setIcon(icon(FORWARD_ICONS.get(step.action, KIND_ICONS.get(step.kind, "right"))))
        button.clicked.connect(partial(self.wanted.emit, offer))
        return button


class WhyNot(QFrame):
    """Each closed step with the rule that says no and what to do about it."""

    def __init__(self, offers: Sequence[ActionOffer], office: Office | None, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        set_look(name(self, "why_not_list", _("为什么不能…")), "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(WHY_PX)
        grid = QGridLayout()
        grid.setHorizontalSpacing(gap(4))
        grid.setVerticalSpacing(gap(2))
        grid.setColumnStretch(1, 1)
        self._words: list[str] = []
        for row, offer in enumerate(offers):
            if offer.refusal is None or office is None:
                continue
            title, said = offer_title(offer, office), refusal_words(offer.refusal)
            what, why = QLabel(title), name(QLabel(said), f"why_{offer.step.action}", f"{title} {said}")
            why.setWordWrap(True)
            why.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(what, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(set_look(why, "muted"), row, 1, Qt.AlignmentFlag.AlignTop)
            self._words.append(f"{title}:{said}")
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(4), gap(3), gap(4), gap(3))
        lines.addLayout(grid)

    def words(self) -> list[str]:
        """What it tells, a line per step."""
        return self._words
