"""Steps offered and refused, in words."""

from __future__ import annotations

from app.base.problem_words import problem_cure
from app.base.words import _
from app.domain.case_rules import ActionOffer
from app.domain.office import Office
from app.domain.problems import Problem
from app.services.case_step_words import refusal_text
from app.services.case_words import swapped

PRIMARY_KEY = "F5"
SILENT_KINDS = frozenset({"system"})


def offer_title(offer: ActionOffer, office: Office) -> str:
    """The name of a step as this office says it."""
    return _(swapped(offer.step.title, office))


def refusal_words(problem: Problem) -> str:
    """The rule that says no, and what to do now."""
    return f"{refusal_text(problem)}。{problem_cure(problem)}".replace("。。", "。")


def open_offers(offers: list[ActionOffer]) -> list[ActionOffer]:
    """Steps that may be taken now, by a person; the one that leads on comes first."""
    opened = [offer for offer in offers if offer.allowed and offer.step.kind not in SILENT_KINDS]
    return sorted(opened, key=lambda offer: offer.step.key != PRIMARY_KEY)


def closed_offers(offers: list[ActionOffer]) -> list[ActionOffer]:
    """Steps that may not be taken, each once though it stands in the table twice."""
    seen = {offer.step.action for offer in offers if offer.allowed}
    refused: list[ActionOffer] = []
    for offer in offers:
        if offer.refusal is not None and offer.step.action not in seen:
            seen.add(offer.step.action)
            refused.append(offer)
    return refused
