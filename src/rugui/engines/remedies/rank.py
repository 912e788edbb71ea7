"""Putting remedies in order for one failure. Every number that moves one up or down is also a reason that can be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from .. import surprise
from . import words
from .learning import Evidence, Record, evidence

DUE, EXTRA = "due", "extra"
TIRED = timedelta(days=365)
"""The same remedy again within so long is no gesture any more."""
TIRING = timedelta(days=120)
"""The same form within so long is less of one."""
ENOUGH_IS = 1.5
"""Beyond one and a half times what was lost, more money adds no satisfaction that was measured."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One remedy of the catalogue. Amounts are minor units of one currency."""

    ref: int
    name: str
    part: str
    form: str
    cost: int
    value: int
    lead_minutes: int = 0
    elements: tuple[str, ...] = ()
    injustices: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()
    allowed: bool = True
    """Whether whoever asks may give it."""
    names: tuple[str, ...] = ()
    """Its names in every language, by which its contents are read."""


@dataclass(frozen=True, slots=True)
class Past:
    """A remedy that this customer has had."""

    ref: int
    form: str
    at: datetime
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Customer:
    """What is known of who is to be pleased: facts as the surprise check takes them, and what they had before."""

    facts: tuple[surprise.Fact, ...] = ()
    past: tuple[Past, ...] = ()
    low_mood: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """What happened."""

    said: str = ""
    """Their words, and what they said would make it right."""
    about: str = ""
    """What failed: the title, what was written down."""
    element: str = ""
    injustice: str = ""
    """As somebody heard it; empty reads the words."""
    severity: int = 0
    lost: int = 0
    """What they paid for it, where that is known."""


@dataclass(frozen=True, slots=True)
class Reason:
    """`code` says which, `about` the word, the note (by `ref`) or the number that it comes from."""

    code: str
    weight: float
    about: str = ""
    ref: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    offer: Offer
    score: float
    reasons: tuple[Reason, ...]
    """For and against, the heaviest first."""
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class RuledOut:
    offer: Offer
    reason: Reason


@dataclass(frozen=True, slots=True)
class Suggestions:
    due: tuple[Suggestion, ...]
    extra: tuple[Suggestion, ...]
    ruled_out: tuple[RuledOut, ...]
    felt: words.Felt
    learns: bool
    outcomes: int
    """In the house so far."""
    wished: dict[str, str] = field(default_factory=dict)


def suggest(
    offers: Sequence[Offer],
    customer: Customer,
    failure: Failure,
    *,
    now: datetime,
    records: Sequence[Record] = (),
    seed: int = 0,
) -> Suggestions:
    """What fits, best first. The same `seed` gives the same order, so that a page does not change while it is read."""
    read = words.felt(failure.said)
    felt = words.Felt(failure.injustice or read.injustice, failure.severity or read.severity)
    wished, unwished = words.wishes(failure.said), words.unwished(failure.said)
    random, kept, out = Random(seed), [], []  # noqa: S311  which gesture is tried is no secret
    for offer in sorted(offers, key=lambda each: each.ref):
        belief = evidence(offer.ref, offer.form, felt.injustice, failure.element, records)
        drawn = belief.draw(random) if belief.learns else None
        against = _ruled_out(offer, customer, unwished, now)
        if against is not None:
            out.append(RuledOut(offer, against))
            continue
        reasons = [
            *_wished(offer, failure, wished), *_fits(offer, failure, felt), *_amount(offer, failure, felt),
            *_known(offer, customer, now), *_learned(belief, drawn),
        ]  # fmt: skip
        score = sum(reason.weight for reason in reasons) - offer.lead_minutes / 10_000
        ordered = sorted(
            (each for each in reasons if each.code != "base"), key=lambda each: -abs(each.weight)
        )
        kept.append(Suggestion(offer, round(score, 6), tuple(ordered), belief))
    kept.sort(key=lambda each: (-each.score, each.offer.cost, each.offer.ref))
    return Suggestions(
        due=tuple(each for each in kept if each.offer.part == DUE),
        extra=tuple(each for each in kept if each.offer.part == EXTRA),
        ruled_out=tuple(out),
        felt=felt,
        learns=bool(kept) and kept[0].evidence.learns,
        outcomes=len(records),
        wished=wished,
    )


