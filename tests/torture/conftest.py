"""Places where things go wrong for real: a disk that is nearly full, a folder that cannot be written."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.base import disk
from app.base.clock import FixedClock
from app.desk import Desk
from tests.desks import fill_lists, make_desk

MB = 1024 * 1024
ENDLESS_PAGES = 1_073_741_823


class SmallDisk:
    """A disk of a few megabytes; `fill` leaves as many bytes free as said, `free` gives everything back."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._ballast = place / "ballast"

    def fill(self, leave: int = 0) -> None:
        """Somebody else's file takes the rest of the disk."""
        self.free()
        room = os.statvfs(self.place)
        with self._ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, room.f_bavail * room.f_frsize - leave))

    def free(self) -> None:
        """That file is gone again."""
        self._ballast.unlink(missing_ok=True)

    def remount(self, options: str) -> None:
        """Mount it anew, for example read-only."""
        command = ["mount", "-o", f"remount,{options}", str(self.place)]
        subprocess.run(command, check=True, capture_output=True)

    def files(self) -> set[str]:
        """Everything that lies on it, the ballast left out."""
        found = (path for path in self.place.rglob("*") if path.is_file() and path != self._ballast)
        return {str(path.relative_to(self.place)) for path in found}


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallDisk]:
    """A real disk of 24 MB that fills up. Needs the right to mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    if not _mounted(place):
        pytest.skip("mounting a small disk needs root; the last test of test_disk_full.py covers saving everywhere")
    monkeypatch.setattr(disk, "SPARE_BYTES", MB)
    yield SmallDisk(place)
    subprocess.run(["umount", "--lazy", str(place)], check=True, capture_output=True)


@pytest.fixture
def small_desk(small_disk: SmallDisk, clock: FixedClock) -> Iterator[Desk]:
    """An office whose store lies on the small disk."""
    made = make_desk(small_disk.place / "store", clock)
    fill_lists(made)
    yield made
    small_disk.free()
    made.close()


@pytest.fixture
def no_growth(desk: Desk) -> Callable[[bool], None]:
    """Makes the database of the desk refuse to grow by a page (True), as on a full disk, or lets it grow (False)."""

    def limit(on: bool) -> None:
        with desk.store.local() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {1 if on else ENDLESS_PAGES}")

    return limit


def _mounted(place: Path) -> bool:
    if os.name == "nt" or os.geteuid() != 0:
        return False
    command = ["mount", "-t", "tmpfs", "-o", "size=24m", "griddesk-test", str(place)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
