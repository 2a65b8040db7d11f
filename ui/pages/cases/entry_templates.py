"""Words an office writes again and again, put into the description by Ctrl+M."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from app.base.words import _
from app.domain.directory import ReplyTemplate
from ui.naming import name
from ui.pages.cases.entry_fields import EntryFields
from ui.pages.context import PageContext

PURPOSE = "description"


class TemplateMenu(QMenu):
    """The office's templates for descriptions; {地点} and {小类} are filled in."""

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        super().__init__(parent)
        name(self, "templates_menu", _("常用语"))
        self._context = context

    def open_for(self, fields: EntryFields) -> None:
        """Show the templates under the description; the one taken goes where the cursor stands."""
        self.clear()
        templates = [template for template in self._context.desk.directory.templates() if template.purpose == PURPOSE]
        for number, template in enumerate(templates, start=1):
            self._offer(number, template, fields)
        if not templates:
            self.addAction(_("还没有常用语,管理员可以在设置里添加")).setEnabled(False)
        below = fields.description.mapToGlobal(QPoint(0, fields.description.height()))
        self.popup(below)
        if templates:
            self.setActiveAction(self.actions()[0])

    def _offer(self, number: int, template: ReplyTemplate, fields: EntryFields) -> None:
        title = template.title.replace("&", "&&")
        action = self.addAction(f"&{number} {title}" if number < 10 else title)
        action.setToolTip(template.text)
        action.triggered.connect(lambda: fields.description.insert(filled(template.text, fields)))


def filled(text: str, fields: EntryFields) -> str:
    """The template with what the form says already."""
    return text.replace("{地点}", fields.place_text()).replace("{小类}", fields.category.text().strip())
