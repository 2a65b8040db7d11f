"""Named places where a test may stop, fail or kill the program; in the program itself they do nothing."""

from __future__ import annotations

from collections.abc import Callable

POINTS = (
    "before_push",
    "after_send",
    "before_settle",
    "after_settle",
    "before_pull",
    "after_pull",
    "before_cursor_commit",
    "after_cursor_commit",
    "before_snapshot_page",
    "after_snapshot_page",
    "before_file_piece",
    "after_file_piece",
    "before_file_done",
    "after_file_fetched",
    "before_compare",
    "before_renew",
    "after_renew",
    "before_decide_commit",
)

Reach = Callable[[str], None]


def nothing(_point: str) -> None:
    """Go on."""
