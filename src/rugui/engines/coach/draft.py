"""A text that is read: laid out, and what was found in its sentences."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cached_property

from . import fold
from .layout import Layout
from .marks import Context
from .matcher import Hit, Sentence


class Piece:
    """A sentence where it stands in a draft."""

    __slots__ = ("begins", "block", "ends", "number", "sentence")

    def __init__(self, begins: int, ends: int, block: int, number: int, sentence: Sentence) -> None:
        self.begins, self.ends = begins, ends
        """In the draft, code points."""
        self.block, self.number, self.sentence = block, number, sentence


class Draft:
    """A text being read. Pieces are made when they are asked for: most sentences have nothing in them."""

    def __init__(
        self, text: str, context: Context, language: str, layout: Layout, sentence: Callable[[int], Sentence]
    ) -> None:
        """`sentence`: gives the sentence of a number."""
        self.text, self.context, self.language, self.layout = text, context, language, layout
        self._sentence = sentence
        self._pieces: dict[int, Piece] = {}
        self._astral: list[int] | None = None

    @property
    def count(self) -> int:
        """How many sentences there are."""
        return len(self.layout.sentences)

    def piece(self, number: int) -> Piece:
        if (known := self._pieces.get(number)) is None:
            known = self.place(number, self._sentence(number))
        return known

    def place(self, number: int, sentence: Sentence) -> Piece:
        begins, ends, block = self.layout.sentences[number]
        self._pieces[number] = made = Piece(begins, ends, block, number, sentence)
        return made

    @cached_property
    def pieces(self) -> list[Piece]:
        return [self.piece(number) for number in range(self.count)]

    @cached_property
    def folded(self) -> str:
        return fold.folded(self.text)

    @cached_property
    def plain(self) -> str:
        return fold.plain(self.text)

    def utf16(self, offset: int) -> int:
        """The same place in UTF-16 units."""
        if self._astral is None:
            self._astral = fold.astral(self.text)
        return offset + bisect_left(self._astral, offset) if self._astral else offset

    def seen(self, piece: Piece) -> Sequence[Hit]:
        """What was found in a sentence, without what is somebody else's word, an address or code."""
        hits = piece.sentence.hits
        if not hits or not self.layout.zones(piece.block):
            return hits
        at, hides = piece.begins, self.layout.hides
        return [
            hit for hit in hits if not hides(piece.block, at + hit.begins, at + hit.ends, hit.entry.hidden)
        ]

    def hidden(self, begins: int, ends: int, kinds: int) -> bool:
        """Whether any of begins..ends is somebody else's word, an address or code."""
        inside = False
        for start, end, block in self.layout.sentences:
            if start < ends and begins < end:
                inside = True
                if self.layout.hides(block, max(begins, start), min(ends, end), kinds):
                    return True
        return not inside
