"""One round trip with PostgreSQL for several prepared statements: libpq's pipeline, one write, one wait."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import pq
from psycopg.abc import Buffer, Transformer
from psycopg.adapt import PyFormat
from psycopg.adapt import Transformer as Speaker
from psycopg.pq.abc import PGconn, PGresult
from psycopg.waiting import Ready, Wait

if TYPE_CHECKING:
    from server.statements import Rows, Said, Statement, Values

_TEXT, _BROKEN, _DONE = PyFormat.TEXT, pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.PIPELINE_SYNC
_SKIPPED, _TUPLES = pq.ExecStatus.PIPELINE_ABORTED, pq.ExecStatus.TUPLES_OK
_IDLE = pq.TransactionStatus.IDLE
Parameters = Sequence[Buffer | None]
Waiting = Generator[Wait, Ready | int, list[PGresult]]


def exchange(raw: psycopg.Connection[Any], prepared: set[bytes], said: Sequence[Said], *, commit: bool) -> list[Rows]:
    """The rows of each statement, in order; a transaction is begun when there is none.

    prepared: names this connection knows already; grows. Raises psycopg.Error; nothing after the failure was run.
    """
    line, speaker = raw.pgconn, Speaker(raw)
    # Nothing is sent before all of it could be written down: half a conversation cannot be taken back.
    written = [[_parameters(speaker, statement, values) for values in rows] for statement, rows in said]
    line.enter_pipeline_mode()
    try:
        owners = _send(line, prepared, said, written, commit=commit)
        results = raw.wait(_heard(line))
    finally:
        if line.status == pq.ConnStatus.OK:
            line.exit_pipeline_mode()
    rows: list[Rows] = [[] for _one in said]
    for owner, result in zip(owners, results, strict=True):
        _refuse_failure(raw, result)
        if isinstance(owner, bytes):
            # Known from here on, even when what comes after it fails and is rolled back.
            prepared.add(owner)
        elif owner is not None and result.status == _TUPLES:
            speaker.set_pgresult(result)
            rows[owner] += speaker.load_rows(0, result.ntuples, tuple)
    return rows


def _parameters(speaker: Transformer, statement: Statement, values: Values) -> Parameters:
    told = statement.parameters(values)
    return speaker.dump_sequence(told, [_TEXT] * len(told))


def _send(
    line: PGconn, prepared: set[bytes], said: Sequence[Said], written: Sequence[Sequence[Parameters]], *, commit: bool
) -> list[int | bytes | None]:
    """Put everything into the buffer; gives what each result will be: rows of a place in `said`, a name made known, neither."""
    owners: list[int | bytes | None] = []
    if line.transaction_status == _IDLE:
        line.send_query_params(b"BEGIN", None)
        owners.append(None)
    sent = set(prepared)
    for place, (statement, _rows) in enumerate(said):
        if written[place] and statement.name not in sent:
            line.send_prepare(statement.name, statement.text)
            sent.add(statement.name)
            owners.append(statement.name)
        for parameters in written[place]:
            line.send_query_prepared(statement.name, parameters)
            owners.append(place)
    if commit:
        line.send_query_params(b"COMMIT", None)
        owners.append(None)
    line.pipeline_sync()
    return owners


def _heard(line: PGconn) -> Waiting:
    """Write what is buffered, read all answers."""
    while line.flush():
        if (yield Wait.RW) & Ready.R:
            line.consume_input()
    results: list[PGresult] = []
    while True:
        while line.is_busy():
            yield Wait.R
            line.consume_input()
        result = line.get_result()
        if result is not None and result.status == _DONE:
            return results
        if result is not None:
            results.append(result)
        elif line.status != pq.ConnStatus.OK:
            # A line that broke in the middle of an answer has nothing more to say, however often it is asked.
            raise psycopg.OperationalError("the line broke off")


def _refuse_failure(raw: psycopg.Connection[Any], result: PGresult) -> None:
    if result.status == _BROKEN:
        raise psycopg.errors.error_from_result(result, encoding=raw.info.encoding)
    if result.status == _SKIPPED:
        raise psycopg.OperationalError("the statement was not run")
