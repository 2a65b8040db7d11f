"""Refusals of whole requests as application/problem+json, from the same catalogue the desk reads."""

from __future__ import annotations

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response

from app.base.logs import Log
from app.domain.problems import Problem, Refused, Unavailable
from app.wire.problem import MEDIA_TYPE, ProblemBody

STATUS = {
    "sync.proof_missing": 401,
    "sync.signature_wrong": 401,
    "sync.device_unknown": 401,
    "sync.device_revoked": 403,
    "sync.scope_denied": 404,
    "sync.file_unknown": 404,
    "sync.code_wrong": 403,
    "sync.code_other_district": 403,
    "sync.counter_old": 409,
    "sync.file_piece_misplaced": 409,
    "sync.file_altered": 422,
    "sync.too_large": 413,
    "sync.upgrade_needed": 426,
    "sync.too_many_tries": 429,
    "sync.request_broken": 422,
    "sync.city_busy": 503,
    "sync.city_full": 507,
    "sync.record_not_there": 404,
}
DEFAULT_STATUS = 422
BUSY_WAIT_S = 10
_LOG = Log("city")


def answer(problem: Problem) -> Response:
    """The refusal as the wire says it."""
    status = STATUS.get(problem.code, DEFAULT_STATUS)
    wait = problem.details.get("wait_s")
    body = ProblemBody(
        code=problem.code,
        title=problem.entry.text.format(**problem.details),
        cure=problem.entry.cure.format(**problem.details),
        status=status,
        retry_after_s=int(str(wait)) if wait is not None else 0,
    )
    headers = {"Retry-After": str(body.retry_after_s)} if body.retry_after_s else None
    return JSONResponse(body.model_dump(mode="json"), status, headers, MEDIA_TYPE)


async def on_problem(_request: Request, problem: Exception) -> Response:
    """FastAPI's handler for every Problem."""
    assert isinstance(problem, Problem)
    return answer(problem)


async def on_unreadable(_request: Request, error: Exception) -> Response:
    """Path or query that the route cannot read, in the same words as a body that cannot be read."""
    assert isinstance(error, RequestValidationError)
    where = ".".join(str(part) for part in error.errors()[0]["loc"])
    return answer(Refused("sync.request_broken", reason=where))


async def on_busy(request: Request, error: Exception) -> Response:
    """The database did not answer in time or is away: the PC comes back later."""
    _LOG.warning("city.busy", method=request.method, path=request.url.path, error=type(error).__name__)
    return answer(Unavailable("sync.city_busy", wait_s=BUSY_WAIT_S))
