"""What a desk or a city of an earlier release said is understood for ever."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.wire import accounts, blobs, problem, sync
from app.wire.sync import OLDEST_PROTOCOL, PROTOCOL, Wire
from tests.data_files import data_file

MODULES = (accounts, blobs, problem, sync)
ENVELOPES = {
    name: kind
    for module in MODULES
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, Wire) and kind.__module__ == module.__name__
}
FILES = sorted(data_file("wire").rglob("*.json"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_an_envelope_of_every_release_is_read_without_loss(file: Path) -> None:
    raw = file.read_text(encoding="utf-8")

    read = ENVELOPES[file.stem].model_validate_json(raw)

    assert json.loads(read.model_dump_json()) == json.loads(raw)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_words_a_newer_side_adds_do_not_disturb_and_travel_on(file: Path) -> None:
    newer = {**json.loads(file.read_text(encoding="utf-8")), "word_of_a_newer_release": {"n": 1}}

    read = ENVELOPES[file.stem].model_validate_json(json.dumps(newer))

    assert json.loads(read.model_dump_json())["word_of_a_newer_release"] == {"n": 1}


@pytest.mark.parametrize("protocol", range(OLDEST_PROTOCOL, PROTOCOL + 1))
def test_every_protocol_still_spoken_has_its_samples(protocol: int) -> None:
    kept = {file.stem for file in data_file("wire", f"v{protocol}").glob("*.json")}
    parts = {
        "Change",
        "Outcome",
        "Clash",
        "ScopeHead",
        "Cursor",
        "Entry",
        "ScopePage",
        "LocalPerson",
        "FileProof",
        "Wire",
    }

    assert kept == set(ENVELOPES) - parts, "Keep a sample of each envelope in tests/data/wire."
