"""One case beside the list: head, facts, photos, story, and what may be done with it now."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from app.base.changes import ChangeSet
from app.base.watch import Watch
from app.base.words import _
from app.domain.case_rules import ActionOffer
from app.domain.cases import Case
from app.domain.problems import Problem
from app.sync.views import RecordState
from ui.deciding import Deciding
from ui.naming import name
from ui.pages.cases.action_bar import ActionBar
from ui.pages.cases.actions import Actions
from ui.pages.cases.case_facts import CaseFacts
from ui.pages.cases.case_head import CaseHead
from ui.pages.cases.case_reading import CasePicture, read_case
from ui.pages.cases.case_story import CaseStory
from ui.pages.cases.link_dialog import LinkDialog
from ui.pages.cases.offer_words import refusal_words
from ui.pages.cases.photos import CasePhotos
from ui.pages.context import PageContext
from ui.tasks import Latest
from ui.theme import gap, set_look
from ui.widgets.empty_state import EmptyState

REST_MS = 60
WIDE_PX = 900
CASE_TYPES = ("case", "case_step", "photo", "outbox", "reference_version", "office", "decision")


class DetailPane(QWidget):
    """Shows one case and keeps showing it as it changes.

    correct_wanted: the Case to put right. open_wanted: id of another case. print_wanted, receipt_wanted: id. full_wanted: all the room.
    taken: the Case after a step taken here. line_wanted: the RecordState whose list on the sync page says more.
    """

    correct_wanted = Signal(object)
    open_wanted = Signal(object)
    elsewhere_wanted = Signal(str, object)
    print_wanted = Signal(object)
    full_wanted = Signal()
    taken = Signal(object)
    receipt_wanted = Signal(object)
    line_wanted = Signal(object)

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "case_detail", _("案件详情"))
        self._context = context
        self._picture: CasePicture | None = None
        self._wanted: UUID | None = None
        self._latest: Latest[CasePicture] = Latest(
            context.tasks, done=self.show_picture, failed=self._on_trouble, pause_ms=REST_MS, parent=self
        )
        self.taking = Actions(context, self)
        self.deciding = Deciding(context, self)
        self._make_parts()
        self._lay_out()
        self._connect()
        self.show_case(None)

    @property
    def case(self) -> Case | None:
        """The case shown."""
        return None if self._picture is None else self._picture.case

    def show_case(self, case_id: UUID | None) -> None:
        """Show another case, or none."""
        self._wanted = case_id
        if case_id is None:
            self._latest.drop()
            self._picture = None
            self._empty.set_words(_("在列表里选一件案件,这里显示它的内容和经过"))
            self._stack.setCurrentWidget(self._empty)
            return
        self._latest.ask(partial(read_case, self._context.desk, self._context.actor, case_id))

    def read_again(self) -> None:
        """Read the case shown again."""
        if self._wanted is not None:
            self.show_case(self._wanted)

    def case_changed(self, changes: ChangeSet) -> None:
        """Something was committed: read again if it may be this case."""
        if self._wanted is None or not changes.concerns(*CASE_TYPES):
            return
        own = changes.concerns("case_step", "photo", "decision", "reference_version", "office")
        if own or changes.bulk or self._wanted in changes.ids("case"):
            self.read_again()

    def tell_time(self) -> None:
        """A minute went by."""
        self.read_again()

    def take_key(self, key: str) -> None:
        """Take the step of a function key, or say why it cannot be taken. A case not yet read takes none."""
        if not self._is_read() or self.bar.take_key(key):
            return
        closed = self.bar.key_refusal(key)
        if closed is not None:
            title, why = closed
            self._context.notices.say(_("不能{action}:{why}").format(action=title, why=refusal_words(why)))

    def show_picture(self, picture: CasePicture) -> None:
        """Show a case as it was read."""
        other = self._picture is None or self._picture.case.id != picture.case.id
        self._picture = picture
        desk = self._context.desk
        office, calendar, workflow = desk.reference.office(), desk.reference.calendar(), desk.reference.workflow()
        self.head.show_case(picture, office, calendar)
        self.facts.show_case(picture, desk)
        self.photos.show_case(picture, office)
        has_city = picture.delivery is not None
        self.story.tell(picture.detail.steps, workflow, office, picture.now, picture.decisions, has_city=has_city)
        self.bar.show_offers(picture.detail.offers, office)
        self._stack.setCurrentWidget(self._page)
        if other:
            QTimer.singleShot(0, self._scroll, lambda: self._scroll.verticalScrollBar().setValue(0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The story stands beside the facts where there is room, else below."""
        super().resizeEvent(event)
        wide = event.size().width() >= WIDE_PX
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._body.setDirection(direction)

    # Parts -------------------------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self._empty = EmptyState("")
        self.head = CaseHead()
        self.facts = CaseFacts()
        self.photos = CasePhotos(self._context)
        self.story = CaseStory()
        self.bar = ActionBar()

    def _lay_out(self) -> None:
        left = _column(self.facts, _heading("photos_heading", _("照片")), self.photos)
        right = _column(_heading("story_heading", _("经过")), self.story)
        inside = QWidget()
        self._body = QBoxLayout(QBoxLayout.Direction.TopToBottom, inside)
        self._body.setContentsMargins(gap(4), gap(2), gap(4), gap(4))
        self._body.setSpacing(gap(5))
        self._body.addLayout(left, 3)
        self._body.addLayout(right, 2)
        self._body.addStretch(0)
        self._scroll = name(QScrollArea(), "detail_scroll", _("案件内容"))
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inside)
        self._page = QWidget()
        lines = QVBoxLayout(self._page)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(self.head)
        lines.addWidget(_line())
        lines.addWidget(self._scroll, 1)
        lines.addWidget(_line())
        lines.addWidget(self.bar)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._page)

    def _connect(self) -> None:
        self.head.full_wanted.connect(self.full_wanted)
        self.head.correct_wanted.connect(self._on_correct)
        self.head.link_wanted.connect(self._on_link)
        self.head.copy_wanted.connect(self._on_copy)
        self.head.print_wanted.connect(self._on_print)
        self.head.receipt_wanted.connect(self._on_receipt)
        self.head.trouble_wanted.connect(self._on_trouble_wanted)
        self.deciding.decided.connect(self.read_again)
        self.facts.reveal_wanted.connect(self._on_reveal)
        self.facts.linked_wanted.connect(self._on_linked)
        self.facts.elsewhere_wanted.connect(self.elsewhere_wanted)
        self.photos.added.connect(self.read_again)
        self.bar.wanted.connect(self._on_action)
        self.taking.taken.connect(self._on_taken)

    # What the person does ----------------------------------------------------------------------------------------

    def _on_action(self, offer: ActionOffer) -> None:
        if self._picture is not None and self._is_read():
            self.taking.take(self._picture.case, offer)

    def _is_read(self) -> bool:
        """What is shown is what the list stands on, so that no key ever acts on the case before."""
        return self._picture is not None and self._picture.case.id == self._wanted

    def _on_taken(self, case: Case) -> None:
        self.read_again()
        self.taken.emit(case)

    def _on_correct(self) -> None:
        if self._picture is not None:
            self.correct_wanted.emit(self._picture.case)

    def _on_trouble_wanted(self, state: RecordState) -> None:
        if self._picture is None:
            return
        if state == RecordState.CONFLICT:
            self.deciding.ask(self._picture.case.id)
        else:
            self.line_wanted.emit(state)

    def _on_print(self) -> None:
        if self._picture is not None:
            self.print_wanted.emit(self._picture.case.id)

    def _on_receipt(self) -> None:
        if self._picture is not None:
            self.receipt_wanted.emit(self._picture.case.id)

    def _on_copy(self) -> None:
        if self._picture is not None:
            QGuiApplication.clipboard().setText(self._picture.case.local_no)
            self._context.notices.say(_("已复制编号 {number}").format(number=self._picture.case.local_no))

    def _on_linked(self) -> None:
        if self._picture is not None and self._picture.linked is not None:
            self.open_wanted.emit(self._picture.linked.id)

    def _on_link(self) -> None:
        if self._picture is None:
            return
        dialog = LinkDialog(self._picture.case, self)
        dialog.number_given.connect(partial(self._link, self._picture.case, dialog))
        dialog.open()

    def _link(self, case: Case, dialog: LinkDialog, number: str) -> None:
        cases, actor = self._context.desk.cases, self._context.actor

        def link(_watch: Watch) -> Case:
            return cases.link(case.id, cases.find_number(number), actor=actor)

        self._context.tasks.write(link, done=partial(self._linked, dialog, number), failed=dialog.show_refusal)

    def _linked(self, dialog: LinkDialog, number: str, _case: Case) -> None:
        dialog.accept()
        self._context.notices.say(_("已关联 {number}").format(number=number))
        self.read_again()

    def _on_reveal(self) -> None:
        if self._picture is None:
            return
        cases, actor, case_id = self._context.desk.cases, self._context.actor, self._picture.case.id

        def reveal(_watch: Watch) -> tuple[UUID, str]:
            return case_id, "  ".join(part for part in cases.reveal_reporter(case_id, actor=actor) if part)

        self._context.tasks.write(reveal, done=self._on_revealed, failed=self._say)

    def _on_revealed(self, revealed: tuple[UUID, str]) -> None:
        case_id, words = revealed
        if self._picture is not None and self._picture.case.id == case_id:
            self.facts.reporter.reveal(words)

    def _on_trouble(self, problem: Problem) -> None:
        """The case cannot be read: what was shown goes, and why is said in its place."""
        self._picture = None
        self._empty.set_words(refusal_words(problem))
        self._stack.setCurrentWidget(self._empty)

    def _say(self, problem: Problem) -> None:
        self._context.notices.say(refusal_words(problem))


def _column(*widgets: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(gap(2))
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    return column


def _heading(object_name: str, title: str) -> QLabel:
    return set_look(name(QLabel(title), object_name, title), "title")


def _line() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFrameShadow(QFrame.Shadow.Plain)
    line.setForegroundRole(line.palette().ColorRole.Mid)
    return line
