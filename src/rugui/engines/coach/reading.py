"""The coach: rules compiled once, drafts read by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter

from . import fold
from .layout import Block, Zone, again, block, blocks
from .marks import Context, Mark
from .matcher import Entry, Hit, Matcher, Role, Sentence, search_near
from .rules import Condition, Pack, Rule
from .telling import Teller
from .wide import Wide

ANYTHING = Context()
SAMPLE = 120
"""Characters that tell the language."""
_BEGINS = itemgetter(1)
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]+")
_ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ,'’-]+[A-Za-z]+){2}")
"""Three words in a row: more than a name or an abbreviation in a Chinese sentence."""
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


@lru_cache(maxsize=1)
def _scripts() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return tuple(
        re.compile(f"[{''.join(sorted(each))}]") for each in (fold.only_traditional(), fold.only_simplified())
    )  # type: ignore[return-value]


def language_of(text: str) -> str:
    """`en`, `zh-Hant`, `zh-Hans`, `zh` (Chinese, of which no character tells the script) or empty.

    The beginning decides; only when it says nothing, the rest is looked at too.
    """
    if text.isascii():
        return "en" if _LATIN.search(text) else ""
    first = text[:SAMPLE]
    han = len(_HAN.findall(first))
    if not han or han < len(_LATIN.findall(first)):
        if _LATIN.search(text):
            return "en"
        return language_of(text[SAMPLE:]) if len(text) > SAMPLE else ""
    for sample in (first, text):
        traditional, simplified = (len(each.findall(sample)) for each in _scripts())
        if traditional != simplified:
            return "zh-Hant" if traditional > simplified else "zh-Hans"
    return "zh"


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence of a draft and what was found in it."""

    begins: int
    """In the draft, code points."""
    block: int
    sentence: Sentence
    hits: Sequence[Hit]


class Draft:
    """A text being read."""

    def __init__(self, text: str, context: Context, language: str, pieces: Sequence[Piece]) -> None:
        self.text, self.context, self.language, self.pieces = text, context, language, pieces

    @cached_property
    def folded(self) -> str:
        return fold.folded(self.text)

    @cached_property
    def plain(self) -> str:
        return fold.plain(self.text)

    @cached_property
    def _astral(self) -> list[int]:
        return [] if self.text.isascii() else [each.start() for each in _ASTRAL.finditer(self.text)]

    def utf16(self, offset: int) -> int:
        return offset + sum(each < offset for each in self._astral) if self._astral else offset

    def hidden(self, begins: int, ends: int, kinds: int) -> bool:
        """Whether any of begins..ends is somebody else's word, an address or code."""
        inside = False
        for piece in self.pieces:
            start, end = piece.begins, piece.begins + len(piece.sentence.text)
            if start < ends and begins < end:
                inside = True
                if piece.sentence.zones and piece.sentence.hides(begins - start, ends - start, kinds):
                    return True
        return not inside


@dataclass(frozen=True, slots=True)
class Active:
    """Which entries count, then which rules, a byte each: for sentences in the draft's language, in English, and in both."""

    chinese: bool
    own: bytes
    english: bytes
    both: bytes

    def of(self, sentence: str) -> bytes:
        """Those for a sentence: a rule is for its language only, so that SOP means something in Chinese and nothing in English."""
        if not self.chinese:
            return self.own if sentence.isascii() or not _HAN.search(sentence) else self.both
        if not sentence.isascii() and _HAN.search(sentence):
            return self.both if _ENGLISH.search(sentence) else self.own
        return self.english if _ENGLISH.search(sentence) else self.both


