"""From what was found to marks with words: message, reason, better sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from .expressions import MACROS
from .marks import Better, Found, Mark, certainty, filled, in_language, is_sentence, template
from .matcher import Hit
from .rules import Condition, Kind, Rule, Severity

if TYPE_CHECKING:
    from .draft import Draft, Piece

WORDS, GAPS, MISSING, GUESSED = 0.9, 0.8, 0.7, 0.6
"""How often a mark is right when nobody has said and the house has not answered: plain words, patterns with gaps, what is
missing, a guess at parts of speech."""
_WEIGHT = {Severity.ERROR: 3, Severity.WARNING: 2, Severity.SUGGESTION: 1}


class Spot(NamedTuple):
    """Where a mark shall stand, counted from the beginning of the draft."""

    begins: int
    ends: int
    piece: Piece
    groups: Mapping[str, str]
    rather: tuple[str, ...] | None = None
    """Instead of the rule's own: those of a swap."""


_Placed = tuple[int, int, "Piece", Hit]
"""What was found: where it begins and ends in the draft."""
_first = itemgetter(0)


def by_place(mark: Mark) -> tuple[int, int]:
    return mark.start, mark.end


def local(condition: Condition) -> bool:
    """Whether a condition looks at its own sentence only."""
    return condition.sentences == 1 and not condition.characters


def _alone(rule: Rule) -> bool:
    """Whether a mark of this rule depends on its sentence only: its conditions do, and no better way asks the text for a time."""
    ways = [way for each in rule.rather.values() for way in each] + [
        way for token in rule.tokens for way in token.swap
    ]
    slots = {part.name for way in ways if "{" in way for part in template(way) if not isinstance(part, str)}
    return slots.isdisjoint(MACROS) and all(map(local, (*rule.near, *rule.unless)))


class Teller:
    def __init__(self, rules: Sequence[Rule], heard: Mapping[str, tuple[int, int]]) -> None:
        self.rules = rules
        self._certain = [_prior(rule) for rule in rules]
        for number, rule in enumerate(rules):
            if rule.id in heard:
                self._certain[number] = certainty(self._certain[number], *heard[rule.id])
        self._alone: dict[int, bool] = {}
        self._words: dict[tuple[int, str, str], _Said] = {}

    def marks(self, found: Sequence[tuple[Piece, Hit]], draft: Draft) -> list[Mark]:
        """Marks for hits, of those that say the same about the same words the weightiest."""
        certain, known = draft.context.certain, self._certain
        placed = [
            (piece.begins + hit.begins, piece.begins + hit.ends, piece, hit)
            for piece, hit in found
            if known[hit.entry.rule] >= certain
        ]
        if len(placed) > 1:
            placed.sort(key=_first)
            if any(one[1] > other[0] for one, other in pairwise(placed)):
                placed = self._weightiest(placed)
        return [self._of_hit(each, draft) for each in placed]

    def _weightiest(self, placed: Sequence[_Placed]) -> list[_Placed]:
        kept = list[_Placed]()
        for each in sorted(placed, key=self._precedence):
            start, end, category = each[0], each[1], self.rules[each[3].entry.rule].category
            for begins, ends, _piece, other in kept:
                if begins < end and start < ends:
                    same = self.rules[other.entry.rule].category == category
                    if same or (begins == start and ends == end):
                        break
            else:
                kept.append(each)
        return kept

    def _precedence(self, placed: _Placed) -> tuple[int, int, float, int]:
        begins, ends, _piece, hit = placed
        number = hit.entry.rule
        return -_WEIGHT[self.rules[number].severity], begins - ends, -self._certain[number], begins

    def _of_hit(self, placed: _Placed, draft: Draft) -> Mark:
        begins, ends, piece, hit = placed
        entry = hit.entry
        token = self.rules[entry.rule].tokens[entry.token]
        groups = _groups(hit, piece) if token.pattern.groups else {}
        return self.mark(entry.rule, Spot(begins, ends, piece, groups, token.swap or None), draft)

    def alone(self, number: int) -> bool:
        """Whether what a rule marks depends on its own sentence only."""
        if (known := self._alone.get(number)) is None:
            self._alone[number] = known = _alone(self.rules[number])
        return known

    def certain(self, number: int) -> float:
        return self._certain[number]

    def mark(self, number: int, spot: Spot, draft: Draft, *, missing: bool = False) -> Mark:
        language = draft.language
        said = self._said(number, draft.context.explain_in or language, language)
        message, ways = said.message, said.ways
        if "%s" in message:
            message = _message(message, self.rules[number], spot, draft)
        if spot.rather is not None:
            ways = tuple([_way(each, self.rules[number]) for each in spot.rather])
        rather = tuple(_rather(ways, spot, draft, missing=missing and said.advises)) if ways else ()
        start, end, units = spot.begins, spot.ends, draft.utf16
        return Mark(
            said.id, start, end, units(start), units(end), said.category, said.severity, message, said.why, rather,
            self._certain[number], missing, said.link,
        )  # fmt: skip

    def _said(self, number: int, writer: str, language: str) -> _Said:
        key = (number, writer, language)
        if (known := self._words.get(key)) is None:
            rule = self.rules[number]
            why = in_language(rule.why, writer, language)
            ways = rule.rather.get(language) or next(iter(rule.rather.values()), ())
            message = in_language(rule.message, writer, language) or why
            self._words[key] = known = _Said(
                rule.id, rule.category, rule.severity.value, rule.link, why, message,
                tuple([_way(each, rule) for each in ways]), rule.replaces == "",
            )  # fmt: skip
        return known


