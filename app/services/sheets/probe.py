"""Reads a binary workbook in a process of its own first: a damaged .xls can abort calamine and the program with it.

A damaged length field makes calamine 0.37 ask for more memory than there is, which ends the process. Zipped XML is
measured instead (`packing`), for .xls, .xlsb and .ods the child is the measure.
"""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
import time
from pathlib import Path

import python_calamine

from app.base.watch import Cancelled, Watch
from app.domain.problems import Refused
from app.services.sheets.kinds import file_kind

TIMEOUT_S = 120
CHILD_MEMORY_BYTES = 3 * 1024**3
READABLE, DAMAGED, LOCKED = 0, 10, 11


def check_by_reading(path: Path, watch: Watch) -> None:
    """Refuse a workbook that calamine cannot read, cannot unlock or does not survive."""
    process = multiprocessing.get_context("spawn").Process(target=read_everything, args=(str(path),), daemon=True)
    process.start()
    give_up = time.monotonic() + TIMEOUT_S
    try:
        while process.is_alive():
            process.join(0.1)
            watch.check()
            if time.monotonic() > give_up:
                raise Refused("sheet.reader_timeout", file=path.name, seconds=TIMEOUT_S)
    except (Cancelled, Refused):
        process.kill()
        process.join()
        raise
    if process.exitcode == LOCKED:
        raise Refused("sheet.password", file=path.name)
    if process.exitcode != READABLE:
        raise Refused("sheet.damaged", file=path.name)


def read_everything(path: str) -> None:
    """The child's whole work; ends the child with READABLE, DAMAGED or LOCKED, or dies of the file."""
    _be_small_and_quiet()
    try:
        with open_calamine(Path(path)) as workbook:
            for name in workbook.sheet_names:
                _measure(workbook.get_sheet_by_name(name))
    except python_calamine.PasswordError:
        raise SystemExit(LOCKED) from None
    except (python_calamine.CalamineError, OSError, ValueError, MemoryError):
        raise SystemExit(DAMAGED) from None
    raise SystemExit(READABLE)


def open_calamine(path: Path) -> python_calamine.CalamineWorkbook:
    """The workbook by its content; calamine goes by the name where it is given one, so only a telling name is given."""
    if path.suffix == f".{file_kind(path)}":
        return python_calamine.CalamineWorkbook.from_path(path)
    with path.open("rb") as file:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.read()))


def _measure(sheet: python_calamine.CalamineSheet) -> None:
    """Ask for what the parent will ask for; the first row is enough to prove that cells convert."""
    _ = sheet.merged_cell_ranges
    if sheet.start is not None:
        next(iter(sheet.iter_rows()), None)


def _be_small_and_quiet() -> None:
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        import resource
    except ImportError:  # Windows: a request for too much memory fails there by itself
        return
    resource.setrlimit(resource.RLIMIT_AS, (CHILD_MEMORY_BYTES, CHILD_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
