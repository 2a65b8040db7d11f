"""`dev.py bench sync`: a desk of 100,000 offline cases, a city on PostgreSQL, a second desk; one JSON line."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from tests.bench import sync_stages
from tests.bench.bench_store import FOLDER
from tests.bench.children import answer
from tests.bench.sync_city import DISTRICT, RunningCity, running_city

NOTHING_TURNS = 20


def main(arguments: list[str]) -> int:
    """Measure every desk stage in its own process, with the baselines of the same run."""
    parser = argparse.ArgumentParser(prog="dev.py bench sync", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, metavar="N", help="offline cases (100000)")
    parser.add_argument("--changed", type=int, default=1000, metavar="N", help="cases changed afterwards (1000)")
    parser.add_argument(
        "--load", action="store_true", help="also: 200 desks every 30 s, and one district as fast as it goes"
    )
    told = parser.parse_args(arguments)
    folder = FOLDER / "sync"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with running_city(folder) as city:
        figures = _desks(city, folder, told.rows, told.changed)
        figures |= _baselines(city, folder, figures)
        if told.load:
            figures |= _load(city)
    print(json.dumps({name: _short(value) for name, value in figures.items()}, ensure_ascii=False))
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def _desks(city: RunningCity, folder: Path, rows: int, changed: int) -> dict[str, Any]:
    one, two = folder / "one", folder / "two"
    for desk in (one, two):
        _stage("found", desk)
    figures: dict[str, Any] = {"rows": rows, "changed": changed}
    figures["create_s"] = _stage("create", one, rows)["seconds"]
    for desk in (one, two):
        _stage("enrol", desk, city.url, city.code())
    # Kept as it is before the first push, for the stages alone.
    shutil.copy(one / "griddesk.db", folder / "waiting.db")
    figures["day_backup_s"] = _stage("backup", one)["seconds"]
    up = _synced(one)
    figures["full_upload_s"] = up["seconds"]
    down = _synced(two)
    figures["full_download_s"], figures["client_mb"] = down["seconds"], down["peak_mb"] - down["idle_mb"]
    _stage("backup", two)
    figures["edit_changed_s"] = _stage("edit", one, changed)["seconds"]
    figures["incremental_send_s"] = _synced(one)["seconds"]
    figures["incremental_receive_s"] = _synced(two)["seconds"]
    figures["sync_nothing_s"] = _stage("nothing", one, NOTHING_TURNS)["seconds"]
    figures["server_mb"], figures["server_disk_mb"] = city.peak_mb(), city.disk_mb()
    return figures


def _baselines(city: RunningCity, folder: Path, figures: dict[str, Any]) -> dict[str, Any]:
    key = bytes.fromhex((folder / "one" / "key.hex").read_text(encoding="ascii"))
    up_rows, up_s = sync_stages.up(folder / "waiting.db", key, city.postgres)
    down_rows, down_s = sync_stages.down(city.postgres, DISTRICT, folder)
    rows = figures["rows"]
    pushed, pulled = rows / figures["full_upload_s"], rows / figures["full_download_s"]
    return {
        "push_rows_s": pushed,
        "push_stages_rows_s": up_rows / up_s,
        "push_ratio": pushed / (up_rows / up_s),
        "pull_rows_s": pulled,
        "pull_stages_rows_s": down_rows / down_s,
        "pull_ratio": pulled / (down_rows / down_s),
    }


def _load(city: RunningCity) -> dict[str, Any]:
    bare = sync_stages.counter_rate(city.postgres)
    flat_out = answer("load", city.url, 8, 15, 0, DISTRICT, *(city.code() for _desk in range(8)))
    calm = answer("load", city.url, 200, 60, 30, DISTRICT, *(city.code() for _desk in range(200)))
    return {
        "bare_counter_per_s": bare,
        "one_district_per_s": flat_out["per_second"],
        "one_district_ratio": flat_out["per_second"] / bare,
        "one_district": flat_out,
        "desks_200": calm,
    }


def _synced(desk: Path) -> dict[str, Any]:
    told = _stage("sync", desk)
    report = told["report"]
    assert report["finished"], report
    assert report["equal"], report
    return told


def _stage(stage: str, desk: Path, *rest: str | int) -> dict[str, Any]:
    print(f"measuring: {stage} {desk.name}", file=sys.stderr, flush=True)
    return answer("desk", stage, desk, *rest)


def _short(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else value
