"""Takes one large file into a store and tells how much memory that took at most: FOLDER FILE."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from app.base.clock import SystemClock
from app.base.paths import StorePaths
from app.desk import open_desk
from app.gate import Gate
from tests.builders import PASSWORD, a_picture


def peak_mb() -> float:
    """The most memory this process held so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    paths, clock = StorePaths.of(Path(sys.argv[1])), SystemClock()
    desk = open_desk(Gate(paths, clock).enter("zhangmin", PASSWORD).key, paths, clock)
    desk.photos.take_in(a_picture(), "small.jpg")
    before = peak_mb()
    taken = desk.photos.take_in(Path(sys.argv[2]))
    print(taken.sha256, taken.size, round(peak_mb() - before, 1), taken.warning)
    desk.close()
