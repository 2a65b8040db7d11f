"""`python -m app`: the program without a screen."""

from __future__ import annotations

import os
import sys
from multiprocessing import freeze_support

from app.cli.main import main

if __name__ == "__main__":
    freeze_support()
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:  # `… | head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)
