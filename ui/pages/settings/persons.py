"""Who signs in at this office: everybody under a name of their own."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from PySide6.QtWidgets import QHBoxLayout, QPushButton

from app.base.words import N_, _
from app.domain.office import Person
from app.domain.permissions import OFFICE_ROLE_TITLES
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.settings.person_dialogs import PersonDialog, ResetPassword
from ui.pages.settings.section import Section
from ui.tables.columns import Column
from ui.tables.small_table import SmallTable
from ui.theme import gap, set_look
from ui.widgets.empty_state import EmptyState


def role_words(person: Person) -> str:
    """The roles of a person in one line."""
    return "、".join(_(title) for role, title in OFFICE_ROLE_TITLES.items() if role in person.roles)


class PersonWords:
    """What the cells say. known: persons with a password on this PC."""

    def __init__(self) -> None:
        self.known: frozenset[UUID] = frozenset()

    def lacks_password(self, person: Person) -> bool:
        """Somebody added at the city or on another PC cannot sign in here yet."""
        return person.active and person.id not in self.known

    def state(self, person: Person) -> str:
        """In use or not, and whether a password is missing here."""
        if not person.active:
            return _("停用")
        return _("▲ 本机未设密码") if self.lacks_password(person) else _("在用")


def person_columns(words: PersonWords) -> tuple[Column[Person], ...]:
    """The columns."""
    return (
        Column("name", N_("姓名"), 140, lambda person: person.name),
        Column("login", N_("登录名"), 140, lambda person: person.login),
        Column("roles", N_("角色"), 300, role_words),
        Column("active", N_("状态"), 120, words.state),
    )


@dataclass(frozen=True)
class _Buttons:
    add: QPushButton
    change: QPushButton
    reset: QPushButton


class PersonsSection(Section):
    """The list of persons; administrators add, change and give new passwords."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            "persons_settings",
            _("人员与角色"),
            _("每个人用自己的登录名和密码,不设公用账号;停用的人不能再登录,办过的事仍记在本人名下。"),
            editable=context.actor.administers,
        )
        self._buttons = _Buttons(
            name(QPushButton(_("添加人员")), "person_add", _("添加人员")),
            name(QPushButton(_("修改")), "person_change", _("修改人员")),
            name(QPushButton(_("重设密码")), "person_reset", _("重设密码")),
        )
        set_look(self._buttons.add, "primary")
        row = QHBoxLayout()
        row.setSpacing(gap(2))
        for button in (self._buttons.add, self._buttons.change, self._buttons.reset):
            button.setVisible(self.editable)
            row.addWidget(button)
        row.addStretch(1)
        self.words = PersonWords()
        self.table: SmallTable[Person] = SmallTable(
            "persons_table", _("人员"), person_columns(self.words), context, EmptyState(_("这里列出本单位的人员"))
        )
        self.body.addLayout(row)
        self.body.addWidget(self.table, 1)
        self.dialog: PersonDialog | ResetPassword | None = None
        self._buttons.add.clicked.connect(self.add)
        self._buttons.change.clicked.connect(self.change)
        self._buttons.reset.clicked.connect(self.reset_password)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(lambda _person: self.change())

    def refresh(self) -> None:
        """Read the persons again."""
        accounts = self.context.desk.accounts
        self.context.tasks.read(lambda _watch: (accounts.persons(), accounts.with_password()), done=self._show)

    def add(self) -> None:
        """Somebody new."""
        self._open(PersonDialog(self.context, None, self))

    def change(self) -> None:
        """Name, roles, or whether somebody may sign in."""
        person = self.table.current()
        if person is not None and self.editable:
            self._open(PersonDialog(self.context, person, self))

    def reset_password(self) -> None:
        """A new password for somebody who forgot theirs."""
        person = self.table.current()
        if person is not None and self.editable:
            self._open(ResetPassword(self.context, person, self, first=self.words.lacks_password(person)))

    def _open(self, dialog: PersonDialog | ResetPassword) -> None:
        self.dialog = dialog
        dialog.done_well.connect(self._on_done)
        dialog.open()

    def _on_done(self, words: str) -> None:
        self.say(words)
        self.refresh()

    def _show(self, told: tuple[list[Person], frozenset[UUID]]) -> None:
        persons, self.words.known = told
        self.table.show_all(persons)
        self._on_chosen(self.table.current())

    def _on_chosen(self, person: Person | None) -> None:
        self._buttons.change.setEnabled(person is not None)
        self._buttons.reset.setEnabled(person is not None and person.active)
        first = person is not None and self.words.lacks_password(person)
        self._buttons.reset.setText(_("设置密码") if first else _("重设密码"))
