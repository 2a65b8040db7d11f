"""The table a person reads."""

from __future__ import annotations

from collections.abc import Iterable

from tests.bench.measuring import Line, Row, Sample, Skipped

_HEAD = ("what", "ours: min / median / max", "baseline of the same run", "ratio", "aim", "")


def printed(lines: Iterable[Line]) -> str:
    """All lines under one head, columns lined up."""
    rows = [_HEAD, *map(_cells, lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEAD))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def _cells(line: Line) -> tuple[str, ...]:
    if isinstance(line, Skipped):
        return (line.what, f"not measured: {line.why.splitlines()[-1]}", "", "", "", "")
    base = "" if line.base is None else f"{_sample(line.base, line.unit)} · {line.base_is}"
    verdict = {None: "", True: "ok", False: "over"}[line.ok]
    return (line.what, _sample(line.ours, line.unit), base, _measure(line), _aim(line), verdict)


def _sample(sample: Sample, unit: str) -> str:
    if len(sample.values) == 1:
        return f"{_number(sample.median)} {unit}".strip()
    return " / ".join(map(_number, (sample.best, sample.median, sample.worst))) + f" {unit}"


def _measure(row: Row) -> str:
    if row.measure is None:
        return ""
    return f"{row.measure:.2f} x" if row.how == "ratio" else f"{_number(row.measure)} {row.unit}".strip()


def _aim(row: Row) -> str:
    if row.aim is None:
        return ""
    words = {
        "ratio": f"<= {row.aim:g} x",
        "above": f"<= {row.aim:g} {row.unit} above",
        "most": f"<= {row.aim:g} {row.unit}",
    }
    return words[row.how].strip()


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