class Coach:
    """Reads drafts by the rules of packs. Building takes time, reading does not; it may be shared between threads."""

    def __init__(self, packs: Iterable[Pack], *, heard: Mapping[str, tuple[int, int]] | None = None) -> None:
        """`heard`: per rule, how often its better way was taken and how often it was dismissed in this house."""
        self.rules: tuple[Rule, ...] = tuple(rule for pack in packs for rule in pack.rules)
        self._matcher = Matcher(self.rules)
        self._wide = Wide(self.rules)
        self._teller = Teller(self.rules, heard or {})
        self._actives: dict[tuple[object, ...], Active] = {}

    def read(self, text: str, context: Context = ANYTHING) -> tuple[Mark, ...]:
        """The marks on `text`, in its order."""
        language = context.language or language_of(text)
        active = self.active(context, language)
        pieces = []
        for number, (begins, ends, foreign) in enumerate(blocks(text)):
            if not foreign:
                own = text[begins:ends]
                pieces += self.pieces(own, block(own), begins, number, active)
        return self.told(Draft(text, context, language, pieces))

    def pieces(self, text: str, layout: Block, at: int, number: int, active: Active) -> list[Piece]:
        """The sentences of a block that begins at `at`, and what is found in each by itself."""
        folded, result, next_raw = fold.folded(text), [], 0
        raw = sorted(self._matcher.find(folded, True), key=_BEGINS)  # overlapping; it takes no names
        for begins, ends in layout.sentences:
            inside = []
            while next_raw < len(raw) and raw[next_raw][1] < ends:
                index, start, end = raw[next_raw]
                next_raw += 1
                if start >= begins and end <= ends:
                    inside.append((index, start - begins, end - begins))
            sentence = Sentence(text[begins:ends], clipped(layout.zones, begins, ends), folded[begins:ends])
            hits = self.hits(sentence, active, inside) if inside or self._matcher.tried else ()
            result.append(Piece(at + begins, number, sentence, hits))
        return result

    def hits(
        self, sentence: Sentence, active: Active, raw: Sequence[tuple[int, int, int]] | None = None
    ) -> Sequence[Hit]:
        found = self._matcher.hits(sentence, active.of(sentence.text), raw)
        if not found:
            return ()
        return [hit for hit in found if self._locally(hit, sentence)]

    def _locally(self, hit: Hit, sentence: Sentence) -> bool:
        """Whether the conditions that look at this sentence only are met."""
        rule = self.rules[hit.entry.rule]
        for condition in rule.near:
            if _local(condition) and not _in_sentence(condition, sentence, hit):
                return False
        return not any(_local(each) and _in_sentence(each, sentence, hit) for each in rule.unless)

    def told(self, draft: Draft) -> tuple[Mark, ...]:
        """From what was found by sentences to marks: what looks further, what overlaps, what is missing."""
        found = [
            (piece, hit)
            for piece in draft.pieces
            for hit in piece.hits
            if hit.entry.role is Role.FOUND and self._widely(hit, piece, draft)
        ]
        marks = self._teller.marks(found, draft)
        if self._wide.rules:
            active = self.active(draft.context, draft.language).own
            marks += self._wide.marks(draft, self._teller, active, self._widely)
        marks.sort(key=lambda mark: (mark.start, mark.end))
        return tuple(marks)

    def _widely(self, hit: Hit, piece: Piece, draft: Draft) -> bool:
        rule = self.rules[hit.entry.rule]
        if not rule.near and not rule.unless:
            return True
        for condition in rule.near:
            if not _local(condition) and not _in_draft(condition, hit, piece, draft):
                return False
        return not any(not _local(each) and _in_draft(each, hit, piece, draft) for each in rule.unless)

    def active(self, context: Context, language: str) -> Active:
        """What counts in a draft of this language."""
        key = (context.occasions, context.channel, context.mood, context.region, language)
        if (known := self._actives.get(key)) is None:
            counts = [_counts(rule, context) for rule in self.rules]
            families = {language[:2]} if language else {"en", "zh"}
            own, english, both = (
                self._bytes(counts, language, each) for each in (families, {"en"}, {"en", "zh"})
            )
            if len(self._actives) > 500:
                self._actives.clear()
            self._actives[key] = known = Active(language.startswith("zh"), own, english, both)
        return known

    def _bytes(self, counts: Sequence[bool], language: str, families: set[str]) -> bytes:
        entries = [
            counts[each.rule]
            and _speaks(each.language, language)
            and _ours(each, self.rules[each.rule], families)
            for each in self._matcher.entries
        ]
        return bytes((*entries, *counts))


