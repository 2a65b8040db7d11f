"""What a list is narrowed by: a chip per field with its choices, a way to clear all, and the count beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from app.base.words import _
from ui.naming import name
from ui.theme import gap, set_look
from ui.widgets.choices import Choice
from ui.widgets.filter_popup import FilterPopup


@dataclass(frozen=True)
class FilterSpec:
    """One chip. title: in the language in use. choices: asked each time it opens. many: several may be chosen."""

    name: str
    title: str
    choices: Callable[[], Sequence[Choice]]
    many: bool = True


class FilterBar(QWidget):
    """`changed` carries what is chosen, by filter name, whenever a person chose otherwise."""

    changed = Signal(object)

    def __init__(self, specs: Sequence[FilterSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "filter_bar", _("筛选"))
        self._chips = {spec.name: _Chip(spec, self) for spec in specs}
        self._clear = set_look(name(QPushButton(_("清除"), self), "filter_clear", _("清除筛选")), "quiet")
        self._count = set_look(name(QLabel(self), "filter_count", _("条数")), "muted")
        self._clear.clicked.connect(self.clear)
        self._clear.hide()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(gap(2))
        for chip in self._chips.values():
            chip.chosen_otherwise.connect(self._on_chosen)
            line.addWidget(chip)
        line.addWidget(self._clear)
        line.addStretch(1)
        line.addWidget(self._count)

    def chosen(self) -> dict[str, tuple[str, ...]]:
        """Keys chosen by filter name; filters that choose nothing are left out."""
        return {filter_name: chip.keys() for filter_name, chip in self._chips.items() if chip.keys()}

    def set_chosen(self, chosen: Mapping[str, Sequence[str]]) -> None:
        """Show what is chosen without telling anybody; filters not named choose nothing."""
        for filter_name, chip in self._chips.items():
            chip.set_keys(chosen.get(filter_name, ()))
        self._clear.setVisible(bool(self.chosen()))

    def set_count(self, text: str) -> None:
        """Say how many there are, e.g. 1000+ 条."""
        self._count.setText(text)

    def count_text(self) -> str:
        """What is said about how many there are."""
        return self._count.text()

    @Slot()
    def clear(self) -> None:
        """Choose nothing, and tell."""
        if self.chosen():
            self.set_chosen({})
            self.changed.emit({})

    def open(self, filter_name: str) -> FilterPopup:
        """Open the choices of a filter."""
        return self._chips[filter_name].open()

    @Slot()
    def _on_chosen(self) -> None:
        self._clear.setVisible(bool(self.chosen()))
        self.changed.emit(self.chosen())


class _Chip(QPushButton):
    """A filter as a chip: its title, and what is chosen once something is."""

    chosen_otherwise = Signal()

    def __init__(self, spec: FilterSpec, parent: QWidget) -> None:
        super().__init__(parent)
        self._spec = spec
        self._keys: tuple[str, ...] = ()
        name(self, f"filter_{spec.name}", spec.title)
        self.setProperty("look", "chip")
        self.clicked.connect(self.open)
        self._say()

    def keys(self) -> tuple[str, ...]:
        return self._keys

    def set_keys(self, keys: Sequence[str]) -> None:
        self._keys = tuple(keys)
        self._say()

    def open(self) -> FilterPopup:
        popup = FilterPopup(self._spec.title, self._spec.choices(), self._keys, many=self._spec.many, parent=self)
        popup.chosen.connect(self._on_chosen)
        popup.move(self.mapToGlobal(QPoint(0, self.height() + 2)))
        popup.show()
        return popup

    def _on_chosen(self, keys: tuple[str, ...]) -> None:
        if keys != self._keys:
            self.set_keys(keys)
            self.chosen_otherwise.emit()

    def _say(self) -> None:
        titles = {choice.key: choice.title for choice in self._spec.choices()} if self._keys else {}
        said = titles.get(self._keys[0], self._keys[0]) if self._keys else ""
        if len(self._keys) > 1:
            said = _("{first} 等 {n} 项").format(first=said, n=len(self._keys))
        self.setText(f"{self._spec.title}: {said}  ▾" if said else f"{self._spec.title}  ▾")
        self.setAccessibleName(f"{self._spec.title} {said}".strip())
        self.setProperty("on", bool(self._keys))
        self.style().unpolish(self)
        self.style().polish(self)
