"""The one door for people: makes .venv from the hashed lock, then runs the program, the tests and the tools.

Standard library only, and plain enough that a Python too old for the program can still say so in words.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Callable, NamedTuple, Sequence  # noqa: UP035 - an older Python has to read this far

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements" / "dev.lock"
STAMP = VENV / "installed-lock.sha256"
WINDOWS = os.name == "nt"
OLDEST, NEWEST = (3, 11), (3, 13)

QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}
QT_WINDOW_LIBRARIES = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libX11-xcb.so.1": "libx11-xcb1",
}


CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
OLDEST_POSTGRES = 15


class CannotGoOn(Exception):
    """Something a person has to do first; its text says what."""


# --- the environment -------------------------------------------------------------------------------------------------


def child_environment(*, offscreen: bool = False) -> dict[str, str]:
    """The environment of everything started here; bytecode is kept, since start-up takes twice as long without."""
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if offscreen:
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    return environment


def call(command: Sequence[str], *, offscreen: bool = False) -> int:
    """Exit code of `command`, run in the project's folder."""
    return subprocess.call(list(command), cwd=ROOT, env=child_environment(offscreen=offscreen))


def in_venv(name: str) -> str:
    """Path of a program of .venv, whether it is there or not."""
    return str(VENV / "Scripts" / (name + ".exe") if WINDOWS else VENV / "bin" / name)


def version_of(python: str) -> tuple[int, int] | None:
    """Version of a Python program, or None when it does not run."""
    question = "import sys; print(sys.version_info[0], sys.version_info[1])"
    try:
        answer = subprocess.run([python, "-c", question], capture_output=True, text=True, check=False)
    except OSError:
        return None
    words = answer.stdout.split()
    return (int(words[0]), int(words[1])) if answer.returncode == 0 and len(words) == 2 else None


def suits(python: str) -> bool:
    """Whether GridDesk runs on this Python."""
    version = version_of(python)
    return version is not None and OLDEST <= version <= NEWEST


def find_python() -> str:
    """A Python that suits: the running one, else one on the PATH."""
    names = ["python3.11", "python3.12", "python3.13", "python3", "python"]
    for python in [sys.executable, *filter(None, map(shutil.which, names))]:
        if suits(python):
            return python
    running = ".".join(map(str, sys.version_info[:2]))
    raise CannotGoOn(
        f"GridDesk needs Python 3.11, 3.12 or 3.13; this is {running} and no other was found on the PATH.\n"
        "Install one of them (Debian: apt-get install python3 python3-venv) and start dev.py with it."
    )


