"""A real PostgreSQL for tests: one cluster for the whole run, shared by its workers, a database for each test."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

APT = "apt-get install -y --no-install-recommends postgresql"
_PLACES = ("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt")
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "300",
    "listen_addresses": "127.0.0.1",
    "logging_collector": "off",
    "timezone": "UTC",
    "lc_messages": "C",
}


def binaries() -> Path | None:
    """The folder with initdb and pg_ctl of the newest PostgreSQL 15 or later on this machine."""
    found = shutil.which("pg_ctl")
    folders = [Path(found).resolve().parent] if found else []
    for place in _PLACES:
        folders += sorted(Path(place).glob("*/bin"), key=lambda folder: _number(folder.parent.name), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def needed() -> Path:
    """The binaries; without them the test fails in CI and is skipped elsewhere, telling how to install them."""
    found = binaries()
    if found is None:
        told = f"PostgreSQL is not installed: {APT}"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    return found


class Cluster:
    """One running cluster; `database` gives the URL of a fresh database and takes it away afterwards."""

    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, database: str) -> str:
        """As SQLAlchemy wants it."""
        return f"postgresql+psycopg:{'//'}postgres@127.0.0.1:{self.port}/{database}"

    def admin(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection that may make databases."""
        return psycopg.connect(host="127.0.0.1", port=self.port, user="postgres", dbname="postgres", autocommit=True)

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of an empty database."""
        name = f"t_{uuid4().hex}"
        with self.admin() as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield self.url(name)
        finally:
            with self.admin() as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def cluster(shared: Path) -> Iterator[Cluster]:
    """The cluster of this test run; `shared` is the folder all its workers know. The last one to leave stops it."""
    import fcntl

    shared.mkdir(parents=True, exist_ok=True)
    note, lock = shared / "postgres.json", shared / "postgres.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        told = json.loads(note.read_text()) if note.exists() else None
        if told is None:
            told = _started() | {"users": 0}
        told["users"] += 1
        note.write_text(json.dumps(told))
    try:
        yield Cluster(told["port"])
    finally:
        with lock.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            told = json.loads(note.read_text())
            told["users"] -= 1
            if told["users"] == 0:
                note.unlink()
                _run(["pg_ctl", "-D", told["folder"] + "/data", "-m", "immediate", "stop"], Path(told["binaries"]))
                shutil.rmtree(told["folder"], ignore_errors=True)
            else:
                note.write_text(json.dumps(told))


def _started() -> dict[str, str | int]:
    folder, found = Path(tempfile.mkdtemp(prefix="griddesk-pg-")), needed()
    if _is_root():
        shutil.chown(folder, "postgres", "postgres")
    folder.chmod(0o755)
    data = folder / "data"
    _run(["initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"], found)
    port = _free_port()
    words = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
    words += f" -c unix_socket_directories={folder} -p {port}"
    _run(["pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", words, "start"], found)
    return {"folder": str(folder), "port": port, "binaries": str(found)}


def as_postgres(command: list[str]) -> list[str]:
    """PostgreSQL does not run as root: the same command as the user that its package made."""
    if not _is_root():
        return command
    tool = shutil.which("runuser")
    return [tool, "-u", "postgres", "--", *command] if tool else ["su", "postgres", "-c", " ".join(command)]


def _run(command: list[str], found: Path) -> None:
    whole = as_postgres([str(found / command[0]), *command[1:]])
    done = subprocess.run(whole, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, cwd="/", timeout=120)
    assert done.returncode == 0, f"{command[0]}: {done.stderr.decode(errors='replace')[-2000:]}"


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _number(name: str) -> int:
    digits = "".join(sign for sign in name if sign.isdigit())
    return int(digits) if digits else 0
