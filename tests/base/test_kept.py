"""What a service keeps in memory is never older than what it was told last."""

from __future__ import annotations

from collections.abc import Callable

from app.base.kept import Kept


def test_what_was_read_is_kept_until_it_is_forgotten() -> None:
    read: list[int] = []

    def next_one() -> int:
        read.append(len(read))
        return len(read)

    kept = Kept(next_one)
    assert [kept.get(), kept.get()] == [1, 1]
    kept.forget()
    assert [kept.get(), kept.get()] == [2, 2]


def test_a_reading_that_was_overtaken_by_a_change_is_not_kept() -> None:
    office = ["before"]
    between: list[Callable[[], None]] = []

    def read() -> str:
        seen = office[0]
        for happen in between:
            happen()
        return seen

    kept = Kept(read)

    def change_while_reading() -> None:
        office[0] = "after"
        kept.forget()
        between.clear()

    between.append(change_while_reading)
    assert kept.get() == "before"  # who asked before the change may hear of before
    assert kept.get() == "after"


def test_a_value_that_is_nothing_is_kept_as_well() -> None:
    read: list[None] = []
    kept: Kept[None] = Kept(lambda: read.append(None))
    assert (kept.get(), kept.get(), len(read)) == (None, None, 1)
