"""The reasons against a gesture, each with the fact that it comes from and how heavy it weighs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .contents import abstentions, contents, shared_word

ALONE, COMPANY, PUBLIC = "alone", "company", "public"
CAUTION, RISK, HARM = 1, 2, 3
"""Worth a thought; wants a second person; may hurt somebody."""
DOUBTFUL = 0.65
NEAR = timedelta(days=3)
_EATEN = frozenset(
    {
        "eggs",
        "dairy",
        "gluten",
        "sugar",
        "nuts",
        "peanuts",
        "meat",
        "fish",
        "shellfish",
        "alcohol",
        "caffeine",
    }
)
_ALLERGIC = re.compile(r"\ballerg|intoleran|過敏|过敏|不耐", re.IGNORECASE)
_SHY = ("no fuss", "hates attention", "dislikes attention", "shy", "discreet", "no singing", "低調", "低调", "不喜歡被注意",
        "不喜欢被注意", "怕生", "不要驚喜", "不要惊喜", "no surprises", "hates surprises")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """One note, as far as it matters here."""

    ref: int
    kind: str
    text: str
    source: str
    confidence: float
    topic: str = ""
    polarity: int = 0
    discretion: str = "open"
    sensitive: bool = False
    relation: str = ""
    next_on: date | None = None
    """When its day comes next."""
    struck: bool = False
    of_another: bool = False
    """About somebody else who will be there, not the one who is surprised."""


@dataclass(frozen=True, slots=True)
class Tried:
    """An earlier gesture and how it ended."""

    ref: int
    text: str
    topics: tuple[str, ...]
    outcome: str


@dataclass(frozen=True, slots=True)
class Gesture:
    text: str
    planned_on: date
    audience: str = ALONE
    topics: tuple[str, ...] = ()
    """Chosen by hand besides what the text says."""

    @property
    def holds(self) -> dict[str, str]:
        return {topic: topic for topic in self.topics} | contents(self.text)


@dataclass(frozen=True, slots=True)
class Reason:
    """`code` says which kind, `ref` the note (or the earlier gesture, for `uneasy`) that it comes from."""

    code: str
    weight: int
    ref: int
    about: str
    """The word of the gesture that it is about; empty when it is about the gesture as a whole."""


def check(
    gesture: Gesture, facts: Sequence[Fact], tried: Iterable[Tried] = (), *, low_mood: bool = False
) -> list[Reason]:
    """What speaks against it, the heaviest first; at most one reason a fact and kind."""
    holds = gesture.holds
    found: list[Reason] = []
    for fact in facts:
        found += _against(fact, gesture, holds)
        if not fact.of_another:
            found += _resting_on(fact, gesture, holds)
            found += _former(fact, gesture, holds)
            found += _shy(fact, gesture)
    for each in tried:
        shared = holds.keys() & ({*each.topics} | contents(each.text).keys())
        if each.outcome == "uneasy" and shared:
            found.append(Reason("uneasy", RISK, each.ref, holds[min(shared)]))
    if low_mood:
        found.append(Reason("mood", CAUTION, 0, ""))
    unique = {(reason.code, reason.ref): reason for reason in reversed(found)}
    return sorted(unique.values(), key=lambda reason: (-reason.weight, reason.code, reason.ref))


def is_risky(reasons: Iterable[Reason]) -> bool:
    """Whether somebody else should look at it first."""
    return any(reason.weight >= RISK for reason in reasons)


def _against(fact: Fact, gesture: Gesture, holds: dict[str, str]) -> list[Reason]:
    """What they must not have, keep away from, or do not like. A doubtful need still counts in full."""
    if fact.struck and fact.kind != "need":
        return []
    avoided = abstentions(fact.text)
    named = _touched(fact, gesture, holds)
    if fact.kind == "need" and named:
        return [Reason("other_need" if fact.of_another else "need", HARM, fact.ref, named)]
    if kept := sorted(holds.keys() & avoided.keys()):
        if fact.kind == "need":
            return [Reason("other_need" if fact.of_another else "need", HARM, fact.ref, holds[kept[0]])]
        return [Reason("abstains", HARM, fact.ref, holds[kept[0]])]
    if fact.kind == "need" and _EATEN & holds.keys() and _ALLERGIC.search(fact.text):
        return [Reason("kitchen", CAUTION, fact.ref, holds[min(_EATEN & holds.keys())])]
    if fact.polarity < 0 and named and not fact.of_another:
        return [Reason("dislike", RISK, fact.ref, named)]
    return []


def _resting_on(fact: Fact, gesture: Gesture, holds: dict[str, str]) -> list[Reason]:
    """What the gesture takes for true or would give away. Something about them that they like, or are."""
    named = _touched(fact, gesture, holds)
    if not named or fact.polarity < 0 or fact.kind in {"need", "mood"}:
        return []
    found = []
    if fact.source in {"inferred", "acquired"}:
        found.append(Reason("guess", RISK, fact.ref, named))
    elif fact.struck or fact.confidence <= DOUBTFUL:
        found.append(
            Reason(
                "doubtful", CAUTION if fact.confidence > 0.35 and not fact.struck else RISK, fact.ref, named
            )
        )
    if fact.sensitive and gesture.audience != ALONE:
        found.append(Reason("sensitive", HARM, fact.ref, named))
    elif fact.discretion != "open":
        found.append(Reason("quiet", RISK if gesture.audience != ALONE else CAUTION, fact.ref, named))
    return found


def _former(fact: Fact, gesture: Gesture, holds: dict[str, str]) -> list[Reason]:
    """Days and people that are over."""
    if fact.relation != "former":
        return []
    near = fact.next_on is not None and abs(fact.next_on - gesture.planned_on) <= NEAR
    if near or "partner" in holds:
        return [Reason("former", RISK, fact.ref, holds.get("partner", ""))]
    return []


def _shy(fact: Fact, gesture: Gesture) -> list[Reason]:
    said = fact.text.casefold()
    wants_quiet = (fact.topic == "privacy" and fact.polarity >= 0) or any(word in said for word in _SHY)
    if wants_quiet and gesture.audience == PUBLIC and not fact.struck:
        return [Reason("public", RISK, fact.ref, "")]
    return []


def _touched(fact: Fact, gesture: Gesture, holds: dict[str, str]) -> str:
    """The word of the gesture that the fact speaks of too; empty when they have nothing in common."""
    own = contents(fact.text).keys() | ({fact.topic} if fact.topic else set())
    shared = sorted(holds.keys() & own)
    return holds[shared[0]] if shared else shared_word(fact.text, gesture.text)
