"""The log: facts as JSON lines, no person in them, rotated, silent when it cannot be written."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.base import log_file
from app.base.log_file import masked, start_logging, stop_logging
from app.base.logs import ROOT, Log


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    handler = start_logging(tmp_path)
    assert handler is not None
    yield tmp_path
    stop_logging(handler)


def _lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / log_file.FILE).read_text("utf-8").splitlines()]


def test_a_fact_is_one_line_of_json(folder: Path) -> None:
    Log("sync").info("sync.pushed", accepted=12, file="一\n二")

    (line,) = _lines(folder)
    assert {name: line[name] for name in ("level", "area", "event", "accepted", "file")} == {
        "level": "info",
        "area": "sync",
        "event": "sync.pushed",
        "accepted": 12,
        "file": "一\n二",
    }
    assert str(line["at"]).endswith("+00:00")


def test_no_person_and_no_key_gets_into_the_log(folder: Path) -> None:
    key = "ab" * 32
    Log("x").info("x.y 13812345678", name="王芳", phone=13812345678, note=f"41010519900307123X {key!r} x'{key}'")
    try:
        raise ValueError("王芳 13812345678")
    except ValueError as error:
        Log("x").bug("x.failed", error, at_number=410105199003071234)

    text = (folder / log_file.FILE).read_text("utf-8")
    for secret in ("王芳", "13812345678", "41010519900307123X", "410105199003071234", f"x'{key}'"):
        assert secret not in text
    assert "test_logs.py" in text
    assert "138****5678" in text


@pytest.mark.parametrize(
    "text", ["41010520260302000123", "2026-03-02 09:30:05", "12812", "0371-66010000", "a1b2c3d4e5f6"]
)
def test_other_numbers_stay_readable(text: str) -> None:
    assert masked(text) == text


def test_the_log_is_rotated_by_size_and_ends_with_the_newest_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_file, "BYTES_PER_FILE", 2000)
    handler = start_logging(tmp_path)
    assert handler is not None
    for number in range(300):
        Log("x").info("x.y", number=number)
    stop_logging(handler)

    assert len(list(tmp_path.iterdir())) == log_file.FILES_KEPT + 1
    assert all(path.stat().st_size <= 2000 for path in tmp_path.iterdir())
    assert json.loads((tmp_path / log_file.FILE).read_text().splitlines()[-1])["number"] == 299


def test_a_place_that_cannot_be_written_means_no_log_and_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert start_logging(tmp_path / "file" / "logs") is None


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_full_disk_is_no_fault_of_the_program(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / log_file.FILE).symlink_to("/dev/full")
    handler = start_logging(tmp_path)
    assert handler is not None

    logging.getLogger(f"{ROOT}.x").info("x.y" * 9000)

    stop_logging(handler)
    assert capfd.readouterr().err == ""
