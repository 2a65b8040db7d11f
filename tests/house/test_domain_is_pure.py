"""The domain is the standard library and pydantic: no screen, no file, no clock."""

from __future__ import annotations

import ast
import subprocess
import sys

from tests.house import listed
from tests.tools.sources import ROOT, called, sources

WALK = """
import sys
from importlib import import_module
allowed = set(sys.stdlib_module_names) | {
    "__mp_main__", "annotated_types", "app", "pydantic", "pydantic_core", "typing_extensions", "typing_inspection"
}
before = set(sys.modules)
for name in sys.argv[1:]:
    import_module(name)
    for module in set(sys.modules) - before:
        top = module.split(".")[0]
        if top.startswith("_sysconfigdata"):
            continue
        if top not in allowed or module.startswith("app.") and not module.startswith("app.domain"):
            sys.exit(f"{name} brings in {module}")
"""
ASKS_THE_CLOCK = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}
ASKS_THE_CLOCK |= {("time", "time"), ("time", "monotonic")}


def test_the_domain_imports_nothing_but_the_standard_library_and_pydantic() -> None:
    modules = [source.module for source in sources("app/domain")]

    told = subprocess.run(
        [sys.executable, "-c", WALK, *modules], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )

    assert told.returncode == 0, f"{told.stderr.strip()}: move what needs it to a service, or hand the value in."


def test_the_domain_never_asks_the_clock_and_never_opens_a_file() -> None:
    asked = [
        f"{source.name}:{node.lineno}"
        for source in sources("app/domain")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and (called(node) == "open" or clock_call(node) in ASKS_THE_CLOCK)
    ]

    assert asked == [], listed(
        "Rules take the present instant and every text as an argument; let the service ask.", asked
    )


def clock_call(node: ast.Call) -> tuple[str, str]:
    """("datetime", "now") of `datetime.now()`."""
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        return node.func.value.id, node.func.attr
    return "", ""
