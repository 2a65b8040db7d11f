"""`python -m tests.tools.problem_page`: docs/problems.md, one line for everything the program can refuse or miss."""

from __future__ import annotations

from itertools import groupby

from app.domain.problems.catalog import PROBLEMS
from tests.tools.sources import ROOT

PAGE = ROOT / "docs" / "problems.md"
HEAD = """# 问题一览

程序拒绝或办不到的每一件事都有一个代码。命令行的 `--json` 给出代码;窗口里给出原因和办法。
本页由 `python -m tests.tools.problem_page` 从问题目录生成,请不要手工修改。
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for area, codes in groupby(sorted(PROBLEMS), key=lambda code: code.partition(".")[0]):
        parts.append(f"\n## {area}\n\n| 代码 | 原因 | 怎么办 |\n|---|---|---|\n")
        parts += [f"| `{code}` | {cell(PROBLEMS[code].text)} | {cell(PROBLEMS[code].cure)} |\n" for code in codes]
    return "".join(parts)


def cell(text: str) -> str:
    """Text that stays inside its cell."""
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    print(f"{PAGE.name}: {len(PROBLEMS)} problems")
