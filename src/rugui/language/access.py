"""Fetching on behalf of somebody: the rules are for who leads, what somebody silenced is theirs alone."""

from __future__ import annotations

from ..core.errors import NotFound
from ..house.access import Actor
from .models import LexiconProposal, LexiconVersion


def version(actor: Actor, number: int) -> LexiconVersion:
    """One version of the rules. Raises `NotFound`."""
    found = LexiconVersion.objects.select_related("made_by").filter(number=number).first()
    if found is None:
        raise NotFound
    actor.must_lead_somewhere()
    return found


def proposal(actor: Actor, proposal_id: int) -> LexiconProposal:
    """One proposal. Raises `NotFound`."""
    rows = LexiconProposal.objects.select_related("proposed_by", "decided_by")
    if (found := rows.filter(id=proposal_id).first()) is None:
        raise NotFound
    actor.must_lead_somewhere()
    return found
