"""Makes resources/tables/pinyin.txt from pypinyin: syllables, a tab, and every character read so.

Run as `python -m tests.tools.pinyin_table` where pypinyin is installed; the program itself only reads the table.
"""

from __future__ import annotations

from collections import defaultdict

import pypinyin
from pypinyin import pinyin_dict
from pypinyin.contrib.tone_convert import to_normal

from app.base.resources import resource_path

READINGS_KEPT = 3


def syllables(readings: str) -> tuple[str, ...]:
    """Syllables without tones of comma-separated readings, the usual one first, each once; ü is typed as v."""
    plain = (to_normal(reading).replace("ü", "v").replace("ê", "e") for reading in readings.split(","))
    return tuple(dict.fromkeys(one for one in plain if one.isascii() and one.isalpha()))[:READINGS_KEPT]


def table_text() -> str:
    """The whole file."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for number, readings in pinyin_dict.pinyin_dict.items():
        if known := syllables(readings):
            groups[known].append(chr(number))
    head = (
        f"# Syllables, usual reading first, a tab, the characters read so. From pypinyin {pypinyin.__version__} (MIT)."
    )
    lines = (f"{' '.join(known)}\t{''.join(sorted(signs))}" for known, signs in sorted(groups.items()))
    return "\n".join((head, *lines)) + "\n"


if __name__ == "__main__":
    resource_path("tables", "pinyin.txt").write_text(table_text(), encoding="utf-8", newline="\n")
