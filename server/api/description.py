"""The OpenAPI description of the city: as the routes say, with the envelopes they read themselves and how they refuse."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.wire.accounts import EnrolRequest, NumberRequest, RenewRequest
from app.wire.blobs import FileOffer
from app.wire.problem import MEDIA_TYPE, ProblemBody
from app.wire.signing import SCHEME
from app.wire.sync import PullRequest, PushRequest

BODIES: tuple[type[BaseModel], ...] = (EnrolRequest, RenewRequest, PushRequest, PullRequest, NumberRequest, FileOffer)
"""Envelopes that routes read from the signed bytes (registration)."""

_REFUSED = {
    "description": "Refused: a code of docs/problems.md",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}},
}
_PROOF = {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "description": f"{SCHEME} <device id>.<counter>.<signature>, see docs/sync-protocol.md",
}
_OPEN = frozenset({"/v1/health"})


def description(app: FastAPI) -> dict[str, Any]:
    """The whole description, the same every time for the same program."""
    told = get_openapi(title=app.title, version="1", summary="Desk and city", routes=app.routes)
    schemas = told.setdefault("components", {}).setdefault("schemas", {})
    wanted: Any = [(kind, "validation") for kind in (*BODIES, ProblemBody)]
    _names, found = models_json_schema(wanted, ref_template="#/components/schemas/{model}")
    schemas.update({**found["$defs"], **schemas})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    told["components"]["securitySchemes"] = {"proof": _PROOF}
    told["components"]["schemas"] = dict(sorted(schemas.items()))
    for path, operations in told["paths"].items():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = _REFUSED
            if path not in _OPEN:
                operation["security"] = [{"proof": []}]
    return told
