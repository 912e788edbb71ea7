"""What a note does to the others on its card, and what asking again teaches. The judgement is engines/claims'."""

from __future__ import annotations

from datetime import datetime

from ...engines.claims import Check, learn_half_life, weigh
from ...engines.claims.priors import NEVER
from ..claims import claim_of, prior_half_life
from ..models import ClaimCheck, HalfLife, Note

LAST_CHECKS = 400
"""So many answers say enough about a topic; older ones are of another time."""


def weigh_in(note: Note) -> None:
    """Strikes what `note` contradicts, and makes standing what it repeats. A keeper's note stays out of it: what it
    did to others would show that it is there."""
    if not note.topic or note.discretion == Note.Discretion.KEEPER:
        return
    rows = list(
        Note.objects.select_for_update(of=("self",))
        .filter(customer_id=note.customer_id, topic=note.topic, withdrawn_at=None, struck_by=None)
        .exclude(id=note.id)
        .exclude(discretion=Note.Discretion.KEEPER)
        .order_by("id")
    )
    verdict = weigh([claim_of(row) for row in rows], claim_of(note))
    if struck := [rows[index].id for index in verdict.strikes]:
        Note.objects.filter(id__in=struck).update(struck_by=note)
    if verdict.struck_by is not None:
        note.struck_by = rows[verdict.struck_by]
        Note.objects.filter(id=note.id).update(struck_by=note.struck_by)
    agreeing = [rows[index].id for index in verdict.promotes]
    if verdict.promoted and not note.standing:
        note.standing = True
        agreeing.append(note.id)
    if agreeing:
        Note.objects.filter(id__in=agreeing).update(standing=True)


def free(note: Note) -> None:
    """What it had struck stands again, and itself is struck by nothing."""
    Note.objects.filter(struck_by=note).update(struck_by=None)
    if note.struck_by_id is not None:
        note.struck_by = None
        Note.objects.filter(id=note.id).update(struck_by=None)


def remember(note: Note, *, held: bool, since: datetime, now: datetime) -> None:
    """Keeps that somebody asked again, and learns the half-life of the topic anew."""
    prior = prior_half_life(note)
    if not note.topic or prior == NEVER:
        return
    days = (now - since).total_seconds() / 86_400
    ClaimCheck.objects.create(
        organization_id=note.organization_id, topic=note.topic, held=held, days=max(days, 0.0), at=now
    )
    learn(note, now)


def forget(note: Note, *, at: datetime, now: datetime) -> None:
    """Takes back the check of that moment, which was a slip of the finger."""
    if ClaimCheck.objects.filter(topic=note.topic, at=at).delete()[0]:
        learn(note, now)


def learn(note: Note, now: datetime) -> None:
    rows = ClaimCheck.objects.filter(topic=note.topic).order_by("-id")[:LAST_CHECKS]
    found = learn_half_life([Check(row.days, row.held) for row in rows], prior_half_life(note))
    HalfLife.objects.update_or_create(
        organization_id=note.organization_id,
        topic=note.topic,
        defaults={
            "days": found.days,
            "low": found.low,
            "high": found.high,
            "checks": found.checks,
            "learned_at": now,
        },
    )
