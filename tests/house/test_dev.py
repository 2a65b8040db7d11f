"""The door for people says what it does and refuses in words."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import dev


def test_help_says_one_line_about_each_command() -> None:
    told = subprocess.run(
        [sys.executable, "dev.py", "--help"], cwd=dev.ROOT, capture_output=True, text=True, check=True
    )

    lines = [line.split(maxsplit=1) for line in told.stdout.splitlines() if line.startswith("  ")]
    said = {line[0]: line[1] for line in lines if len(line) == 2}
    assert {name: said.get(name) for name in dev.COMMANDS} == {name: one.line for name, one in dev.COMMANDS.items()}


def test_another_python_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "version_of", lambda _python: (3, 14))

    with pytest.raises(dev.CannotGoOn, match=r"needs Python 3\.11, 3\.12 or 3\.13"):
        dev.find_python()


def test_the_first_python_that_suits_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"bin/{name}")
    monkeypatch.setattr(dev, "version_of", lambda python: (3, 12) if python.endswith("3.12") else (3, 9))

    assert dev.find_python() == "bin/python3.12"


def test_a_person_who_may_not_install_is_told_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: "apt-get" if name == "apt-get" else None)

    with pytest.raises(dev.CannotGoOn, match="sudo apt-get install -y --no-install-recommends libegl1 libgl1"):
        dev.install_debian(["libegl1", "libgl1"])


def test_a_machine_without_a_database_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(dev, "has_postgres", lambda: False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: "apt-get" if name == "apt-get" else None)
    monkeypatch.delenv("CI", raising=False)
    dev.prepare_tests()

    assert "apt-get install -y --no-install-recommends postgresql chromium chromium-driver" in capsys.readouterr().out
    monkeypatch.setenv("CI", "1")
    with pytest.raises(dev.CannotGoOn, match="postgresql"):
        dev.prepare_tests()


def test_programs_are_started_with_their_bytecode_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)

    environment = dev.child_environment(offscreen=True)

    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert environment["QT_QPA_PLATFORM"] == "offscreen"


class Calls(list[Sequence[str]]):
    """Stands for `dev.call`: remembers what was to be started, and says it went well."""

    def __call__(self, command: Sequence[str], **_how: object) -> int:
        self.append(command)
        return 0


def test_without_a_display_run_shows_the_tour(monkeypatch: pytest.MonkeyPatch) -> None:
    started = Calls()
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setattr(dev, "has_display", lambda: False)
    monkeypatch.setattr(dev, "call", started)

    assert dev.run([]) == 0
    assert started[0][1:] == ["-m", "ui.tour", "--out", str(dev.ROOT / ".tour")]


def test_a_venv_that_matches_the_lock_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock, stamp = tmp_path / "dev.lock", tmp_path / "stamp"
    lock.write_text("anything", encoding="ascii")
    monkeypatch.setattr(dev, "LOCK", lock)
    monkeypatch.setattr(dev, "STAMP", stamp)
    monkeypatch.setattr(dev, "prepare_system", lambda: None)
    monkeypatch.setattr(dev, "suits", lambda _python: True)
    calls = Calls()
    monkeypatch.setattr(dev, "call", calls)

    dev.prepare()
    dev.prepare()
    lock.write_text("something newer", encoding="ascii")
    dev.prepare()

    assert len(calls) == 2
