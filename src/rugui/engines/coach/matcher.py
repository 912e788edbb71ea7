"""All patterns of all packs as one automaton over folded text, and the expressions behind their anchors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import IntEnum
from functools import cache
from typing import NamedTuple, Protocol

from ahocorasick_rs import AhoCorasick, Implementation

from . import fold
from .edges import at_edges, is_han
from .patterns import Pattern
from .rules import Condition, Kind, Rule, Scope, Side, Token, named
from .zones import KINDS

CHECKED = 2
"""Chinese phrases of as many characters are checked for standing where words begin and end: of longer ones hardly any
hit crosses such an edge, of single characters most do."""
FEW = 20_000
"""Bytes of phrases up to which the automaton is one whole table: nearly twice as quick, but of some hundred bytes for each of them."""
_WORD = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
Raw = tuple[int, int, int]
"""What the automaton says: (phrase, begins, ends)."""


class Role(IntEnum):
    """What it means that a pattern was found."""

    FOUND = 0
    ASKS = 1
    """A presence rule's `when`."""
    IS_THERE = 2
    """What a presence rule asks for."""


class Entry(NamedTuple):
    """A pattern of a rule, as the automaton sees it. `rule` is an index."""

    number: int
    rule: int
    pattern: Pattern
    asks: bool
    """The phrase is only an anchor: the expression decides."""
    latin_edges: bool
    """False also where the phrases neither begin nor end with a Latin letter."""
    han_edges: bool
    """False also where the phrase itself is long enough; then `at_edges` is not asked."""
    hidden: int
    """In which kinds of zones it is not looked for."""
    free: bool
    """Found is found: no edge, exception or condition asks the rest of its sentence."""
    further: bool
    """A condition asks other sentences."""
    swap: tuple[str, ...]
    """What to write instead, of this pattern's own."""
    role: Role
    language: str


class Hit(NamedTuple):
    """Where a rule found something, counted from the beginning of the sentence."""

    begins: int
    ends: int
    entry: Entry


class Sentence:
    """A sentence as written, and folded, and what was found in it."""

    __slots__ = ("_plain", "folded", "hits", "text")

    def __init__(self, text: str, folded: str, hits: Sequence[Hit] = ()) -> None:
        self.text, self.folded, self.hits = text, folded, hits
        self._plain = ""

    @property
    def plain(self) -> str:
        if not self._plain:
            self._plain = fold.plain(self.text)
        return self._plain


class Counting(Protocol):
    """Which entries count in which sentences of a draft."""

    known: bytes
    """Of each entry NO, YES or SOMEWHERE, without looking at a sentence."""

    def of(self, sentence: str) -> bytes:
        """Of each entry whether it counts in this sentence."""


NO, YES, SOMEWHERE = 0, 1, 2


