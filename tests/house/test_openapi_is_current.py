"""docs/openapi.json is what the city's routes say."""

from __future__ import annotations

import json

from tests.tools.openapi import PAGE, page


def test_the_description_of_the_wire_is_what_the_program_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "Run python -m tests.tools.openapi and look at what changed."


def test_every_body_a_route_takes_is_described() -> None:
    told = json.loads(page())
    wanted = {
        body["schema"]["$ref"].rpartition("/")[2]
        for path in told["paths"].values()
        for operation in path.values()
        for body in operation.get("requestBody", {}).get("content", {}).values()
        if "$ref" in body["schema"]
    }

    assert wanted
    assert wanted <= told["components"]["schemas"].keys(), "Name the envelope in server/api/description.py."
