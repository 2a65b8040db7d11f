"""Garbage of the screens is collected where the screens live."""

from __future__ import annotations

import gc
import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ui.collecting import MainThreadCollector


class Page(QObject):
    """A closed page: it holds itself in a circle and tells in which thread it was let go."""

    let_go_in: list[str]

    def __init__(self, let_go_in: list[str]) -> None:
        super().__init__()
        self.itself = self
        self.let_go_in = let_go_in

    def __del__(self) -> None:
        self.let_go_in.append(threading.current_thread().name)


def make_rubbish() -> None:
    for _round in range(gc.get_threshold()[0] * 3):
        circle: list[object] = []
        circle.append(circle)


def test_a_worker_never_lets_go_of_a_page(qtbot: QtBot) -> None:
    collector = MainThreadCollector(QObject())
    told: list[str] = []
    Page(told)

    worker = threading.Thread(target=make_rubbish)
    worker.start()
    worker.join()
    after_the_worker = list(told)
    while collector.look() >= 0:
        pass
    gc.collect()

    assert after_the_worker == []
    assert told == [threading.main_thread().name]