class Matcher:
    """What existence, substitution and presence rules look for."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self.entries: list[Entry] = []
        self.tried: list[Entry] = []
        """Without an anchor: tried on each sentence."""
        by_phrase: dict[str, list[Entry]] = {}
        for number, rule in enumerate(rules):
            for entry in _entries(len(self.entries), number, rule):
                self.entries.append(entry)
                if not entry.pattern.phrases:
                    self.tried.append(entry)
                for phrase in entry.pattern.phrases:
                    by_phrase.setdefault(phrase, []).append(entry)
        self.phrases = [tuple(entries) for entries in by_phrase.values()]
        few = sum(len(each.encode("utf-8", "surrogatepass")) for each in by_phrase) <= FEW
        implementation = Implementation.DFA if few else Implementation.ContiguousNFA
        automaton = AhoCorasick(list(by_phrase), implementation=implementation) if by_phrase else None
        self.find = automaton.find_matches_as_indexes if automaton else (lambda *_: ())
        self._screens: dict[int, Screen] = {}
        """By the conditions and the exceptions of rules, which live as long as the rules."""

    def hits(self, sentence: Sentence, active: Counting, raw: Sequence[Raw], at: int = 0) -> Sequence[Hit]:
        """What is found in a sentence by the entries that are `active`: edges and what stands beside it minded, zones not.

        `raw`: what the automaton has found in it, counted from `at` places before its beginning.
        """
        folded, phrases, known = sentence.folded, self.phrases, active.known
        found: list[Hit] = []
        asked: dict[int, list[int]] = {}
        for index, begins, ends in raw:
            for entry in phrases[index]:
                counts = known[entry.number]
                if counts == NO or (counts == SOMEWHERE and not active.of(sentence.text)[entry.number]):
                    continue
                if entry.asks:
                    asked.setdefault(entry.number, []).append(begins - at)
                    continue
                first, last = begins - at, ends - at
                if entry.latin_edges and not _at_words(folded, first, last):
                    continue
                hit = named(Hit, (first, last, entry))
                if entry.free or self._stands(hit, sentence):
                    found.append(hit)
        if self.tried:
            asked |= {each.number: [] for each in self.tried if active.of(sentence.text)[each.number]}
        return [*found, *self._asked(asked, sentence)] if asked else found

    def _asked(self, asked: Mapping[int, list[int]], sentence: Sentence) -> Iterator[Hit]:
        """Where the expressions of these entries match, of each of which is known where its anchors begin."""
        for number, anchors in asked.items():
            entry = self.entries[number]
            text = sentence.folded if entry.pattern.ignorecase else sentence.plain
            for span in matches(entry.pattern, text, anchors):
                hit = named(Hit, (*span, entry))
                if entry.free or self._stands(hit, sentence):
                    yield hit

    def _stands(self, hit: Hit, sentence: Sentence) -> bool:
        """Whether edges, exceptions and the conditions that look at this sentence only leave a hit."""
        entry = hit.entry
        rule = self.rules[entry.rule]
        if rule.exceptions and self.touches(rule.exceptions, sentence, hit.begins, hit.ends):
            return False
        asked = entry.han_edges and _short_or_asked(hit, sentence, rule)
        if asked and not at_edges(sentence.folded, hit.begins, hit.ends):
            return False
        for condition in rule.near:
            if local(condition) and not self._in_sentence(condition, sentence, hit):
                return False
        return not any(local(each) and self._in_sentence(each, sentence, hit) for each in rule.unless)

    def _in_sentence(self, condition: Condition, sentence: Sentence, hit: Hit) -> bool:
        span = (0, hit.begins, hit.ends, len(sentence.folded))
        return self.near(condition, sentence.folded, lambda: sentence.plain, span)

    def near(
        self, condition: Condition, folded: str, plain: Callable[[], str], span: tuple[int, int, int, int]
    ) -> bool:
        """Whether the condition's words stand in `span` (from, where the hit begins, where it ends, to)."""
        first, begins, ends, last = span
        windows = [(first, begins)] if condition.side is not Side.AFTER else []
        windows += [(ends, last)] if condition.side is not Side.BEFORE else []
        for pattern in self._screen(condition.patterns).standing(folded):
            text = folded if pattern.ignorecase else plain()
            if any(pattern.compiled().search(text, *window) for window in windows):
                return True
        return False

    def touches(self, patterns: tuple[Pattern, ...], sentence: Sentence, begins: int, ends: int) -> bool:
        """Whether one of `patterns` stands in the sentence so that it overlaps begins..ends."""
        screen, asked = self._screen(patterns), list[Pattern]()
        for pattern, first, last in screen.found(sentence.folded):
            if not (pattern.whole and pattern.ignorecase):
                asked.append(pattern)
            elif first < ends and begins < last:
                return True
        for pattern in (*{id(each): each for each in asked}.values(), *screen.unanchored):
            text = sentence.folded if pattern.ignorecase else sentence.plain
            for match in pattern.compiled().finditer(text):
                if match.start() < ends and begins < match.end():
                    return True
        return False

    def _screen(self, patterns: tuple[Pattern, ...]) -> Screen:
        if (known := self._screens.get(id(patterns))) is None:
            self._screens[id(patterns)] = known = Screen(patterns)
        return known


