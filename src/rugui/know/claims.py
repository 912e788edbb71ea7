"""Between the rows of notes and the engine of claims: what a new one is taken to be, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from ..core.errors import InputError, Text
from ..core.phrases import REQUIRED, choose_one, too_long
from ..engines.claims import Claim, half_life_days, read_day, standing_at_first
from ..engines.claims.model import GUESSES
from ..house.access import Actor
from .models import Consent, Note, Sensitive

TOPIC = r"^([a-z0-9]+(-[a-z0-9]+)*|)$"
LONGEST = {"topic": 40, "value": 80, "person": 120}
Discretion = Note.Discretion


@dataclass(frozen=True, slots=True)
class About:
    """What a note claims beyond its words. None leaves it to the kind and the source."""

    topic: str = ""
    value: str = ""
    polarity: int = 0
    standing: bool | None = None
    discretion: str | None = None
    sensitive: str = ""
    purpose: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    happens_on: str = ""
    happens_lunar: bool = False
    person: str = ""
    relation: str = ""
    visit_id: int | None = None

    @classmethod
    def of(cls, note: Note, changes: Mapping[str, Any], *, again: bool) -> About:
        """A note's own, with these changes. `again`: its kind is another, so what followed from the kind is left open."""
        own = cls(**{field.name: getattr(note, field.name) for field in fields(cls)})
        if again:
            own = replace(
                own,
                standing=own.standing if note.confirmations else None,
                purpose=None,
            )
        return replace(own, **changes)


class ConsentNeeded(InputError):
    """A sensitive kind of note, and no consent that stands. The page offers to record one."""

    def __init__(self, sensitive: str) -> None:
        self.sensitive = sensitive
        what = str(Sensitive(sensitive).label)
        super().__init__(
            {
                "sensitive": _(
                    "Only with their consent (%(what)s), and none is recorded. Ask them, record it, then write this down."
                )
                % {"what": what}
            }
        )


def claim_of(note: Note) -> Claim:
    """A row as the engine knows it."""
    return Claim(
        kind=note.kind,
        source=note.source,
        learned_at=note.learned_at,
        topic=note.topic,
        value=note.value or note.happens_on,
        text=note.text,
        polarity=note.polarity,
        subject=note.person,
        standing=note.standing,
        confirmed_at=note.confirmed_at,
        valid_from=note.valid_from,
        valid_until=note.valid_until,
        occasion=note.visit_id,
        open=note.discretion == Discretion.OPEN,
        struck=note.struck_by_id is not None,
    )


def prior_half_life(note: Note) -> float:
    """Of a standing claim of its kind and topic, before the house has learned its own."""
    return half_life_days(replace(claim_of(note), standing=True))


def fields_of(about: About, *, kind: str, source: str, customer_id: int) -> dict[str, Any]:
    """The columns of a note; what is left open is decided here, and the consent that it rests on is found."""
    discretion = about.discretion
    if discretion is None:
        discretion = Discretion.QUIET if source in GUESSES or about.sensitive else Discretion.OPEN
    purpose = about.purpose or (Note.Purpose.SAFETY if kind == Note.Kind.NEED else Note.Purpose.SERVICE)
    found = {field.name: getattr(about, field.name) for field in fields(about)}
    return found | {
        "standing": standing_at_first(kind, source) if about.standing is None else about.standing,
        "discretion": discretion,
        "purpose": purpose,
        "value": about.value.strip(),
        "person": about.person.strip(),
        "consent_id": _consent(customer_id, about.sensitive),
    }


def checked(
    actor: Actor,
    customer_id: int,
    *,
    kind: str,
    source: str,
    text: str,
    about: About,
    note: Note | None = None,
) -> None:
    """Raises `InputError` naming every field that cannot be so, `ConsentNeeded` when only the consent is missing."""
    problems = _problems(kind, source, text, about)
    if about.discretion == Discretion.KEEPER:
        keeper = note.author_id if note else actor.staff_id
        if keeper is None or keeper != actor.staff_id:
            problems["discretion"] = _("Only whoever wrote it can keep it to themselves.")
    if problems:
        raise InputError(problems)
    if about.sensitive and _consent(customer_id, about.sensitive) is None:
        raise ConsentNeeded(about.sensitive)


def _problems(kind: str, source: str, text: str, about: About) -> dict[str, Text]:
    problems: dict[str, Text] = {}
    if not text.strip():
        problems["text"] = REQUIRED
    for name, value, choices in (
        ("kind", kind, Note.Kind.values),
        ("source", source, Note.Source.values),
        ("polarity", about.polarity, Note.Polarity.values),
        ("discretion", about.discretion, [None, *Discretion.values]),
        ("purpose", about.purpose, [None, *Note.Purpose.values]),
        ("sensitive", about.sensitive, ["", *Sensitive.values]),
        ("relation", about.relation, ["", *Note.Relation.values]),
    ):
        if value not in choices:
            problems[name] = choose_one(str(each) for each in choices if each not in {None, ""})
    for name, longest in LONGEST.items():
        if len(getattr(about, name).strip()) > longest:
            problems[name] = too_long(longest)
    if "topic" not in problems and not re.fullmatch(TOPIC, about.topic):
        problems["topic"] = _("A topic is small letters and digits with hyphens between, like black-tea.")
    if about.happens_on and read_day(about.happens_on, lunar=about.happens_lunar) is None:
        problems["happens_on"] = _("Not a day. Write it like 1985-03-08, or --03-08 without the year.")
    if about.valid_from and about.valid_until and about.valid_until < about.valid_from:
        problems["valid_until"] = _("It cannot end before it begins.")
    if source in GUESSES and about.discretion == Discretion.OPEN:
        problems["discretion"] = _("What they never told us is never mentioned to them.")
    return problems


def _consent(customer_id: int, sensitive: str) -> int | None:
    """The newest consent that stands for notes of this kind."""
    if not sensitive:
        return None
    rows = Consent.objects.filter(customer_id=customer_id, sensitive=sensitive, withdrawn_at=None)
    return rows.order_by("-id").values_list("id", flat=True).first()
