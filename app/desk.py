"""One office put together without a screen: the composition root (registration 3)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from app.base import reference_builtin as builtin
from app.base.clock import Clock
from app.base.ids import IdSource
from app.base.paths import StorePaths, network_drive
from app.base.settings import DeskSettings
from app.base.watch import Watch, silent
from app.domain.cases import Case
from app.domain.numbering import PC_MARK_LENGTH, pc_mark
from app.domain.office import SYSTEM_PERSON_ID, SYSTEM_PERSON_NAME, Office
from app.domain.passwords import check_password
from app.domain.permissions import Actor, OfficeRole
from app.domain.problems import Refused, Unavailable
from app.domain.recovery import recovery_code
from app.domain.reference import Condition, Division
from app.reports.papers import PaperService
from app.services.accounts import AccountService
from app.services.attendance import AttendanceService
from app.services.audit import AuditService
from app.services.boundary_import import BoundaryService
from app.services.care import CareService
from app.services.case_import import ImportService
from app.services.case_lists import CaseListService
from app.services.cases import CaseService
from app.services.checklists import ChecklistService
from app.services.clock_watch import ClockWatch
from app.services.coverage import CoverageService
from app.services.demo import DemoService
from app.services.directory import DirectoryService
from app.services.drafts import DraftService
from app.services.draws import DrawService
from app.services.enterprise_import import EnterpriseImportService
from app.services.enterprises import EnterpriseService
from app.services.exports import ExportService
from app.services.facilities import FacilityService
from app.services.facility_import import FacilityImportService
from app.services.facility_papers import FacilityPaperService
from app.services.field_tasks import FieldTaskService
from app.services.finding_sheets import FindingSheetService
from app.services.findings import FindingService
from app.services.grids import GridService
from app.services.inspection_papers import InspectionPaperService
from app.services.inspections import InspectionService
from app.services.map_layers import MapService
from app.services.member_scores import MemberScoreService
from app.services.members import MemberService
from app.services.officers import OfficerService
from app.services.patrol_papers import PatrolPaperService
from app.services.patrol_places import PatrolPlaces
from app.services.patrol_plans import PatrolPlanService
from app.services.patrols import PatrolService
from app.services.photos import PhotoService
from app.services.pickers import PickerService
from app.services.preferences import PreferenceService
from app.services.reference import ReferenceService
from app.services.roll_calls import RollCallService
from app.services.round_import import RoundImportService
from app.services.round_making import RoundTables
from app.services.round_photos import RoundPhotoService
from app.services.salvaging import Salvaged, salvage_store
from app.services.search import SearchService
from app.services.search_words import search_index
from app.services.task_follow import TaskFollower
from app.services.terms import TermService
from app.services.traces import TraceService
from app.services.violations import ViolationService
from db.blobs import BlobStore
from db.keys import KeyFile, make_key
from db.lock import alone
from db.outbox import open_count
from db.restore import restore
from db.staging import staged
from db.store import Store
from db.swap import finish_interrupted, settle, sweep_staged

if TYPE_CHECKING:
    from app.sync.line import CityLine
    from app.sync.link import LinkStore
    from app.sync.service import SyncService

FIRST_ROLES = (OfficeRole.ADMIN, OfficeRole.ACCEPTOR, OfficeRole.DISPATCHER, OfficeRole.GRID_CLERK, OfficeRole.LEADER)


@dataclass(frozen=True)
class NewOffice:
    """What the first run asks. mark: stands in front of every number; made from the district when empty."""

    district_code: str
    name: str
    mark: str = ""
    demonstration: bool = False


@dataclass(frozen=True)
class Desk:
    """Everything one office can do."""

    store: Store
    paths: StorePaths
    clock: Clock
    accounts: AccountService
    attendance: AttendanceService
    audit: AuditService
    boundaries: BoundaryService
    care: CareService
    case_lists: CaseListService
    cases: CaseService
    checklists: ChecklistService
    clock_watch: ClockWatch
    coverage: CoverageService
    demo: DemoService
    directory: DirectoryService
    drafts: DraftService
    draws: DrawService
    enterprise_import: EnterpriseImportService
    enterprises: EnterpriseService
    exports: ExportService
    facilities: FacilityService
    facility_import: FacilityImportService
    facility_papers: FacilityPaperService
    field_tasks: FieldTaskService
    finding_sheets: FindingSheetService
    findings: FindingService
    grids: GridService
    imports: ImportService
    inspection_papers: InspectionPaperService
    inspections: InspectionService
    map: MapService
    member_scores: MemberScoreService
    members: MemberService
    officers: OfficerService
    papers: PaperService
    patrol_papers: PatrolPaperService
    patrol_plans: PatrolPlanService
    patrols: PatrolService
    photos: PhotoService
    pickers: PickerService
    preferences: PreferenceService
    reference: ReferenceService
    round_import: RoundImportService
    roll_calls: RollCallService
    round_photos: RoundPhotoService
    search: SearchService
    terms: TermService
    traces: TraceService
    violations: ViolationService
    make_sync: Callable[[Desk], SyncService]

    @cached_property
    def sync(self) -> SyncService:
        """The line to the city; what it needs is imported when it is first asked for."""
        return self.make_sync(self)

    def close(self) -> None:
        """Let go of the line and the file."""
        if "sync" in self.__dict__:
            self.sync.close()
        self.store.close()

    def outbox_count(self) -> int:
        """Changes the city has not taken over."""
        with self.store.read() as reader:
            return open_count(reader.connection)

    def street_code(self, name: str) -> str:
        """The code of a street by code or name. Raises Refused("reference.street_unknown")."""
        for street in self.reference.divisions().streets_of(self.reference.office().district_code):
            if name in (street.code, street.name):
                return street.code
        raise Refused("reference.street_unknown", name=name)

    def condition(self, case: Case, no: int) -> Condition:
        """A filing condition of the case's category, under the standards in force today."""
        category = self.reference.categories().find(str(case.kind), case.major, case.minor)
        condition = category.condition(no) if category else None
        if condition is None:
            raise Refused("case.condition_unknown", minor_name=case.minor_name, no=no)
        return condition


