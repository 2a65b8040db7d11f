"""The quick reading of a push gives what the envelope's own check gives, or nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from app.wire.sync import PushRequest
from server.sync.reading import push_request
from tests.data_files import data_file

SAMPLE = data_file("wire", "v1", "PushRequest.json").read_bytes()
ODD: list[tuple[str, Any]] = [
    ("seq", 0),
    ("seq", "7"),
    ("seq", True),
    ("seq", 2**63),
    ("schema_no", 0),
    ("base_version", -1),
    ("base_version", 1.0),
    ("record_type", ""),
    ("record_type", "x" * 41),
    ("action", None),
    ("actor_name", "名" * 61),
    ("made_at", "2026-11-02T01:00:00"),
    ("made_at", 5),
    ("change_id", "not an id"),
    ("change_id", 7),
    ("follows", 7),
    ("fields", []),
    ("fields", {"near": ["one"]}),
    ("fields", {"near": "ab"}),
    ("fields", {"near": {"a": 1, "b": 2}}),
    ("a_newer_word", 1),
]


def test_a_sample_is_read_as_pydantic_reads_it() -> None:
    assert push_request(SAMPLE) == PushRequest.model_validate_json(SAMPLE)


@pytest.mark.parametrize(("name", "value"), ODD, ids=[f"{name}={value!r}"[:40] for name, value in ODD])
def test_an_odd_change_is_read_as_pydantic_reads_it_or_not_at_all(name: str, value: Any) -> None:
    said = json.loads(SAMPLE)
    said["changes"][1][name] = value
    body = json.dumps(said).encode()
    try:
        wanted: PushRequest | None = PushRequest.model_validate_json(body)
    except ValidationError:
        wanted = None

    assert push_request(body) in (None, wanted)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"changes": 1}', b'{"changes": [1]}', b'{"changes": [null]}'])
def test_what_is_no_push_is_left_to_the_close_look(body: bytes) -> None:
    assert push_request(body) is None


def test_more_changes_than_agreed_are_left_to_the_close_look() -> None:
    said = json.loads(SAMPLE)
    said["changes"] = said["changes"][:1] * 501

    assert push_request(json.dumps(said).encode()) is None
