"""The technician's settings: read, written whole, and a wrong value never keeps anybody out."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.base.settings import DeskSettings


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert DeskSettings.read(tmp_path / "a.toml") == DeskSettings()


def test_what_is_written_is_read(tmp_path: Path) -> None:
    file, settings = tmp_path / "conf" / "a.toml", DeskSettings(lock_minutes=30, largest_file_mb=200)

    settings.write(file)

    assert DeskSettings.read(file) == settings
    assert "# 锁定分钟数" in file.read_text("utf-8")
    assert [path.name for path in file.parent.iterdir()] == ["a.toml"]


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("lock_minutes = 0\nbackups_kept = 30", "settings.wrong"),
        ('lock_minutes = "x"\nbackups_kept = 30', "settings.wrong"),
        ("unheard_of = 1\nbackups_kept = 30", "settings.wrong"),
    ],
)
def test_a_wrong_value_is_left_out_and_noted(
    tmp_path: Path, text: str, event: str, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "a.toml"
    file.write_text(text, "utf-8")

    assert DeskSettings.read(file) == DeskSettings(backups_kept=30)
    assert [record.message for record in caplog.records] == [event]


def test_a_file_that_is_no_toml_counts_as_empty_and_is_noted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "a.toml"
    file.write_text("lock_minutes = = 5", "utf-8")

    assert DeskSettings.read(file) == DeskSettings()
    assert [record.message for record in caplog.records] == ["settings.unreadable"]
