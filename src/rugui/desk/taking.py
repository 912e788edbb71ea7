"""Lines written on a phone without a network, taken once each however often they are sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from ..core import ready
from ..core.errors import HouseError, NotFound, Text
from ..house.access import Actor
from ..house.models import Place
from ..know import access as know_access
from ..know import actions as know
from ..know.models import Consent, Customer, Note, Sensitive
from ..know.words import wording
from . import capturing
from .models import TakenLine
from .offline import OLDEST


@dataclass(frozen=True, slots=True)
class Line:
    """As a phone sends it."""

    key: UUID
    phone: UUID
    sequence: int
    said_at: datetime
    text: str
    customer_id: int | None
    kind: str | None = None
    """Said in front of it ("need: feathers")."""
    part: int | None = None
    """Only this part of the line, to which they have agreed since."""
    given_by: str = ""
    """Who agreed, when not the customer."""


@dataclass(slots=True)
class Taken:
    """What became of a line: `kept`; `ask` when a part of it waits for a consent; `gone` when there is no such card;
    `refused` with the reason."""

    outcome: str
    customer: Customer | None = None
    moved: bool = False
    """The card that the line names has become part of this one."""
    notes: list[Note] = field(default_factory=list)
    unsure: bool = False
    """Somebody had better look at how it was understood."""
    asks: list[dict[str, Any]] = field(default_factory=list)
    why: Text = ""


_FIRST = (
    "INSERT INTO rugui_takenline (organization_id, key, phone, sequence, staff_id, said_at, taken_at, notes, asks)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, '[]', '[]') ON CONFLICT (organization_id, key) DO NOTHING RETURNING id"
)


def take(actor: Actor, line: Line, *, place: Place, language: str, now: datetime) -> Taken:
    """Keeps a line in the transaction that remembers its key; what was taken before is answered, not kept again.

    Its notes are learned when it was said, as far as that can be true: never after now, never more than a week ago. So
    they stand in the order in which the phone wrote them, in whichever order they came.
    """
    try:
        with transaction.atomic():
            return _take(actor, line, place, language, now)
    except NotFound:
        return Taken("gone")
    except HouseError as error:
        return Taken("refused", why=error.message)


def hold(lines: list[Line]) -> None:
    """Holds the cards that lines are about until the end of the transaction, always in one order: notes of one card that
    two phones send at once meet here, not in a circle among the older notes that they set aside."""
    named = {line.customer_id for line in lines if line.customer_id}
    into = (
        Customer.objects.filter(id__in=named)
        .exclude(merged_into=None)
        .values_list("merged_into_id", flat=True)
    )
    cards = Customer.objects.filter(id__in=named | set(into)).order_by("id")
    list(cards.select_for_update(no_key=True).values_list("id", flat=True))


def claim(actor: Actor, key: UUID, *, now: datetime, line: Line | None = None) -> tuple[TakenLine, bool]:
    """The row of this key, and whether it has just been made: then its notes are to be kept, in this transaction."""
    said = min(max(line.said_at, now - OLDEST), now) if line else now
    phone, sequence = (line.phone, line.sequence) if line else (key, 0)
    # A second attempt while the first still runs waits here for its commit.
    values = [actor.organization_id, key, phone, sequence, actor.must_be_staff(), said, now]
    first = ready.fetch(_FIRST, values)
    known = TakenLine.objects.get(key=key)
    if known.staff_id != actor.staff_id:
        raise NotFound
    return known, bool(first)


def remember(known: TakenLine, result: capturing.Captured, proposed: list[capturing.Proposed]) -> None:
    """What became of the line, for whoever sends it again."""
    known.notes = [note.id for note in result.kept]
    known.asks = [proposed.index(each) for each in result.asks]
    known.save(update_fields=["notes", "asks"])


def remembered(
    actor: Actor, customer: Customer, known: TakenLine, proposed: list[capturing.Proposed]
) -> capturing.Captured:
    """The same as the first time."""
    kept = list(know_access.notes(actor, customer).filter(id__in=known.notes).order_by("id"))
    asks = [proposed[part] for part in known.asks if part < len(proposed)]
    return capturing.Captured(kept, asks, impossible=capturing.impossible(proposed))


def _take(actor: Actor, line: Line, place: Place, language: str, now: datetime) -> Taken:
    actor.must_serve(place.id)
    capturing.must_be_a_line(line.text.strip())
    customer = know_access.customer(actor, line.customer_id or 0)
    known, first = claim(actor, line.key, now=now, line=line)
    text = line.text.strip()
    proposed = capturing.proposals(
        actor, text, now=known.said_at, place=place, customer=customer, kind=line.kind
    )
    if first:
        result = _keep(actor, customer, line, proposed, known, place, language, now)
    else:
        result = remembered(actor, customer, known, proposed)
    asks = [_ask(proposed.index(each), each, customer, language) for each in result.asks]
    claims = [each.claim for each in proposed if each.claim is not None]
    moved = customer.came_as is not None
    return Taken(
        "ask" if asks else "kept",
        customer,
        moved,
        result.kept,
        any(each.kind.confidence < 0.5 for each in claims),
        asks,
    )


def _keep(
    actor: Actor, customer: Customer, line: Line, proposed: list[capturing.Proposed], known: TakenLine,
    place: Place, language: str, now: datetime,
) -> capturing.Captured:  # fmt: skip
    chosen = proposed
    if line.part is not None:
        chosen = proposed[line.part : line.part + 1]
        for each in chosen:
            _agree(actor, customer, each, line, language, now)
    result = capturing.keep(actor, customer, chosen, place=place, now=known.said_at)
    remember(known, result, proposed)
    return result


def _agree(
    actor: Actor, customer: Customer, each: capturing.Proposed, line: Line, language: str, now: datetime
) -> None:
    spoken = customer.language or language
    know.record_consent(
        actor,
        customer,
        sensitive=each.about.sensitive,
        wording=wording(each.about.sensitive, spoken),
        language=spoken,
        how=Consent.How.SPOKEN,
        given_by=line.given_by,
        now=now,
    )


def _ask(part: int, each: capturing.Proposed, customer: Customer, language: str) -> dict[str, Any]:
    sensitive = each.about.sensitive
    return {
        "part": part,
        "text": each.text,
        "what": str(Sensitive(sensitive).label),
        "question": wording(sensitive, customer.language or language),
        "guardian": sensitive == Sensitive.MINORS,
    }
