"""The second reading of a draft (sense.py) put beside the first: marks on sentences that sound wrong, and what is thought of the others."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter

from .draft import Draft
from .marks import Mark
from .matcher import touches
from .patterns import Pattern
from .rules import Kind, Rule
from .sense import Sense, sense
from .telling import Spot, Teller, by_place

_begins = itemgetter(0)


class Sensing:
    """For the rules of kind `sense`, and for those whose marks are weighed by the sense of their sentence."""

    def __init__(self, rules: Sequence[Rule], teller: Teller) -> None:
        self._teller, self._count = teller, len(rules)
        self._exceptions = [rule.exceptions for rule in rules]
        self._rules = {
            (rule.category, family): number
            for number, rule in enumerate(rules)
            if rule.kind is Kind.SENSE
            for family in {language[:2] for language in rule.languages}
        }
        self._weighed = {
            rule.id: number
            for number, rule in enumerate(rules)
            if rule.sensed and rule.kind is not Kind.SENSE
        }

    def marks(self, draft: Draft, found: Sequence[Mark], active: bytes) -> tuple[Mark, ...]:
        """`found`, each as certain as its sentence makes it, and marks of sentences that only sound wrong."""
        family = draft.language[:2]
        if not any(each == family for _category, each in self._rules) or (known := sense(family)) is None:
            return tuple(found)
        counted = active[len(active) - self._count :]
        sentences = draft.layout.sentences
        inside: dict[int, list[Mark]] = {number: [] for number in range(draft.count)}
        result = [mark for mark in found if mark.missing]
        for mark in found:
            if not mark.missing:
                inside.setdefault(bisect_right(sentences, mark.start, key=_begins) - 1, []).append(mark)
        for number, marks in inside.items():
            whole = number >= 0
            result += self._of_sentence(draft, number, marks, known, counted) if whole else marks
        return tuple(sorted(result, key=by_place))

    def _of_sentence(
        self, draft: Draft, sentence: int, found: Sequence[Mark], known: Sense, counted: bytes
    ) -> list[Mark]:
        doubtful = any(mark.rule in self._weighed for mark in found)
        text, at = _own(draft, sentence)
        if not text or (found and not doubtful):
            return list(found)
        felt = known.felt(text)
        if doubtful:
            strength = known.strength(mark.rule for mark in found if mark.rule in self._weighed)
            chance = known.weighing.chance(felt.score, strength)
            least = max(known.doubted, draft.context.certain)
            told = (self._as_certain(mark, chance) for mark in found)
            return [mark for mark in told if mark.rule not in self._weighed or mark.certainty >= least]
        number = self._rules.get((felt.label, draft.language[:2]))
        if number is None or not counted[number]:
            return []
        chance = known.weighing.chance(felt.score)
        said = self._teller.heard(number, chance)
        if chance < known.least or said < draft.context.certain:
            return []
        spot = Spot(at + felt.begins, at + felt.ends, draft.piece(sentence))
        if any(self._touches(each, spot) for each in self._exceptions[number]):
            return []
        mark = self._teller.mark(number, spot, draft)
        return [mark._replace(certainty=said)]

    @staticmethod
    def _touches(exception: Pattern, spot: Spot) -> bool:
        """As with any other rule: an exception that stands where the mark would."""
        piece = spot.piece
        return touches(exception, piece.sentence, spot.begins - piece.begins, spot.ends - piece.begins)

    def _as_certain(self, mark: Mark, chance: float) -> Mark:
        """A mark of a rule that is weighed, as certain as its sentence makes it."""
        number = self._weighed.get(mark.rule)
        return mark if number is None else mark._replace(certainty=self._teller.heard(number, chance))


def _own(draft: Draft, sentence: int) -> tuple[str, int]:
    """The longest part of a sentence that is the writer's own words, and where in the draft it begins."""
    begins, ends = draft.layout.sentences[sentence]
    block = draft.layout.block(begins)
    if not (zones := draft.layout.zones(block)):
        return draft.text[begins:ends], begins
    at = draft.layout.blocks[block][0]
    edges, last = list[tuple[int, int]](), begins
    for start, end, _kind in zones:
        if start + at < ends and end + at > begins:
            edges.append((last, max(last, start + at)))
            last = end + at
    edges.append((min(last, ends), ends))
    begins, ends = max(edges, key=lambda each: each[1] - each[0])
    return draft.text[begins:ends], begins
