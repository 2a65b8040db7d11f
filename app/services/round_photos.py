"""A folder of photos of a round: looked at, matched, and taken in one by one, with nothing taken silently and nothing lost."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

from app.base.watch import Watch, silent
from app.domain.cases import Photo, PhotoPhase
from app.domain.findings import Finding
from app.domain.patrols import CheckResult, PatrolRound
from app.domain.permissions import Actor, need_writer
from app.domain.photo_matching import PhotoFacts, PhotoGroup, PhotoTarget, Proposal, Span, propose
from app.domain.problems import Problem, Refused
from app.services.photos import PhotoService, tie
from app.services.photos_intake import NOT_SHOWN, inspect
from app.services.reference import OFFICE_ZONE
from db.queries import findings as finding_rows
from db.store import Store

KINDS = frozenset({".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".avif"})
PIECE = 1 << 20
NO_PLACE = "round"
"""Key of the target that is the round itself: a photo of it that belongs to no check point."""


@dataclass(frozen=True)
class LookedPhoto:
    """One file of the folder, not taken in. thumbnail: a small JPEG or None. trouble: why it cannot be read."""

    path: Path
    sha256: str
    facts: PhotoFacts
    thumbnail: bytes | None = None
    trouble: Problem | None = None

    @property
    def key(self) -> str:
        """What the proposal calls it."""
        return self.facts.key


@dataclass(frozen=True)
class RoundTargets:
    """Where photos of a round may go: by key the record they are tied to, with what matching looks at."""

    walk: PatrolRound
    targets: Sequence[PhotoTarget]
    records: Mapping[str, UUID]
    names: Mapping[str, str]
    span: Span


@dataclass(frozen=True)
class TakenIn:
    """What came of taking photos in: how many are tied now, and the files that were refused with the reason."""

    count: int
    refused: Sequence[tuple[Path, Problem]]


class RoundPhotoService:
    """Reads are safe from reader threads; nothing is kept until `take`."""

    def __init__(self, store: Store, photos: PhotoService) -> None:
        self._store = store
        self._photos = photos

    def targets(self, round_id: UUID) -> RoundTargets:
        """The check points and findings of a round, and when it was walked."""
        with self._store.read() as reader:
            walk = reader.need(PatrolRound, round_id)
            results = {result.point_no: result for result in reader.children(CheckResult, round_id)}
            found = [reader.need(Finding, one) for one in finding_rows.of_round(reader.connection, round_id)]
        return _targets(walk, results, found)

    def look(self, folder: Path, round_id: UUID, watch: Watch | None = None) -> list[LookedPhoto]:
        """Every photo in a folder and the folders in it, by name; twice the same, or with the round already: a duplicate.

        Raises Refused: photos.folder_unreadable, photos.folder_empty; Cancelled.
        """
        watch = watch or silent()
        paths = _photos_in(folder)
        known = self._known(round_id)
        looked: list[LookedPhoto] = []
        for done, path in enumerate(paths):
            watch.step(done, len(paths), path.name)
            one = _looked(path, folder)
            if one.trouble is None and one.sha256 in known:
                facts = PhotoFacts(one.key, one.facts.taken_at, group=PhotoGroup.DUPLICATE)
                one = LookedPhoto(one.path, one.sha256, facts, one.thumbnail)
            known.add(one.sha256)
            looked.append(one)
        return looked

    def propose(self, targets: RoundTargets, photos: Iterable[LookedPhoto], shift: timedelta | None = None) -> Proposal:
        """Which photo belongs where. shift: what is added to the camera's time; None: what was detected."""
        return propose((photo.facts for photo in photos), targets.targets, targets.span, shift)

    def take(
        self,
        targets: RoundTargets,
        chosen: Sequence[tuple[LookedPhoto, str]],
        *,
        actor: Actor,
        watch: Watch | None = None,
    ) -> TakenIn:
        """Take photos into the store and tie each to its target; each by itself, so that stopping keeps what was done.

        chosen: photo and key of a target, or `NO_PLACE` for the round itself. The files in the folder stay as they are.
        """
        need_writer(actor, "check_result")
        watch, refused, count = watch or silent(), list[tuple[Path, Problem]](), 0
        for done, (photo, target) in enumerate(chosen):
            watch.step(done, len(chosen), photo.path.name)
            try:
                taken = self._photos.take_in(photo.path, photo.path.name)
            except Problem as problem:
                refused.append((photo.path, problem))
                continue
            parent = targets.walk.id if target == NO_PLACE else targets.records[target]
            with self._store.write(actor, "patrol.attach", photo.path.name) as tx:
                count += len(tie(tx, parent, [taken], PhotoPhase.BEFORE))
        return TakenIn(count, refused)

    def of_round(self, round_id: UUID) -> list[tuple[int | None, Photo]]:
        """Every photo of a round with the number of its check point, in the order of the route; those of findings too."""
        with self._store.read() as reader:
            parents: list[tuple[int | None, UUID]] = [(None, round_id)]
            parents += [(result.point_no, result.id) for result in reader.children(CheckResult, round_id)]
            found = [reader.need(Finding, one) for one in finding_rows.of_round(reader.connection, round_id)]
            parents += [(finding.point_no, finding.id) for finding in found]
            photos = [(no, photo) for no, parent in parents for photo in reader.children(Photo, parent)]
        return sorted(photos, key=lambda one: (one[0] is None, one[0] or 0))

    def _known(self, round_id: UUID) -> set[str]:
        """Files that belong to the round, its check points or its findings already."""
        return {photo.sha256 for _no, photo in self.of_round(round_id)}


