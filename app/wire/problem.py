"""A refusal of a whole request: application/problem+json with a code of the catalogue of problems."""

from __future__ import annotations

from app.wire.sync import Wire

MEDIA_TYPE = "application/problem+json"


class ProblemBody(Wire):
    """title and cure in Chinese, with their details filled in. retry_after_s: 0 when trying again will not help."""

    code: str
    title: str
    cure: str = ""
    status: int
    retry_after_s: int = 0
