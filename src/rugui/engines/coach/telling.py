"""From what was found to marks with words: message, reason, better sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, NamedTuple

from .expressions import MACROS
from .marks import Better, Found, Mark, certainty, filled, in_language, is_sentence, template
from .matcher import Hit, local
from .rules import Kind, Rule, Severity, named

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
    hit: Hit | None = None
    """What was found there; None when nothing was, as of what is missing."""
    rather: tuple[str, ...] = ()
    """Instead of the rule's own better ways: those of a swap."""


_BETWEEN = "，。、！？：；～"
_begins, _place = itemgetter(0), itemgetter(0, 1)
by_place = attrgetter("start", "end")
"""Of a mark."""


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
        self._answers = {number: heard[rule.id] for number, rule in enumerate(rules) if rule.id in heard}
        for number, answers in self._answers.items():
            self._certain[number] = certainty(self._certain[number], *answers)
        self._alone: dict[int, bool] = {}
        self._weights: dict[int, int] = {}
        """Of severities, which take long to look up."""
        self._words: dict[tuple[int, str, str], _Said] = {}

    def marks(self, found: Sequence[tuple[Piece, Hit]], draft: Draft) -> list[Mark]:
        """Marks for hits, by their places; of those that say the same about the same words the weightiest."""
        certain, known = draft.context.certain, self._certain
        spots: list[Spot] = []
        text, last, apart = draft.text, 0, True
        for piece, hit in found:
            begins, ends, entry = hit
            if known[entry.rule] >= certain:
                at = piece.begins
                begins, ends = at + begins, at + ends
                # An expression may look at the sign before its words, which is not what is wrong.
                if text[begins] in _BETWEEN:
                    begins = ends - len(text[begins:ends].lstrip(_BETWEEN) or text[begins:ends])
                spots.append(named(Spot, (begins, ends, piece, hit, entry.swap)))
                apart, last = apart and begins >= last, ends
        if not apart:
            spots.sort(key=_begins)
            if _overlap(spots):
                spots = self._weightiest(spots)
        mark = self.mark
        return [mark(each[3].entry.rule, each, draft) for each in spots if each[3]]

    def _weightiest(self, spots: Sequence[Spot]) -> list[Spot]:
        kept: list[Spot] = []
        for each in sorted(spots, key=self._precedence):
            start, end, *_ = each
            for other in kept:
                begins, ends, *_ = other
                if begins < end and start < ends:
                    same = self.rules[_rule(other)].category == self.rules[_rule(each)].category
                    if same or (begins == start and ends == end):
                        break
            else:
                kept.append(each)
        kept.sort(key=_place)
        return kept

    def _precedence(self, spot: Spot) -> tuple[int, int, float, int]:
        begins, ends, *_ = spot
        number = _rule(spot)
        if (weight := self._weights.get(number)) is None:
            self._weights[number] = weight = -_WEIGHT[self.rules[number].severity]
        return weight, begins - ends, -self._certain[number], begins

    def alone(self, number: int) -> bool:
        """Whether what a rule marks depends on its own sentence only."""
        if (known := self._alone.get(number)) is None:
            self._alone[number] = known = _alone(self.rules[number])
        return known

    def certain(self, number: int) -> float:
        return self._certain[number]

    def heard(self, number: int, chance: float) -> float:
        """A chance after what the house has answered to this rule's marks."""
        answers = self._answers.get(number)
        return certainty(chance, *answers) if answers else chance

    def mark(self, number: int, spot: Spot, draft: Draft, *, missing: bool = False) -> Mark:
        said = self._words.get((number, draft.explain_in, draft.language)) or self._said(number, draft)
        start, end, piece, _hit, swap = spot
        start16, end16 = (start, end) if draft.astral == [] else draft.utf16(start, end)
        name, category, severity, link, why, message, ways, has_slots, quotes, advises = said
        if swap:
            ways = tuple([_way(each, self.rules[number].replaces) for each in swap])
        if quotes:
            message = _message(message, self.rules[number], spot, draft)
        found = _found(spot, draft) if has_slots or swap else None
        rather: list[Better] = []
        capital = draft.text[start : start + 1].isupper()
        for way, slots, _numbers, replaces in _fitting(ways, found) if found else ways:
            text, opened = filled(way, found) if found and slots else (way, ())
            if replaces == "nothing" or (missing and advises):
                better = (text, end, end, end16, end16, opened, True)
            elif replaces == "sentence":
                begins, ends = piece.begins, piece.ends
                better = (text, begins, ends, *draft.utf16(begins, ends), opened, False)
            else:
                if capital and text[:1].islower():
                    text = text[0].upper() + text[1:]
                better = (text, start, end, start16, end16, opened, False)
            rather.append(named(Better, better))
        return named(Mark, (
            name, start, end, start16, end16, category, severity, message, why, tuple(rather), self._certain[number], missing, link,
        ))  # fmt: skip

    def _said(self, number: int, draft: Draft) -> _Said:
        rule, writer, language = self.rules[number], draft.explain_in, draft.language
        why = in_language(rule.why, writer, language)
        ways = rule.rather.get(language) or next(iter(rule.rather.values()), ())
        message = in_language(rule.message, writer, language) or why
        self._words[number, writer, language] = said = _Said(
            rule.id, rule.category, rule.severity.value, rule.link, why, message,
            tuple([_way(each, rule.replaces) for each in ways]), any("{" in each for each in ways), "%s" in message,
            rule.replaces == "",
        )  # fmt: skip
        return said


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
    slots: bool
    """Some of them have slots."""
    quotes: bool
    """The message repeats the words."""
    advises: bool
    """Of what is missing, the better ways are advice, put in nowhere."""


