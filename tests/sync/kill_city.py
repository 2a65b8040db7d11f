"""A city that is to be killed: `python -m tests.sync.kill_city DATABASE FILES PORT [POINT NTH]`.

The product knows nothing of this: at the `nth` call of `module:Class.name` (`+` in front: after it did its work) the
replaced function tells so and waits for its end. Without a point it answers until somebody ends it.
"""

from __future__ import annotations

import os
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from server.serving import Listening, serve
from server.settings import CitySettings


def wait_at(point: str, nth: int) -> None:
    """Stop for good at that call."""
    after, where = point.startswith("+"), point.removeprefix("+")
    module, _, path = where.partition(":")
    owner: Any = import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    plain = getattr(owner, name)
    calls = 0

    def deadly(*args: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls != nth:
            return plain(*args, **named)
        if after:
            plain(*args, **named)
        os.write(sys.stdout.fileno(), b"point\n")
        time.sleep(3600)
        raise AssertionError("alive")

    setattr(owner, name, deadly)


if __name__ == "__main__":
    database, files, port = sys.argv[1:4]
    if len(sys.argv) > 4:
        wait_at(sys.argv[4], int(sys.argv[5]))
    serve(CitySettings(f"sqlite:{'///'}{database}", Path(files)), Listening(port=int(port)))
