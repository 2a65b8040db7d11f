"""Facilities on paper and in sheets: a card says everything, a sheet can be imported again."""

from __future__ import annotations

from pathlib import Path

from app.desk import Desk
from app.domain.cases import PhotoPhase
from app.domain.facilities import FacilityState
from app.domain.facility_views import FacilityFilter
from app.domain.permissions import Actor
from app.reports.paper import Facts, PageBreak, Photos, Table
from tests.builders import a_picture

COVER = {"major": "01", "minor": "02", "address": "纬一路12号", "house_number": "井-1", "attributes": {"depth": "3.2"}}


def test_a_card_holds_facts_attributes_photos_and_history(desk: Desk, actor: Actor) -> None:
    cover = desk.facilities.save(COVER, actor=actor)
    desk.facilities.set_state([cover.id], FacilityState.DAMAGED, "盖板开裂", actor=actor)
    taken = desk.photos.take_in(a_picture(), "井盖.jpg")
    desk.photos.attach_to(cover, [taken], PhotoPhase.BEFORE, actor=actor)
    paper = desk.facility_papers.cards([cover.id, cover.id], actor=actor)
    facts = next(block for block in paper.blocks if isinstance(block, Facts))
    said = {title: value for row in facts.rows for title, value in row}
    assert (said["标识码"], said["户籍号"], said["井深"]) == (cover.code, "井-1", "3.2米")
    assert sum(isinstance(block, PageBreak) for block in paper.blocks) == 1
    photos = next(block for block in paper.blocks if isinstance(block, Photos))
    assert photos.photos[0].picture
    table = next(block for block in paper.blocks if isinstance(block, Table))
    assert table.rows[0][2] == "完好 → 破损 盖板开裂"


def test_a_list_on_paper_says_how_many_there_are(desk: Desk, actor: Actor) -> None:
    desk.facilities.save(COVER, actor=actor)
    paper = desk.facility_papers.listed(desk.facilities.ids(FacilityFilter()), "窨井", actor=actor)
    table = next(block for block in paper.blocks if isinstance(block, Table))
    assert paper.landscape
    assert table.rows[0][4:7] == ("污水井盖", "", "纬一路12号")


def test_an_exported_sheet_comes_in_again_without_a_change(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    desk.facilities.save(
        {**COVER, "longitude": 113.66, "latitude": 34.75, "source_no": "A-1", "source": "来源编号"}, actor=actor
    )
    path = tmp_path / "部件.xlsx"
    assert desk.facility_papers.export(path, desk.facilities.ids(FacilityFilter()), actor=actor) == 1
    sheet = desk.facility_import.open(path)
    result = desk.facility_import.take_over(sheet, desk.facility_import.mapping_for(sheet), actor=actor)
    assert (result.taken, result.updated, len(result.refused)) == (0, 0, 0)
    assert result.unchanged == 1
