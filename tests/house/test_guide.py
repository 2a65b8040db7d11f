"""The clerks' guide tells the program as it is: every step, the flow's diagram, every key."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import asdict

import pytest

from app.base import reference_builtin as builtin
from app.base.settings import DeskSettings
from app.domain.attendance_rules import ATTENDANCE_KEYS
from app.domain.stages import STAGE_TITLES
from tests.house import listed
from tests.tools.docs import CODE, FENCE, GUIDE, LINK, section, table, text
from tests.tools.sources import ROOT, sources
from ui.pages import PAGES
from ui.pages.enforcement.inspections_detail import DEEDS as INSPECTIONS
from ui.pages.patrols.findings_detail import DEEDS as FINDINGS
from ui.pages.patrols.round_entry_table import GRADE_KEYS
from ui.pages.patrols.tasks_detail import DEEDS as TASKS

KEY = re.compile(r"(?:(?:Ctrl|Alt|Shift)\+)+(?:[A-Z0-9]|Left|Right|Up|Down|Return|Enter)|F\d{1,2}|Esc")
GRADES = {chr(key.value) for key in GRADE_KEYS}
BESIDE = {"A", "F", "R"}
"""What is no key of a table: the rest is good, a finding; the round of a finding."""
STANDARD_KEYS = {"Copy": "Ctrl+C", "Paste": "Ctrl+V", "Find": "Ctrl+F"}


def test_the_flow_diagram_of_the_guide_is_the_flow() -> None:
    block = re.search(r"```mermaid\n(.*?)\n```", text(GUIDE), re.DOTALL)

    assert block is not None, "The guide shows the flow as a mermaid block."
    assert block[1] == builtin.workflow().as_mermaid({str(stage): title for stage, title in STAGE_TITLES.items()}), (
        "Put what Workflow.as_mermaid(STAGE_TITLES) gives into the guide's diagram."
    )


def test_every_step_is_explained_in_the_guide_with_its_key() -> None:
    told: dict[str, set[str]] = {}
    for row in table(section(GUIDE, "## 办理")):
        for title in row[0].split("、"):
            told.setdefault(title, set()).update(CODE.findall(row[1]))
    wanted: dict[str, set[str]] = {}
    for step in builtin.workflow().steps:
        wanted.setdefault(step.title, set()).update({step.key} - {""})

    assert told == wanted, listed(
        "The tables of 办理 name each step of the flow once, with its key.",
        sorted(title for title in told.keys() | wanted.keys() if told.get(title) != wanted.get(title)),
    )


def test_the_settings_file_of_the_guide_shows_what_may_be_set() -> None:
    block = next(block for block in FENCE.findall(text(GUIDE)) if "backups_kept" in block)

    told = tomllib.loads(block.strip("`"))

    assert told.items() <= asdict(DeskSettings()).items(), "Keep the settings file of the guide as DeskSettings is."


def test_every_key_of_the_guide_does_something() -> None:
    unknown = guide_keys() - program_keys()

    assert unknown == set(), listed("Nothing listens to these keys of the guide's table.", unknown)


def test_every_key_of_a_step_and_of_the_window_is_in_the_guide() -> None:
    window = {key for key, place in keys_in_source() if place in ("ui/frame.py", "ui/shell.py")}
    steps = {step.key for step in builtin.workflow().steps} - {""}
    missing = (window | steps | page_keys()) - guide_keys()

    assert missing == set(), listed("Add these keys to the table 快捷键 of the guide.", missing)


def test_everything_the_guide_shows_and_links_to_is_shipped() -> None:
    shipped = text(ROOT / "build.spec")
    targets = {target.partition("#")[0].partition("/")[0] for target in LINK.findall(FENCE.sub("", text(GUIDE)))} - {""}

    missing = sorted(target for target in {GUIDE.name, *targets} if f'"{target}"' not in shipped)

    assert missing == [], listed("Ship these of docs/ in build.spec: F1 shows them where there is no source.", missing)


SINGLE = re.compile(r"[A-Z0-9]")


@pytest.mark.parametrize(
    ("heading", "listens"),
    [
        ("## 网格巡查:每一天", {*GRADES, *BESIDE, *(deed.key for deed in (*FINDINGS, *TASKS))}),
        ("## 网格巡查:每个月", set(ATTENDANCE_KEYS)),
        ("## 行政检查", {deed.key for deed in INSPECTIONS}),
    ],
    ids=["rounds-findings-tasks", "attendance", "inspections"],
)
def test_the_single_keys_of_a_chapter_are_those_the_program_listens_to(heading: str, listens: set[str]) -> None:
    told = {key for row in table(section(GUIDE, heading)) for key in CODE.findall(row[0]) if SINGLE.fullmatch(key)}
    wanted = {key for key in listens if SINGLE.fullmatch(key)}

    assert told == wanted, listed(f"Name these keys in {heading}, or take them out.", told ^ wanted)


def guide_keys() -> set[str]:
    """Keys of the guide's table."""
    return {key for row in table(section(GUIDE, "## 快捷键")) for key in CODE.findall(row[0])}


def page_keys() -> set[str]:
    """Ctrl+1 for the first page, and so on."""
    return {f"Ctrl+{at}" for at, _entry in enumerate(PAGES, start=1)}


def program_keys() -> set[str]:
    """Every key the program listens to."""
    keys = {key for key, _place in keys_in_source()} | page_keys()
    return keys | {step.key for step in builtin.workflow().steps}


def keys_in_source() -> Iterator[tuple[str, str]]:
    """(key, file) written as text, as a standard key, or as a key code beside a modifier."""
    for source in sources("ui"):
        words = {node.attr for node in ast.walk(source.tree) if isinstance(node, ast.Attribute)}
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
                yield node.value, source.name
        yield from ((key, source.name) for word, key in STANDARD_KEYS.items() if {"StandardKey", word} <= words)
        if "Key_Enter" in words:
            yield from ((key, source.name) for key in ("Enter", "Shift+Enter" * ("ShiftModifier" in words)) if key)
            yield from (("Alt+Enter", source.name) for _one in {"AltModifier"} & words)
        yield from (("Esc", source.name) for _one in {"Key_Escape"} & words)
