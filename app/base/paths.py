"""Where things lie on this PC: the store and its siblings, settings and logs."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

APP_FOLDER = "griddesk"
BACKUP_SUFFIX = ".gdbackup"


@dataclass(frozen=True)
class StorePaths:
    """One store on the disk. Everything beside the database is named after its stem, so two stores share a folder.

    keys_copy: the second copy of the key slots, in a folder of its own. files: the folder of encrypted photos.
    """

    database: Path
    keys: Path
    keys_copy: Path
    files: Path
    backups: Path
    lock: Path
    attempts: Path
    settings: Path

    @classmethod
    def of(cls, path: Path | str) -> StorePaths:
        """The store at `path`: a folder (then `griddesk.db` in it) or the name of a `.db` file."""
        place = Path(path).absolute()
        database = place if place.suffix.lower() == ".db" else place / f"{APP_FOLDER}.db"
        folder, stem = database.parent, database.stem
        return cls(
            database=database,
            keys=folder / f"{stem}.keys.json",
            keys_copy=folder / f"{stem}.keys" / "copy.json",
            files=folder / f"{stem}.files",
            backups=folder / f"{stem}.backups",
            lock=folder / f"{stem}.lock",
            attempts=folder / f"{stem}.attempts.json",
            settings=folder / f"{stem}.settings.toml",
        )

    @property
    def folder(self) -> Path:
        """The folder that holds the database."""
        return self.database.parent

    @property
    def sync_lock(self) -> Path:
        """Held while somebody syncs this store, beside the window that has it open."""
        return self.folder / f"{self.database.stem}.sync.lock"


def default_store() -> Path:
    """The folder of this PC's store: the per-machine one where an installer made it writable, else the user's own."""
    import platformdirs

    shared = Path(platformdirs.site_data_path(APP_FOLDER, appauthor=False))
    if shared.is_dir() and os.access(shared, os.W_OK):
        return shared
    return Path(platformdirs.user_data_path(APP_FOLDER, appauthor=False))


_NETWORK_KINDS = (
    "nfs nfs4 cifs smb smb2 smb3 smbfs ncpfs afs coda ceph glusterfs lustre davfs beegfs fuse.sshfs fuse.glusterfs "
    "fuse.ceph fuse.rclone fuse.davfs2 fuse.gvfsd-fuse fuse.smbnetfs fuse.s3fs"
)


def network_drive(path: Path) -> str | None:
    """What kind of network drive holds `path`, or None for a local disk. The path need not exist yet.

    SQLite's locks and shared memory do not hold over a network; such a store is damaged sooner or later.
    """
    if sys.platform == "win32":
        return _windows_drive(path)
    try:
        table = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return network_mount(table, path)


def network_mount(mounts: str, path: Path) -> str | None:
    """The kind of the network file system that holds `path`, read from a table in the form of /proc/mounts."""
    real = Path(os.path.realpath(path))
    kind, depth = "", -1
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = Path(_unescaped(fields[1]))
        if real.is_relative_to(point) and len(point.parts) >= depth:
            kind, depth = fields[2], len(point.parts)
    return kind if kind.lower() in _NETWORK_KINDS.split() else None


def _unescaped(field: str) -> str:
    for code, char in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(code, char)
    return field


if sys.platform == "win32":
    import ctypes

    _DRIVE_REMOTE = 4

    def _windows_drive(path: Path) -> str | None:
        anchor = Path(os.path.realpath(path)).anchor
        if anchor.startswith("\\\\") and not anchor.startswith("\\\\?\\"):
            return "smb"
        return "smb" if ctypes.windll.kernel32.GetDriveTypeW(anchor) == _DRIVE_REMOTE else None
