"""Remedies that the customer chooses from on their own page: offered by a colleague, given when they tap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ...core.errors import HouseError, InputError
from ...core.ids import UnknownId, row_id
from ...house.access import Actor, staff_actor
from ..actions import choosing
from ..models import Case, CaseChoice
from ..trust import books, leave
from . import catalogue, giving
from .models import Remedy


def offer(actor: Actor, case: Case, remedies: Sequence[Remedy], *, now: datetime) -> list[CaseChoice]:
    """Two or three remedies that the actor may give, or may ask to give, on the customer's page in their language."""
    for remedy in remedies:
        giving.check(actor, case, giving.of_remedy(remedy))
    offered = [choosing.Offered(each.called(case.language), each.public_id) for each in remedies]
    return choosing.offer_choices(actor, case, offered, now=now)


def listen() -> None:
    """From now on what a customer chooses is given. Called once, when the program starts."""
    if _when_chosen not in choosing.WHEN_CHOSEN:
        choosing.WHEN_CHOSEN.append(_when_chosen)


def _when_chosen(_guest: Actor, case: Case, chosen: CaseChoice, now: datetime) -> None:
    """Gives it on the trust of who offered it; where that no longer reaches, a leader is asked in their name."""
    if not chosen.reference or chosen.offered_by_id is None:
        return  # words of a colleague, who sees to it themselves
    found = staff_actor(staff_id=chosen.offered_by_id)
    if found is None:
        return
    actor = found[0]
    try:
        with transaction.atomic():
            remedy = catalogue.remedy(actor, row_id("remedy", chosen.reference))
            gift = giving.of_remedy(remedy, language=case.language, chosen=True)
            try:
                with transaction.atomic():
                    giving.give(actor, case, gift, now=now)
            except books.OverLimitError:
                leave.ask(actor, case, gift, now=now)
    except (HouseError, UnknownId, InputError):
        return  # withdrawn, or its giver no longer works here: the choice stands in the thread for whoever owns the case
