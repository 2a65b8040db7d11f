"""Who may import whom: the contracts of pyproject.toml, and the two that import-linter cannot see."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib

from tests.house import listed
from tests.tools.sources import ROOT, imported, sources

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-logo', '--no-cache'])"


def test_the_import_contracts_hold() -> None:
    told = subprocess.run(
        [sys.executable, "-c", LINT], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )

    assert told.returncode == 0, (
        f"An import goes the wrong way; docs/architecture.md says who may import whom.\n{told.stdout}{told.stderr}"
    )


def test_every_page_is_kept_apart_from_the_others() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    kept_apart = {name for one in contracts if one["type"] == "independence" for name in one["modules"]}
    pages = {f"ui.pages.{path.parent.name}" for path in (ROOT / "ui" / "pages").glob("*/__init__.py")}

    assert pages == kept_apart, (
        "The independence contract in pyproject.toml lists other pages than ui/pages holds; "
        f"add or remove {sorted(pages ^ kept_apart)} there."
    )


def test_migrations_import_nothing_of_ours() -> None:
    ours = [
        f"{source.name} {name}"
        for source in sources("db/migrations/versions")
        for node in ast.walk(source.tree)
        for name in imported(node)
        if name.split(".")[0] in ("app", "db", "server", "ui", "tests")
    ]

    assert ours == [], listed(
        "A migration is frozen for ever: write plain tables and SQL instead of importing our own code.", ours
    )
