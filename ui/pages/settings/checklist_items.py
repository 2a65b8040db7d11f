"""The items of a checklist: a list in its order, and the fields of the item one stands on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.domain.checklists import ChecklistItem, ItemKind
from app.domain.reference import Category
from ui.forms.choice_input import ChoiceInput
from ui.forms.field import FormColumn
from ui.forms.number_inputs import DecimalInput
from ui.forms.text_inputs import TextInput
from ui.icons import icon
from ui.naming import name
from ui.pages.context import PageContext
from ui.theme import gap
from ui.widgets.choices import Choice
from ui.widgets.code_picker import CodePicker

KINDS = ((ItemKind.GRADE, N_("好/一般/差")), (ItemKind.YES_NO, N_("是/否")), (ItemKind.NUMBER, N_("填数字")))
MOST_OFFERED = 50


class ItemsEditor(QWidget):
    """`edited` when a person changed an item, its order, or how many there are."""

    edited = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "checklist_items", _("检查项"))
        self._categories = context.desk.reference.categories()
        self._items: list[ChecklistItem] = []
        self._at = -1
        self.list = name(QListWidget(), "item_list", _("检查项"))
        self.list.setMinimumHeight(gap(44))
        self.code, self.title = TextInput(20), TextInput(200)
        self.answer = ChoiceInput(KINDS)
        self.measure, self.limit = TextInput(20), DecimalInput()
        self.category = CodePicker(self._find)
        self.basis = TextInput(200)
        self.form = FormColumn()
        self.form.add_row(_("代码"), [("code", _("代码"), self.code), ("answer", _("填法"), self.answer)])
        self.form.add("title", _("检查内容"), self.title)
        self.form.add_row(_("上限"), [("limit_max", _("上限"), self.limit), ("measure", _("单位"), self.measure)])
        self.form.add("category", _("问题类别"), self.category, hint=_("发现问题时自动填这个小类"))
        self.form.add("basis", _("依据"), self.basis)
        self._lay_out()
        for field in (self.code, self.title, self.answer, self.measure, self.limit, self.category, self.basis):
            field.edited.connect(self._on_typed)
        self.list.currentRowChanged.connect(self._show)

    def show_items(self, items: Sequence[ChecklistItem]) -> None:
        """Show a checklist's items, standing on the first."""
        self._items = list(items)
        self._tell_list(0 if items else -1)

    def items(self) -> tuple[ChecklistItem, ...] | None:
        """The items in their order; None when a field is wrong, which is said there."""
        for at, item in enumerate(self._items):
            wrong = {field: _("请填写") for field in ("code", "title") if not getattr(item, field).strip()}
            if wrong:
                self.list.setCurrentRow(at)
                self.form.show_refusals(wrong)
                return None
        if isinstance(self.limit.value(), str):
            self.form.show_refusals({"limit_max": _("请填数字")})
            return None
        self.form.clear_refusals()
        return tuple(self._items)

    def add(self) -> None:
        """A new item at the end."""
        codes = {item.code for item in self._items}
        code = next(f"X{n:02d}" for n in range(1, len(codes) + 2) if f"X{n:02d}" not in codes)
        self._items.append(ChecklistItem(code=code, title=_("新检查项")))
        self._tell_list(len(self._items) - 1)
        self.title.setFocus(Qt.FocusReason.OtherFocusReason)
        self.title.selectAll()
        self.edited.emit()

    def remove(self) -> None:
        """Take the current item away."""
        if 0 <= self._at < len(self._items):
            del self._items[self._at]
            self._tell_list(min(self._at, len(self._items) - 1))
            self.edited.emit()

    def shift(self, step: int) -> None:
        """Move the current item up (-1) or down (1)."""
        to = self._at + step
        if self._at >= 0 and 0 <= to < len(self._items):
            self._items[self._at], self._items[to] = self._items[to], self._items[self._at]
            self._tell_list(to)
            self.edited.emit()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        add = name(QPushButton(_("加一项")), "add_item", _("加一项"))
        add.clicked.connect(self.add)
        buttons.addWidget(add)
        for object_name, title, picture, slot in (
            ("item_up", _("上移"), "up", lambda: self.shift(-1)),
            ("item_down", _("下移"), "down", lambda: self.shift(1)),
            ("item_remove", _("删除"), "trash", self.remove),
        ):
            button = name(QToolButton(), object_name, title, title)
            button.setIcon(icon(picture))
            button.clicked.connect(slot)
            buttons.addWidget(button)
        buttons.addStretch(1)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(gap(2))
        lines.addLayout(buttons)
        lines.addWidget(self.list, 1)
        lines.addWidget(self.form)

    def _tell_list(self, at: int) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for item in self._items:
            self.list.addItem(item_words(item))
        self.list.setCurrentRow(at)
        self.list.blockSignals(False)
        self._show(at)

    def _show(self, at: int) -> None:
        self._at = at
        item = self._items[at] if 0 <= at < len(self._items) else None
        self.form.setEnabled(item is not None)
        self.code.set_value(item.code if item else "")
        self.title.set_value(item.title if item else "")
        self.answer.set_value(item.answer if item else ItemKind.GRADE)
        self.measure.set_value(item.measure if item else "")
        self.limit.set_value(item.limit_max if item else None)
        found = self._categories.find(item.case_kind, item.major, item.minor) if item and item.minor else None
        self.category.set_choice(None if found is None else _choice(found))
        self.basis.set_value(item.basis if item else "")
        self.form.clear_refusals()

    def _on_typed(self) -> None:
        if not 0 <= self._at < len(self._items):
            return
        kind, major, minor = (self.category.value() or "--").split("-", 2)
        limit = self.limit.value()
        old = self._items[self._at]
        # Unchecked on purpose: a code or title may be empty while it is being typed; saving says so.
        self._items[self._at] = old.model_copy(
            update={
                "code": self.code.value(),
                "title": self.title.value(),
                "answer": self.answer.value(),
                "measure": self.measure.value(),
                "limit_max": limit if isinstance(limit, float) else None,
                "case_kind": kind,
                "major": major,
                "minor": minor,
                "basis": self.basis.value(),
            }
        )
        self.list.item(self._at).setText(item_words(self._items[self._at]))
        self.edited.emit()

    def _find(self, text: str) -> Sequence[Choice]:
        wanted = text.strip().lower()
        found = (one for one in self._categories.categories if wanted in f"{one.code} {one.minor_name}".lower())
        return [_choice(one) for _n, one in zip(range(MOST_OFFERED), found, strict=False)]


def item_words(item: ChecklistItem) -> str:
    """An item in a line."""
    limit = "" if item.limit_max is None else f" ≤{item.limit_max:g}{item.measure}"
    return f"{item.code}  {item.title}{limit}"


def _choice(category: Category) -> Choice:
    key = f"{category.kind}-{category.major}-{category.minor}"
    return Choice(key, category.code, f"{category.minor_name}  {category.code}", category.major_name)
