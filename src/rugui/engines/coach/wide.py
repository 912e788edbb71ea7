"""Rules that look at more than a phrase in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING

from .matcher import Hit, wide_reaching
from .rules import Kind, Rule, Scope
from .telling import Spot, Teller
from .zones import KINDS

if TYPE_CHECKING:
    from .draft import Draft, Piece
    from .marks import Context, Mark

    Widely = Callable[[Hit, Piece, Draft], bool]
    Found = tuple[Mapping[int, Sequence[tuple[Piece, Hit]]], Mapping[int, Set[int]], Widely]


class Wide:
    def __init__(self, rules: Sequence[Rule]) -> None:
        plain = (Kind.EXISTENCE, Kind.SUBSTITUTION)
        self.rules = [
            (number, rule)
            for number, rule in enumerate(rules)
            if rule.kind is not Kind.SENSE
            and (rule.kind not in plain or any(wide_reaching(rule, token.pattern) for token in rule.tokens))
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
                from .others import KINDS as OTHERS  # only Vale's rules ask for them

                result += [teller.mark(number, spot, draft) for spot in OTHERS[rule.kind](rule, draft)]
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
            yield Spot(last.begins, last.ends, last)
        return
    for piece, hit in asked:
        if not widely(hit, piece, draft):
            continue
        if not _anywhere(rule, draft, _around(rule.scope, piece, draft), there):
            yield Spot(piece.begins + hit.begins, piece.begins + hit.ends, piece)
            if rule.scope is Scope.TEXT:
                return


def _around(scope: Scope, piece: Piece, draft: Draft) -> Sequence[int]:
    """The sentences in which a rule looks when `piece` asks for something."""
    if scope is Scope.SENTENCE:
        return (piece.number,)
    if scope is Scope.TEXT:
        return range(draft.count)
    block = draft.layout.block
    return [n for n, (begins, _ends) in enumerate(draft.layout.sentences) if block(begins) == piece.block]


def _anywhere(rule: Rule, draft: Draft, numbers: Sequence[int], there: Set[int]) -> bool:
    if any(each in numbers for each in there):
        return True
    tried = [token.pattern for token in rule.tokens if not token.pattern.phrases]
    hidden = sum(KINDS[each] for each in rule.not_inside)
    for pattern in tried:
        for piece in map(draft.piece, numbers):
            text = piece.sentence.folded if pattern.ignorecase else piece.sentence.plain
            for match in pattern.compiled().finditer(text):
                if not hides(draft, piece, match.span(), hidden):
                    return True
    return False


def hides(draft: Draft, piece: Piece, span: tuple[int, int], kinds: int) -> bool:
    return draft.layout.hides(piece.block, piece.begins + span[0], piece.begins + span[1], kinds)
