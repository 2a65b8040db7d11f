"""Starts the program. The first window is painted before anything heavy is imported."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app.base.clock import SystemClock
from app.base.paths import StorePaths, default_store
from app.base.words import use_language
from ui.collecting import MainThreadCollector
from ui.crash import CrashHook, install
from ui.front import PROGRAM
from ui.options import Options, options_of
from ui.program import Program
from ui.settings import Screen, ScreenSettings
from ui.theme import apply_scale, apply_theme


def main(arguments: Sequence[str]) -> int:
    """Run the program; gives its exit code."""
    return run(options_of(arguments))


def run(options: Options) -> int:
    """The program from first window to last."""
    paths = StorePaths.of(options.store or default_store())
    settings = ScreenSettings(screen_file(paths))
    settings.for_this_run(**options.screen())
    app, crash = make_app(settings.get())
    program = Program(app, paths, SystemClock(), settings, crash, until_first_paint=options.until_first_paint)
    program.start()
    gc.freeze()  # what stands now stays; collecting was off since ui.__main__
    MainThreadCollector(app)
    code = app.exec()
    program.finish()
    return code


def make_app(screen: Screen) -> tuple[QApplication, CrashHook]:
    """The application dressed and speaking as `screen` says, and what catches its bugs."""
    use_language(screen.language)
    apply_scale(screen.scale)
    app = QApplication([PROGRAM])
    app.setApplicationName(PROGRAM)
    app.setQuitOnLastWindowClosed(False)
    crash = install(app)
    speak(app, screen.language)
    apply_theme(app, screen.theme, screen.font_px)
    return app, crash


def screen_file(paths: StorePaths) -> Path:
    """Where the screen settings of a store's PC are kept."""
    return paths.folder / f"{paths.database.stem}.screen.json"


def speak(app: QApplication, language: str) -> None:
    """Words of the program and of Qt's own dialogs in `language`, from now on."""
    use_language(language)
    for old in app.findChildren(QTranslator, "qt_words"):
        app.removeTranslator(old)
        old.deleteLater()
    translator = QTranslator(app)
    translator.setObjectName("qt_words")
    locale = QLocale("zh_CN" if language == "zh" else "en")
    if translator.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    QLocale.setDefault(locale)
