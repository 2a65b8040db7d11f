"""`python -m ui`: the program."""

from __future__ import annotations

import gc
import sys

if __name__ == "__main__":
    gc.disable()  # until the first window stands (ui.main): nothing made on the way there is garbage

from ui.main import main

if __name__ == "__main__":
    if getattr(sys, "frozen", False):  # costs a tenth of the start, and only a frozen program's children need it
        from multiprocessing import freeze_support

        freeze_support()
    sys.exit(main(sys.argv[1:]))
