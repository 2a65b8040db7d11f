"""`python -m ui.tour`: the program's main job walked through without a display, with a picture of every step.

It is the program itself, driven by its own keys, on a store of its own and a clock that stands on a Monday of 2026.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

OUT = Path(".tour")
MONDAY = datetime(2026, 11, 23, 1, 20, tzinfo=UTC)
WINDOW = (1360, 820)


def main(arguments: Sequence[str]) -> int:
    """Walk; 0 when every step held, 1 with the step's name when one did not."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from ui.options import Options

    asked = _parser().parse_args(arguments)
    options = Options(language=asked.language, theme=asked.theme, scale=asked.scale)
    with tempfile.TemporaryDirectory(prefix="griddesk-tour-", ignore_cleanup_errors=True) as folder:
        return walk(asked.out, Path(folder), options)


def walk(out: Path, folder: Path, options: object) -> int:
    """The tour in `folder`, its pictures into `out`."""
    from ui.main import make_app
    from ui.options import Options
    from ui.settings import ScreenSettings
    from ui.tour_steps import TourPlace, take_tour

    assert isinstance(options, Options)
    settings = ScreenSettings(folder / "screen.json")
    settings.for_this_run(**options.screen())
    qInstallMessageHandler(_tell)
    app, crash = make_app(settings.get())
    out.mkdir(parents=True, exist_ok=True)
    for old in (*out.glob("[0-9][0-9]-*.png"), *out.glob("stopped.png")):
        old.unlink()
    return take_tour(TourPlace(app, crash, settings, folder, out, MONDAY, WINDOW))


def _tell(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Qt's messages, without what the platform that draws nothing says about itself."""
    if not text.startswith("This plugin does not support"):
        print(text, file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    from app.base.words import LANGUAGES, _
    from ui.theme import MODES

    parser = argparse.ArgumentParser(prog="python -m ui.tour", description=_("走一遍主要工作,每一步存一张图"))
    parser.add_argument("--out", type=Path, default=OUT, metavar="DIR", help=_("图片文件夹"))
    parser.add_argument("--language", choices=sorted(LANGUAGES), default="zh", help=_("界面语言"))
    parser.add_argument("--theme", choices=MODES, default="light", help=_("明暗主题"))
    parser.add_argument("--scale", type=int, default=100, metavar="PERCENT", help=_("界面缩放,100 到 200"))
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
