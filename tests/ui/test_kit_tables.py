"""Lists: any length, quick, and they keep what the person holds."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.remember import InMemory
from ui.tables.columns import RIGHT, Column
from ui.tables.copying import as_tsv
from ui.tables.line_table import LineTable
from ui.tables.lines_model import GONE, LINE_ROLE, ON_ITS_WAY, LinesModel
from ui.tasks import TaskRunner
from ui.theme import light_colour

Index = QModelIndex | QPersistentModelIndex
SELECTABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
ROWS = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list of cases."""

    rid: int
    number: str
    left: str
    light: str | None


@dataclass
class Office:
    """Where lines come from; counts the fetches and may forget a line."""

    fetches: int = 0
    gone: frozenset[int] = frozenset()
    mark: str = ""

    def fetch(self, ids: Sequence[int]) -> Sequence[Line]:
        self.fetches += 1
        return [self.line(rid) for rid in reversed(ids) if rid not in self.gone]

    def line(self, rid: int) -> Line:
        return Line(
            rid, f"JS-{rid:04}{self.mark}", "▲ 超 3 小时" if rid % 2 else "● 剩 2 天", "red" if rid % 2 else None
        )


COLUMNS: list[Column[Line]] = [
    Column("left", "时限", 120, lambda line: line.left, light=lambda line: line.light, sort_key="due_at"),
    Column("number", "编号", 160, lambda line: line.number, sort_key="local_no"),
    Column("rid", "序号", 80, lambda line: str(line.rid), align=RIGHT),
    Column("note", "备注", 80, lambda line: "", shown=False),
]


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    runner.shutdown()


@pytest.fixture
def table(qtbot: QtBot, tasks: TaskRunner, office: Office) -> LineTable:
    table = LineTable("cases", "案件列表", COLUMNS, office.fetch, tasks)
    qtbot.addWidget(table)
    table.resize(800, 400)
    table.show()
    return table


def ids(count: int, first: int = 0) -> array[int]:
    return array("q", range(first, first + count))


def text(model: LinesModel, row: int, column: int) -> object:
    return model.data(model.index(row, column), Qt.ItemDataRole.DisplayRole)


def test_the_first_page_is_there_before_anything_was_fetched(table: LineTable, office: Office) -> None:
    table.show_first([office.line(rid) for rid in range(30)])

    assert text(table.model, 0, 1) == "JS-0000"
    assert table.model.rowCount() == 30
    assert office.fetches == 0


def test_a_row_shows_an_ellipsis_until_its_page_came(table: LineTable, office: Office, qtbot: QtBot) -> None:
    table.model.show_ids(ids(100_000))

    assert text(table.model, 70_000, 0) == ON_ITS_WAY
    qtbot.waitUntil(lambda: text(table.model, 70_000, 1) == "JS-70000")


def test_the_snapshot_keeps_the_lines_of_the_first_page(table: LineTable, office: Office) -> None:
    table.show_first([office.line(rid) for rid in range(200)])

    table.model.show_ids(ids(1_000))

    assert text(table.model, 199, 1) == "JS-0199"


def test_a_line_that_is_gone_shows_a_dash_and_is_asked_for_once(table: LineTable, office: Office, qtbot: QtBot) -> None:
    office.gone = frozenset({3})
    table.show_ids(ids(10))
    qtbot.waitUntil(lambda: text(table.model, 3, 1) == GONE)
    asked = office.fetches

    assert text(table.model, 3, 1) == GONE
    assert office.fetches == asked


def test_pages_far_from_the_eye_are_let_go(qtbot: QtBot, tasks: TaskRunner, office: Office) -> None:
    model = LinesModel(COLUMNS, office.fetch, tasks, page=10, kept=3)
    model.show_ids(ids(1_000))

    for row in (0, 100, 200, 300, 400):
        qtbot.waitUntil(lambda row=row: text(model, row, 1) == f"JS-{row:04}")  # type: ignore[misc]

    assert model.line(0) is None
    assert model.line(400) is not None


def test_a_cell_says_its_light_by_colour_its_column_by_alignment_and_its_line(table: LineTable, office: Office) -> None:
    table.show_first([office.line(1), office.line(2)])
    model = table.model

    assert model.data(model.index(0, 0), Qt.ItemDataRole.ForegroundRole) == light_colour("red")
    assert model.data(model.index(1, 0), Qt.ItemDataRole.ForegroundRole) is None
    assert model.data(model.index(0, 2), Qt.ItemDataRole.TextAlignmentRole) == RIGHT
    assert model.data(model.index(0, 1), Qt.ItemDataRole.AccessibleTextRole) == "编号 JS-0001"
    assert model.data(model.index(0, 1), LINE_ROLE) == office.line(1)
    assert model.data(model.index(0, 1), Qt.ItemDataRole.DecorationRole) is None


def test_selection_and_place_stay_by_id_when_rows_come_on_top(table: LineTable) -> None:
    table.show_ids(ids(1_000))
    table.go_to(500)
    table.view.selectionModel().select(table.model.index(502, 0), ROWS)
    top = table.model.id_at(table.view.rowAt(0))

    table.show_ids(ids(1_012, first=-12))

    assert list(table.selected_ids()) == [500, 502]
    assert table.model.id_at(table.view.currentIndex().row()) == 500
    assert table.model.id_at(table.view.rowAt(0)) == top


