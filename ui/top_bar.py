"""The line over every page: the one search box, and who sits here."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QToolButton

from app.base.words import _
from app.domain.permissions import OFFICE_ROLE_TITLES, Actor
from ui.icons import icon
from ui.naming import name
from ui.theme import gap, set_look

SEARCH_PX = 420
MOST_ROLES = 2


class TopBar(QFrame):
    """`searched` carries the words when Enter is pressed in the search box."""

    searched = Signal(str)

    def __init__(self, actor: Actor, actions: Sequence[QAction | None]) -> None:
        """actions: the person menu, None for a line between."""
        super().__init__()
        name(self, "top_bar", _("顶栏"))
        self.search = name(QLineEdit(), "search", _("搜索案件"), _("搜索案件 (Ctrl+K)"))
        self.search.setPlaceholderText(_("搜索 (Ctrl+K) 编号 地址 描述 拼音首字母…"))
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(SEARCH_PX)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.returnPressed.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(gap(4), gap(2), gap(3), gap(2))
        row.addWidget(self.search, 2)
        row.addStretch(1)
        row.addWidget(self._person_button(actor, actions))

    def focus_search(self) -> None:
        """Put the cursor in the search box, with its words selected."""
        self.search.setFocus()
        self.search.selectAll()

    def _person_button(self, actor: Actor, actions: Sequence[QAction | None]) -> QToolButton:
        button = set_look(name(QToolButton(), "person_menu", _("人员菜单")), "quiet")
        button.setText(f"{actor.name}  {short_role_words(actor)}".strip())
        button.setToolTip(role_words(actor))
        button.setIcon(icon("person"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        menu = name(QMenu(button), "person_menu_list", _("人员菜单"))
        for action in actions:
            if action is None:
                menu.addSeparator()
            else:
                menu.addAction(action)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _ask(self) -> None:
        text = self.search.text().strip()
        if text:
            self.searched.emit(text)


def short_role_words(actor: Actor) -> str:
    """The roles where there is little room."""
    titles = [_(title) for role, title in OFFICE_ROLE_TITLES.items() if role in actor.roles]
    return "、".join(titles) if len(titles) <= MOST_ROLES else _("{role}等").format(role=titles[0])


def role_words(actor: Actor) -> str:
    """The person's roles in words."""
    return "、".join(_(title) for role, title in OFFICE_ROLE_TITLES.items() if role in actor.roles)
