"""How the city stands, in one page: scopes, PCs with their attempts and failures, what waits for the operator."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from server import audit
from server.review import WAITING
from server.tables import ATTEMPT, BLOB, DEAD_LETTER, DEVICE, DISTRICT, PERSON, REVIEW, SCOPE_HEAD

LAST_ATTEMPTS = 20


def status(connection: Connection, now: datetime) -> dict[str, Any]:
    """What `status --json` prints; instants are ISO text."""
    return {
        "now": now.isoformat(),
        "districts": [{"code": row.code, "name": row.name} for row in _all(connection, DISTRICT, DISTRICT.c.code)],
        "scopes": [_scope(row) for row in _all(connection, SCOPE_HEAD, SCOPE_HEAD.c.scope)],
        "devices": [_device(row) for row in _all(connection, DEVICE, DEVICE.c.district, DEVICE.c.enrolled_at)],
        "people": _counted(connection, PERSON.c.state),
        "attempts": _attempts(connection, now),
        "dead_letters": _dead_letters(connection),
        "review": _review(connection),
        "files": _files(connection),
        "audit_broken_at": audit.broken_at(connection),
    }


def _all(connection: Connection, table: Any, *order: Any) -> list[Any]:
    return list(connection.execute(select(table).order_by(*order)))


def _scope(row: Any) -> dict[str, Any]:
    told = {"scope": row.scope, "head": row.head, "count": row.live_count, "hash": row.live_hash}
    return told | {"epoch": row.epoch, "floor": row.floor}


def _device(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "district": row.district,
        "office": row.office,
        "pc_mark": row.pc_mark,
        "program": row.program,
        "enrolled_at": _iso(row.enrolled_at),
        "last_seen_at": _iso(row.last_seen_at),
        "last_failed_at": _iso(row.last_failed_at),
        "last_failure": row.last_failure,
        "attempts": row.requests + row.failures,
        "failures": row.failures,
        "clock_offset_ms": row.clock_offset_ms,
        "revoked": row.revoked_at is not None,
        "renewed_from": str(row.renewed_from) if row.renewed_from else None,
    }


def _attempts(connection: Connection, now: datetime) -> dict[str, Any]:
    failed = select(ATTEMPT).where(~ATTEMPT.c.ok)
    lately = failed.where(ATTEMPT.c.at >= now - timedelta(days=1)).subquery()
    codes = connection.execute(select(lately.c.code, func.count()).group_by(lately.c.code).order_by(lately.c.code))
    newest = connection.execute(failed.order_by(ATTEMPT.c.id.desc()).limit(LAST_ATTEMPTS))
    told = [
        {
            "at": _iso(row.at),
            "device": str(row.device_id) if row.device_id else None,
            "kind": row.kind,
            "code": row.code,
        }
        for row in newest
    ]
    return {"failed_last_day": {str(code): int(count) for code, count in codes}, "newest_failures": told}


def _dead_letters(connection: Connection) -> dict[str, int]:
    total, seen = connection.execute(
        select(func.count(), func.count(DEAD_LETTER.c.seen_at)).select_from(DEAD_LETTER)
    ).one()
    return {"count": total, "unseen": total - seen}


def _review(connection: Connection) -> dict[str, int]:
    changes, groups = connection.execute(
        select(func.count(), func.count(REVIEW.c.group_id.distinct())).where(REVIEW.c.state == WAITING)
    ).one()
    return {"changes": changes, "groups": groups}


def _files(connection: Connection) -> dict[str, int]:
    total, complete, size = connection.execute(
        select(func.count(), func.count(BLOB.c.completed_at), func.coalesce(func.sum(BLOB.c.offset), 0)).select_from(
            BLOB
        )
    ).one()
    return {"complete": complete, "partial": total - complete, "bytes": int(size)}


def _counted(connection: Connection, column: Any) -> dict[str, int]:
    return {str(name): int(count) for name, count in connection.execute(select(column, func.count()).group_by(column))}


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