class Screen:
    """Some patterns, of which one look at a text tells those that may stand in it."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.unanchored = [each for each in patterns if not each.phrases]
        by_phrase: dict[str, list[Pattern]] = {}
        for pattern in patterns:
            for phrase in pattern.phrases:
                by_phrase.setdefault(phrase, []).append(pattern)
        self._by_phrase = list(by_phrase.values())
        automaton = AhoCorasick(list(by_phrase), implementation=Implementation.ContiguousNFA)
        self._find = automaton.find_matches_as_indexes

    def found(self, folded: str) -> Iterator[tuple[Pattern, int, int]]:
        """Each pattern where its words stand, or those without which it cannot."""
        for index, begins, ends in self._find(folded, True):
            for pattern in self._by_phrase[index]:
                yield pattern, begins, ends

    def standing(self, folded: str) -> Sequence[Pattern]:
        """The patterns that may match anywhere in the text, each once."""
        if not (found := self._find(folded, True)):
            return self.unanchored
        there = {id(pattern): pattern for index, *_ in found for pattern in self._by_phrase[index]}
        return [*there.values(), *self.unanchored]


def matches(pattern: Pattern, text: str, anchors: Sequence[int]) -> list[tuple[int, int]]:
    """What `finditer` finds in a text in which the anchors of a pattern begin at these places, looked for nowhere else."""
    expression = pattern.compiled()
    if pattern.reach or not anchors:
        first = max(0, min(anchors) - pattern.reach) if anchors else 0
        return [match.span() for match in expression.finditer(text, first) if match[0]]
    found: list[tuple[int, int]] = []
    end = 0
    for at in sorted(anchors) if len(anchors) > 1 else anchors:
        if at >= end and (match := expression.match(text, at)):
            end = match.end()
            found.append((at, end))
    return found


def local(condition: Condition) -> bool:
    """Whether a condition looks at its own sentence only."""
    return condition.sentences == 1 and not condition.characters


def _at_words(folded: str, begins: int, ends: int) -> bool:
    """Whether Latin words begin and end here."""
    if begins and folded[begins] in _WORD and folded[begins - 1] in _WORD:
        return False
    return not (ends < len(folded) and folded[ends - 1] in _WORD and folded[ends] in _WORD)


def _short_or_asked(hit: Hit, sentence: Sentence, rule: Rule) -> bool:
    if rule.edges == "word":
        return True
    return hit.ends - hit.begins <= CHECKED and is_han(sentence.folded[hit.begins])


def _entries(first: int, number: int, rule: Rule) -> list[Entry]:
    if rule.kind is Kind.PRESENCE:
        asked = [(Token(each), Role.ASKS) for each in rule.when]
        looked = asked + [(each, Role.IS_THERE) for each in rule.tokens if each.pattern.phrases]
    elif rule.kind in (Kind.EXISTENCE, Kind.SUBSTITUTION):
        looked = [(each, Role.FOUND) for each in rule.tokens if not wide_reaching(rule, each.pattern)]
    else:
        looked = []
    return [_entry(first + i, number, token, rule, role) for i, (token, role) in enumerate(looked)]


def wide_reaching(rule: Rule, pattern: Pattern) -> bool:
    """A pattern that may reach over the end of a sentence."""
    if rule.scope not in (Scope.PARAGRAPH, Scope.TEXT) or rule.kind is not Kind.EXISTENCE:
        return False
    return not pattern.whole or any(stop in phrase for phrase in pattern.phrases for stop in ".!?。")


def _entry(number: int, of: int, token: Token, rule: Rule, role: Role) -> Entry:
    pattern = token.pattern
    hidden = _kinds(rule.not_inside)
    any_edge = rule.edges == "any"
    latin = not any_edge and any(each[0] in _WORD or each[-1] in _WORD for each in pattern.phrases)
    shortest = min(map(len, pattern.phrases), default=0) if pattern.whole else 0
    han = not any_edge and (rule.edges == "word" or shortest <= CHECKED)
    asks = not (pattern.whole and pattern.ignorecase)
    conditions = (*rule.near, *rule.unless)
    further = not all(map(local, conditions))
    free = not (han or rule.exceptions or conditions)
    fields = (number, of, pattern, asks, latin, han, hidden, free, further, token.swap, role, token.language)
    return named(Entry, fields)


@cache
def _kinds(names: frozenset[str]) -> int:
    return sum(KINDS[each] for each in names)


def touches(pattern: Pattern, sentence: Sentence, begins: int, ends: int) -> bool:
    """Whether `pattern` stands in the sentence so that it overlaps begins..ends."""
    if pattern.whole and pattern.ignorecase:
        folded = sentence.folded
        for phrase in pattern.phrases:
            at = folded.find(phrase, max(0, begins - len(phrase) + 1), ends + len(phrase) - 1)
            if at >= 0:
                return True
        return False
    text = sentence.folded if pattern.ignorecase else sentence.plain
    return any(match.start() < ends and begins < match.end() for match in pattern.compiled().finditer(text))