def _targets(walk: PatrolRound, results: Mapping[int, CheckResult], found: Sequence[Finding]) -> RoundTargets:
    targets: list[PhotoTarget] = []
    records: dict[str, UUID] = {}
    names: dict[str, str] = {}
    for point in walk.points:
        key, result = f"point:{point.no}", results.get(point.no)
        seen = point if point.longitude is not None or result is None else result
        at = None if result is None else result.at
        targets.append(PhotoTarget(key, point.no, seen.longitude, seen.latitude, at))
        # A point nobody said anything of yet has no record of its own; its photos stay with the round.
        records[key] = walk.id if result is None else result.id
        names[key] = f"{point.no} {point.name}"
    for finding in found:
        key, no = f"finding:{finding.id}", finding.point_no or len(walk.points) + 1
        result = results.get(no)
        at = result.at if result is not None and result.at is not None else finding.found_at
        targets.append(PhotoTarget(key, no, finding.longitude, finding.latitude, at, finding=True))
        what = finding.minor_name or finding.category_text or finding.number
        records[key], names[key] = finding.id, f"{finding.point_no or ''} {what}".strip()
    return RoundTargets(walk, tuple(targets), records, names, _span(walk, targets))


def _span(walk: PatrolRound, targets: Sequence[PhotoTarget]) -> Span:
    """From the first thing known of the round to the last; its shift where nothing else is known."""
    times = [target.at for target in targets if target.at is not None]
    times += [at for at in (walk.started_at, walk.ended_at) if at is not None]
    if times:
        return Span(min(times), max(times))
    begin = datetime.combine(walk.day, walk.shift_start or time(0), OFFICE_ZONE)
    end = datetime.combine(walk.day, walk.shift_end or time(23, 59), OFFICE_ZONE)
    return Span(begin.astimezone(UTC), (end if end > begin else end + timedelta(days=1)).astimezone(UTC))


def _photos_in(folder: Path) -> list[Path]:
    try:
        found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in KINDS and path.is_file())
    except OSError as error:
        raise Refused("photos.folder_unreadable", folder=folder.name) from error
    if not folder.is_dir():
        raise Refused("photos.folder_unreadable", folder=folder.name)
    if not found:
        raise Refused("photos.folder_empty", folder=folder.name)
    return found


def _looked(path: Path, folder: Path) -> LookedPhoto:
    key = path.relative_to(folder).as_posix()
    try:
        seen = inspect(path, path.name, OFFICE_ZONE)
        sha256 = _hash(path)
    except Refused as problem:
        return LookedPhoto(path, "", PhotoFacts(key, group=PhotoGroup.UNREADABLE), trouble=problem)
    except OSError:
        unreadable = Refused("file.unreadable", name=path.name)
        return LookedPhoto(path, "", PhotoFacts(key, group=PhotoGroup.UNREADABLE), trouble=unreadable)
    group = PhotoGroup.UNREADABLE if seen.warning == NOT_SHOWN else None
    facts = PhotoFacts(key, seen.taken_at, seen.longitude, seen.latitude, group)
    return LookedPhoto(path, sha256, facts, seen.thumbnail)


def _hash(path: Path) -> str:
    counted = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            counted.update(piece)
    return counted.hexdigest()
