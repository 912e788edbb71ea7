"""One line becomes notes: what was understood, as it was corrected on the page, and what needs consent first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ..core.errors import InputError
from ..core.phrases import REQUIRED
from ..engines.capture import Claim, Day
from ..house.access import Actor
from ..house.models import Place
from ..know import actions as know
from ..know.claims import ConsentNeeded
from ..know.models import Customer, Note, Sensitive
from ..know.understanding import about_of, kind_of, understand

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Proposed:
    """A note that is not kept yet."""

    text: str
    kind: str
    about: know.About
    claim: Claim | None = None
    """What it was read from; None when somebody has said it all themselves."""


def must_be_a_line(text: str) -> None:
    """Raises `InputError` for nothing, and for more than a line."""
    if not text:
        raise InputError({"text": REQUIRED})
    if len(text) > LONGEST:
        raise InputError({"text": _("Please keep it to %(longest)s letters.") % {"longest": LONGEST}})


@dataclass(slots=True)
class Captured:
    """What came of a line."""

    kept: list[Note] = field(default_factory=list)
    asks: list[Proposed] = field(default_factory=list)
    """Not kept, because a consent is missing."""
    address_as: str = ""
    pronunciation: str = ""
    languages: list[str] = field(default_factory=list)
    """What may go to the head of the card with one tap."""
    impossible: list[Day] = field(default_factory=list)
    """Days that were named and that there are not: they stand in the words only."""


def proposals(
    actor: Actor,
    text: str,
    *,
    now: datetime,
    place: Place,
    customer: Customer | None,
    kind: str | None = None,
) -> list[Proposed]:
    """The notes that a line means. With its kind said beforehand it is one note, word for word."""
    reading = understand(actor, text, now=now, place=place, customer=customer)
    found = [Proposed(each.text, kind_of(each), about_of(each), each) for each in reading.claims]
    if kind is None:
        return found
    first, claim = found[0], reading.claims[0]
    whole = replace(claim, impossible=tuple(said for each in reading.claims for said in each.impossible))
    return [Proposed(text, kind, first.about, whole)]


def corrected(proposed: Proposed, chosen: Mapping[str, str]) -> Proposed:
    """As somebody changed it on the page before sending. A choice for other words than these is let go."""
    if chosen.get("words") != proposed.text:
        return proposed
    changes: dict[str, Any] = {}
    if "topic" in chosen:
        changes["topic"] = "" if chosen["topic"] == "other" else chosen["topic"]
    if chosen.get("polarity") in {"-1", "0", "1"} and proposed.kind != Note.Kind.MOOD:
        changes["polarity"] = int(chosen["polarity"])
    if chosen.get("standing") in {"0", "1"}:
        changes["standing"] = chosen["standing"] == "1"
    if chosen.get("sensitive") in {"", *Sensitive.values}:
        changes["sensitive"] = chosen["sensitive"]
    if chosen.get("date") == "":
        changes |= {"happens_on": "", "happens_lunar": False}
    if chosen.get("person") == "":
        changes |= {"person": "", "relation": ""}
    kind = chosen["kind"] if chosen.get("kind") in Note.Kind.values else proposed.kind
    return replace(proposed, kind=kind, about=replace(proposed.about, **changes))


def impossible(proposed: Iterable[Proposed]) -> list[Day]:
    return [said.value for each in proposed if each.claim is not None for said in each.claim.impossible]


def keep(
    actor: Actor, customer: Customer, proposed: list[Proposed], *, place: Place, now: datetime
) -> Captured:
    """Writes down what may be written down, in the order it was said; the rest is given back to be asked about."""
    result = Captured(impossible=impossible(proposed))
    for each in proposed:
        try:
            note = know.add_note(
                actor, customer, text=each.text, kind=each.kind, place=place, about=each.about, now=now
            )
        except ConsentNeeded:
            result.asks.append(each)
            continue
        result.kept.append(note)
        _offer(result, customer, each)
    return result


def _offer(result: Captured, customer: Customer, each: Proposed) -> None:
    said = each.claim
    if said is None or said.value is None or said.person is not None:
        return
    if said.kind.value == "address_as" and said.topic.value == "pronunciation":
        result.pronunciation = said.value.value
    elif said.kind.value == "address_as" and said.value.value != customer.address_as:
        result.address_as = said.value.value
    elif said.kind.value == "language" and said.polarity.value == 0:
        known = customer.languages.split()
        result.languages += [tag for tag in said.value.value.split("+") if tag not in known]
