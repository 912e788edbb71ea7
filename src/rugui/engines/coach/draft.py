"""A text that is read: laid out, and what was found in its sentences."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property

from . import fold
from .layout import Layout
from .marks import Context
from .matcher import Hit, Sentence


class Piece:
    """A sentence where it stands in a draft."""

    __slots__ = ("begins", "block", "ends", "number", "sentence")

    def __init__(self, number: int, begins: int, ends: int, block: int, sentence: Sentence) -> None:
        self.number, self.begins, self.ends = number, begins, ends
        """In the draft, code points."""
        self.block, self.sentence = block, sentence


class Draft:
    """A text being read. Pieces are made when they are asked for: most sentences have nothing in them."""

    def __init__(self, text: str, context: Context, language: str, layout: Layout, folded: str = "") -> None:
        """`folded`: where it is known already."""
        self.text, self.context, self.language, self.layout = text, context, language, layout
        self.explain_in = context.explain_in or language
        self._folded = folded
        self._pieces: dict[int, Piece] = {}
        self._astral: list[int] | None = None

    @property
    def count(self) -> int:
        """How many sentences there are."""
        return len(self.layout.sentences)

    def piece(self, number: int) -> Piece:
        if (known := self._pieces.get(number)) is None:
            begins, ends = self.layout.sentences[number]
            sentence = Sentence(self.text[begins:ends], self.folded[begins:ends])
            self._pieces[number] = known = Piece(number, begins, ends, self.layout.block(begins), sentence)
        return known

    def place(self, number: int, sentence: Sentence) -> Piece:
        """Where a sentence that is known already stands in this draft."""
        begins, ends = self.layout.sentences[number]
        self._pieces[number] = made = Piece(number, begins, ends, self.layout.block(begins), sentence)
        return made

    @cached_property
    def pieces(self) -> list[Piece]:
        return list(map(self.piece, range(self.count)))

    @property
    def folded(self) -> str:
        if not self._folded:
            self._folded = fold.folded(self.text)
        return self._folded

    @cached_property
    def plain(self) -> str:
        return fold.plain(self.text)

    def utf16(self, begins: int, ends: int) -> tuple[int, int]:
        """The same places in UTF-16 units."""
        if (astral := self._astral) is None:
            self._astral = astral = fold.astral(self.text)
        if not astral:
            return begins, ends
        return begins + bisect_left(astral, begins), ends + bisect_left(astral, ends)

    def seen(self, piece: Piece, hits: Sequence[Hit]) -> Sequence[Hit]:
        """Of what was found in a sentence, what is not somebody else's word, an address or code."""
        if not hits or not self.layout.zones(piece.block):
            return hits
        at, hides = piece.begins, self.layout.hides
        return [
            hit for hit in hits if not hides(piece.block, at + hit.begins, at + hit.ends, hit.entry.hidden)
        ]

    def hidden(self, begins: int, ends: int, kinds: int) -> bool:
        """Whether any of begins..ends is somebody else's word, an address or code."""
        inside = False
        for start, end in self.layout.sentences:
            if start < ends and begins < end:
                inside = True
                if self.layout.hides(self.layout.block(start), max(begins, start), min(ends, end), kinds):
                    return True
        return not inside
