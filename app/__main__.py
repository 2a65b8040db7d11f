"""`python -m app`: the program without a screen."""

from __future__ import annotations

import sys
from multiprocessing import freeze_support

from app.cli.main import main

if __name__ == "__main__":
    freeze_support()
    sys.exit(main())