def create_desk(
    paths: StorePaths, office: NewOffice, person: str, login: str, password: str, *, clock: Clock
) -> tuple[Desk, str]:
    """A new store with its office and first person, who may do everything; gives the recovery code, shown once.

    Raises Refused for an unknown district or a weak password, Unavailable when the place will not do. Nothing is left
    behind then.
    """
    district = builtin.divisions().district(office.district_code)
    if district is None:
        raise Refused("reference.district_unknown", code=office.district_code)
    check_password(password, login=login, name=person)
    refuse_network_drive(paths)
    key = make_key()
    with alone(paths.lock, clock, "create"):
        finish_interrupted(paths)
        sweep_staged(paths)
        if paths.database.exists():
            raise Unavailable("store.exists", path=paths.database)
        with staged(paths, f"{paths.database.stem}.before-create") as beside:
            _found(beside.paths, key, office, district, (person, login, password), clock)
    return open_desk(key, paths, clock), recovery_code(key)


def _found(
    paths: StorePaths, key: bytes, office: NewOffice, district: Division, first: tuple[str, str, str], clock: Clock
) -> None:
    """Write a new store: its file, its office, its first person, its key slots."""
    person, login, password = first
    keys = KeyFile(paths)
    store = Store.create(paths, key, clock=clock, ids=IdSource(clock), search=search_index(builtin.initials()))
    try:
        desk = _assemble(store, keys, key)
        keys.start(key)
        keys.add(_found_office(desk, office, district, person, login), login, person, password, key)
    finally:
        store.close()


def _found_office(desk: Desk, office: NewOffice, district: Division, person: str, login: str) -> UUID:
    store = desk.store
    founder = Actor(SYSTEM_PERSON_ID, SYSTEM_PERSON_NAME, frozenset({OfficeRole.ADMIN}), store.device_id)
    first = desk.accounts.first_person(person, login, FIRST_ROLES, actor=founder)
    with store.write(founder, "office.found") as tx:
        tx.add(
            Office(
                id=tx.ids.new(),
                created_at=tx.now,
                changed_at=tx.now,
                district_code=district.code,
                district_name=district.name,
                name=office.name,
                mark=office.mark or district.code,
                pc_mark=pc_mark(secrets.token_bytes(PC_MARK_LENGTH)),
                demonstration=office.demonstration,
            )
        )
    return first.id


def open_desk(key: bytes, paths: StorePaths, clock: Clock) -> Desk:
    """The office at `paths`. Raises Unavailable: missing, wrong key, damaged, newer, on a network drive."""
    settle(paths, clock)
    if not paths.database.exists():
        raise Unavailable("store.missing", path=paths.database)
    refuse_network_drive(paths)
    keys = KeyFile(paths, steady=clock.steady)
    try:
        store = Store.open(paths, key, clock=clock, ids=IdSource(clock), search=search_index(builtin.initials()))
    except Unavailable as problem:
        if problem.code == "store.wrong_key" and keys.fits(key):
            # The key is the right one, so it is the file's first page that is broken.
            raise Unavailable("store.damaged") from problem
        raise
    return _assemble(store, keys, key)


def salvage_desk(
    key: bytes, paths: StorePaths, clock: Clock, to: StorePaths | None = None, watch: Watch | None = None
) -> Salvaged:
    """Save what can be read of a damaged store: in its place (the damaged files are kept aside), or at `to`.

    No desk is open at `paths` meanwhile. Raises Unavailable: store.salvage_nothing, store.exists (for `to`),
    store.disk_full, store.locked_by_window. Nothing has changed then.
    """
    settle(paths, clock)
    refuse_network_drive(to or paths)
    search = search_index(builtin.initials())
    return salvage_store(key, paths, to or paths, clock=clock, search=search, watch=watch or silent())


