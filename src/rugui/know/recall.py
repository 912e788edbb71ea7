"""Reading notes for somebody: what leads a card, what is folded away, and what is worth asking again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db.models import Case, Value, When

from ..core.ready import Ready
from ..engines import claims
from ..house.access import Actor
from .access import for_reader, reader, sees_sensitive
from .claims import claim_of
from .models import HalfLife, Note
from .mood import Mood, mood_of

Kind = Note.Kind
LONGEST_CARD = 200
MOST_CARRIED = 5000
"""Notes on one phone; needs come first, so that none of them is left out."""
SURE, LIKELY = 0.65, 0.35
FAINT_ONCE = 0.15
"""What was so once and is less likely than this to be so again is history."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A note with how far it is to be believed now."""

    note: Note
    confidence: float

    @property
    def level(self) -> str:
        """`sure`, `likely` or `faint`: how strong its ink is."""
        return "sure" if self.confidence >= SURE else "likely" if self.confidence >= LIKELY else "faint"


@dataclass(frozen=True, slots=True)
class CardNotes:
    """The notes of a card, in the order that they matter."""

    needs: list[Note]
    """Always leading, never fading."""
    leading: list[Remembered]
    """Needs, then the rest; the newest of what says the same."""
    folded: list[Remembered]
    """Contradicted, no longer valid, or said again since: kept, not acted upon."""
    mood: Mood | None
    ask: list[Note]
    """Worth asking about at the desk: at most two a visit, by way of conversation."""


@cache
def _notes(sensitive: bool) -> Ready[Note]:
    needs_first = Case(When(kind=Kind.NEED, then=Value(0)), default=Value(1))

    def of(customer_id: int, asking: int) -> object:
        rows = Note.objects.filter(customer_id=customer_id, withdrawn_at=None)
        rows = for_reader(rows.select_related("author"), asking, sensitive=sensitive)
        return rows.order_by(needs_first, "-learned_at", "-id")[:LONGEST_CARD]

    return Ready(of)  # type: ignore[arg-type]


@cache
def _needs(sensitive: bool) -> Ready[Note]:
    def of(customer_ids: list[int], asking: int) -> object:
        rows = Note.objects.filter(customer_id__in=customer_ids, kind=Kind.NEED, withdrawn_at=None)
        return for_reader(rows, asking, sensitive=sensitive).order_by("-learned_at")

    return Ready(of)  # type: ignore[arg-type]


@cache
def _learned(sensitive: bool, limit: int) -> Ready[Note]:
    def since(moment: datetime, asking: int) -> object:
        rows = Note.objects.filter(learned_at__gte=moment, withdrawn_at=None, struck_by=None)
        rows = rows.exclude(source=Note.Source.IMPORTED).select_related("customer", "author")
        return for_reader(rows, asking, sensitive=sensitive).order_by("-learned_at")[:limit]

    return Ready(since)  # type: ignore[arg-type]


@cache
def _carried(sensitive: bool) -> Ready[Note]:
    needs_first = Case(When(kind=Kind.NEED, then=Value(0)), default=Value(1))

    def of(customer_ids: list[int], asking: int) -> object:
        rows = Note.objects.filter(customer_id__in=customer_ids, withdrawn_at=None)
        rows = rows.exclude(discretion=Note.Discretion.KEEPER).select_related("author")
        rows = for_reader(rows, asking, sensitive=sensitive)
        return rows.order_by(needs_first, "-learned_at", "-id")[:MOST_CARRIED]

    return Ready(of)  # type: ignore[arg-type]


_HALF_LIVES = Ready(lambda: HalfLife.objects.order_by("topic")[:500])


def notes(actor: Actor, customer_id: int) -> list[Note]:
    """A card's notes as this actor may read them: needs first, then newest first."""
    return _notes(_every_kind(actor))(customer_id, reader(actor))


