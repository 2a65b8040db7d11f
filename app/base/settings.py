"""What a technician may set for one store, in a TOML file beside it: limits of sign-in, files and backups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

from app.base.disk import write_atomically
from app.base.logs import Log
from app.base.words import N_

log = Log("settings")


@dataclass(frozen=True)
class DeskSettings:
    """The settings of one store. The office's own choices lie in the office record, what the eye sees with the screen."""

    wrong_passwords: int = 5
    lock_minutes: int = 10
    largest_file_mb: int = 500
    backups_kept: int = 14

    @classmethod
    def read(cls, file: Path) -> Self:
        """The settings in `file`. A value that makes no sense counts as not set and is noted in the log."""
        try:
            text = file.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            return cls()
        except (OSError, UnicodeDecodeError) as error:
            log.warning("settings.unreadable", error=str(error))
            return cls()
        return cls(**_sound(text))

    def write(self, file: Path) -> None:
        """Keep the settings, each under its title. Raises Unavailable."""
        lines = [f"# {LIMITS[one.name].title}\n{one.name} = {getattr(self, one.name)}\n" for one in fields(self)]
        write_atomically(file, "\n".join(lines).encode())


@dataclass(frozen=True)
class Limit:
    """What a setting is called and what it may be, both ends included."""

    title: str
    least: int
    most: int


LIMITS: Mapping[str, Limit] = {
    "wrong_passwords": Limit(N_("连续输错几次后锁定"), 3, 20),
    "lock_minutes": Limit(N_("锁定分钟数"), 1, 1440),
    "largest_file_mb": Limit(N_("附件大小上限(MB)"), 1, 4096),
    "backups_kept": Limit(N_("保留的备份数"), 2, 400),
}


def _sound(text: str) -> dict[str, int]:
    import tomllib

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        log.warning("settings.unreadable", error=str(error))
        return {}
    wrong = sorted(name for name, value in values.items() if not _fits(name, value))
    if wrong:
        log.warning("settings.wrong", fields=wrong)
    return {name: value for name, value in values.items() if name not in wrong}


def _fits(name: str, value: Any) -> bool:
    limit = LIMITS.get(name)
    return limit is not None and type(value) is int and limit.least <= value <= limit.most