def install_debian(packages: Sequence[str]) -> None:
    """The Debian packages installed, where this account may; otherwise the exact command is said."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if shutil.which("apt-get") is None:
        raise CannotGoOn("This system lacks what these Debian packages hold, install their like: " + " ".join(packages))
    prefix: list[str] = []
    if os.geteuid() != 0:
        prefix = ["sudo", "-n"]
        if shutil.which("sudo") is None or subprocess.call([*prefix, "true"], stderr=subprocess.DEVNULL) != 0:
            raise CannotGoOn("Please run this once, then try again:\n  sudo " + " ".join(command))
    print("dev.py: installing", *packages, flush=True)
    subprocess.call([*prefix, "apt-get", "update", "-q"], stdout=subprocess.DEVNULL)
    if subprocess.call([*prefix, *command], stdout=subprocess.DEVNULL) != 0:
        raise CannotGoOn("apt-get could not install them; run this and read what it says:\n  " + " ".join(command))


def has_library(name: str) -> bool:
    """Whether the system can load a shared library."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def has_display() -> bool:
    """Whether a window can be shown here."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def prepare_system() -> None:
    """The libraries Qt needs are there (Linux; elsewhere the wheels bring all)."""
    if not sys.platform.startswith("linux"):
        return
    wanted = {**QT_LIBRARIES, **QT_WINDOW_LIBRARIES} if os.environ.get("DISPLAY") else QT_LIBRARIES
    missing = [package for library, package in wanted.items() if not has_library(library)]
    if missing:
        install_debian(missing)


def has_postgres() -> bool:
    """Whether a PostgreSQL that the city's tests can start is here."""
    found = [path.parent.parent.name for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return bool(shutil.which("initdb")) or any(name.isdigit() and int(name) >= OLDEST_POSTGRES for name in found)


def prepare_tests() -> None:
    """The city's tests speak to a real PostgreSQL and look through a real browser (Linux)."""
    if not sys.platform.startswith("linux"):
        return
    missing = [] if has_postgres() else ["postgresql"]
    if not any(shutil.which(name) for name in CHROMIUM) or shutil.which("chromedriver") is None:
        missing += ["chromium", "chromium-driver"]
    try:
        if missing:
            install_debian(missing)
    except CannotGoOn as stop:
        # Without them the tests that need them are skipped, saying so; where everything is proved nothing is skipped.
        if os.environ.get("CI"):
            raise
        print(f"dev.py: {stop}", flush=True)


def make_venv() -> None:
    """An empty .venv on a Python that suits."""
    python = find_python()
    if subprocess.call([python, "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL) != 0:
        version = version_of(python) or OLDEST
        install_debian(["python3-venv", f"python{version[0]}.{version[1]}-venv"])
    print(f"dev.py: making .venv with {python}", flush=True)
    if call([python, "-m", "venv", "--clear", str(VENV)]) != 0:
        raise CannotGoOn("The virtual environment could not be made; see above.")


def prepare() -> None:
    """.venv holds exactly what requirements/dev.lock says; quick when it already does."""
    prepare_system()
    if not suits(in_venv("python")):
        make_venv()
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text(encoding="ascii") == wanted:
        return
    print("dev.py: installing what requirements/dev.lock names", flush=True)
    pip = [in_venv("python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if call([*pip, "--require-hashes", "-r", str(LOCK)]) != 0:
        raise CannotGoOn("pip could not install the locked packages; see above. Is the package index reachable?")
    STAMP.write_text(wanted, encoding="ascii")


# --- the commands ----------------------------------------------------------------------------------------------------


def module(name: str, rest: Sequence[str], *, offscreen: bool = False) -> int:
    """Exit code of `python -m name` in .venv."""
    return call([in_venv("python"), "-m", name, *rest], offscreen=offscreen)


def run(rest: Sequence[str]) -> int:
    if has_display() or "QT_QPA_PLATFORM" in os.environ:
        return module("ui", rest)
    print("dev.py: there is no display here, so the tour walks through the program instead", flush=True)
    return tour([])


def tour(rest: Sequence[str]) -> int:
    target = [] if any(word.split("=")[0] == "--out" for word in rest) else ["--out", str(ROOT / ".tour")]
    code = module("ui.tour", [*target, *rest], offscreen=True)
    if code == 0 and target:
        print(f"dev.py: the pictures are in {target[1]}", flush=True)
    return code


def city(rest: Sequence[str]) -> int:
    folder = [] if any(word.split("=")[0] == "--folder" for word in rest) else ["--folder", str(ROOT / ".city")]
    return module("server", ["trial", *folder, *rest])


def test(rest: Sequence[str]) -> int:
    said = any(word.startswith(("-n", "--numprocesses", "--pdb")) or word == "no:xdist" for word in rest)
    return module("pytest", rest if said else ["-n", "2", *rest], offscreen=True)


def check(rest: Sequence[str]) -> int:
    python = in_venv("python")
    steps = {
        "ruff check": [python, "-m", "ruff", "check", "--quiet", "."],
        "ruff format": [python, "-m", "ruff", "format", "--check", "--quiet", "."],
        "mypy": [python, "-m", "mypy"],
        "import contracts": [in_venv("lint-imports"), "--no-logo"],
    }
    failed = []
    for name, command in steps.items():
        print(f"dev.py: {name}", flush=True)
        if call(command) != 0:
            failed.append(name)
            print(f"dev.py: {name} FAILED", flush=True)
    print(f"dev.py: tests{'; already failed: ' + ', '.join(failed) if failed else ''}", flush=True)
    return test(rest) or (1 if failed else 0)


def soak(rest: Sequence[str]) -> int:
    """Kills, and random histories of desks and a city, with one seed that is printed and kept."""
    chosen = os.environ.setdefault("GRIDDESK_SEED", str(random.SystemRandom().getrandbits(32)))
    os.environ.setdefault("GRIDDESK_KILLS", "200")
    os.environ.setdefault("GRIDDESK_SOAK", "1800")
    print(f"dev.py: GRIDDESK_SEED={chosen}", flush=True)
    (ROOT / ".soak").mkdir(exist_ok=True)
    with (ROOT / ".soak" / "seeds").open("a", encoding="utf-8") as file:
        file.write(f"{chosen}\n")
    tests = ["tests/services/test_kill.py", "tests/sync/test_kill.py", "tests/sync/test_machine.py"]
    return module("pytest", ["-p", "no:xdist", "--timeout", "36000", *tests, *rest], offscreen=True)


def bench(rest: Sequence[str]) -> int:
    return module("tests.bench", rest, offscreen=True)


def translations(rest: Sequence[str]) -> int:
    return module("tests.tools.translations", rest)


def migration(rest: Sequence[str]) -> int:
    return module("db.migrations.make", rest)


def setup(rest: Sequence[str]) -> int:
    if rest:
        raise CannotGoOn("setup takes nothing more")
    print(f"dev.py: ready, {in_venv('python')}")
    return 0


def lock(rest: Sequence[str]) -> int:
    with tempfile.TemporaryDirectory() as place:
        uv = Path(place) / ("Scripts/uv.exe" if WINDOWS else "bin/uv")
        if call([find_python(), "-m", "venv", place]) != 0:
            raise CannotGoOn("A throwaway environment for uv could not be made; see above.")
        if call([str(uv.with_name("python" + uv.suffix)), "-m", "pip", "install", "--quiet", "uv>=0.13,<1"]) != 0:
            raise CannotGoOn("uv could not be installed; see above.")
        for extra in ("desktop", "server", "dev"):
            target = ROOT / "requirements" / f"{extra}.lock"
            compile_ = [str(uv), "pip", "compile", "--no-config", "--quiet", "--universal", "--python-version", "3.11"]
            compile_ += ["--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-header"]
            compile_ += ["--no-annotate", "--extra", extra, *rest, "pyproject.toml", "-o", str(target)]
            if call(compile_) != 0:
                raise CannotGoOn(f"{target.name} could not be made; see above.")
            if "://" in target.read_text(encoding="utf-8"):
                raise CannotGoOn(f"{target.name} holds an address; a lock names packages and hashes only.")
    print("dev.py: the locks in requirements are up to date")
    return 0


class Command(NamedTuple):
    """One word after dev.py."""

    does: Callable[[Sequence[str]], int]
    line: str
    needs_venv: bool = True
    needs_database: bool = False


COMMANDS = {
    "setup": Command(setup, "make .venv and install the locked packages, nothing more"),
    "run": Command(run, "open the program (without a display: the tour)"),
    "tour": Command(tour, "walk through the main job offscreen and save a picture of every step in .tour"),
    "city": Command(city, "a city for one bureau or a trial, on this machine, in .city; prints operator and code"),
    "test": Command(test, "run the tests; anything more is handed to pytest", needs_database=True),
    "check": Command(check, "everything that must hold: style, types, import contracts, tests", needs_database=True),
    "soak": Command(
        soak, "200 kills and an hour of random syncing (GRIDDESK_KILLS, GRIDDESK_SOAK seconds, GRIDDESK_SEED)"
    ),
    "bench": Command(bench, "measure speed and memory beside their baselines"),
    "lock": Command(lock, "write requirements/*.lock anew from pyproject.toml (--upgrade: newest versions)", False),
    "translations": Command(translations, "collect the words of the screens and compile the English catalogue"),
    "migration": Command(migration, 'write a new migration from the tables as they are now: migration "NAME"'),
}


def main() -> int:
    """Exit code of one command of a person."""
    lines = "\n".join(f"  {name:13} {command.line}" for name, command in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="dev.py",
        description="The one door to GridDesk for people who build it.",
        epilog="commands:\n" + lines,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS, metavar="command", help="one of the commands below")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="handed on to what the command starts")
    told = parser.parse_args()
    command = COMMANDS[told.command]
    try:
        if command.needs_venv:
            prepare()
        if command.needs_database:
            prepare_tests()
        return command.does(told.rest)
    except CannotGoOn as problem:
        print(f"dev.py: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
