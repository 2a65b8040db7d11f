"""Keeps the half-typed form: soon after the last letter, at every change of field, and once more before closing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from app.base.watch import Watch
from app.domain.problems import Problem
from ui.pages.context import PageContext

CASE_FORM = "case_entry"
REST_MS = 400


class DraftKeeper(QObject):
    """One draft of one form. `kept` carries the instant it was safe, `failed` the problem that kept it from being so."""

    kept = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        context: PageContext,
        body: Callable[[], dict[str, Any]],
        parent: QObject | None = None,
        *,
        form: str = CASE_FORM,
    ) -> None:
        """body: everything typed, as plain JSON; an empty one needs no keeping. form: under which its drafts are found."""
        super().__init__(parent)
        self._form = form
        self._context = context
        self._body = body
        self.draft_id: UUID | None = None
        self._dirty = False
        self._writes = 0
        self._held = False
        self._serial = 0
        self._lock = threading.Lock()
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.keep_soon)

    def begin(self, draft_id: UUID | None = None) -> None:
        """Start with a fresh draft, or go on with one; nothing is unsaved."""
        self._rest.stop()
        self._held = False
        self._dirty = False
        self.draft_id = draft_id

    def touch(self) -> None:
        """Something was typed."""
        self._dirty = True
        if not self._held:
            self._rest.start()

    def hold(self) -> None:
        """Keep what is typed, then nothing more until `release` or `begin`: the case itself is being saved."""
        self._write()
        self._held = True

    def release(self) -> None:
        """The case was not saved; the draft is all there is."""
        self._held = False
        self.touch()

    def keep_soon(self) -> None:
        """Keep what is typed beside the screen, unless nothing changed; while one write runs, the next one waits."""
        if not self._writes and not self._held:
            self._write()

    def _write(self) -> None:
        self._rest.stop()
        body = self._next_body() if self._dirty else None
        if body is None:
            return
        draft_id, drafts, actor = self.draft_id, self._context.desk.drafts, self._context.actor

        self._serial += 1
        serial = self._serial

        def job(_watch: Watch) -> None:
            with self._lock:
                if serial == self._serial:
                    drafts.save(self._form, body, actor=actor, draft_id=draft_id)

        self._writes += 1
        self._context.tasks.write(job, done=self._on_kept, failed=self._on_failed)

    def keep_now(self) -> bool:
        """Keep what is typed before this returns; False when the disk refused, told by `failed`."""
        self._rest.stop()
        # Words in a save that still waits for its turn are not kept yet either.
        waiting = self._dirty or (self._writes > 0 and not self._held)
        body = self._next_body() if waiting else None
        if body is None:
            return True
        try:
            with self._lock:
                # A save that still waits for its turn holds older words and must not come after this one.
                self._serial += 1
                self._context.desk.drafts.save(self._form, body, actor=self._context.actor, draft_id=self.draft_id)
        except Problem as problem:
            self._say_failed(problem)
            return False
        self.kept.emit(self._context.desk.clock.now())
        return True

    def discard(self) -> None:
        """Throw the draft away."""
        draft_id, self.draft_id = self.draft_id, None
        self._rest.stop()
        self._dirty = False
        if draft_id is not None:
            drafts, actor = self._context.desk.drafts, self._context.actor
            self._context.tasks.write(lambda _watch: drafts.discard(draft_id, actor=actor))

    def _next_body(self) -> dict[str, Any] | None:
        body = self._body()
        if not body:
            self.discard()
            return None
        if self.draft_id is None:
            self.draft_id = self._context.desk.store.ids.new()
        self._dirty = False
        return body

    def _on_kept(self, _nothing: object) -> None:
        self._writes -= 1
        now: datetime = self._context.desk.clock.now()
        self.kept.emit(now)
        self.keep_soon()

    def _on_failed(self, problem: Problem) -> None:
        self._writes -= 1
        self._say_failed(problem)

    def _say_failed(self, problem: Problem) -> None:
        self._dirty = True
        self.failed.emit(problem)
