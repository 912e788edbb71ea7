"""Rules that count, compare or follow words through a text: how often, in which order, in which case."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from .capitals import wrongly_written
from .draft import Draft
from .matcher import wide_reaching
from .patterns import Pattern
from .rules import Kind, Rule, Scope
from .sequences import sequences
from .telling import Spot
from .wide import hides
from .zones import KINDS as PLACES

_TOKEN = re.compile(r"\S+")


def _found(pattern: Pattern, rule: Rule, draft: Draft) -> Iterator[re.Match[str]]:
    """Where `pattern` stands among the writer's own words."""
    if pattern.phrases and not any(phrase in draft.folded for phrase in pattern.phrases):
        return
    hidden = sum(PLACES[each] for each in rule.not_inside)
    text = draft.folded if pattern.ignorecase else draft.plain
    for match in pattern.compiled().finditer(text):
        if match[0] and not draft.hidden(*match.span(), hidden):
            yield match


def _spot(begins: int, ends: int, draft: Draft, rather: tuple[str, ...] = ()) -> Spot:
    spans = draft.layout.sentences
    number = next((number for number, each in enumerate(spans) if begins < each[1]), len(spans) - 1)
    piece = draft.piece(number)
    return Spot(begins, ends, piece, None, rather)


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
    for number, (start, end) in enumerate(draft.layout.sentences):
        key = draft.layout.block(start) if rule.scope is Scope.PARAGRAPH else number
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
    hidden = sum(PLACES[each] for each in rule.not_inside)
    for piece in draft.pieces:
        for begins, ends in sequences(rule.steps, piece.sentence.plain):
            if not hides(draft, piece, (begins, ends), hidden):
                yield Spot(piece.begins + begins, piece.begins + ends, piece)


KINDS: dict[Kind, Callable[[Rule, Draft], Iterator[Spot]]] = {
    Kind.EXISTENCE: _reaching, Kind.OCCURRENCE: _occurrence, Kind.REPETITION: _repetition, Kind.CONDITIONAL: _conditional,
    Kind.CONSISTENCY: _consistency, Kind.CAPITALIZATION: _capitalization, Kind.SEQUENCE: _sequence,
}  # fmt: skip
