"""Lines that go wrong in one exact way, around one that is right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.domain.problems import Unavailable
from app.sync.line import CityLine
from app.wire.sync import PullReply, PullRequest, PushReply, PushRequest


class Around:
    """Hands every question on; counts pushes and pulls."""

    def __init__(self, line: CityLine) -> None:
        self.line = line
        self.pushed: list[PushRequest] = []
        self.pulled: list[PullRequest] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.line, name)

    def push(self, request: PushRequest) -> PushReply:
        self.pushed.append(request)
        return self.line.push(request)

    def pull(self, request: PullRequest) -> PullReply:
        self.pulled.append(request)
        return self.line.pull(request)


class LosesAnswers(Around):
    """The city did it, the answer of the first push does not arrive."""

    lost = False

    def push(self, request: PushRequest) -> PushReply:
        reply = super().push(request)
        if not self.lost:
            self.lost = True
            raise Unavailable("sync.offline", reason="test")
        return reply


class Changes(Around):
    """Answers of pulls pass through a function first."""

    def __init__(self, line: CityLine, change: Callable[[PullReply], PullReply]) -> None:
        super().__init__(line)
        self._change = change

    def pull(self, request: PullRequest) -> PullReply:
        return self._change(super().pull(request))
