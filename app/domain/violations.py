"""Violations (违法事项): what may be penalised by which article, from when to when, and how much.

An item is dated: the day on which the act ended picks the version (行政处罚法(2021) 第37条: 从旧兼从轻). Amounts are yuan unless
the unit says otherwise. Shares of construction cost and multiples of a charge need that figure from the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.domain.problems import Refused
from app.domain.terms import TermMark
from app.domain.violation_words import YUAN, Tier, counted_by, most_of

MOST_YUAN = Decimal(100_000_000)


class Subject(StrEnum):
    """Whom an item is about."""

    CITIZEN = "citizen"
    ORGANISATION = "organisation"
    BOTH = "both"


class Violation(BaseModel):
    """One item in one version. fine_low = fine_high: a fixed amount; both 0: no fine is set here.

    unit: 元, 元/什么, or a share in words. tiers_note: what is written instead of tiers. replaced_by: codes of the items that
    follow it where another law took its place. valid_from None: nobody wrote down since when. mark: how sure the row is.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: str = Field(min_length=1, max_length=40, title="事项代码")
    title: str = Field(min_length=1, max_length=200, title="违法事项")
    title_en: str = ""
    basis: str = Field(min_length=1, max_length=400, title="法律依据")
    kinds: tuple[str, ...] = Field(default=(), title="处罚种类")
    fine_low: Decimal = Field(default=Decimal(0), ge=0, le=MOST_YUAN, title="罚款下限")
    fine_high: Decimal = Field(default=Decimal(0), ge=0, le=MOST_YUAN, title="罚款上限")
    unit: str = Field(default=YUAN, max_length=40, title="罚款单位")
    subject: Subject = Field(default=Subject.BOTH, title="适用对象")
    precondition: str = Field(default="", max_length=200, title="前置条件")
    authority: str = Field(default="", max_length=80, title="实施部门")
    tiers: tuple[Tier, ...] = Field(default=(), title="裁量等次")
    tiers_note: str = Field(default="", max_length=400, title="裁量说明")
    valid_from: date | None = Field(default=None, title="施行日期")
    valid_to: date | None = Field(default=None, title="废止日期")
    replaced_by: tuple[str, ...] = ()
    source: str = Field(default="", max_length=400, title="来源")
    mark: TermMark = Field(default=TermMark.READ, title="核对")

    @model_validator(mode="after")
    def _in_order(self) -> Violation:
        if self.fine_high < self.fine_low:
            raise ValueError("fine_high below fine_low")
        if self.valid_to is not None and self.valid_from is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to before valid_from")
        return self

    @property
    def is_fined(self) -> bool:
        """Whether it sets a fine."""
        return self.fine_high > 0

    @property
    def is_fixed(self) -> bool:
        """Whether the fine is one amount: there is nothing to weigh."""
        return self.is_fined and self.fine_low == self.fine_high

    @property
    def counted_by(self) -> str:
        """What the fine is counted by (只, 平方米, 株 …); empty when it is for the act as a whole."""
        return counted_by(self.unit)

    @property
    def needs_base(self) -> bool:
        """Whether the fine is a share or multiple of a figure that the file has to prove."""
        return self.is_fined and not self.unit.startswith(YUAN)

    def over(self, known: Violation) -> Violation:
        """This item in the place of `known`, with what a list that says it anew has no word for: its end, what follows it."""
        return self.model_copy(
            update={
                "title_en": known.title_en if self.title == known.title else self.title_en,
                "valid_to": self.valid_to or known.valid_to,
                "replaced_by": self.replaced_by or known.replaced_by,
            }
        )

    def in_force(self, on: date) -> bool:
        """Whether it was law on that day."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_to is None or on <= self.valid_to)

    def concerns(self, subject: Subject) -> bool:
        """Whether it is about such a party."""
        return Subject.BOTH in (subject, self.subject) or subject == self.subject

    def range_for(self, quantity: Decimal = Decimal(1)) -> tuple[Decimal, Decimal]:
        """The least and most in yuan for so many of what it is counted by.

        Raises Refused: violation.no_fine, violation.base_needed, violation.quantity_wrong.
        """
        if not self.is_fined:
            raise Refused("violation.no_fine", title=self.title)
        if self.needs_base:
            raise Refused("violation.base_needed", title=self.title, unit=self.unit)
        if quantity <= 0:
            raise Refused("violation.quantity_wrong", quantity=str(quantity))
        times = quantity if self.counted_by else Decimal(1)
        low, high = self.fine_low * times, self.fine_high * times
        most = most_of(self.unit) or high
        return min(low, most), min(high, most)


class ViolationTable(BaseModel):
    """All items, every version of each."""

    model_config = ConfigDict(frozen=True)

    items: tuple[Violation, ...]

    @cached_property
    def _by_code(self) -> dict[str, list[Violation]]:
        found: dict[str, list[Violation]] = {}
        for item in self.items:
            found.setdefault(item.code, []).append(item)
        return found

    def in_force(self, on: date) -> list[Violation]:
        """Items that were law on that day, in the order of the table."""
        return [item for item in self.items if item.in_force(on)]

    def find(self, code: str, on: date) -> Violation:
        """The version of that code on that day. Raises Refused: violation.unknown, violation.not_in_force."""
        versions = self._by_code.get(code)
        if not versions:
            raise Refused("violation.unknown", code=code)
        for item in versions:
            if item.in_force(on):
                return item
        raise Refused("violation.not_in_force", title=versions[-1].title, on=on.isoformat())

    def later(self, item: Violation, on: date) -> list[Violation]:
        """What has taken the item's place on that day; empty while the item itself is still law."""
        if item.in_force(on):
            return []
        codes = [item.code, *item.replaced_by]
        return [
            other for code in codes for other in self._by_code.get(code, ()) if other.in_force(on) and other != item
        ]

    def with_items(self, items: Iterable[Violation]) -> ViolationTable:
        """The table with more items; one of the same code and first day takes the place of what was there."""
        said = {(item.code, item.valid_from): item for item in (*self.items, *items)}
        return ViolationTable(items=tuple(said.values()))


def milder(old: Violation, new: Violation) -> Violation | None:
    """The milder of two versions by the most and then the least they allow; None when that cannot be compared.

    Equal: the old one, because the act was committed under it. The order of the comparison is that of 法释〔1997〕12号 for
    criminal law, used here as a proposal only: a person decides and says why.
    """
    if (old.unit, old.is_fined) != (new.unit, new.is_fined) or set(old.kinds) != set(new.kinds):
        return None
    return new if (new.fine_high, new.fine_low) < (old.fine_high, old.fine_low) else old


def tier_of(tiers: Sequence[Tier], amount: Decimal) -> Tier | None:
    """The tier an amount falls into; of two that meet, the lower."""
    return next((tier for tier in tiers if tier.low <= amount <= tier.high), None)