def restore_desk(file: Path, paths: StorePaths, clock: Clock, watch: Watch | None = None) -> Path | None:
    """Bring a backup back to `paths`; gives the folder where what was there before is kept, or None."""
    refuse_network_drive(paths)
    return restore(file, paths, clock=clock, watch=watch or silent())


def refuse_network_drive(paths: StorePaths) -> None:
    """SQLite's locks do not hold on a network drive, so no store is opened there."""
    if network_drive(paths.folder) is not None:
        raise Unavailable("store.network_drive", path=paths.folder)


def _assemble(store: Store, keys: KeyFile, key: bytes) -> Desk:
    reference, directory = ReferenceService(store), DirectoryService(store)
    blobs = BlobStore(store.paths.files, key, largest_mb=DeskSettings.read(store.paths.settings).largest_file_mb)
    photos = PhotoService(store, blobs)
    clock_watch = ClockWatch(store)
    grids = GridService(store, reference)
    members = MemberService(store, directory, reference)
    pickers = PickerService(reference, directory, builtin.initials())
    task_follower = TaskFollower(store, reference, members, grids)
    cases = CaseService(store, reference, directory, clock_watch, task_follower, grids)
    case_lists = CaseListService(store)
    preferences = PreferenceService(store)
    field_tasks = FieldTaskService(store, reference, cases, task_follower, preferences)
    findings = FindingService(store, reference, grids, cases)
    facilities = FacilityService(store, reference, grids)
    checklists = ChecklistService(store, reference)
    patrol_places = PatrolPlaces(grids, reference, directory)
    enterprises, officers = EnterpriseService(store, reference), OfficerService(store)
    inspections = InspectionService(store, reference, checklists, cases)
    patrols = PatrolService(store, reference, checklists, patrol_places, clock_watch, facilities.seen)
    return Desk(
        store=store,
        paths=store.paths,
        clock=store.clock,
        accounts=AccountService(store, keys, key),
        attendance=AttendanceService(store, reference, members),
        audit=AuditService(store),
        boundaries=BoundaryService(store, reference, grids),
        care=CareService(store, photos, key),
        case_lists=case_lists,
        cases=cases,
        checklists=checklists,
        clock_watch=clock_watch,
        coverage=CoverageService(store, reference, directory, grids),
        demo=DemoService(store, reference, directory, grids, checklists, facilities),
        directory=directory,
        drafts=DraftService(store),
        draws=DrawService(store, reference, officers, inspections, lambda: secrets.token_hex(16)),
        enterprise_import=EnterpriseImportService(store, reference, preferences),
        enterprises=enterprises,
        exports=ExportService(store, reference),
        facilities=facilities,
        facility_import=FacilityImportService(store, facilities, grids, preferences),
        facility_papers=FacilityPaperService(store, reference, facilities, photos),
        field_tasks=field_tasks,
        finding_sheets=FindingSheetService(store, reference, findings, field_tasks),
        findings=findings,
        grids=grids,
        imports=ImportService(store, reference, preferences, grids),
        inspection_papers=InspectionPaperService(store, reference, inspections, photos),
        inspections=inspections,
        map=MapService(store, grids, reference),
        member_scores=MemberScoreService(store, members, grids),
        members=members,
        officers=officers,
        papers=PaperService(cases, case_lists, photos, reference, store.clock),
        patrol_papers=PatrolPaperService(store, reference, checklists),
        patrol_plans=PatrolPlanService(store, reference, checklists, patrol_places),
        patrols=patrols,
        photos=photos,
        pickers=pickers,
        preferences=preferences,
        reference=reference,
        round_import=RoundImportService(store, RoundTables(reference, directory, grids, facilities), preferences),
        round_photos=RoundPhotoService(store, photos),
        search=SearchService(store, grids, directory, pickers),
        roll_calls=RollCallService(store, reference, members, grids, lambda: secrets.token_hex(8)),
        terms=TermService(reference),
        traces=TraceService(store, grids),
        violations=ViolationService(reference, preferences),
        make_sync=lambda desk: _sync(desk, blobs),
    )


def _sync(desk: Desk, blobs: BlobStore) -> SyncService:
    from app.base.machine import machine_mark
    from app.sync.service import Parts, SyncService

    def give_codes(actor: Actor) -> int:
        return desk.facilities.give_codes(actor=actor)

    parts = Parts(_city_line, lambda: secrets.token_bytes(32), machine_mark, give_codes=give_codes)
    return SyncService(desk.store, blobs, desk.reference, desk.accounts, desk.care, parts)


def _city_line(link: LinkStore) -> CityLine:
    from app.sync.city import CityClient

    return CityClient(link)