def needs_of(actor: Actor, customer_ids: Iterable[int]) -> dict[int, list[Note]]:
    """The needs of several customers at once, for lists of people about to arrive."""
    today: dict[int, list[Note]] = {}
    for note in _needs(_every_kind(actor))(list(customer_ids), reader(actor)):
        today.setdefault(note.customer_id, []).append(note)
    return today


def learned_since(actor: Actor, since: datetime, *, limit: int = 30) -> list[Note]:
    """What anybody learned about anyone since a moment, newest first; imports are not news."""
    return _learned(_every_kind(actor), limit)(since, reader(actor))


def half_lives() -> dict[str, float]:
    """By topic, in days: what the house has learned of its own."""
    return {row.topic: row.days for row in _HALF_LIVES()}


def card_notes(
    actor: Actor, customer_id: int, *, now: datetime, arrived_at: datetime | None = None, due: bool = False
) -> CardNotes:
    """A card's notes, weighed at this moment. Two queries, one where nothing fades.

    Something is worth asking only when it is natural: they are here since `arrived_at`, or `due` to be.
    """
    rows = notes(actor, customer_id)
    learned = half_lives() if any(row.kind != Kind.NEED for row in rows) else {}  # needs never fade
    leading, folded = _divided(rows, learned, now)
    ask: list[Note] = []
    if arrived_at is not None or due:
        asked = sum(
            1
            for row in rows
            if arrived_at and row.confirmed_at is not None and row.confirmed_at >= arrived_at
        )
        candidates = [each.note for each in leading]
        picked = claims.worth_asking([claim_of(note) for note in candidates], now, learned, already=asked)
        ask = [candidates[index] for index in picked]
    return CardNotes(
        needs=[each.note for each in leading if each.note.kind == Kind.NEED],
        leading=leading,
        folded=folded,
        mood=mood_of(actor, customer_id, now=now, notes=rows),
        ask=ask,
    )


def carried_notes(actor: Actor, customer_ids: Iterable[int], *, now: datetime) -> dict[int, CardNotes]:
    """What several cards say now, for a phone to carry: no history, and nothing that is its keeper's only. Two queries."""
    rows, learned = _carried(_every_kind(actor))(list(customer_ids), reader(actor)), half_lives()
    by_card: dict[int, list[Note]] = {}
    for note in rows:
        by_card.setdefault(note.customer_id, []).append(note)
    return {key: _carried_card(actor, key, found, learned, now) for key, found in by_card.items()}


def _carried_card(
    actor: Actor, customer_id: int, rows: list[Note], learned: dict[str, float], now: datetime
) -> CardNotes:
    leading, _folded = _divided(rows, learned, now)
    needs = [each.note for each in leading if each.note.kind == Kind.NEED]
    return CardNotes(needs, leading, [], mood_of(actor, customer_id, now=now, notes=rows), [])


def _divided(
    rows: list[Note], learned: dict[str, float], now: datetime
) -> tuple[list[Remembered], list[Remembered]]:
    """What leads a card, and what is folded away."""
    leading: list[Remembered] = []
    folded: list[Remembered] = []
    said: set[tuple[object, ...]] = set()
    for note in rows:
        if note.kind == Kind.MOOD:
            continue
        each = Remembered(note, claims.confidence(claim_of(note), now, learned))
        (folded if _is_history(each, said, now) else leading).append(each)
    return leading, folded


def _is_history(each: Remembered, said: set[tuple[object, ...]], now: datetime) -> bool:
    """Contradicted, over, not yet, so once and long ago, or said again more lately."""
    note = each.note
    if not claim_of(note).valid_on(now.date()):
        return True
    if note.kind == Kind.NEED:
        return False
    if note.struck_by_id is not None or (not note.standing and each.confidence < FAINT_ONCE):
        return True
    if note.topic:
        what = note.value or note.happens_on or note.text
        same = (note.kind, note.topic, note.person.casefold(), note.polarity, what.casefold())
        if same in said:
            return True
        said.add(same)
    return False


def _every_kind(actor: Actor) -> bool:
    return actor.is_house or sees_sensitive(actor)
