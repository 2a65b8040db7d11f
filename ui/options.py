"""What the program was asked on its command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.base.words import LANGUAGES, _
from ui.theme import MODES


@dataclass(frozen=True)
class Options:
    """None: as the settings of this PC say."""

    store: Path | None = None
    language: str | None = None
    theme: str | None = None
    scale: int | None = None
    until_first_paint: bool = False

    def screen(self) -> dict[str, object]:
        """The settings asked for, for this run only."""
        asked = {"language": self.language, "theme": self.theme, "scale": self.scale}
        return {name: value for name, value in asked.items() if value is not None}


def options_of(arguments: Sequence[str]) -> Options:
    """The options in `arguments`; ends the program with a usage line when they make no sense."""
    parser = argparse.ArgumentParser(prog="python -m ui", description=_("城管网格工作台"))
    parser.add_argument("--store", type=Path, metavar="PATH", help=_("数据文件夹"))
    parser.add_argument("--language", choices=sorted(LANGUAGES), help=_("界面语言"))
    parser.add_argument("--theme", choices=MODES, help=_("明暗主题"))
    parser.add_argument("--scale", type=int, metavar="PERCENT", help=_("界面缩放,100 到 200"))
    parser.add_argument("--until-first-paint", action="store_true", help=_("登录窗口第一次画出后即退出(测速用)"))
    return Options(**vars(parser.parse_args(arguments)))
