"""Reading our own source: files, their syntax trees, and the Chinese in them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def has_chinese(text: str) -> bool:
    """Whether a Chinese character stands in `text`."""
    return _CHINESE.search(text) is not None


def is_chinese(value: object) -> bool:
    """Whether a constant is text with Chinese in it."""
    return isinstance(value, str) and has_chinese(value)


@dataclass(frozen=True)
class Source:
    """One Python file of ours."""

    path: Path

    @property
    def name(self) -> str:
        """Path below the root, with forward slashes."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def module(self) -> str:
        """Dotted name of the module."""
        return self.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return _tree(self.path)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def sources(*places: str) -> list[Source]:
    """Python files of folders or files, given from the root; what is not there yet gives none."""
    found: list[Source] = []
    for place in places:
        path = ROOT / place
        files = [path] if path.suffix == ".py" else sorted(path.rglob("*.py"))
        found += [Source(file) for file in files if file.exists()]
    return found


def docstrings(tree: ast.AST) -> set[ast.Constant]:
    """The constants that only explain: docstrings of modules, classes and functions, and of attributes."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }


def chinese_strings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Every string constant with Chinese in it that is not a docstring, f-string pieces included."""
    explained = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node not in explained and is_chinese(node.value):
            yield node


def called(node: ast.AST) -> str:
    """Name of what a call calls, without what stands before the last dot; "" for anything else."""
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def marked(tree: ast.AST) -> set[ast.Constant]:
    """The constants handed whole to `_()` or `N_()`, and the titles of fields, which are translated when shown."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    words = [argument for node in calls if called(node) in ("_", "N_") for argument in node.args]
    words += [word.value for node in calls if called(node) == "Field" for word in node.keywords if word.arg == "title"]
    return {word for word in words if isinstance(word, ast.Constant) and isinstance(word.value, str)}


def imported(node: ast.AST) -> list[str]:
    """Modules an import statement names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
