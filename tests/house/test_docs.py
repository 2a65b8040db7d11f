"""What the documents say is there, is there: commands, options, exit codes, files, links, pictures."""

from __future__ import annotations

import argparse
import re
import shlex
from pathlib import Path
from urllib.parse import unquote

import pytest

import dev
from app.cli import commands
from app.cli.main import parser
from app.cli.output import Exit
from app.domain.case_views import CaseView
from tests.house import listed
from tests.tools.docs import CODE, FENCE, GUIDE, LINK, MAP, PAGES_OF_DOCS, README, anchors, section, table, text
from tests.tools.sources import ROOT

PICTURES = ROOT / "docs" / "pictures"
LARGEST_PICTURE = 150 * 1024

PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
OUR_PATH = re.compile(r"(?:app|db|ui|tests|docs|resources|requirements)/[\w./-]*|dev\.py|build\.spec|pyproject\.toml")


def subcommands() -> dict[str, argparse.ArgumentParser]:
    """Every command of the command line with its own options."""
    for action in parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    raise AssertionError("the command line has no commands")


# Commands ------------------------------------------------------------------------------------------------------------


def test_every_command_of_dev_py_is_in_the_readme_and_no_other() -> None:
    named = set(re.findall(r"dev\.py ([a-z]+)", text(README)))

    assert named == set(dev.COMMANDS), listed("Name each command of dev.py in README.md.", named ^ set(dev.COMMANDS))


@pytest.mark.parametrize("page", PAGES_OF_DOCS, ids=lambda page: page.name)
def test_no_page_names_a_command_of_dev_py_that_is_not_there(page: Path) -> None:
    unknown = set(re.findall(r"python3 dev\.py ([a-z]+)", text(page))) - set(dev.COMMANDS)

    assert unknown == set(), listed(f"{page.name} names commands dev.py does not have.", unknown)


def test_every_command_of_the_command_line_is_in_the_readme_and_no_other() -> None:
    told = [row[0] for row in table(section(README, "## Command line")) if row[0].startswith("`")]
    named = {code.split()[0] for cell in told for code in CODE.findall(cell)}
    there = {*commands.WITHOUT_DESK, *commands.WITH_DESK}

    assert there == set(subcommands())
    assert named == there, listed("Keep the table of README.md, Command line, as app/cli is.", named ^ there)


def test_every_command_line_in_the_guide_is_understood() -> None:
    lines = [line for block in FENCE.findall(text(GUIDE)) for line in block.splitlines() if "-m app " in line]

    assert lines, "The guide shows technicians the command line."
    for line in lines:
        assert parser().parse_args(shlex.split(line)[3:]).command in subcommands()


def test_every_option_the_readme_names_is_taken() -> None:
    words = section(README, "## Command line")
    taken = {option for one in [parser(), *subcommands().values()] for option in one._option_string_actions}
    unknown = set(re.findall(r"(?<![\w-])--[a-z]+(?:-[a-z]+)*", words)) - taken

    assert unknown == set(), listed("README.md names options the command line does not take.", unknown)


def test_every_view_the_readme_lists_is_there() -> None:
    views = re.search(r"`view` \(`([^`]+)`\)", section(README, "## Command line"))

    assert views is not None, "README.md lists the values of `view`."
    assert set(views[1].split()) == set(CaseView)


def test_the_exit_codes_of_the_readme_are_those_of_the_program() -> None:
    told = {int(row[0]) for row in table(section(README, "## Command line")) if row[0].isdigit()}

    assert told == {int(code) for code in Exit}, "README.md tells each exit code once."


# Files and links -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES_OF_DOCS, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    dead = []
    for target in LINK.findall(FENCE.sub("", text(page))):
        name, _sign, place = unquote(target).partition("#")
        file = (page.parent / name).resolve() if name else page
        there = file.is_relative_to(ROOT) and file.exists()
        if "://" not in target and not (there and (not place or place in anchors(file))):
            dead.append(target)

    assert dead == [], listed(f"These links of {page.name} lead nowhere.", dead)


@pytest.mark.parametrize("page", PAGES_OF_DOCS, ids=lambda page: page.name)
def test_every_file_a_page_names_is_there(page: Path) -> None:
    named = {word for code in CODE.findall(FENCE.sub("", text(page))) for word in OUR_PATH.findall(f" {code}")}
    example = "ad_signs" if page == MAP else None
    gone = sorted(
        name
        for name in (word.rstrip("./") for word in named)
        if not (ROOT / name).exists() and not (example and example in name) and not list(ROOT.glob(name + "*"))
    )

    assert gone == [], listed(f"{page.name} names files that are not there.", gone)


def test_the_map_names_only_files_of_the_folder_it_tells_of() -> None:
    gone = []
    for heading, words in re.findall(r"^## ((?:app|db|ui)[^\n:]*)[^\n]*\n(.*?)(?=^#)", text(MAP), re.M | re.S):
        folders = [ROOT / name for name in re.findall(r"[a-z/]+", heading) if (ROOT / name).is_dir()]
        for name in CODE.findall(words):
            if re.fullmatch(r"[\w/]+\.py|\w+/", name) and not any((folder / name).exists() for folder in folders):
                above = [ROOT / "app" / name, ROOT / "ui" / name]
                gone += [] if any(file.exists() for file in above) else [f"{heading}: {name}"]

    assert gone == [], listed("docs/architecture.md names files that are not in their folder.", gone)


def test_every_picture_is_there_small_enough_and_described() -> None:
    wrong = [
        f"{page.name}: {target}"
        for page in PAGES_OF_DOCS
        for words, target in PICTURE.findall(text(page))
        if not words.strip() or not (file := page.parent / target).exists() or file.stat().st_size > LARGEST_PICTURE
    ]

    assert wrong == [], listed("Pictures say what they show, exist, and take at most 150 kB.", wrong)


def test_every_picture_kept_is_shown() -> None:
    shown = {(page.parent / target).resolve() for page in PAGES_OF_DOCS for _w, target in PICTURE.findall(text(page))}
    unused = sorted(file.name for file in PICTURES.glob("*") if file.resolve() not in shown)

    assert unused == [], listed("Show these pictures or take them out of docs/pictures.", unused)
