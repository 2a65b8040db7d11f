"""Tables kept as text: commas, tabs, semicolons or bars between cells, in the encodings Chinese offices use."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.base.watch import Watch
from app.domain.problems import Refused
from app.services.sheets.books import Book, Grid
from app.services.sheets.cells import Cell

DELIMITERS = (",", "\t", ";", "|")
SAMPLE_CHARACTERS = 256 * 1024
CHUNK_BYTES = 1024 * 1024
LONGEST_LINE_BYTES = 2 * 1024 * 1024
WIDEST_ROW = 16_384
# Put after the last line: inside an open quote it becomes part of a cell, otherwise a row of its own.
_END = "\ue0ff\ue0feEND\ue0ff"
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class TextShape:
    """How the text of a file is to be taken apart."""

    encoding: str
    delimiter: str
    skip: int
    lines: int


def text_book(path: Path, watch: Watch) -> Book:
    """The one table of a text file. Raises Refused when encoding or quotes cannot be made out."""
    shape = text_shape(path, watch)

    def rows() -> Iterator[Sequence[Cell]]:
        return _rows(path, shape)

    grid = Grid(name=path.stem, rows=rows, total=shape.lines, ragged=True)
    return Book((path.stem,), (path.stem,), lambda _name: grid)


def text_shape(path: Path, watch: Watch) -> TextShape:
    """Encoding (proved over the whole file), separator (the one that gives rows of equal width) and line count."""
    encoding, lines = _encoding(path, watch)
    with path.open(encoding=encoding, newline="") as file:
        sample = file.readlines(SAMPLE_CHARACTERS)
    if sample and (said := _SEPARATOR_LINE.match(sample[0])):
        return TextShape(encoding, said[1], 1, lines)
    return TextShape(encoding, _delimiter(sample), 0, lines)


def _encoding(path: Path, watch: Watch) -> tuple[str, int]:
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif head.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    else:
        candidates = ["utf-8", "gb18030"]
    failed_at = 0
    for name in candidates:
        lines, failed_at = _decoded_lines(path, name, watch)
        if failed_at < 0:
            return name, lines
    raise Refused("sheet.encoding", file=path.name, position=failed_at)


def _decoded_lines(path: Path, encoding: str, watch: Watch) -> tuple[int, int]:
    """Line ends in the file and where decoding fails (-1: nowhere). A NUL is no text in any of the encodings."""
    decoder = codecs.getincrementaldecoder(encoding)()
    feeds = returns = done = endless = 0
    with path.open("rb") as file:
        while piece := file.read(CHUNK_BYTES):
            watch.check()
            try:
                text = decoder.decode(piece)
            except UnicodeDecodeError as error:
                return 0, done + error.start
            if "\0" in text:
                return 0, done
            ends = text.count("\n"), text.count("\r")
            endless = 0 if any(ends) else endless + len(piece)
            if endless > LONGEST_LINE_BYTES:
                raise Refused("sheet.line_too_long", file=path.name, size=LONGEST_LINE_BYTES // 1024**2)
            feeds, returns, done = feeds + ends[0], returns + ends[1], done + len(piece)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return 0, done
    return max(feeds, returns) + 1, -1


def _delimiter(sample: Sequence[str]) -> str:
    """The separator whose rows agree best on their width; a comma when none separates anything."""
    judged = [(*_agreement(sample, mark), mark) for mark in DELIMITERS]
    share, width, best = max(judged, key=lambda judgement: judgement[:2])
    return best if width > 1 and share >= 0.5 else ","


def _agreement(sample: Sequence[str], delimiter: str) -> tuple[float, int]:
    """Share of rows that have the most common width, and that width; (0, 1) when it separates nothing."""
    try:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter) if row)
    except csv.Error:
        return 0.0, 1
    wide = [(count, width) for width, count in widths.items() if width > 1]
    if not wide:
        return 0.0, 1
    count, width = max(wide)
    return count / widths.total(), width


def _rows(path: Path, shape: TextShape) -> Iterator[Sequence[Cell]]:
    with path.open(encoding=shape.encoding, newline="") as file:
        for _skipped in range(shape.skip):
            next(file, None)
            yield ()
        number = shape.skip
        try:
            for row in csv.reader(_with_end(file), delimiter=shape.delimiter):
                number += 1
                if row and row[-1].endswith(_END):
                    if len(row) > 1 or row[0] != _END:
                        raise Refused("sheet.open_quote", file=path.name, row=number)
                    return
                if len(row) > WIDEST_ROW:
                    raise Refused("sheet.too_wide", file=path.name, rows=number, columns=len(row))
                yield row
        except csv.Error as error:  # a cell beyond the reader's limit of 131,072 characters: a quote never closed
            raise Refused("sheet.open_quote", file=path.name, row=number + 1) from error


def _with_end(lines: Iterator[str]) -> Iterator[str]:
    last = "\n"
    for line in lines:
        yield line
        last = line
    if not last.endswith(("\n", "\r")):
        yield "\n"
    yield _END
