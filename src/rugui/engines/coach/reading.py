"""The coach: rules compiled once, drafts read by sentence."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from . import fold
from .draft import Draft, Piece
from .layout import Layout
from .marks import Context, Mark, surest
from .matcher import NO, SOMEWHERE, YES, Hit, Matcher, Raw, Role, Sentence, local
from .patterns import compiled
from .rules import Condition, Kind, Pack, Rule
from .telling import Teller, by_place
from .wide import Wide

if TYPE_CHECKING:
    from .sensing import Sensing

ANYTHING = Context()
FOUND = Role.FOUND
SAMPLE = 120
"""Characters that tell the language."""
_HAN = "[\u3400-\u9fff]+"
_LATIN = re.compile("[A-Za-z]+")
_ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ,'’-]+[A-Za-z]+){2}")
"""Three words in a row: more than a name or an abbreviation in a Chinese sentence."""


def _han() -> re.Pattern[str]:
    return compiled(_HAN, ignorecase=False)


def language_of(text: str) -> str:
    """`en`, `zh-Hant`, `zh-Hans`, `zh` (Chinese, of which no character tells the script) or empty.

    The beginning decides; only when it says nothing, the rest is looked at too.
    """
    if text.isascii():
        return "en" if _LATIN.search(text) else ""
    if said := _of_sample(text[:SAMPLE]):
        return said if said != "zh" else _script(text) or "zh"
    if _LATIN.search(text):
        return "en"
    return language_of(text[SAMPLE:]) if len(text) > SAMPLE else ""


@lru_cache(maxsize=256)
def _of_sample(first: str) -> str:
    """What the beginning of a text says: as `language_of`, `zh` where the rest shall be asked, empty for nothing."""
    han = len(first) - len(_han().sub("", first))
    if han and han >= len(_LATIN.findall(first)):
        return _script(first) or "zh"
    return "en" if _LATIN.search(first) else ""


def _script(text: str) -> str:
    traditional, simplified = (
        sum(map(each.__contains__, text)) for each in (fold.only_traditional(), fold.only_simplified())
    )
    if traditional == simplified:
        return ""
    return "zh-Hant" if traditional > simplified else "zh-Hans"


class Active:
    """Which entries count, then which rules, a byte each: for sentences in the draft's language, in English, and in both."""

    __slots__ = ("_both", "_chinese", "_english", "known", "own")

    def __init__(self, chinese: bool, own: bytes, english: bytes, both: bytes) -> None:
        self._chinese, self.own, self._english, self._both = chinese, own, english, both
        self.known = _known((own, both, english) if chinese else (own, both))

    def of(self, sentence: str) -> bytes:
        """Those for a sentence: a rule is for its language only, so that SOP means something in Chinese and nothing in English."""
        if not self._chinese:
            return self.own if sentence.isascii() or not _han().search(sentence) else self._both
        if not sentence.isascii() and _han().search(sentence):
            return self._both if _ENGLISH.search(sentence) else self.own
        return self._english if _ENGLISH.search(sentence) else self._both


def _known(several: Sequence[bytes]) -> bytes:
    """Of each entry whether all of `several` say NO or YES, or else SOMEWHERE. They are added as whole numbers, which is quick."""
    added = sum(int.from_bytes(each, "little") for each in several).to_bytes(len(several[0]), "little")
    return added.translate(bytes((NO, *[SOMEWHERE] * (len(several) - 1), YES)).ljust(256))


