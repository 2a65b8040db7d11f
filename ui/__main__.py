"""`python -m ui`: the program."""

from __future__ import annotations

import sys

from ui.main import main

if __name__ == "__main__":
    if getattr(sys, "frozen", False):  # costs a tenth of the start, and only a frozen program's children need it
        from multiprocessing import freeze_support

        freeze_support()
    sys.exit(main(sys.argv[1:]))
