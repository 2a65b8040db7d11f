"""What a desk sent itself does not come back over the line."""

from __future__ import annotations

from uuid import UUID

from app.domain.cases import Case
from app.wire.sync import PullReply, SnapshotReply
from tests.sync.conftest import MakeOffice
from tests.sync.lines import Around


class Rows(Around):
    """Counts the rows that come down."""

    came = 0
    snapshots = 0

    def pull(self, request: object) -> PullReply:
        reply = super().pull(request)  # type: ignore[arg-type]
        self.came += sum(e.row is not None for page in reply.scopes.values() for e in page.entries)
        return reply

    def snapshot(self, scope: str, after: UUID | None, limit: int) -> SnapshotReply:
        self.snapshots += scope != "city"
        return self.line.snapshot(scope, after, limit)


def test_the_first_desk_of_a_district_fetches_nothing_of_its_own(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    for _number in range(3):
        office.report()
    line = Rows(office.line)

    report = office.sync(line)

    assert report.finished
    assert (line.snapshots, line.came) == (0, 0)


def test_later_work_of_its_own_comes_without_rows(make_desk_with_line: MakeOffice) -> None:
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    for one in (office, other, office):
        one.sync()
    mine, theirs = office.report(), other.report()
    other.sync()
    line = Rows(office.line)

    assert office.sync(line).finished

    with other.desk.store.read() as reader:
        steps = reader.connection.exec_driver_sql(
            "SELECT count(*) FROM case_steps WHERE parent = ?", (theirs.id.bytes,)
        )
        assert line.came == 1 + steps.scalar_one()
    assert office.case(theirs.id) is not None
    assert office.case(mine.id) is not None


def test_a_row_of_its_own_that_is_not_here_is_asked_for_whole(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    office.sync()
    cursor = office.sql("SELECT after FROM scopes WHERE scope = '410105'")[0][0]
    case = office.report()
    office.sync()
    settled = office.case(case.id)
    assert isinstance(settled, Case)
    with office.desk.store.local() as connection:
        # As after a disk that gave back an older moment of this one row.
        connection.exec_driver_sql("UPDATE cases SET version = 0, near = '旧' WHERE id = ?", (case.id.bytes,))
        connection.exec_driver_sql("UPDATE scopes SET after = ? WHERE scope = '410105'", (cursor,))
    line = Rows(office.line)

    assert office.sync(line).finished

    assert line.came > 0
    assert office.case(case.id) == settled
