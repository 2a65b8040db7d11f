"""The sealed file from the desk's side: what goes onto the stick, and what its answer came to."""

from __future__ import annotations

from pathlib import Path

from app.base.watch import Watch
from app.domain.permissions import Actor
from app.sync.alone import syncing
from app.sync.link import LinkStore
from app.sync.numbers import GiveCodes, Numbers
from app.sync.points import Reach
from app.sync.sealed import SealedWork, Sealer
from app.sync.unsealing import Arrived, Unsealer
from app.sync.views import SyncReport, SyncStatus
from app.wire.sync import CITY_SCOPE, Status
from db.blobs import BlobStore
from db.store import Store


def seal(store: Store, blobs: BlobStore, file: Path, watch: Watch) -> SealedWork:
    """See SyncService.seal."""
    link = LinkStore(store).need()
    with syncing(store.paths, store.clock, watch) as beating:
        requests = Numbers(store).wanted()
        scopes = (link.district, CITY_SCOPE)
        return Sealer(store, blobs).seal(file, link, scopes, numbers=requests, watch=beating)


def unseal(
    store: Store, file: Path, watch: Watch, *, system: Actor, reach: Reach, give_codes: GiveCodes = lambda _actor: 0
) -> Arrived:
    """See SyncService.unseal. Numbers that came with the file are kept, and what waited for one gets it."""
    link = LinkStore(store).need()
    with syncing(store.paths, store.clock, watch) as beating:
        unsealer = Unsealer(store, reach=reach)
        unsealer.take(file, link, beating)
        for block in unsealer.arrived.blocks:
            Numbers(store, give_codes).keep(block, actor=system)
    return unsealer.arrived


def told(arrived: Arrived, status: SyncStatus) -> SyncReport:
    """What the file did and what is left. finished: nothing is left and both hold the same."""
    left = status.waiting + status.conflicts + status.refused + status.held + status.files_waiting
    return SyncReport(
        pushed=arrived.pushed,
        merged=arrived.statuses[Status.MERGED],
        pulled=arrived.pulled,
        conflicts=status.conflicts,
        refused=status.refused,
        held=status.held,
        files_sent=arrived.files,
        waiting=status.waiting,
        files_waiting=status.files_waiting,
        head={scope: head.head for scope, head in arrived.heads.items()},
        equal=arrived.equal,
        finished=left == 0 and arrived.equal is True,
    )
