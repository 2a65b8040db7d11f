"""`python -m tests.tools.openapi`: writes docs/openapi.json from the routes of the city."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from app.base.clock import SystemClock
from server.city import open_city
from server.main import create_app
from server.settings import CitySettings
from tests.tools.sources import ROOT

PAGE = ROOT / "docs" / "openapi.json"


def page() -> str:
    """The whole description as it stands in docs."""
    with tempfile.TemporaryDirectory() as folder:
        settings = CitySettings(f"sqlite:{'///'}{Path(folder) / 'city.db'}", Path(folder) / "files")
        city = open_city(settings, clock=SystemClock())
        try:
            told = create_app(city).openapi()
        finally:
            city.close()
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    print(f"{PAGE.name}: {len(json.loads(page())['paths'])} paths")
