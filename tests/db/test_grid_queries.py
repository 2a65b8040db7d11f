"""Grids are found along their index, and a code means the same grid at every desk."""

from __future__ import annotations

from app.desk import Desk
from app.domain.grids import GridKind
from app.domain.permissions import Actor
from db.engine import run
from db.queries import grids

CODE = "410105001001001"


def test_a_code_is_looked_up_along_the_index(desk: Desk, actor: Actor) -> None:
    grid = desk.grids.save({"kind": GridKind.UNIT, "code": CODE}, actor=actor)
    with desk.store.read() as reader:
        assert grids.id_of_code(reader.connection, GridKind.UNIT, CODE) == grid.id
        assert grids.id_of_code(reader.connection, GridKind.DUTY, CODE) is None
        sql = (
            "EXPLAIN QUERY PLAN SELECT id FROM grids WHERE kind = 'unit' AND code = 'x' AND active ORDER BY rid LIMIT 1"
        )
        plan = " ".join(row[3] for row in run(reader.connection, sql))
    assert "ix_grids_code" in plan
    assert "TEMP B-TREE" not in plan


def test_a_grid_out_of_use_leaves_its_code_free(desk: Desk, actor: Actor) -> None:
    first = desk.grids.save({"kind": GridKind.UNIT, "code": CODE}, actor=actor)
    desk.grids.retire(first.id, actor=actor)
    second = desk.grids.save({"kind": GridKind.UNIT, "code": CODE}, actor=actor)
    with desk.store.read() as reader:
        assert grids.ids_by_code(reader.connection) == {(GridKind.UNIT, CODE): second.id}
        assert [grid.id for grid in grids.grids_of_kind(reader.connection, GridKind.UNIT)] == [second.id]
