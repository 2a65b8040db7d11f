"""An outline is changed corner by corner, and every change can be undone."""

from __future__ import annotations

import pytest

from app.domain.grids import Boundary
from app.domain.problems import Refused
from app.services.boundary_edit import BoundaryEdit

SQUARE: Boundary = ((((113.60, 34.70), (113.61, 34.70), (113.61, 34.71), (113.60, 34.71), (113.60, 34.70)),),)


def test_the_first_corner_is_moved_and_the_ring_stays_closed() -> None:
    edit = BoundaryEdit(SQUARE)
    ring = edit.move(0, 0, 0, (113.595, 34.695))[0][0]
    assert ring[0] == ring[-1] == (113.595, 34.695)
    assert len(ring) == 5


def test_corners_come_and_go_and_everything_is_undone() -> None:
    edit = BoundaryEdit(SQUARE)
    edit.insert(0, 0, 3, (113.599, 34.705))
    assert len(edit.boundary[0][0]) == 6
    edit.delete(0, 0, 1)
    assert (113.61, 34.70) not in edit.boundary[0][0]
    edit.undo()
    assert edit.undo() == SQUARE
    assert not edit.can_undo
    assert edit.undo() == SQUARE


def test_a_change_that_crosses_the_outline_is_refused_and_nothing_is_changed() -> None:
    edit = BoundaryEdit(SQUARE)
    with pytest.raises(Refused, match=r"grid\.edit_crosses"):
        edit.move(0, 0, 0, (113.62, 34.705))
    assert edit.boundary == SQUARE
    assert not edit.can_undo


def test_a_triangle_keeps_its_corners() -> None:
    edit = BoundaryEdit(SQUARE)
    edit.delete(0, 0, 0)
    with pytest.raises(Refused, match=r"grid\.edit_too_few"):
        edit.delete(0, 0, 0)
