"""One grid or road beside the list: what it is, its place on a small map, its pieces, and what may be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from app.base.problem_words import problem_text
from app.base.words import _
from app.domain.directory import Road
from app.domain.grids import Boundary, Grid, RoadSegment
from app.domain.problems import Problem, Refused
from app.services.boundary_edit import BoundaryEdit
from ui.map.mini import MiniMap
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.patrols.grids_columns import PIECE_COLUMNS, GridLine, RoadLine, grid_facts
from ui.pages.patrols.grids_form import piece_dialog
from ui.tables.small_table import SmallTable
from ui.theme import gap, set_look
from ui.widgets.empty_state import EmptyState

PIECES_PX = 180


class GridDetail(QWidget):
    """`edit_wanted` and `retire_wanted` are about what is shown; `saved` comes after an outline was kept."""

    edit_wanted = Signal()
    retire_wanted = Signal()
    saved = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "grid_detail", _("网格详情"))
        self._context = context
        self.shown: Grid | Road | None = None
        self.editing: BoundaryEdit | None = None
        self._make_parts()
        self._lay_out()
        self._connect()
        self.show_nothing()

    def show_nothing(self) -> None:
        """Nothing is chosen."""
        self._leave_editing()
        self.shown = None
        self._stack.setCurrentWidget(self._empty)

    def show_grid(self, line: GridLine, boundary: Boundary) -> None:
        """A grid. boundary: its own, or the sum of its unit grids."""
        grid = line.grid
        if self.editing is not None and self.shown is not None and self.shown.id == grid.id:
            return  # what is half changed stays
        self._leave_editing()
        self.shown = grid
        self._title.setText(f"{grid.code}  {grid.name}".strip())
        self._facts.setText("\n".join(grid_facts(line)))
        self._pieces_box.hide()
        self._settle()
        if boundary:
            self.map.show_area(grid.id, "", boundary)  # the ground names it already
        else:
            self._show_all()

    def show_road(self, line: RoadLine) -> None:
        """A road with its pieces."""
        road = line.road
        self._leave_editing()
        self.shown = road
        self._title.setText(road.name)
        facts = (
            _("街道:{street}").format(street=line.street or "—"),
            _("等级:{level}").format(level=road.level or "—"),
        )
        chief = _("路长:{name}").format(name=road.chief or "—")
        self._facts.setText("\n".join((*facts, chief)))
        self._pieces_box.show()
        self.pieces.show_all(line.pieces)
        self._settle()
        if road.lines:
            self.map.show_lines(road.id, road.name, road.lines)
        else:
            self._show_all()

    def start_editing(self) -> None:
        """Put handles on the outline."""
        grid = self.shown
        if isinstance(grid, Grid) and grid.boundary:
            self.editing = BoundaryEdit(grid.boundary)
            self._say(_("拖动角点;点边上加一个角,Delete 去掉,Ctrl+Z 撤销。改好后保存"))
            self._settle()
            self.map.view.edit_area(grid.boundary)
            self.map.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def keep_editing(self) -> None:
        """Keep the outline as it is now."""
        grid, editing = self.shown, self.editing
        if not isinstance(grid, Grid) or editing is None:
            return
        grids, actor, boundary = self._context.desk.grids, self._context.actor, editing.boundary
        self._save_outline.setEnabled(False)
        self._context.tasks.write(
            lambda _watch: grids.save({"boundary": boundary}, actor=actor, grid_id=grid.id),
            done=self._on_kept,
            failed=self._on_refused,
        )

    def drop_editing(self) -> None:
        """Leave the outline as it was."""
        self._leave_editing()
        self._show_buttons()

    def words(self) -> str:
        """What is said under the map."""
        return self._said.text()

    # Parts -------------------------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self._empty = EmptyState(_("在列表里选一个网格或道路,这里显示它的资料和位置"))
        self._title = set_look(name(QLabel(), "grid_title", _("网格")), "title")
        self._facts = name(QLabel(), "grid_facts", _("网格资料"))
        self._said = set_look(name(QLabel(), "grid_said", _("说明")), "muted")
        for label in (self._title, self._facts, self._said):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.map = MiniMap(self._context)
        self._edit = name(QPushButton(_("修改 F2")), "grid_edit", _("修改资料"))
        self._outline = name(QPushButton(_("改边界")), "grid_outline", _("在图上改边界"))
        self._retire = name(QPushButton(_("停用")), "grid_retire", _("停用"))
        self._save_outline = set_look(name(QPushButton(_("保存边界")), "grid_outline_save", _("保存边界")), "primary")
        self._drop = name(QPushButton(_("不改了")), "grid_outline_drop", _("不改边界"))
        self.pieces: SmallTable[RoadSegment] = SmallTable(
            "road_pieces", _("路段"), PIECE_COLUMNS, self._context, EmptyState(_("还没有路段"))
        )
        self._piece_new = name(QPushButton(_("+ 路段")), "piece_new", _("新建路段"))

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(gap(2))
        for button in (self._edit, self._outline, self._retire, self._save_outline, self._drop):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._pieces_box = QFrame()
        head = QHBoxLayout()
        head.addWidget(QLabel(_("路段和路段长")))
        head.addStretch(1)
        head.addWidget(self._piece_new)
        box = QVBoxLayout(self._pieces_box)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(head)
        box.addWidget(self.pieces)
        self._pieces_box.setFixedHeight(PIECES_PX)
        self._body = QWidget()
        lines = QVBoxLayout(self._body)
        lines.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        lines.setSpacing(gap(2))
        lines.addWidget(self._title)
        lines.addLayout(buttons)
        lines.addWidget(self._facts)
        lines.addWidget(self._pieces_box)
        lines.addWidget(self.map, 1)
        lines.addWidget(self._said)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._body)

    def _connect(self) -> None:
        self._edit.clicked.connect(self.edit_wanted)
        self._retire.clicked.connect(self.retire_wanted)
        self._outline.clicked.connect(self.start_editing)
        self._save_outline.clicked.connect(self.keep_editing)
        self._drop.clicked.connect(self.drop_editing)
        self.map.view.edited.connect(self._on_edited)
        self._piece_new.clicked.connect(lambda: self._open_piece(None))
        self.pieces.opened.connect(self._open_piece)

    def _show_buttons(self) -> None:
        may, editing, is_grid = self.may_write, self.editing is not None, isinstance(self.shown, Grid)
        drawn = isinstance(self.shown, Grid) and bool(self.shown.boundary)
        self._edit.setVisible(may and not editing)
        self._retire.setVisible(may and not editing)
        self._outline.setVisible(may and is_grid and drawn and not editing)
        self._save_outline.setVisible(editing)
        self._save_outline.setEnabled(editing and bool(self.editing and self.editing.can_undo))
        self._drop.setVisible(editing)
        self._piece_new.setVisible(may)
        if not editing:
            self._say("")

    def _settle(self) -> None:
        """Give everything its room before the map is told where to look: it fits a place into the room it has."""
        self._show_buttons()
        self._stack.setCurrentWidget(self._body)
        layout = self._body.layout()
        if layout is not None:
            layout.activate()

    def _show_all(self) -> None:
        """There is nothing to go to: the whole district."""
        self.map.clear()
        self.map.view.home()

    @property
    def may_write(self) -> bool:
        """Whether the person may change grids."""
        return self._context.actor.may_write("grid")

    # What comes back ---------------------------------------------------------------------------------------------

    def _on_edited(self, boundary: Boundary) -> None:
        if self.editing is None:
            return
        try:
            self.editing.replace(boundary)
        except Refused as refusal:
            self._say(problem_text(refusal), wrong=True)
            self._save_outline.setEnabled(False)
            return
        self._say(_("改好后按“保存边界”;Ctrl+Z 撤销上一步"))
        self._save_outline.setEnabled(self.editing.can_undo)

    def _on_kept(self, grid: Grid) -> None:
        self._leave_editing()
        self.shown = grid
        self._context.notices.say(_("已保存 {code} 的边界").format(code=grid.code))
        self._show_buttons()
        self.saved.emit()

    def _on_refused(self, problem: Problem) -> None:
        self._say(problem_text(problem), wrong=True)
        self._save_outline.setEnabled(True)

    def _open_piece(self, piece: RoadSegment | None) -> None:
        if isinstance(self.shown, Road) and self.may_write:
            dialog = piece_dialog(self._context, self.shown.id, piece, self)
            dialog.kept.connect(self.saved)
            dialog.open()

    def _leave_editing(self) -> None:
        if self.editing is not None:
            self.editing = None
            self.map.view.stop()

    def _say(self, text: str, *, wrong: bool = False) -> None:
        set_look(self._said, "wrong" if wrong else "muted")
        self._said.setText(text)
        self._said.setVisible(bool(text))
