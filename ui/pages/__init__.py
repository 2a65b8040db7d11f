"""The pages of the program, in the order of the navigation. A page is imported when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from PySide6.QtWidgets import QWidget

from app.base.words import N_
from ui.pages.context import PageContext


@dataclass(frozen=True)
class PageEntry:
    """One page: its name in `wanted`, its title (a msgid), its icon, and `module:class`. foot: below the line."""

    name: str
    title: str
    icon: str
    factory: str
    foot: bool = False

    def load(self) -> Callable[[PageContext], QWidget]:
        """Import the page's module and give what makes the page."""
        module, _colon, attribute = self.factory.partition(":")
        return cast(Callable[[PageContext], QWidget], getattr(import_module(module), attribute))

    def make(self, context: PageContext) -> QWidget:
        """The page itself."""
        return self.load()(context)


PAGES = (
    PageEntry("today", N_("今日待办"), "today", "ui.pages.today.page:TodayPage"),
    PageEntry("cases", N_("案件"), "cases", "ui.pages.cases.page:CasesPage"),
    PageEntry("patrols", N_("巡查"), "round", "ui.pages.patrols.page:PatrolsPage"),
    PageEntry("enforcement", N_("执法"), "law", "ui.pages.enforcement.page:EnforcementPage"),
    PageEntry("facilities", N_("部件"), "place", "ui.pages.facilities.page:FacilitiesPage"),
    PageEntry("map", N_("地图"), "map", "ui.pages.map.page:MapPage"),
    PageEntry("sync", N_("同步"), "sync", "ui.pages.sync.page:SyncPage", foot=True),
    PageEntry("settings", N_("设置"), "settings", "ui.pages.settings.page:SettingsPage", foot=True),
)
