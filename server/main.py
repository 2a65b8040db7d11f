"""The city as an ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.base.version import VERSION
from app.domain.problems import Problem
from server.api import accounts, files, health, numbers, receipts, sync
from server.api.description import description
from server.city import City
from server.console.router import console_routers
from server.problems import on_busy, on_problem, on_unreadable


def create_app(city: City) -> FastAPI:
    """Every route over one city; the application closes it when it ends."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        city.close()

    app = FastAPI(
        title="GridDesk city", version=VERSION, lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None
    )
    app.state.city = city
    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_unreadable)
    app.add_exception_handler(OperationalError, on_busy)
    app.add_exception_handler(PoolTimeoutError, on_busy)
    for router in routers():
        app.include_router(router)
    app.openapi = partial(description, app)  # type: ignore[method-assign]
    return app


def routers() -> list[APIRouter]:
    """Every router (registration)."""
    return [
        accounts.router,
        sync.router,
        files.router,
        numbers.router,
        receipts.router,
        health.router,
        *console_routers(),
    ]
