"""The settings page: its parts in a list at the left, each made when it is first looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QWidget

from app.base.changes import ChangeSet
from app.base.words import N_, _
from ui.icons import icon
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.settings.section import Section
from ui.theme import ROW, gap

LIST_PX = 200


@dataclass(frozen=True)
class SectionEntry:
    """One part: its name in `go`, its title (a msgid), its icon, `module:class`, and the records that concern it."""

    name: str
    title: str
    icon: str
    factory: str
    concerns: tuple[str, ...] = ()

    def make(self, context: PageContext) -> Section:
        """Import the part and make it."""
        module, _colon, attribute = self.factory.partition(":")
        made = cast(Callable[[PageContext], Section], getattr(import_module(module), attribute))
        return made(context)


SECTIONS = (
    SectionEntry("appearance", N_("外观与锁定"), "eye", "ui.pages.settings.appearance:AppearanceSection"),
    SectionEntry("office", N_("单位"), "settings", "ui.pages.settings.office:OfficeSection", ("office",)),
    SectionEntry("persons", N_("人员与角色"), "person", "ui.pages.settings.persons:PersonsSection", ("person",)),
    SectionEntry(
        "lists",
        N_("部门、道路、常用语"),
        "place",
        "ui.pages.settings.lists:ListsSection",
        ("unit", "road", "worker", "reply_template"),
    ),
    SectionEntry(
        "checklists",
        N_("检查模板"),
        "template",
        "ui.pages.settings.checklists:ChecklistsSection",
        ("checklist_template",),
    ),
    SectionEntry(
        "calendar",
        N_("工作日历"),
        "calendar",
        "ui.pages.settings.calendar:CalendarSection",
        ("reference_version", "office"),
    ),
    SectionEntry(
        "standards",
        N_("立案结案标准"),
        "check",
        "ui.pages.settings.standards:StandardsSection",
        ("reference_version", "office"),
    ),
    SectionEntry("flow", N_("流程与环节时限"), "right", "ui.pages.settings.flow:FlowSection", ("reference_version",)),
    SectionEntry(
        "patrol_rules",
        N_("网格与巡查规则"),
        "round",
        "ui.pages.settings.patrol_rules:PatrolRulesSection",
        ("reference_version",),
    ),
    SectionEntry("data", N_("数据与备份"), "backup", "ui.pages.settings.data:DataSection"),
    SectionEntry("audit", N_("操作日志"), "clock", "ui.pages.settings.audit:AuditSection"),
)


class SettingsPage(QWidget):
    """Settings in parts. `wanted`: (page name, argument) to go somewhere else. `restore_wanted`: a backup's path."""

    wanted = Signal(str, object)
    restore_wanted = Signal(object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "settings_page", _("设置"))
        self._context = context
        self._made: dict[str, Section] = {}
        self._list = name(QListWidget(), "settings_list", _("设置项目"))
        self._list.setFixedWidth(LIST_PX)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setIconSize(QSize(16, 16))
        for entry in SECTIONS:
            item = QListWidgetItem(icon(entry.icon), _(entry.title))
            item.setSizeHint(QSize(LIST_PX - gap(4), ROW + gap(1)))
            self._list.addItem(item)
        self._stack = name(QStackedWidget(), "settings_stack", _("设置内容"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._list)
        row.addWidget(self._stack, 1)
        self._list.currentRowChanged.connect(self._show)
        self._list.itemActivated.connect(self._enter)
        context.bridge.changed.connect(self._on_changed)
        self._list.setCurrentRow(0)

    def go(self, argument: object) -> None:
        """Show a part by its name; None: the one shown last."""
        at = next((at for at, entry in enumerate(SECTIONS) if entry.name == argument), None)
        if at is not None:
            self._list.setCurrentRow(at)

    def refresh(self) -> None:
        """Nothing here moves with the clock, and what others change is told; so what is half typed stays."""

    def keep(self) -> None:
        """Nothing here is kept half typed: settings are saved or not."""

    def section(self) -> Section:
        """The part that is shown."""
        return self._made[SECTIONS[self._list.currentRow()].name]

    def _show(self, at: int) -> None:
        entry = SECTIONS[at]
        if entry.name not in self._made:
            self._made[entry.name] = entry.make(self._context)
            self._made[entry.name].restore_wanted.connect(self.restore_wanted)
            self._stack.addWidget(self._made[entry.name])
        self._stack.setCurrentWidget(self._made[entry.name])
        self._made[entry.name].refresh()

    def _enter(self) -> None:
        self.section().focusNextChild()

    def _on_changed(self, changes: ChangeSet) -> None:
        entry = SECTIONS[self._list.currentRow()]
        if entry.concerns and changes.concerns(*entry.concerns):
            self.section().refresh()