def _ours(entry: Entry, rule: Rule, families: set[str]) -> bool:
    """Chinese words are only found where there is Chinese; Latin ones mean something in the rule's own language."""
    if not rule.languages or any(one[:2] in families for one in rule.languages):
        return True
    return any(_HAN.search(phrase) for phrase in entry.pattern.phrases)


def _counts(rule: Rule, context: Context) -> bool:
    return (
        (not rule.occasions or not context.occasions or bool(rule.occasions & context.occasions))
        and (not rule.channels or not context.channel or context.channel in rule.channels)
        and (not rule.moods or not context.mood or context.mood in rule.moods)
        and (not rule.regions or not context.region or context.region in rule.regions)
    )


def _speaks(script: str, language: str) -> bool:
    return not script or script == language or not language.startswith("zh-")


def clipped(zones: Sequence[Zone], begins: int, ends: int) -> tuple[Zone, ...]:
    """The zones of a block that touch a sentence, counted from its beginning."""
    if not zones:
        return ()
    return tuple(
        (start - begins, end - begins, kind) for start, end, kind in zones if start < ends and begins < end
    )


def _local(condition: Condition) -> bool:
    return condition.sentences == 1 and not condition.characters


def _in_sentence(condition: Condition, sentence: Sentence, hit: Hit) -> bool:
    return search_near(
        condition, sentence.folded, lambda: sentence.plain, (0, hit.begins, hit.ends, len(sentence.folded))
    )


def _in_draft(condition: Condition, hit: Hit, piece: Piece, draft: Draft) -> bool:
    begins, ends = piece.begins + hit.begins, piece.begins + hit.ends
    if condition.characters:
        first, last = max(0, begins - condition.characters), ends + condition.characters
    elif condition.sentences:
        at = next(number for number, each in enumerate(draft.pieces) if each is piece)
        before = draft.pieces[max(0, at - condition.sentences + 1)]
        behind = draft.pieces[min(len(draft.pieces) - 1, at + condition.sentences - 1)]
        first, last = before.begins, behind.begins + len(behind.sentence.text)
    else:
        first, last = 0, len(draft.text)
    return search_near(condition, draft.folded, lambda: draft.plain, (first, begins, ends, last))


class Session:
    """One draft while it is being typed: of each version only the sentences that are new are read."""

    KEPT = 2000

    def __init__(self, coach: Coach, context: Context = ANYTHING) -> None:
        self.coach, self.context = coach, context
        self._blocks: dict[str, Block] = {}
        self._latest: dict[int, tuple[str, Block]] = {}
        """Of each block the version read last: the next one differs from it by a letter or so."""
        self._sentences: dict[tuple[str, tuple[Zone, ...], str], tuple[Sentence, Sequence[Hit]]] = {}
        self.read_anew = 0
        """How many sentences have been read so far."""

    def read(self, text: str) -> tuple[Mark, ...]:
        """The marks on this version of the draft."""
        language = self.context.language or language_of(text)
        active = self.coach.active(self.context, language)
        pieces = []
        for number, (begins, ends, foreign) in enumerate(blocks(text)):
            if not foreign:
                pieces += self._pieces(text[begins:ends], begins, number, language, active)
        return self.coach.told(Draft(text, self.context, language, pieces))

    def _pieces(self, text: str, at: int, number: int, language: str, active: Active) -> list[Piece]:
        if (layout := self._blocks.get(text)) is None:
            if len(self._blocks) > self.KEPT:
                self._blocks.clear()
            near = self._latest.get(number)
            self._blocks[text] = layout = again(text, *near) if near else block(text)
        self._latest[number] = (text, layout)
        result = []
        for begins, ends in layout.sentences:
            written, zones = text[begins:ends], clipped(layout.zones, begins, ends)
            key = (written, zones, language)
            if (known := self._sentences.get(key)) is None:
                if len(self._sentences) > self.KEPT:
                    self._sentences.clear()
                sentence = Sentence(written, zones)
                self._sentences[key] = known = (sentence, self.coach.hits(sentence, active))
                self.read_anew += 1
            result.append(Piece(at + begins, number, *known))
        return result
