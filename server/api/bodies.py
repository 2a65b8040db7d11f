"""What a route that reads its signed body itself tells the OpenAPI page about it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


def takes(kind: type[BaseModel]) -> dict[str, Any]:
    """`openapi_extra` of a route whose body is this envelope."""
    reference = {"$ref": f"#/components/schemas/{kind.__name__}"}
    body = {"required": True, "content": {"application/json": {"schema": reference}}}
    return {"requestBody": body}
