"""From what was found to marks with words: message, reason, better sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .marks import Better, Found, Mark, certainty, filled, in_language, is_sentence, template
from .matcher import Hit
from .rules import Kind, Rule, Severity

if TYPE_CHECKING:
    from .reading import Draft, Piece

WORDS, GAPS, MISSING, GUESSED = 0.9, 0.8, 0.7, 0.6
"""How often a mark is right when nobody has said and the house has not answered: plain words, patterns with gaps, what is
missing, a guess at parts of speech."""
_WEIGHT = {Severity.ERROR: 3, Severity.WARNING: 2, Severity.SUGGESTION: 1}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a mark shall stand, counted from the beginning of the draft."""

    begins: int
    ends: int
    piece: Piece
    groups: Mapping[str, str]
    rather: tuple[str, ...] | None = None
    """Instead of the rule's own: those of a swap."""


class Teller:
    def __init__(self, rules: Sequence[Rule], heard: Mapping[str, tuple[int, int]]) -> None:
        self.rules = rules
        self._certain = [_prior(rule) for rule in rules]
        for number, rule in enumerate(rules):
            if rule.id in heard:
                self._certain[number] = certainty(self._certain[number], *heard[rule.id])

    def marks(self, found: Sequence[tuple[Piece, Hit]], draft: Draft) -> list[Mark]:
        """Marks for hits, of those that say the same about the same words the weightiest."""
        certain = draft.context.certain
        kept: list[tuple[int, int, Rule, Piece, Hit]] = []
        if len(found) > 1:
            found = sorted(found, key=lambda each: self._precedence(*each))
        for piece, hit in found:
            number = hit.entry.rule
            if self._certain[number] < certain:
                continue
            rule, begins, ends = self.rules[number], piece.begins + hit.begins, piece.begins + hit.ends
            for start, end, other, _, _ in kept:
                if (
                    start < ends
                    and begins < end
                    and (other.category == rule.category or (start == begins and end == ends))
                ):
                    break
            else:
                kept.append((begins, ends, rule, piece, hit))
        return [self._of_hit(piece, hit, draft) for _, _, _, piece, hit in kept]

    def _precedence(self, piece: Piece, hit: Hit) -> tuple[int, int, float, int]:
        rule = self.rules[hit.entry.rule]
        return (
            -_WEIGHT[rule.severity],
            hit.begins - hit.ends,
            -self._certain[hit.entry.rule],
            piece.begins + hit.begins,
        )

    def _of_hit(self, piece: Piece, hit: Hit, draft: Draft) -> Mark:
        rule = self.rules[hit.entry.rule]
        token = rule.tokens[hit.entry.token]
        groups = _groups(hit, piece) if token.pattern.groups else {}
        spot = Spot(piece.begins + hit.begins, piece.begins + hit.ends, piece, groups, token.swap or None)
        return self.mark(hit.entry.rule, spot, draft)

    def certain(self, number: int) -> float:
        return self._certain[number]

    def mark(self, number: int, spot: Spot, draft: Draft, *, missing: bool = False) -> Mark:
        rule, context = self.rules[number], draft.context
        writer = context.explain_in or draft.language
        why = in_language(rule.why, writer, draft.language)
        start16, end16 = draft.utf16(spot.begins), draft.utf16(spot.ends)
        return Mark(
            rule.id, spot.begins, spot.ends, start16, end16, rule.category, rule.severity.value,
            _message(in_language(rule.message, writer, draft.language) or why, rule, spot, draft),
            why, self._rather(rule, spot, draft, missing=missing), self._certain[number], missing, rule.link,
        )  # fmt: skip

    def _rather(self, rule: Rule, spot: Spot, draft: Draft, *, missing: bool) -> tuple[Better, ...]:
        ways = spot.rather if spot.rather is not None else _ways(rule, draft.language)
        if not ways:
            return ()
        if fitting := [way for way in ways if _caught(way, spot)]:
            ways = tuple(fitting)
        found = None
        result = []
        for way in ways:
            text, opened = (way, ()) if "{" not in way else filled(way, found := found or _found(spot, draft))
            replaces = (
                "nothing"
                if missing and rule.replaces == ""
                else rule.replaces or ("sentence" if is_sentence(way) else "mark")
            )
            result.append(_placed(text, opened, replaces, spot, draft))
        return tuple(result)


def _ways(rule: Rule, language: str) -> tuple[str, ...]:
    if language in rule.rather:
        return rule.rather[language]
    return next(iter(rule.rather.values()), ())


def _caught(way: str, spot: Spot) -> bool:
    """Whether the pattern that was found has caught all that this way asks for by number."""
    return "{" not in way or all(
        isinstance(part, str) or not part.name.isdecimal() or part.name in spot.groups
        for part in template(way)
    )


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
