"""Rules that look at more than a phrase in a sentence: what is missing, how often, in which order, in which case."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING

from .capitals import wrongly_written
from .layout import KINDS
from .matcher import Hit, wide_reaching
from .patterns import Pattern
from .rules import Kind, Rule, Scope
from .sequences import sequences
from .telling import Spot, Teller

if TYPE_CHECKING:
    from .draft import Draft, Piece
    from .marks import Context, Mark

    Widely = Callable[[Hit, Piece, Draft], bool]
    Found = tuple[Mapping[int, Sequence[tuple[Piece, Hit]]], Mapping[int, Set[int]], Widely]

_TOKEN = re.compile(r"\S+")


class Wide:
    def __init__(self, rules: Sequence[Rule]) -> None:
        plain = (Kind.EXISTENCE, Kind.SUBSTITUTION)
        self.rules = [
            (number, rule)
            for number, rule in enumerate(rules)
            if rule.kind not in plain or any(wide_reaching(rule, token.pattern) for token in rule.tokens)
        ]
        self._count = len(rules)
        self._occasions = frozenset(
            each
            for _n, rule in self.rules
            if rule.kind is Kind.PRESENCE and not rule.when
            for each in rule.occasions
        )
        self._always = any(rule.kind is not Kind.PRESENCE for _n, rule in self.rules)

    def asks_always(self, context: Context) -> bool:
        """Whether a rule has something to say though none of its words was found."""
        return self._always or not self._occasions.isdisjoint(context.occasions)

    def marks(self, draft: Draft, teller: Teller, active: bytes, found: Found) -> list[Mark]:
        asked, there, widely = found
        counted = active[len(active) - self._count :]
        result: list[Mark] = []
        for number, rule in self.rules:
            if not counted[number] or teller.certain(number) < draft.context.certain or not draft.count:
                continue
            if rule.kind is Kind.PRESENCE:
                spots = _missing(rule, draft, asked.get(number, []), there.get(number, set()), widely)
                result += [teller.mark(number, spot, draft, missing=True) for spot in spots]
            else:
                result += [teller.mark(number, spot, draft) for spot in _KINDS[rule.kind](rule, draft)]
        return result


def _missing(
    rule: Rule, draft: Draft, asked: Sequence[tuple[Piece, Hit]], there: Set[int], widely: Widely
) -> Iterator[Spot]:
    if len(draft.text) < rule.least:
        return
    if not rule.when:
        told = rule.occasions & draft.context.occasions
        ours = not rule.languages or draft.language[:2] in {each[:2] for each in rule.languages}
        if told and ours and not _anywhere(rule, draft, range(draft.count), there):
            last = draft.piece(draft.count - 1)
            yield Spot(last.begins, last.ends, last, {})
        return
    for piece, hit in asked:
        if not widely(hit, piece, draft):
            continue
        if not _anywhere(rule, draft, _around(rule.scope, piece, draft), there):
            yield Spot(piece.begins + hit.begins, piece.begins + hit.ends, piece, {})
            if rule.scope is Scope.TEXT:
                return


def _around(scope: Scope, piece: Piece, draft: Draft) -> Sequence[int]:
    """The sentences in which a rule looks when `piece` asks for something."""
    if scope is Scope.SENTENCE:
        return (piece.number,)
    if scope is Scope.TEXT:
        return range(draft.count)
    return [number for number, each in enumerate(draft.layout.sentences) if each[2] == piece.block]


def _anywhere(rule: Rule, draft: Draft, numbers: Sequence[int], there: Set[int]) -> bool:
    if any(each in numbers for each in there):
        return True
    tried = [token.pattern for token in rule.tokens if not token.pattern.phrases]
    hidden = sum(KINDS[each] for each in rule.not_inside)
    for pattern in tried:
        for piece in map(draft.piece, numbers):
            text = piece.sentence.folded if pattern.ignorecase else piece.sentence.plain
            for match in pattern.compiled().finditer(text):
                if not _hides(draft, piece, match.span(), hidden):
                    return True
    return False


def _hides(draft: Draft, piece: Piece, span: tuple[int, int], kinds: int) -> bool:
    return draft.layout.hides(piece.block, piece.begins + span[0], piece.begins + span[1], kinds)


def _found(pattern: Pattern, rule: Rule, draft: Draft) -> Iterator[re.Match[str]]:
    """Where `pattern` stands among the writer's own words."""
    if pattern.phrases and not any(phrase in draft.folded for phrase in pattern.phrases):
        return
    hidden = sum(KINDS[each] for each in rule.not_inside)
    text = draft.folded if pattern.ignorecase else draft.plain
    for match in pattern.compiled().finditer(text):
        if match[0] and not draft.hidden(*match.span(), hidden):
            yield match


