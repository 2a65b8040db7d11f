"""A desk that syncs and waits to be killed: `python -m tests.sync.kill_child FOLDER KEY MACHINE DEED POINT`.

It tells every named point it comes to; at the one named POINT it waits for its end. With POINT "" it works on and on.
"""

from __future__ import annotations

import os
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path

from app.base.clock import SystemClock
from app.base.paths import StorePaths
from app.desk import Desk, open_desk
from app.domain.cases import PhotoPhase
from app.domain.decisions import Verdict
from app.domain.directory import Road
from app.sync.city import CityClient
from app.sync.service import Parts, SyncService
from db.blobs import BlobStore
from tests.builders import a_draft, a_picture
from tests.desks import first_actor


def tell(*words: object) -> None:
    """One line for the parent, out before anything else happens."""
    os.write(sys.stdout.fileno(), (" ".join(map(str, words)) + "\n").encode())


class Child:
    """A desk put together as the program does it, with its named points announced."""

    def __init__(self, folder: Path, key: bytes, machine: str, point: str) -> None:
        self.desk: Desk = open_desk(key, StorePaths.of(folder), SystemClock())
        self.actor = first_actor(self.desk)
        self._point = point
        parts = Parts(CityClient, lambda: secrets.token_bytes(32), lambda: machine, self._reach)
        blobs = BlobStore(self.desk.paths.files, key)
        desk = self.desk
        self.service = SyncService(desk.store, blobs, desk.reference, desk.accounts, desk.care, parts)

    def _reach(self, point: str) -> None:
        tell("point", point)
        if point == self._point:
            time.sleep(3600)

    def sync(self) -> None:
        """One run."""
        report = self.service.run()
        tell("sync", report.finished, report.problem_code or "-")

    def fetch(self) -> None:
        """The original of every photo another desk sent."""
        self.service.run()
        with self.desk.store.read() as reader:
            wanted = reader.connection.exec_driver_sql("SELECT sha256 FROM remote_files WHERE state <> 'here'")
            hashes = list(wanted.scalars())
        for sha256 in hashes:
            self.service.fetch_original(sha256)
            tell("fetched", sha256)

    def decide(self) -> None:
        """Close the one conflict there is."""
        (line,) = self.service.troubles()
        self.service.decide(line.record_id, Verdict.MINE, {}, "以本单位为准", actor=self.actor)
        tell("decided", line.record_id)

    def work(self) -> None:
        """Report, change, photograph, sync, until the end comes."""
        for number in range(100_000):
            case = self.desk.cases.report(a_draft(description=f"第{number}件"), actor=self.actor)
            tell("case", case.id)
            self.desk.directory.save(Road, {"name": f"新路{number}-{case.id.hex[-6:]}"}, actor=self.actor)
            if number % 3 == 0:
                taken = self.desk.photos.take_in(a_picture(str(case.id)), "现场.jpg")
                self.desk.photos.attach(case.id, [taken], PhotoPhase.BEFORE, actor=self.actor)
                tell("photo", taken.sha256)
            self.sync()


if __name__ == "__main__":
    folder, key, machine, deed, point = sys.argv[1:]
    child = Child(Path(folder), bytes.fromhex(key), machine, point)
    tell("ready")
    deeds: dict[str, Callable[[], None]] = {
        "sync": child.sync,
        "fetch": child.fetch,
        "decide": child.decide,
        "work": child.work,
    }
    deeds[deed]()
    child.desk.close()
