"""Care of the store: counts, checking everything, backups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.base.paths import BACKUP_SUFFIX
from app.base.watch import Watch, silent
from app.domain.catalog import RECORD_TYPES
from app.domain.permissions import Actor
from app.services.photos import BadFile, PhotoService
from app.services.reference import OFFICE_ZONE
from db import backup, cipher, events
from db.models import TABLES
from db.queries.case_lookups import totals
from db.store import Store
from db.types import from_microseconds, to_microseconds

LAST_BACKUP = "last_backup_at"
_NOTE = "INSERT INTO notes(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value"


@dataclass(frozen=True)
class CheckReport:
    """What checking everything found. bad_files: missing or damaged. audit_broken_at: the first entry out of its chain."""

    problems: tuple[str, ...]
    counts: Mapping[str, int]
    audit_broken_at: int | None
    bad_files: tuple[BadFile, ...]

    @property
    def sound(self) -> bool:
        """Nothing is wrong."""
        return not self.problems and self.audit_broken_at is None and not self.bad_files

    def told(self) -> dict[str, Any]:
        """The report as plain values."""
        return {
            "sound": self.sound,
            "integrity": list(self.problems),
            "audit_broken_at": self.audit_broken_at,
            "bad_files": [asdict(file) for file in self.bad_files],
            "counts": dict(self.counts),
        }


class CareService:
    """What a technician asks of a store."""

    def __init__(self, store: Store, photos: PhotoService, key: bytes) -> None:
        self._store = store
        self._photos = photos
        self._key = key

    def stats(self) -> dict[str, int]:
        """Records by type, changes waiting, audit entries, files, bytes."""
        with self._store.read() as reader:
            counts = {kind.name: _count(reader.connection, TABLES[kind.name].name) for kind in RECORD_TYPES}
            for name, table in (("outbox", "outbox"), ("events", "events"), ("files", "files")):
                counts[name] = _count(reader.connection, table)
            counts |= {f"case.{stage}": number for stage, number in totals(reader.connection).items()}
        counts["bytes"] = self._store.paths.database.stat().st_size
        return counts

    def check(self, *, actor: Actor, watch: Watch | None = None) -> CheckReport:
        """Read the whole file, the audit chain and every photo."""
        watch = watch or silent()
        watch.step(0, 3)
        fresh = cipher.connect(self._store.paths.database, self._key, read_only=True)
        try:
            problems = tuple(str(line) for line in cipher.quick_check(fresh))
        finally:
            fresh.close()
        watch.step(1, 3)
        with self._store.read() as reader:
            broken = events.broken_at(reader.connection)
        watch.step(2, 3)
        report = CheckReport(problems, self.stats(), broken, tuple(self._photos.verify(watch)))
        with self._store.write(actor, "store.check") as tx:
            tx.note_event("store.check", "", None, result="ok" if report.sound else "failed")
        return report

    def tidy(self) -> int:
        """Delete files a killed program left behind, a day old at least; gives how many went."""
        return self._photos.sweep()

    def back_up(self, to: Path, *, actor: Actor, watch: Watch | None = None) -> int:
        """Tidy up, write everything into one file, open it again to prove it; gives its size in bytes."""
        with self._store.write(actor, "store.backup") as tx:
            tx.note_event("store.backup", "", None)
        self.tidy()
        made = backup.back_up(self._store.paths, self._key, to, watch or silent())
        with self._store.local() as connection:
            at = str(to_microseconds(self._store.clock.now()))
            connection.exec_driver_sql(_NOTE, (LAST_BACKUP, at))
        return made

    def back_up_here(self, *, actor: Actor, watch: Watch | None = None) -> int:
        """A backup in the store's own folder of backups, named by the office's time; gives its size in bytes."""
        at = self._store.clock.now().astimezone(OFFICE_ZONE)
        file = self._store.paths.backups / f"{at:%Y%m%d-%H%M%S}{BACKUP_SUFFIX}"
        return self.back_up(file, actor=actor, watch=watch)

    def last_backup_at(self) -> datetime | None:
        """When the last backup was made here."""
        with self._store.read() as reader:
            sql = "SELECT value FROM notes WHERE name = ?"
            found = reader.connection.exec_driver_sql(sql, (LAST_BACKUP,)).scalar()
        return None if found is None else from_microseconds(int(found))


def _count(connection: Any, table: str) -> int:
    return int(connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one())