class _Way(NamedTuple):
    """A better way as it is written in a rule."""

    text: str
    slots: bool
    numbers: frozenset[str]
    """What the pattern must have caught for it."""
    replaces: str


class _Said(NamedTuple):
    """What a rule says to one writer and in one language of drafts."""

    id: str
    category: str
    severity: str
    link: str
    why: str
    message: str
    ways: tuple[_Way, ...]
    advises: bool
    """Of what is missing, the better ways are advice."""


def _way(text: str, rule: Rule) -> _Way:
    names = {part.name for part in template(text) if not isinstance(part, str)} if "{" in text else set[str]()
    numbers = frozenset(each for each in names if each.isdecimal())
    return _Way(text, bool(names), numbers, rule.replaces or ("sentence" if is_sentence(text) else "mark"))


def _rather(ways: tuple[_Way, ...], spot: Spot, draft: Draft, *, missing: bool) -> list[Better]:
    """Those whose words were caught, or all when there are none such. `missing`: they are advice, put in nowhere."""
    fitting = [way for way in ways if not way.numbers or way.numbers <= spot.groups.keys()] or ways
    found = None
    result = []
    for way in fitting:
        said: tuple[str, tuple[tuple[int, int], ...]] = (way.text, ())
        if way.slots:
            said = filled(way.text, found := found or _found(spot, draft))
        result.append(_placed(*said, "nothing" if missing else way.replaces, spot, draft))
    return result


def _prior(rule: Rule) -> float:
    if rule.certainty:
        return rule.certainty
    if rule.kind is Kind.PRESENCE:
        return MISSING
    if rule.kind is Kind.SEQUENCE and any(step.tags for step in rule.steps):
        return GUESSED
    return WORDS if all(token.pattern.whole for token in rule.tokens) else GAPS


def _groups(hit: Hit, piece: Piece) -> dict[str, str]:
    sentence, pattern = piece.sentence, hit.entry.pattern
    text = sentence.folded if pattern.ignorecase else sentence.plain
    match = pattern.compiled().match(text, hit.begins)
    if match is None:
        return {}
    names = (*range(1, match.re.groups + 1), *match.re.groupindex)
    return {str(name): sentence.text[slice(*match.span(name))] for name in names if match[name] is not None}


def _found(spot: Spot, draft: Draft) -> Found:
    sentence, at = spot.piece.sentence, spot.piece.begins
    written = sentence.text
    return Found(
        draft.text[spot.begins : spot.ends],
        spot.groups,
        written[: max(0, spot.begins - at)],
        written[max(0, spot.ends - at) :],
        (written, sentence.folded),
        (draft.text, draft.folded),
        dict(draft.context.known),
    )


def _message(message: str, rule: Rule, spot: Spot, draft: Draft) -> str:
    if "%s" not in message:
        return message
    match = draft.text[spot.begins : spot.ends]
    said = [match]
    if rule.kind is Kind.SUBSTITUTION and message.count("%s") > 1:
        said = [" / ".join(spot.rather or ()), match]
    for each in said:
        message = message.replace("%s", each, 1)
    return message.replace("%s", match)


def _placed(
    text: str, opened: tuple[tuple[int, int], ...], replaces: str, spot: Spot, draft: Draft
) -> Better:
    if replaces == "nothing":
        at = draft.utf16(spot.ends)
        return Better(text, spot.ends, spot.ends, at, at, opened, advice=True)
    start, end = spot.begins, spot.ends
    if replaces == "sentence":
        start = spot.piece.begins
        end = start + len(spot.piece.sentence.text)
    elif draft.text[start : start + 1].isupper() and text[:1].islower():
        text = text[0].upper() + text[1:]
    return Better(text, start, end, draft.utf16(start), draft.utf16(end), opened)
