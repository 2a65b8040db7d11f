"""The register of enterprises that may be inspected: kept, found, listed with what of the year's cap is used."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.domain.case_views import CountSaid
from app.domain.credit_codes import check_credit_code, plain_code
from app.domain.inspection_views import EnterpriseFilter, EnterpriseLine
from app.domain.inspections import Enterprise
from app.domain.permissions import Actor, need_writer
from app.domain.problems import Refused
from app.services.reference import ReferenceService
from db.queries import enterprises as rows
from db.store import Store


class EnterpriseService:
    """Enterprises and shops. Every writing method is one transaction."""

    def __init__(self, store: Store, reference: ReferenceService) -> None:
        self._store = store
        self._reference = reference

    def get(self, enterprise_id: UUID) -> Enterprise:
        """One enterprise. Raises Refused("store.record_missing")."""
        with self._store.read() as reader:
            return reader.need(Enterprise, enterprise_id)

    def named(self, text: str) -> Enterprise:
        """The one enterprise of that name or credit code. Raises Refused("enterprise.not_found")."""
        with self._store.read() as reader:
            found = rows.find(reader.connection, text.strip()) or rows.find(reader.connection, plain_code(text))
            if len(found) != 1:
                raise Refused("enterprise.not_found", text=text)
            return reader.need(Enterprise, found[0])

    def save(self, values: Mapping[str, Any], *, actor: Actor, enterprise_id: UUID | None = None) -> Enterprise:
        """Add an enterprise, or change the one with `enterprise_id`.

        Raises Refused: enterprise.name_missing, enterprise.code_…, enterprise.code_taken, account.role_needed.
        """
        need_writer(actor, "enterprise")
        fields = self._completed(values)
        with self._store.write(actor, "enterprise.save") as tx:
            if enterprise_id is None:
                stamps = {"id": tx.ids.new(), "created_at": tx.now, "changed_at": tx.now}
                kept = Enterprise.model_validate({**stamps, **fields})
            else:
                kept = tx.need(Enterprise, enterprise_id).changed(tx.now, **fields)
            if kept.credit_code:
                taken = rows.known_codes(tx.connection, [kept.credit_code]).get(kept.credit_code)
                if taken not in (None, kept.id):
                    name = tx.need(Enterprise, taken).name
                    raise Refused("enterprise.code_taken", number=kept.credit_code, name=name)
            tx.add(kept) if enterprise_id is None else tx.change(kept)
        return kept

    def ids(self, wanted: EnterpriseFilter, limit: int | None = None) -> array[int]:
        """Row numbers of a list in its order; the whole list when `limit` is None."""
        with self._store.read() as reader:
            return rows.ids(reader.connection, wanted, limit)

    def lines(self, rids: Sequence[int]) -> list[EnterpriseLine]:
        """The lines of these rows, with this year's visits."""
        year = self._reference.today().year
        with self._store.read() as reader:
            return rows.lines(reader.connection, rids, year)

    def find(self, wanted: EnterpriseFilter, limit: int = 100) -> list[EnterpriseLine]:
        """The first lines of a list."""
        return self.lines(self.ids(wanted, limit))

    def count(self, wanted: EnterpriseFilter, cap: int | None = 1000) -> CountSaid:
        """How many a list holds, capped unless `cap` is None."""
        with self._store.read() as reader:
            return rows.count(reader.connection, wanted, cap)

    def rid_of(self, enterprise_id: UUID) -> int | None:
        """The row number of an enterprise, to find it in a list again."""
        with self._store.read() as reader:
            return rows.rid_of(reader.connection, enterprise_id)

    def words_of(self, column: str) -> list[str]:
        """What stands in "risk" or "category", the most frequent first."""
        with self._store.read() as reader:
            return rows.words_of(reader.connection, column)

    def _completed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        fields = dict(values)
        if "name" in fields:
            fields["name"] = str(fields["name"] or "").strip()
            if not fields["name"]:
                raise Refused("enterprise.name_missing")
        if "credit_code" in fields:
            fields["credit_code"] = plain_code(str(fields["credit_code"] or ""))
            if fields["credit_code"]:
                check_credit_code(fields["credit_code"])
        if code := fields.get("street_code"):
            street = self._reference.divisions().street(code)
            fields["street_name"] = street.name if street is not None else fields.get("street_name", "")
        return fields
