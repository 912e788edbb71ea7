"""Between one typed line and the notes it means: what helps to read it, and what a reading is kept as."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ..engines import claims
from ..engines.capture import AGAINST, FOR, Claim, Companion, Context, HouseWord, Reading, read
from ..house.access import Actor
from ..house.models import Place
from . import access
from .claims import About
from .models import Customer, Note

PLEASANT = frozenset({"happy", "excited", "calm"})
_DAY_FIRST = frozenset(
    [
        "AR",
        "AT",
        "AU",
        "BE",
        "BR",
        "CH",
        "CL",
        "CO",
        "CZ",
        "DE",
        "DK",
        "ES",
        "FI",
        "FR",
        "GB",
        "GR",
        "HK",
        "ID",
        "IE",
        "IL",
        "IN",
        "IT",
        "MX",
        "MY",
        "NL",
        "NO",
        "NZ",
        "PL",
        "PT",
        "RO",
        "RU",
        "SE",
        "SG",
        "TH",
        "TR",
        "VN",
        "ZA",
    ]
)
"""Countries in which 3/8 is the third of August."""


def understand(
    actor: Actor,
    text: str,
    *,
    now: datetime,
    place: Place | None = None,
    customer: Customer | None = None,
    words: Iterable[HouseWord] = (),
) -> Reading:
    """What the line says, read on the place's day and with the names of the people whom the customer's card names.

    `words` are the house's own; places are not read as things.
    """
    today = (now.astimezone(place.zone) if place else now).date()
    context = Context(
        companions=_companions(actor, customer) if customer else (),
        places=(place.name,) if place else (),
        words=tuple(words),
        day_first=bool(place and place.region in _DAY_FIRST),
    )
    return read(text, today, context)


def _companions(actor: Actor, customer: Customer) -> tuple[Companion, ...]:
    rows = access.notes(actor, customer).filter(withdrawn_at=None).exclude(person="").exclude(relation="")
    found = rows.order_by("-id").values_list("person", "relation")[:50]
    return tuple(Companion(name, relation) for name, relation in dict(found).items())


def kind_of(claim: Claim) -> str:
    """The kind that the note is kept as: how to address somebody, and what they speak, are facts with a value."""
    kind = claim.kind.value
    return kind if kind in Note.Kind.values else Note.Kind.FACT.value


def about_of(claim: Claim) -> About:
    """The fields of the note. What a note has no field for (a month, a room) stays in its words."""
    topic = claim.topic.value
    person = claim.person.value if claim.person else None
    day, lunar = _day(claim)
    return About(
        topic="" if topic == "other" else topic,
        value=_value(claim),
        polarity=_polarity(claim),
        standing=claim.standing.value,
        sensitive=claim.sensitive.value if claim.sensitive else "",
        happens_on=day,
        happens_lunar=lunar,
        person=person.name if person else "",
        relation=person.relation if person else "",
    )


def _value(claim: Claim) -> str:
    if claim.mood is not None:
        return claim.mood.value
    return claim.value.value[:80] if claim.value is not None else ""


def _polarity(claim: Claim) -> int:
    """Of a mood: whether it weighs on them (know/mood.py asks)."""
    if claim.mood is not None:
        return FOR if claim.mood.value in PLEASANT else AGAINST
    return claim.polarity.value


def _day(claim: Claim) -> tuple[str, bool]:
    if claim.date is None or claim.date.value.month is None or claim.date.value.day is None:
        return "", False
    day = claim.date.value
    year = f"{day.year:04}" if day.year is not None else "-"
    written = f"{year}-{day.month:02}-{day.day:02}"
    return (written, day.lunar) if claims.read_day(written, lunar=day.lunar) else ("", False)
