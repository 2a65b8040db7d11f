"""How this PC looks and when it locks; for everybody, kept on this PC alone."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from app.base.words import LANGUAGES, N_, _
from ui.forms.choice_input import ChoiceInput
from ui.forms.field import FormColumn
from ui.pages.context import PageContext
from ui.pages.settings.section import Section
from ui.theme import gap

THEMES = (("system", N_("跟随系统")), ("light", N_("浅色")), ("dark", N_("深色")))
SCALES = (100, 125, 150, 175, 200)
FONT_PX = (12, 13, 14, 15, 16, 18, 20)
IDLE_MINUTES = (3, 5, 10, 15, 30, 60)


class AppearanceSection(Section):
    """Language, theme, sizes and the idle lock. Everything acts at once, but for the scale."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            "appearance",
            _("外观与锁定"),
            _("只影响这台电脑,改动立即生效。"),
            editable=True,
        )
        form = FormColumn()
        form.setMaximumWidth(gap(120))
        self._inputs: dict[str, ChoiceInput] = {
            "language": ChoiceInput(list(LANGUAGES.items())),
            "theme": ChoiceInput(THEMES),
            "scale": ChoiceInput([(percent, f"{percent} %") for percent in SCALES]),
            "font_px": ChoiceInput([(px, _("{n} 像素").format(n=px)) for px in FONT_PX]),
            "idle_minutes": ChoiceInput([(n, _("{n} 分钟").format(n=n)) for n in IDLE_MINUTES]),
        }
        titles = {
            "language": (_("语言"), ""),
            "theme": (_("主题"), ""),
            "scale": (_("缩放"), _("下次启动程序时生效")),
            "font_px": (_("字号"), ""),
            "idle_minutes": (_("无人操作多久后锁定"), ""),
        }
        for field_name, widget in self._inputs.items():
            title, hint = titles[field_name]
            form.add(field_name, title, widget, hint=hint)
            widget.edited.connect(self._teller(field_name))
        self.body.addWidget(form)
        self.body.addWidget(QWidget(), 1)
        self.refresh()

    def refresh(self) -> None:
        """Show the settings as they stand."""
        screen = self.context.settings.get()
        for field_name, widget in self._inputs.items():
            value = getattr(screen, field_name)
            if isinstance(value, int):
                _offer(widget, value)
            widget.set_value(value)

    def _teller(self, field_name: str) -> Any:
        return lambda: self.context.settings.change(**{field_name: self._inputs[field_name].value()})


def _offer(widget: ChoiceInput, value: int) -> None:
    """A value set elsewhere is offered too, so that the field does not stand empty."""
    widget.set_value(value)
    if widget.value() is None:
        widget.set_choices([(value, str(value))])
