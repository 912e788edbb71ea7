"""Surprises: checked for what speaks against them before they are staged, risky ones by a second person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import blake2b

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from ..core.errors import ChangedMeanwhile, InputError, NotAllowed, Text
from ..core.journal import Event, record
from ..core.phrases import REQUIRED, choose_one, listed, too_long
from ..engines import claims
from ..engines import surprise as engine
from ..house.access import Actor, house_actor
from ..house.models import Place
from . import recall
from .claims import claim_of
from .models import Customer, Note, Surprise
from .mood import mood_of

LONGEST = 500
MOST_OTHERS = 20
ANSWERED_WITHIN = timedelta(hours=48)
"""So long a risky surprise waits for a second person, unless its day is over before."""
State = Surprise.State

TOPIC_WORDS = {
    "alcohol": pgettext_lazy("in a gesture", "alcohol"),
    "nuts": pgettext_lazy("in a gesture", "nuts"),
    "peanuts": pgettext_lazy("in a gesture", "peanuts"),
    "dairy": pgettext_lazy("in a gesture", "milk"),
    "eggs": pgettext_lazy("in a gesture", "eggs"),
    "gluten": pgettext_lazy("in a gesture", "gluten"),
    "pork": pgettext_lazy("in a gesture", "pork"),
    "beef": pgettext_lazy("in a gesture", "beef"),
    "meat": pgettext_lazy("in a gesture", "meat"),
    "fish": pgettext_lazy("in a gesture", "fish"),
    "shellfish": pgettext_lazy("in a gesture", "shellfish"),
    "sugar": pgettext_lazy("in a gesture", "sugar"),
    "caffeine": pgettext_lazy("in a gesture", "caffeine"),
    "honey": pgettext_lazy("in a gesture", "honey"),
    "flowers": pgettext_lazy("in a gesture", "flowers"),
    "feathers": pgettext_lazy("in a gesture", "feathers"),
    "latex": pgettext_lazy("in a gesture", "balloons, latex"),
    "scent": pgettext_lazy("in a gesture", "scent"),
    "fire": pgettext_lazy("in a gesture", "candles, fireworks"),
    "animals": pgettext_lazy("in a gesture", "animals"),
    "noise": pgettext_lazy("in a gesture", "loud music"),
    "photo": pgettext_lazy("in a gesture", "pictures of them"),
    "partner": pgettext_lazy("in a gesture", "their partner, a wedding day"),
    "birthday": pgettext_lazy("in a gesture", "a birthday"),
}
"""What a gesture may hold, in words; the engine knows the same ones."""

WORDS: dict[str, Callable[[], str]] = {
    "need": lambda: _("Against what they need"),
    "other_need": lambda: _("Against what somebody else there needs"),
    "kitchen": lambda: _("Ask the kitchen what is in it"),
    "abstains": lambda: _("They may keep away from it"),
    "dislike": lambda: _("They do not like it"),
    "doubtful": lambda: _("It rests on something that may no longer be so"),
    "guess": lambda: _("It rests on something they never told us"),
    "quiet": lambda: _("It would show that we know this"),
    "sensitive": lambda: _("Others would learn something private"),
    "former": lambda: _("It may recall somebody they are no longer with"),
    "public": lambda: _("They do not like attention"),
    "uneasy": lambda: _("Something like it made them uneasy before"),
    "mood": lambda: _("They are not at their best just now"),
}


@dataclass(frozen=True, slots=True)
class Against:
    """A reason against, with its source for the reader."""

    code: str
    weight: int
    words: str
    about: str
    note: Note | None
    earlier: Surprise | None

    @property
    def source(self) -> str:
        """The words that it comes from."""
        return self.note.text if self.note else self.earlier.gesture if self.earlier else ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A gesture as it is thought of."""

    gesture: str
    planned_on: date
    audience: str
    topics: tuple[str, ...] = ()
    others: tuple[Customer, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    reasons: list[Against]
    risky: bool
    digest: str
    """Of the reasons, so that who approves has seen the same ones."""


def check(actor: Actor, customer: Customer, plan: Plan, *, now: datetime) -> Checked:
    """What speaks against it, as far as this actor may know. Reads the cards of everybody who will be there."""
    _must_be_a_plan(plan)
    learned = recall.half_lives()
    notes = {note.id: note for note in recall.notes(actor, customer.id)}
    facts = [
        fact_of(note, now, plan.planned_on, learned) for note in notes.values() if note.kind != Note.Kind.MOOD
    ]
    for other in plan.others:
        needs = recall.needs_of(actor, [other.id]).get(other.id, [])
        facts += [fact_of(note, now, plan.planned_on, learned, of_another=True) for note in needs]
        notes |= {note.id: note for note in needs}
    earlier = {
        row.id: row
        for row in Surprise.objects.filter(customer=customer).exclude(outcome="").order_by("-id")[:50]
    }
    tried = [engine.Tried(row.id, row.gesture, tuple(row.topics), row.outcome) for row in earlier.values()]
    mood = mood_of(actor, customer.id, now=now, notes=notes.values())
    gesture = engine.Gesture(plan.gesture, plan.planned_on, plan.audience, plan.topics)
    found = engine.check(gesture, facts, tried, low_mood=bool(mood and mood.low))
    return Checked([_shown(each, notes, earlier) for each in found], engine.is_risky(found), _digest(found))


def propose(actor: Actor, customer: Customer, place: Place, plan: Plan, *, now: datetime) -> Surprise:
    """Keeps the plan. When nothing weighs against it, it may be done; otherwise it waits for a second person."""
    actor.must_serve(place.id)
    checked = check(actor, customer, plan, now=now)
    surprise = Surprise.objects.create(
        organization_id=customer.organization_id,
        customer=customer,
        place=place,
        gesture=plan.gesture.strip(),
        topics=list(plan.topics),
        audience=plan.audience,
        others=[other.id for other in plan.others],
        planned_on=plan.planned_on,
        state=State.WAITING if checked.risky else State.CLEAR,
        reasons=checked.digest,
        proposed_by_id=actor.staff_id,
        proposed_at=now,
    )
    record(actor, now, _event("proposed", surprise, reasons=[each.code for each in checked.reasons]))
    if checked.risky:
        _ask(actor, surprise, now)
    return surprise


def _ask(actor: Actor, surprise: Surprise, now: datetime) -> None:
    """Asks for the second person's word on the screens of the place, and until when."""
    surprise.answer_by = _answer_by(surprise, now)
    Surprise.objects.filter(id=surprise.id).update(answer_by=surprise.answer_by)
    record(actor, now, _event("asked", surprise))
    from .jobs import lapse_surprise

    lapse_surprise.configure(schedule_at=surprise.answer_by).defer(
        organization_id=surprise.organization_id, surprise_id=surprise.id
    )


def _answer_by(surprise: Surprise, now: datetime) -> datetime:
    """Two days, but not past the day that it is planned for; an hour at least."""
    zone = surprise.place.zone
    day_over = datetime.combine(surprise.planned_on + timedelta(days=1), time(), zone)
    return max(min(now + ANSWERED_WITHIN, day_over), now + timedelta(hours=1))


def lapse(organization_id: int, surprise_id: int, *, now: datetime) -> bool:
    """Nobody has looked: it is not to be done, and whoever proposed it hears of that. Done twice, it was done once."""
    rows = Surprise.objects.filter(id=surprise_id, state=State.WAITING, answer_by__lte=now)
    if not rows.update(state=State.LAPSED, decided_at=now):
        return False
    found = Surprise.objects.get(id=surprise_id)
    record(house_actor(organization_id), now, _event("lapsed", found, told=[found.proposed_by_id]))
    return True


def ask_again(actor: Actor, surprise: Surprise, *, now: datetime) -> None:
    """Nobody had looked in time, and its day is still to come."""
    actor.must_serve(surprise.place_id)
    if surprise.planned_on < now.astimezone(surprise.place.zone).date():
        raise ChangedMeanwhile(_("Its day has passed. Plan another one."))
    _move(surprise, {State.LAPSED}, state=State.WAITING, decided_at=None)
    _ask(actor, surprise, now)


def waiting(place_id: int) -> list[Surprise]:
    """What waits for a second person at a place, the most urgent first. One query."""
    rows = Surprise.objects.filter(place_id=place_id, state=State.WAITING)
    return list(rows.select_related("customer", "proposed_by").order_by("answer_by", "id")[:10])


def plan_of(surprise: Surprise) -> Plan:
    """What was proposed; people whose cards are gone are left out."""
    others = tuple(Customer.objects.filter(id__in=surprise.others).order_by("id"))
    return Plan(surprise.gesture, surprise.planned_on, surprise.audience, tuple(surprise.topics), others)


def decide(actor: Actor, surprise: Surprise, *, approve: bool, seen: str, now: datetime) -> None:
    """The second person's word. `seen` is the digest of the reasons that they were shown: when others have come up
    since, they are asked to look again. Whoever proposed it cannot approve it."""
    actor.must_serve(surprise.place_id)
    staff_id = actor.must_be_staff()
    if approve and staff_id == surprise.proposed_by_id:
        raise NotAllowed(_("A second person has to look at it: you proposed it yourself."))
    if approve and check(actor, surprise.customer, plan_of(surprise), now=now).digest != seen:
        raise ChangedMeanwhile
    state = State.APPROVED if approve else State.DECLINED
    _move(surprise, {State.WAITING}, state=state, decided_by_id=staff_id, decided_at=now)
    record(actor, now, _event("approved" if approve else "declined", surprise))


def drop(actor: Actor, surprise: Surprise, *, now: datetime) -> None:
    """It will not be done after all."""
    actor.must_serve(surprise.place_id)
    _move(
        surprise,
        {State.CLEAR, State.WAITING, State.APPROVED, State.LAPSED},
        state=State.DROPPED,
        decided_at=now,
    )
    record(actor, now, _event("dropped", surprise))


def note_outcome(actor: Actor, surprise: Surprise, outcome: str, *, now: datetime) -> None:
    """How they took it. What made them uneasy speaks against the next one like it."""
    actor.must_serve(surprise.place_id)
    if outcome not in Surprise.Outcome.values:
        raise InputError({"outcome": choose_one(Surprise.Outcome.values)})
    _move(surprise, {State.CLEAR, State.APPROVED}, outcome=outcome)
    record(actor, now, _event("ended", surprise, outcome=outcome))


def _move(surprise: Surprise, before: set[State], **fields: object) -> None:
    if not Surprise.objects.filter(id=surprise.id, state__in=before).update(**fields):
        raise ChangedMeanwhile
    for name, value in fields.items():
        setattr(surprise, name, value)


def _event(verb: str, surprise: Surprise, **payload: object) -> Event:
    return Event(
        f"surprise.{verb}", surprise.place_id, surprise.customer_id, subject_id=surprise.id, payload=payload
    )


def fact_of(
    note: Note, now: datetime, planned_on: date, learned: dict[str, float], *, of_another: bool = False
) -> engine.Fact:
    """A note as the engine takes it: what speaks for or against a gesture planned for that day."""
    day = claims.read_day(note.happens_on, lunar=note.happens_lunar) if note.happens_on else None
    return engine.Fact(
        ref=note.id,
        kind=note.kind,
        text=note.text,
        source=note.source,
        confidence=claims.confidence(claim_of(note), now, learned),
        topic=note.topic,
        polarity=note.polarity,
        discretion=note.discretion,
        sensitive=bool(note.sensitive),
        relation=note.relation,
        next_on=claims.next_occurrence(day, planned_on - engine.NEAR) if day else None,
        struck=note.struck_by_id is not None,
        of_another=of_another,
    )


def _shown(reason: engine.Reason, notes: dict[int, Note], earlier: dict[int, Surprise]) -> Against:
    return Against(
        reason.code,
        reason.weight,
        WORDS[reason.code](),
        reason.about,
        None if reason.code == "uneasy" else notes.get(reason.ref),
        earlier.get(reason.ref) if reason.code == "uneasy" else None,
    )


def _digest(reasons: Sequence[engine.Reason]) -> str:
    """Cautions come and go with the hour; what needs a second person is what they must have seen."""
    heavy = sorted(f"{each.code} {each.ref}" for each in reasons if engine.is_risky([each]))
    return blake2b("\n".join(heavy).encode(), digest_size=16).hexdigest()


def _must_be_a_plan(plan: Plan) -> None:
    problems: dict[str, Text] = {}
    if not plan.gesture.strip():
        problems["gesture"] = REQUIRED
    elif len(plan.gesture.strip()) > LONGEST:
        problems["gesture"] = too_long(LONGEST)
    if plan.audience not in Surprise.Audience.values:
        problems["audience"] = choose_one(Surprise.Audience.values)
    if unknown := [topic for topic in plan.topics if topic not in TOPIC_WORDS]:
        problems["topics"] = _("Not known: %(topics)s.") % {"topics": listed(unknown)}
    if len(plan.others) > MOST_OTHERS:
        problems["others"] = _("At most %(count)s people.") % {"count": MOST_OTHERS}
    if problems:
        raise InputError(problems)
