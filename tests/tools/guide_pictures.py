"""`python -m tests.tools.guide_pictures [DIR]`: docs/pictures/*.png, made small out of the pictures of the tour in .tour/.

Run `python3 dev.py tour` first, and look at each picture before it is committed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

from tests.tools.sources import ROOT

TOUR, PICTURES = ROOT / ".tour", ROOT / "docs" / "pictures"
LARGEST = 150 * 1024
COLOURS = (256, 128, 64, 32)

# Name in docs/pictures -> what the tour calls it behind its number.
TAKEN = {
    "wizard": "wizard",
    "recovery-code": "recovery-code",
    "sign-in": "sign-in",
    "today": "today",
    "entry": "entry",
    "list": "entered",
    "step": "dispatch-asked",
    "detail": "checked",
    "found": "found-again",
    "slip": "slip",
    "import": "import",
    "standards": "standards",
    "calendar": "calendar",
    "plans": "plans",
    "round-entry": "round-entry",
    "finding": "finding",
    "traces": "traces",
    "coverage": "coverage",
    "map": "map",
    "facilities": "facilities",
    "inspections": "inspections",
}


def main(tour: Path) -> int:
    """Write every picture; 1 when the tour in that folder has not taken one of them."""
    PICTURES.mkdir(exist_ok=True)
    for name, slug in TAKEN.items():
        taken = sorted(tour.glob(f"[0-9][0-9]-{slug}.png"))
        if len(taken) != 1:
            print(f"the tour has no picture {slug}: run python3 dev.py tour", file=sys.stderr)
            return 1
        target = PICTURES / f"{name}.png"
        print(f"{target.relative_to(ROOT).as_posix()}: {shrink(taken[0], target) // 1024} kB")
    return 0


def shrink(source: Path, target: Path) -> int:
    """Write `source` with as many colours as fit into the limit; gives the bytes."""
    with Image.open(source) as opened:
        picture = opened.convert("RGB")
    for colours in COLOURS:
        flat = picture.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        flat.save(target, optimize=True)
        if target.stat().st_size <= LARGEST:
            break
    return target.stat().st_size


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else TOUR))
