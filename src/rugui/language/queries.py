"""Reading the house's rules, their history, and how often they speak."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Sum

from .models import CoachTally, LexiconProposal, LexiconVersion, SilencedRule
from .packs import Own

DAYS = 90
"""Over so many days it is told how often rules speak."""
WRONG = (CoachTally.Kind.MEANING, CoachTally.Kind.FITS, CoachTally.Kind.THEIRS)
"""What colleagues answer when a mark is a false alarm."""


def current() -> LexiconVersion | None:
    """What holds now; None while the house has changed nothing."""
    return LexiconVersion.objects.select_related("made_by").order_by("-number").first()


def own(version: LexiconVersion | None) -> Own:
    return version.rules if version else {}


def versions() -> list[LexiconVersion]:
    """Newest first, without their rules."""
    return list(LexiconVersion.objects.defer("rules").select_related("made_by").order_by("-number"))


def proposals() -> list[LexiconProposal]:
    """What waits to be decided, the oldest first."""
    return list(
        LexiconProposal.objects.filter(state=LexiconProposal.State.PROPOSED)
        .select_related("proposed_by")
        .order_by("id")
    )


Counts = dict[str, dict[str, int]]
"""By rule and by kind of answer."""


def tallies(today: date, rules: Iterable[str] | None = None) -> Counts:
    """How often rules spoke in the last `DAYS` days, and what came of it."""
    rows = CoachTally.objects.filter(day__gt=today - timedelta(days=DAYS))
    if rules is not None:
        rows = rows.filter(rule__in=list(rules))
    found: Counts = defaultdict(dict)
    for rule, kind, count in rows.values_list("rule", "kind").annotate(Sum("count")):
        found[rule][kind] = count
    return found


def wrong(counts: dict[str, int]) -> int:
    """Of a rule's answers those that call it a false alarm."""
    return sum(counts.get(kind, 0) for kind in WRONG)


def silenced(staff_id: int) -> list[SilencedRule]:
    return list(SilencedRule.objects.filter(staff_id=staff_id).order_by("id"))
