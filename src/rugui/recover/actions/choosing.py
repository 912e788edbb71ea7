"""What the customer may choose from, and what they say by a tap on their own page (method line R4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from ...core.errors import ChangedMeanwhile, InputError, NotFound
from ...core.journal import record
from ...core.phrases import REQUIRED, too_long
from ...house import queries as house
from ...house.access import Actor
from ...promise import actions as promises
from ...promise.models import Promise
from ..models import Case, CaseChoice, CaseMessage
from .common import case_event, hold_row, must_not_be_closed, say
from .ending import begin_again

LONGEST_CHOICE = 300
MOST_CHOICES = 3
Kind = CaseMessage.Kind


@dataclass(frozen=True, slots=True)
class Offered:
    """Something to choose: the customer's words, and what the house knows it by."""

    text: str
    reference: str = ""


WHEN_CHOSEN: list[Callable[[Actor, Case, CaseChoice, datetime], object]] = []
"""Told in the same transaction when a customer has chosen: whoever offers remedies adds itself at start-up."""


def offer_choices(
    actor: Actor, case: Case, choices: Sequence[Offered | str], *, now: datetime
) -> list[CaseChoice]:
    """Two or three things of which the customer chooses one on their page. What was offered before and not chosen is taken back."""
    must_not_be_closed(actor, case)
    wanted = [each if isinstance(each, Offered) else Offered(each) for each in choices]
    wanted = [each for each in wanted if each.text.strip()]
    if not 2 <= len(wanted) <= MOST_CHOICES:
        raise InputError({"choices": _("Offer two or three things to choose from.")})
    if any(len(each.text.strip()) > LONGEST_CHOICE for each in wanted):
        raise InputError({"choices": too_long(LONGEST_CHOICE)})
    if len({each.text.strip() for each in wanted}) < len(wanted):
        raise InputError({"choices": _("Two of them are the same. Offer different things.")})
    _take_back(case, now)
    last = CaseChoice.objects.filter(case=case).aggregate(last=Max("offer"))["last"] or 0
    made = [
        CaseChoice.objects.create(
            organization_id=case.organization_id,
            case=case,
            offer=last + 1,
            number=number,
            text=each.text.strip(),
            reference=each.reference,
            offered_at=now,
            offered_by_id=actor.staff_id,
        )
        for number, each in enumerate(wanted, start=1)
    ]
    record(actor, now, case_event("choices.offered", case, offer=last + 1, count=len(made)))
    return made


def withdraw_choices(actor: Actor, case: Case, *, now: datetime) -> None:
    """What was offered and not yet chosen is no longer on offer."""
    must_not_be_closed(actor, case)
    if not _take_back(case, now):
        raise ChangedMeanwhile
    record(actor, now, case_event("choices.withdrawn", case))


def choose(guest: Actor, case: Case, choice_id: int, *, now: datetime) -> CaseChoice:
    """The customer's own tap. The same one tapped twice is one choice; another one afterwards is refused."""
    hold_row(case)
    chosen = CaseChoice.objects.filter(id=choice_id, case=case).first()
    if chosen is None:
        raise NotFound
    if chosen.chosen_at is not None:
        return chosen
    others = CaseChoice.objects.filter(case=case, offer=chosen.offer, chosen_at__isnull=False)
    if others.exists():
        raise ChangedMeanwhile(_("You have chosen already. Write to us if you would rather have the other."))
    free = CaseChoice.objects.filter(id=chosen.id, chosen_at=None, withdrawn_at=None)
    if not free.update(chosen_at=now):
        raise ChangedMeanwhile(_("This is no longer on offer. Look again at what is."))
    chosen.chosen_at = now
    say(guest, case, Kind.CHOICE, chosen.text, now, direction=CaseMessage.Direction.IN)
    record(guest, now, case_event("choices.chosen", case, chosen.id, told=[case.owner_id]))
    for told in WHEN_CHOSEN:
        told(guest, case, chosen, now)
    return chosen


def not_solved(guest: Actor, case: Case, *, text: str, now: datetime) -> None:
    """The customer says that it is not right. A case that was solved or closed is open again, and its clock runs.

    `text` is what stands in the thread. Tapped again while it is open it changes nothing.
    """
    _must_say(text)
    hold_row(case)
    if case.state == Case.State.OPEN:
        said = CaseMessage.objects.filter(case=case, direction=CaseMessage.Direction.IN).order_by(
            "-at", "-id"
        )
        if (last := said.first()) is None or last.kind != Kind.NOT_SOLVED:
            say(guest, case, Kind.NOT_SOLVED, text, now, direction=CaseMessage.Direction.IN)
        return
    say(guest, case, Kind.NOT_SOLVED, text, now, direction=CaseMessage.Direction.IN)
    begin_again(guest, case, now)


def ask_for_a_person(guest: Actor, case: Case, *, text: str, now: datetime) -> Promise:
    """The customer wants to speak to somebody: they are owed a call back, once, and whoever is on duty hears it now."""
    _must_say(text)
    hold_row(case)
    owed = Promise.objects.filter(case_id=case.id, kind=Promise.Kind.CALL_BACK, settled_at=None).first()
    if owed is not None:
        return owed
    say(guest, case, Kind.PERSON, text, now, direction=CaseMessage.Direction.IN)
    here = [each.staff_id for each in house.on_duty(case.place)]
    told = [*here, *([case.owner_id] if case.owner_id not in here else [])]
    record(guest, now, case_event("person.asked", case, told=told))
    return promises.owe_answer(
        guest,
        case.customer,
        case.place,
        kind=Promise.Kind.CALL_BACK,
        owner_id=case.owner_id,
        case_id=case.id,
        now=now,
    )


def _take_back(case: Case, now: datetime) -> int:
    return CaseChoice.objects.filter(case=case, chosen_at=None, withdrawn_at=None).update(withdrawn_at=now)


def _must_say(text: str) -> None:
    if not text.strip():
        raise InputError({"text": REQUIRED})