def _ruled_out(offer: Offer, customer: Customer, unwished: dict[str, str], now: datetime) -> Reason | None:
    """Why it must not be offered: harm, dislike, abstinence, a bad memory, tiredness, no right to give it."""
    if not offer.allowed:
        return Reason("role", 0)
    text = " · ".join(dict.fromkeys((offer.name, *offer.names)))
    gesture = surprise.Gesture(text, now.date(), surprise.ALONE, offer.contents)
    found = surprise.check(gesture, customer.facts)
    if heavy := [each for each in found if each.code in {"need", "abstains", "dislike"}]:
        return Reason(heavy[0].code, -heavy[0].weight, heavy[0].about, heavy[0].ref)
    if offer.form in unwished and offer.part == EXTRA:
        return Reason("unwished", -3, unwished[offer.form])
    for past in customer.past:
        if past.ref == offer.ref and past.outcome in {"uneasy", "declined"}:
            return Reason(past.outcome, -3)
        if past.ref == offer.ref and now - past.at < TIRED and offer.part == EXTRA:
            return Reason("tired", -2, past.at.date().isoformat())
    return None


def _wished(offer: Offer, failure: Failure, wished: dict[str, str]) -> list[Reason]:
    """They asked for it, by its form or by its own words."""
    if offer.form in wished:
        return [Reason("wished", 3.0, wished[offer.form])]
    named = next(
        (word for name in (offer.name, *offer.names) if (word := surprise.shared_word(name, failure.said))),
        "",
    )
    return [Reason("named", 1.5, named)] if named else []


def _fits(offer: Offer, failure: Failure, felt: words.Felt) -> list[Reason]:
    found = []
    if offer.injustices and felt.injustice:
        fits = felt.injustice in offer.injustices
        found.append(
            Reason("injustice" if fits else "other_injustice", 1.2 if fits else -0.8, felt.injustice)
        )
    if offer.elements and failure.element:
        fits = failure.element in offer.elements
        found.append(Reason("element" if fits else "other_element", 0.8 if fits else -0.8, failure.element))
    if offer.failures:
        said = f"{failure.about} {failure.said}".casefold()
        word = next((each for each in offer.failures if each.casefold() in said), "")
        found.append(Reason("failure", 1.5, word) if word else Reason("other_failure", -1.5))
    return found


def _amount(offer: Offer, failure: Failure, felt: words.Felt) -> list[Reason]:
    """How its worth to them stands to what they lost. Without that, worth beside cost still orders gestures."""
    found = []
    if failure.lost > 0 and offer.part == EXTRA:
        ratio = offer.value / failure.lost
        if ratio > ENOUGH_IS:
            found.append(Reason("beyond", -min(1.0, (ratio - ENOUGH_IS) / 2), f"{ratio:.1f}"))
        elif ratio >= 0.1:
            found.append(Reason("worth", 0.8 * (ratio / ENOUGH_IS) ** 0.5, f"{ratio:.1f}"))
    if offer.value > offer.cost:
        share = (offer.value - offer.cost) / offer.value
        found.append(Reason("thrifty", 0.6 * share, ""))
    if felt.severity == 3 and offer.part == EXTRA and offer.form in {"treat", "gift"}:
        found.append(Reason("too_small", -1.5))
    if felt.severity == 1 and offer.part == EXTRA and offer.form == "refund":
        found.append(Reason("too_much", -0.5))
    return found


def _known(offer: Offer, customer: Customer, now: datetime) -> list[Reason]:
    """What they like, in what we could give; and forms that they have had lately."""
    text = " · ".join(dict.fromkeys((offer.name, *offer.names)))
    found = []
    for fact in customer.facts:
        liked = fact.kind in {"preference", "wish"} and fact.polarity >= 0 and fact.confidence >= 0.35
        if not liked or fact.struck or fact.discretion == "keeper":
            continue
        shared = set(surprise.contents(text)) & (set(surprise.contents(fact.text)) | {fact.topic} - {""})
        word = next(iter(sorted(shared)), "") or surprise.shared_word(fact.text, text)
        if word:
            found.append(Reason("likes", 1.5 * fact.confidence, word, fact.ref))
            break
    if customer.low_mood and offer.form == "personal":
        found.append(Reason("mood", 0.4))
    if offer.part == EXTRA and any(
        past.form == offer.form and now - past.at < TIRING for past in customer.past
    ):
        found.append(Reason("same_form", -1.0))
    return found


def _learned(belief: Evidence, drawn: float | None) -> list[Reason]:
    """Before there is evidence the literature's small differences; after it, the draw."""
    if drawn is None:
        return [Reason("base", 2 * (belief.mean - 0.5))]
    code = "worked" if belief.outcomes else "untried"
    return [Reason(code, 4 * (drawn - 0.5), f"{belief.well}/{belief.outcomes}")]