def test_the_line_a_person_stands_on_is_told_and_told_again_when_it_changed(
    table: LineTable, office: Office, qtbot: QtBot
) -> None:
    told: list[Line | None] = []
    table.show_first([office.line(rid) for rid in range(10)])
    table.chosen.connect(told.append)
    table.go_to(4)

    office.mark = "*"
    table.refresh_lines([4])
    qtbot.waitUntil(lambda: len(told) == 2)
    table.show_ids(ids(3))

    assert [line and line.number for line in told] == ["JS-0004", "JS-0004*", None]


def test_all_of_a_million_rows_are_selected_and_painted_without_asking_each(
    table: LineTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    table.show_ids(ids(1_000_000))
    monkeypatch.setattr(
        LinesModel, "flags", lambda _model, index: asked.append(index.row()) or SELECTABLE, raising=False
    )

    table.view.selectAll()
    QApplication.processEvents()

    assert len(table.selected_ids()) == 1_000_000
    assert len(asked) < 10_000


def test_new_rows_announce_themselves_instead_of_pushing(table: LineTable, qtbot: QtBot) -> None:
    table.show_ids(ids(50))
    table.announce(12)

    assert "12" in table.announced()
    assert table.model.rowCount() == 50
    with qtbot.waitSignal(table.refresh_wanted):
        qtbot.mouseClick(table.findChild(object, "news_show"), Qt.MouseButton.LeftButton)  # type: ignore[call-overload]
    assert table.announced() == ""


def test_an_empty_list_says_what_belongs_here(table: LineTable) -> None:
    table.show_ids(ids(0))
    assert table.empty.isVisible()

    table.show_ids(ids(1))
    assert not table.empty.isVisible()


def test_a_click_on_a_head_asks_for_its_order_and_a_second_for_the_other_way(table: LineTable) -> None:
    asked: list[tuple[str, bool]] = []
    table.sort_wanted.connect(lambda key, ascending: asked.append((key, ascending)))

    header = table.view.horizontalHeader()
    for section in (1, 1, 2):
        header.sectionClicked.emit(section)

    assert asked == [("local_no", True), ("local_no", False)]
    assert header.sortIndicatorSection() == 1


def test_columns_are_found_as_they_were_left(qtbot: QtBot, tasks: TaskRunner, office: Office) -> None:
    memory = InMemory()
    first = LineTable("cases", "案件列表", COLUMNS, office.fetch, tasks, remember=memory)
    qtbot.addWidget(first)
    assert [column.name for column in first.visible_columns()] == ["left", "number", "rid"]
    first.show()

    header = first.view.horizontalHeader()
    header.resizeSection(1, 222)
    header.moveSection(header.visualIndex(1), 0)
    actions = {action.objectName(): action for action in first.columns_menu().actions()}
    actions["column_note"].trigger()
    actions["column_left"].trigger()
    first.hide()
    second = LineTable("cases", "案件列表", COLUMNS, office.fetch, tasks, remember=memory)
    qtbot.addWidget(second)

    assert [column.name for column in second.visible_columns()] == ["number", "rid", "note"]
    assert second.view.horizontalHeader().sectionSize(1) == 222
    assert json.loads(memory.get("table.cases") or "")["widths"]["number"] == 222


def test_no_head_is_cut_before_somebody_makes_it_narrow(qtbot: QtBot, tasks: TaskRunner, office: Office) -> None:
    columns = [Column[Line]("left", "Time remaining until due", 40, lambda line: line.left), *COLUMNS[1:]]
    table = LineTable("cases", "案件列表", columns, office.fetch, tasks, remember=InMemory())
    qtbot.addWidget(table)
    header = table.view.horizontalHeader()

    assert header.sectionSize(0) > header.fontMetrics().horizontalAdvance(columns[0].title)
    assert header.sectionSize(1) == COLUMNS[1].width


def test_a_memory_that_cannot_be_read_leaves_the_columns_as_they_came(
    qtbot: QtBot, tasks: TaskRunner, office: Office
) -> None:
    memory = InMemory()
    memory.set("table.cases", "{no json")

    table = LineTable("cases", "案件列表", COLUMNS, office.fetch, tasks, remember=memory)
    qtbot.addWidget(table)

    assert [column.name for column in table.visible_columns()] == ["left", "number", "rid"]


def test_enter_opens_the_line_and_ctrl_c_copies_rows_a_sheet_can_take(table: LineTable, qtbot: QtBot) -> None:
    table.show_ids(ids(5_000))
    qtbot.waitUntil(lambda: text(table.model, 1, 1) == "JS-0001")
    table.go_to(1)

    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table.view, Qt.Key.Key_Return)
    table.view.selectionModel().select(table.model.index(4_000, 0), ROWS)
    QGuiApplication.clipboard().clear()
    qtbot.keyClick(table.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(QGuiApplication.clipboard().text()))

    assert opened.args[0].rid == 1
    assert QGuiApplication.clipboard().text().split("\n") == [
        "时限\t编号\t序号",
        "▲ 超 3 小时\tJS-0001\t1",
        "● 剩 2 天\tJS-4000\t4000",
    ]


@pytest.mark.parametrize(
    ("cell", "copied"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-12.5", "-12.5"),
        ("+12%", "+12%"),
        ("两行\n一格\t", "两行 一格 "),
    ],
)
def test_a_copied_cell_is_never_a_formula_and_never_two_cells(cell: str, copied: str) -> None:
    assert as_tsv([[cell]]) == copied
