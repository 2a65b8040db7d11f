"""What a technician may set for one store, in a TOML file beside it: limits of sign-in, files and backups."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.base.disk import write_atomically
from app.base.logs import Log

log = Log("settings")


class DeskSettings(BaseModel):
    """The settings of one store. What the office decides lies in the office record, what the eye sees with the screen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wrong_passwords: int = Field(default=5, ge=3, le=20, title="连续输错几次后锁定")
    lock_minutes: int = Field(default=10, ge=1, le=1440, title="锁定分钟数")
    largest_file_mb: int = Field(default=500, ge=1, le=4096, title="附件大小上限(MB)")
    backups_kept: int = Field(default=14, ge=2, le=400, title="保留的备份数")

    @classmethod
    def read(cls, file: Path) -> Self:
        """The settings in `file`. A value that makes no sense counts as not set and is noted in the log."""
        try:
            return cls._sound(file.read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            return cls()
        except (OSError, UnicodeDecodeError) as error:
            log.warning("settings.unreadable", error=str(error))
            return cls()

    @classmethod
    def _sound(cls, text: str) -> Self:
        import tomllib

        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            log.warning("settings.unreadable", error=str(error))
            return cls()
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            wrong = {str(fault["loc"][0]) for fault in error.errors()}
            log.warning("settings.wrong", fields=sorted(wrong))
            return cls.model_validate({name: value for name, value in values.items() if name not in wrong})

    def write(self, file: Path) -> None:
        """Keep the settings, each under its title. Raises Unavailable."""
        lines = [f"# {info.title}\n{name} = {getattr(self, name)}\n" for name, info in type(self).model_fields.items()]
        write_atomically(file, "\n".join(lines).encode())