def _spot(begins: int, ends: int, draft: Draft, rather: tuple[str, ...] | None = None) -> Spot:
    spans = draft.layout.sentences
    number = next((number for number, each in enumerate(spans) if begins < each[1]), len(spans) - 1)
    piece = draft.piece(number)
    return Spot(begins, ends, piece, {}, rather)


def _reaching(rule: Rule, draft: Draft) -> Iterator[Spot]:
    for token in rule.tokens:
        if wide_reaching(rule, token.pattern):
            for match in _found(token.pattern, rule, draft):
                excepted = any(
                    each.start() < match.end() and match.start() < each.end()
                    for exception in rule.exceptions
                    for each in _found(exception, rule, draft)
                )
                if not excepted:
                    yield _spot(*match.span(), draft)


def _scopes(rule: Rule, draft: Draft) -> list[tuple[int, int]]:
    if rule.scope is Scope.TEXT:
        return [(0, len(draft.text))]
    if rule.scope is Scope.HEADING:
        return _headings(draft)
    spans: dict[int, tuple[int, int]] = {}
    for number, (start, end, block) in enumerate(draft.layout.sentences):
        key = block if rule.scope is Scope.PARAGRAPH else number
        spans[key] = (spans[key][0] if key in spans else start, end)
    return list(spans.values())


_HEADING = re.compile(r"^#{1,6}[ \t]+(\S[^\n]*)", re.MULTILINE)


def _headings(draft: Draft) -> list[tuple[int, int]]:
    return [match.span(1) for match in _HEADING.finditer(draft.text)]


def _occurrence(rule: Rule, draft: Draft) -> Iterator[Spot]:
    found = [match.span() for token in rule.tokens for match in _found(token.pattern, rule, draft)]
    for begins, ends in _scopes(rule, draft):
        inside = [span for span in found if begins <= span[0] < ends]
        if rule.most is not None and len(inside) > rule.most:
            yield _spot(*inside[rule.most], draft)
        elif len(inside) < rule.least:
            yield _spot(begins, ends, draft)


def _repetition(rule: Rule, draft: Draft) -> Iterator[Spot]:
    """The same word twice with nothing but space between."""
    for token in rule.tokens:
        before: re.Match[str] | None = None
        for match in _found(token.pattern, rule, draft):
            word = match[0].strip()
            same = (
                before is not None
                and before[0].strip() == word
                and not draft.folded[before.end() : match.start()].strip()
            )
            if same and before is not None and (rule.match != "alpha" or word.isalpha()):
                yield _spot(before.start(), match.end(), draft)
            before = match


def _conditional(rule: Rule, draft: Draft) -> Iterator[Spot]:
    """Each thing that `first` catches must be caught by `second` somewhere."""
    if rule.first is None or rule.second is None:
        return
    have = {_caught(match) for match in _found(rule.second, rule, draft)}
    for match in _found(rule.first, rule, draft):
        said = _caught(match)
        lacking = said not in have if rule.second.groups else not have
        if lacking and not {said, draft.text[match.start() : match.end()]} & rule.words:
            yield _spot(*match.span(), draft)


def _caught(match: re.Match[str]) -> str:
    return next((each for each in match.groups() if each), match[0])


def _consistency(rule: Rule, draft: Draft) -> Iterator[Spot]:
    """Of two spellings both are there: the later one is marked, with the other in its place."""
    for one, other in rule.either:
        first, second = next(_found(one, rule, draft), None), next(_found(other, rule, draft), None)
        if first and second:
            earlier, later = sorted((first, second), key=lambda match: match.start())
            yield _spot(*later.span(), draft, (draft.text[earlier.start() : earlier.end()],))


def _capitalization(rule: Rule, draft: Draft) -> Iterator[Spot]:
    for begins, ends in _scopes(rule, draft):
        written = draft.text[begins:ends]
        wrong = (
            not rule.second.compiled().search(written)
            if rule.second
            else wrongly_written(written, rule.match, rule.words)
        )
        if wrong:
            yield _spot(begins, ends, draft)


def _sequence(rule: Rule, draft: Draft) -> Iterator[Spot]:
    hidden = sum(KINDS[each] for each in rule.not_inside)
    for piece in draft.pieces:
        for begins, ends in sequences(rule.steps, piece.sentence.plain):
            if not _hides(draft, piece, (begins, ends), hidden):
                yield Spot(piece.begins + begins, piece.begins + ends, piece, {})


_KINDS: dict[Kind, Callable[[Rule, Draft], Iterator[Spot]]] = {
    Kind.EXISTENCE: _reaching, Kind.OCCURRENCE: _occurrence, Kind.REPETITION: _repetition, Kind.CONDITIONAL: _conditional,
    Kind.CONSISTENCY: _consistency, Kind.CAPITALIZATION: _capitalization, Kind.SEQUENCE: _sequence,
}  # fmt: skip
