"""`child_modules STORE`: the heavy modules imported when the sign-in window has been painted."""

from __future__ import annotations

import sys

from tests.bench.children import say
from ui.main import main

HEAVY = ("numpy", "pyqtgraph", "openpyxl", "docx", "alembic", "pypinyin", "httpx2", "sqlalchemy")

if __name__ == "__main__":
    main(["--store", sys.argv[1], "--until-first-paint"])
    say(heavy=[name for name in HEAVY if name in sys.modules])
