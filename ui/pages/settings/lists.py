"""The office's own lists: units, roads, collectors, handlers, reply templates."""

from __future__ import annotations

from PySide6.QtWidgets import QTabWidget

from app.base.words import _
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.settings.list_editor import ListEditor
from ui.pages.settings.list_kinds import kinds
from ui.pages.settings.section import Section


class ListsSection(Section):
    """One tab per list; each is edited beside its table, or filled by paste from a spreadsheet."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            "lists_settings",
            _("部门、道路、常用语"),
            _("录入和派遣时可以选的名单。停用的不再出现在选择里,以前的案件照旧显示。"),
            editable=context.actor.administers,
        )
        self.tabs = name(QTabWidget(), "lists_tabs", _("名单"))
        self.tabs.setDocumentMode(True)
        self.editors: dict[str, ListEditor] = {}
        for kind in kinds(context.desk):
            editor = ListEditor(context, kind, editable=self.editable)
            editor.said.connect(self.say)
            editor.refused.connect(self.say_problem)
            self.editors[kind.name] = editor
            self.tabs.addTab(editor, _(kind.title))
        self.tabs.currentChanged.connect(lambda _at: self.refresh())
        self.body.addWidget(self.tabs, 1)

    def refresh(self) -> None:
        """Read the list in front again."""
        editor = self.tabs.currentWidget()
        if isinstance(editor, ListEditor):
            editor.refresh()
