"""`child_map` says milliseconds per frame of the map and of a bare scatter, both with the same 100,000 points."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import cycle

import numpy as np
import pyqtgraph
from PySide6.QtWidgets import QApplication

from tests.bench.children import say
from tests.bench.measuring import beside, milliseconds
from ui.main import speak
from ui.map.camera import Box, Camera, metres_of
from ui.map.layers import MapLayer, PackedIds
from ui.map.looks import light_look
from ui.map.view import MapView
from ui.theme import apply_theme, light_colour

POINTS = 100_000
SEED = 20261121
SIZE = (1100, 760)
FRAMES = 40
STEP_PX = 23
SPREAD = 0.05
MIDDLE = (113.68, 34.78)
SPANS_M = {"moving, the whole city": 40_000.0, "moving, a district": 8_000.0, "moving, a street": 700.0}
LIGHTS = ("red", "yellow", "green", "grey")


def main() -> None:
    """Both windows, in turn."""
    app = QApplication([])
    speak(app, "zh")
    apply_theme(app, "light")
    chance = np.random.default_rng(SEED)
    longitudes, latitudes = (middle + chance.normal(0, SPREAD, POINTS) for middle in MIDDLE)
    states = chance.integers(0, len(LIGHTS), POINTS).astype(np.uint8)
    ids = PackedIds(chance.bytes(16 * POINTS))
    xs, ys = metres_of(longitudes, latitudes)
    looks = [light_look(light, light) for light in LIGHTS]
    layer = MapLayer.of_points("case", "案件", "case", ids, longitudes, latitudes, looks=looks, states=states.tobytes())
    view, plot = MapView(), pyqtgraph.PlotWidget()
    brushes = [pyqtgraph.mkBrush(light_colour(light)) for light in LIGHTS]
    for window in (view, plot):
        window.resize(*SIZE)
        window.show()
        app.processEvents()
    plot.hideAxis("left")
    plot.hideAxis("bottom")
    plot.setAspectLocked()
    x, y = float(xs.mean()), float(ys.mean())
    wide = Camera(x, y, 1, *SIZE).fitted(Box(x, y, x, y).grown(SPANS_M["moving, the whole city"] / 2))

    def first_of_ours() -> None:
        view.set_layers([layer])
        show_ours(wide)

    def first_of_theirs() -> None:
        scatter = pyqtgraph.ScatterPlotItem(x=xs, y=ys, size=9, pen=None, brush=[brushes[state] for state in states])
        plot.addItem(scatter)
        show_theirs(wide)

    def show_ours(camera: Camera) -> None:
        view.see(camera)
        view.repaint()
        app.processEvents()

    def show_theirs(camera: Camera) -> None:
        box = camera.box()
        plot.setRange(xRange=(box.west, box.east), yRange=(box.south, box.north), padding=0)
        plot.viewport().repaint()
        app.processEvents()

    told = {"the first frame": ([milliseconds(first_of_ours)], [milliseconds(first_of_theirs)])}
    for what, span in SPANS_M.items():
        camera = Camera(x, y, 1, *SIZE).fitted(Box(x, y, x, y).grown(span / 2))
        told[what] = _both(_after(_ways(camera), show_ours), _after(_ways(camera), show_theirs))
    zooms = [wide.zoomed(1.5**at) for at in (*range(10), *range(10, 0, -1))]
    told["nearer and farther"] = _both(_after(cycle(zooms), show_ours), _after(cycle(zooms), show_theirs))
    say(**told)
    view.close()
    plot.close()


def _ways(camera: Camera) -> cycle[Camera]:
    """There and back, so that it stays where the points are."""
    there = [camera.moved(at * STEP_PX, at * STEP_PX / 2) for at in range(FRAMES // 2)]
    return cycle([*there, *reversed(there)])


def _after(cameras: cycle[Camera], show: Callable[[Camera], None]) -> Callable[[], None]:
    return lambda: show(next(cameras))


def _both(ours: Callable[[], None], theirs: Callable[[], None]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    mine, base = beside(ours, theirs, FRAMES)
    return mine.values, base.values


if __name__ == "__main__":
    sys.exit(main())
