"""A real PostgreSQL with fsync on and the city as a process of its own, for the bench of the line."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server import districts, enrolment
from server.city import City, open_city
from server.settings import CitySettings
from tests.server.postgres import as_postgres, needed
from tests.tools.sources import ROOT

DISTRICT = "410105"
OPERATOR = "测速"
_SETTINGS = {"shared_buffers": "256MB", "max_connections": "200", "listen_addresses": "127.0.0.1", "timezone": "UTC"}


@dataclass(frozen=True)
class RunningCity:
    """postgres: as psycopg wants it; url: where the city answers; process: what holds its memory."""

    postgres: str
    url: str
    data: Path
    city: City
    process: int

    def code(self) -> str:
        """A fresh one-time code of the district."""
        with self.city.database.write() as connection:
            return enrolment.new_code(connection, self.city, DISTRICT, hours=2, who=OPERATOR)

    def peak_mb(self) -> float:
        """The most resident memory the city's processes had."""
        return max(_peak(pid) for pid in (self.process, *_children(self.process)))

    def disk_mb(self) -> float:
        """What the database takes on the disk."""
        with self.city.database.read() as connection:
            found = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
        return int(found) / 1_000_000


@contextmanager
def running_city(folder: Path) -> Iterator[RunningCity]:
    """A city with one district, made for this run and thrown away."""
    with _postgres() as (port, data):
        name = f"postgresql:{'//'}postgres@127.0.0.1:{port}/postgres"
        database = name.replace("postgresql:", "postgresql+psycopg:")
        city = open_city(CitySettings(database, folder / "files"))
        with city.database.write() as connection:
            districts.add(connection, city, DISTRICT, "金水区", who=OPERATOR)
        http = _free_port()
        command = [sys.executable, "-m", "server", "serve", "--database", database, "--files", str(folder / "files")]
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        with (folder / "city.log").open("wb") as log:
            served = subprocess.Popen(
                [*command, "--port", str(http)], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        url = f"http:{'//'}127.0.0.1:{http}"
        try:
            _wait_for(url, served)
            yield RunningCity(name, url, data, city, served.pid)
        finally:
            served.terminate()
            served.wait(30)
            city.close()


@contextmanager
def _postgres() -> Iterator[tuple[int, Path]]:
    found, folder = needed(), Path(tempfile.mkdtemp(prefix="griddesk-bench-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    folder.chmod(0o755)
    data, port = folder / "data", _free_port()
    words = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
    words += f" -c unix_socket_directories={folder} -p {port}"
    _call([str(found / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"])
    _call([str(found / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", words, "start"])
    try:
        yield port, data
    finally:
        _call([str(found / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


def _call(command: list[str]) -> None:
    subprocess.run(as_postgres(command), check=True, stdout=subprocess.DEVNULL, cwd="/")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, served: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if served.poll() is not None:
            raise RuntimeError("the city ended by itself; see city.log")
        try:
            urllib.request.urlopen(f"{url}/v1/health", timeout=2).read()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the city did not answer")


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in found.read_text(encoding="ascii").split()] if found.exists() else []


def _peak(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
