"""Facts for the log: `log = Log("sync")`, then `log.info("sync.pushed", accepted=12)`. Ids, never names of persons."""

from __future__ import annotations

import logging

ROOT = "griddesk"


class Log:
    """Writes facts of one area of the program. Facts are plain values."""

    def __init__(self, area: str) -> None:
        self._logger = logging.getLogger(f"{ROOT}.{area}")

    def info(self, event: str, **facts: object) -> None:
        """Something happened as it should."""
        self._logger.info(event, extra={"facts": facts})

    def warning(self, event: str, **facts: object) -> None:
        """Somebody should look."""
        self._logger.warning(event, extra={"facts": facts})

    def bug(self, event: str, error: BaseException, **facts: object) -> None:
        """A fault of ours, with the places it passed through; its message is left out, for it may quote a person."""
        self._logger.error(event, extra={"facts": facts}, exc_info=error)