class Coach:
    """Reads drafts by the rules of packs. Building takes time, reading does not; it may be shared between threads."""

    def __init__(self, packs: Iterable[Pack], *, heard: Mapping[str, tuple[int, int]] | None = None) -> None:
        """`heard`: per rule, how often its better way was taken and how often it was dismissed in this house."""
        self.rules: tuple[Rule, ...] = tuple(rule for pack in packs for rule in pack.whole_rules())
        self._matcher = Matcher(self.rules)
        self._wide = Wide(self.rules)
        self._teller = Teller(self.rules, heard or {})
        self._sensing: Sensing | None = None
        self.senses = any(rule.kind is Kind.SENSE for rule in self.rules)
        """Whether drafts are read a second time."""
        self._actives: dict[tuple[object, ...], Active] = {}

    def certain(self, rule: str) -> float | None:
        """How often a mark of this rule is right, from 0 to 1; None when there is no such rule."""
        return next((self._teller.certain(n) for n, each in enumerate(self.rules) if each.id == rule), None)

    def read(self, text: str, context: Context = ANYTHING) -> tuple[Mark, ...]:
        """The marks on `text`, in its order."""
        language = context.language or language_of(text)
        folded = fold.folded(text)
        raw = self._matcher.find(folded, True)  # overlapping; it takes no names
        if not raw and not self._matcher.tried and not self.senses and not self.asks_always(context):
            return ()
        draft = Draft(text, context, language, Layout(text), folded)
        marks = self.told(draft, self._found(draft, raw, self.active(context, language)))
        return surest(self.sensed(draft, marks) if self.senses else marks)

    def sensed(self, draft: Draft, marks: Sequence[Mark]) -> Sequence[Mark]:
        """The marks of a draft after its second reading (sense.py)."""
        if self._sensing is None:
            from .sensing import Sensing  # takes as long as all the rest, and not every house has such rules

            self._sensing = Sensing(self.rules, self._teller)
        return self._sensing.marks(draft, marks, self.active(draft.context, draft.language).own)

    def _found(self, draft: Draft, raw: Sequence[Raw], active: Active) -> list[tuple[Piece, Sequence[Hit]]]:
        """The sentences in which something was found, with what was."""
        layout, behind = draft.layout, len(draft.text) + 1
        spans = layout.sentences
        inside: dict[int, list[Raw]] = (
            {number: [] for number in range(len(spans))} if self._matcher.tried else {}
        )
        for each in raw:
            number = bisect_right(spans, (each[1], behind)) - 1  # without a key it is three times as quick
            if number >= 0 and each[2] <= spans[number][1]:
                inside.setdefault(number, []).append(each)
        busy: list[tuple[Piece, Sequence[Hit]]] = []
        for number, here in inside.items():  # in their order, as the automaton goes through the text
            piece = draft.piece(number)
            hits = self._matcher.hits(piece.sentence, active, here, piece.begins)
            if hits and layout.zones(piece.block):
                hits = draft.seen(piece, hits)
            if hits:
                busy.append((piece, hits))
        return busy

    def sentence(self, text: str, active: Active) -> Sentence:
        """A sentence read by itself."""
        made = Sentence(text, folded := fold.folded(text))
        raw = self._matcher.find(folded, True)
        if raw or self._matcher.tried:
            made.hits = self._matcher.hits(made, active, raw)
        return made

    def told(self, draft: Draft, busy: Sequence[tuple[Piece, Sequence[Hit]]]) -> tuple[Mark, ...]:
        """From what was found by sentences to marks: what looks further, what overlaps, what is missing."""
        found: list[tuple[Piece, Hit]] = []
        others = self.asks_always(draft.context)
        for piece, hits in busy:
            for hit in hits:
                entry = hit[2]
                if entry.role is not FOUND:
                    others = True
                elif not entry.further or self._widely(hit, piece, draft):
                    found.append((piece, hit))
        marks = self._teller.marks(found, draft)
        if others:
            marks += self._missed(draft, busy)
            marks.sort(key=by_place)
        return tuple(marks)

    def asks_always(self, context: Context) -> bool:
        """Whether some rule may mark a draft in which none of its words was found."""
        return self._wide.asks_always(context)

    def _missed(self, draft: Draft, busy: Sequence[tuple[Piece, Sequence[Hit]]]) -> list[Mark]:
        """What only shows in more than a phrase of a sentence."""
        asked = {
            hit.entry.rule: list[tuple[Piece, Hit]]()
            for _piece, hits in busy
            for hit in hits
            if hit.entry.role is Role.ASKS
        }
        if not asked and not self.asks_always(draft.context):
            return []
        there: dict[int, set[int]] = {}
        for piece, hits in busy:
            for hit in hits:
                if hit.entry.role is Role.ASKS:
                    asked[hit.entry.rule].append((piece, hit))
                elif hit.entry.role is Role.IS_THERE:
                    there.setdefault(hit.entry.rule, set()).add(piece.number)
        active = self.active(draft.context, draft.language).own
        return self._wide.marks(draft, self._teller, active, (asked, there, self._widely))

    def alone(self, hits: Sequence[Hit]) -> bool:
        """Whether what these hits come to depends on their own sentence only."""
        return all(hit.entry.role is Role.FOUND and self._teller.alone(hit.entry.rule) for hit in hits)

    def told_alone(self, piece: Piece, hits: Sequence[Hit], draft: Draft) -> list[Mark]:
        """The marks of one sentence, of which `alone` is true."""
        return self._teller.marks([(piece, hit) for hit in hits], draft)

    def _widely(self, hit: Hit, piece: Piece, draft: Draft) -> bool:
        """Whether the conditions that look at other sentences are met."""
        rule = self.rules[hit.entry.rule]
        for condition in rule.near:
            if not local(condition) and not self._in_draft(condition, hit, piece, draft):
                return False
        return not any(not local(each) and self._in_draft(each, hit, piece, draft) for each in rule.unless)

    def _in_draft(self, condition: Condition, hit: Hit, piece: Piece, draft: Draft) -> bool:
        begins, ends = piece.begins + hit.begins, piece.begins + hit.ends
        if condition.characters:
            first, last = max(0, begins - condition.characters), ends + condition.characters
        elif condition.sentences:
            spans, number = draft.layout.sentences, piece.number
            first = spans[max(0, number - condition.sentences + 1)][0]
            last = spans[min(len(spans) - 1, number + condition.sentences - 1)][1]
        else:
            first, last = 0, len(draft.text)
        return self._matcher.near(condition, draft.folded, lambda: draft.plain, (first, begins, ends, last))

    def active(self, context: Context, language: str) -> Active:
        """What counts in a draft of this language."""
        key = (context.occasions, context.channel, context.mood, context.region, language)
        if (known := self._actives.get(key)) is None:
            counts = [_counts(rule, context) for rule in self.rules]
            families = {language[:2]} if language else {"en", "zh"}
            english, both = (self._bytes(counts, language, each) for each in ({"en"}, {"en", "zh"}))
            own = (
                english
                if families == {"en"}
                else both
                if len(families) > 1
                else self._bytes(counts, language, families)
            )
            if len(self._actives) > 500:
                self._actives.clear()
            self._actives[key] = known = Active(language.startswith("zh"), own, english, both)
        return known

    def _bytes(self, counts: Sequence[bool], language: str, families: set[str]) -> bytes:
        """Chinese words are only found where there is Chinese; Latin ones mean something in the rule's own language."""
        several = {rule.languages for rule in self.rules}
        ours = {each: not each or any(one[:2] in families for one in each) for each in several}
        rules, is_chinese = self.rules, _han().search
        entries = [
            counts[each.rule]
            and (not each.language or _speaks(each.language, language))
            and (ours[rules[each.rule].languages] or any(map(is_chinese, each.pattern.phrases)))
            for each in self._matcher.entries
        ]
        return bytes((*entries, *counts))


def _counts(rule: Rule, context: Context) -> bool:
    return (
        (not rule.occasions or not context.occasions or bool(rule.occasions & context.occasions))
        and (not rule.channels or not context.channel or context.channel in rule.channels)
        and (not rule.moods or not context.mood or context.mood in rule.moods)
        and (not rule.regions or not context.region or context.region in rule.regions)
    )


def _speaks(script: str, language: str) -> bool:
    return not script or script == language or not language.startswith("zh-")