@lru_cache(maxsize=8192)
def _way(text: str, replaces: str) -> _Way:
    names = {part.name for part in template(text) if not isinstance(part, str)} if "{" in text else set[str]()
    numbers = frozenset(each for each in names if each.isdecimal())
    return _Way(text, bool(names), numbers, replaces or ("sentence" if is_sentence(text) else "mark"))


def _fitting(ways: Sequence[_Way], found: Found) -> Sequence[_Way]:
    """Those whose words were caught, or all when there are none such."""
    return [way for way in ways if not way.numbers or way.numbers <= found.groups.keys()] or ways


def _overlap(spots: Sequence[Spot]) -> bool:
    """Whether any of them, sorted by where they begin, overlap."""
    end = 0
    for each in spots:
        if each.begins < end:
            return True
        end = each.ends
    return False


def _rule(spot: Spot) -> int:
    return spot.hit.entry.rule if spot.hit else -1


def _prior(rule: Rule) -> float:
    if rule.certainty:
        return rule.certainty
    if rule.kind is Kind.PRESENCE:
        return MISSING
    if rule.kind is Kind.SEQUENCE and any(step.tags for step in rule.steps):
        return GUESSED
    return WORDS if all(token.pattern.whole for token in rule.tokens) else GAPS


def _groups(hit: Hit, piece: Piece) -> dict[str, str]:
    """What the pattern has caught, as it was written."""
    sentence, pattern = piece.sentence, hit.entry.pattern
    if not pattern.groups:
        return {}
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
        _groups(spot.hit, spot.piece) if spot.hit else {},
        written[: max(0, spot.begins - at)],
        written[max(0, spot.ends - at) :],
        (written, sentence.folded),
        (draft.text, draft.folded),
        dict(draft.context.known),
    )


def _message(message: str, rule: Rule, spot: Spot, draft: Draft) -> str:
    match = draft.text[spot.begins : spot.ends]
    said = [match]
    if rule.kind is Kind.SUBSTITUTION and message.count("%s") > 1:
        said = [" / ".join(spot.rather), match]
    for each in said:
        message = message.replace("%s", each, 1)
    return message.replace("%s", match)
