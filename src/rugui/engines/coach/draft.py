"""A text that is read: laid out, and what was found in its sentences."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from . import fold
from .layout import Layout
from .marks import Context
from .matcher import Hit, Sentence
from .rules import named


class Piece(NamedTuple):
    """A sentence where it stands in a draft; `begins` and `ends` are code points."""

    number: int
    begins: int
    ends: int
    block: int
    sentence: Sentence


class Draft:
    """A text being read. Pieces are made when they are asked for: most sentences have nothing in them."""

    def __init__(self, text: str, context: Context, language: str, layout: Layout, folded: str = "") -> None:
        """`folded`: where it is known already."""
        self.text, self.context, self.language, self.layout = text, context, language, layout
        self.explain_in = context.explain_in or language
        self._folded = folded
        self._pieces: dict[int, Piece] = {}
        self.astral: list[int] | None = None
        """Where characters of two UTF-16 units stand; None until `utf16` is asked."""

    @property
    def count(self) -> int:
        """How many sentences there are."""
        return len(self.layout.sentences)

    def piece(self, number: int) -> Piece:
        if (known := self._pieces.get(number)) is None:
            layout = self.layout
            begins, ends = layout.sentences[number]
            sentence = Sentence(self.text[begins:ends], (self._folded or self.folded)[begins:ends])
            block = layout.block(begins) if len(layout.blocks) > 1 else 0
            self._pieces[number] = known = named(Piece, (number, begins, ends, block, sentence))
        return known

    def place(self, number: int, sentence: Sentence) -> Piece:
        """Where a sentence that is known already stands in this draft."""
        begins, ends = self.layout.sentences[number]
        self._pieces[number] = made = named(
            Piece, (number, begins, ends, self.layout.block(begins), sentence)
        )
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
        if (astral := self.astral) is None:
            self.astral = astral = fold.astral(self.text)
        if not astral:
            return begins, ends
        return begins + bisect_left(astral, begins), ends + bisect_left(astral, ends)

    def seen(self, piece: Piece, hits: Sequence[Hit]) -> Sequence[Hit]:
        """Of what was found in a sentence, what is not somebody else's word, an address or code."""
        layout, at, block = self.layout, piece.begins, piece.block
        if not hits or not (zones := layout.zones(block)):
            return hits
        before = layout.blocks[block][0]
        if piece.ends <= before + zones[0][0] or at >= before + zones[-1][1]:
            return hits
        hides = layout.hides
        return [hit for hit in hits if not hides(block, at + hit.begins, at + hit.ends, hit.entry.hidden)]

    def hidden(self, begins: int, ends: int, kinds: int) -> bool:
        """Whether any of begins..ends is somebody else's word, an address or code."""
        inside = False
        for start, end in self.layout.sentences:
            if start < ends and begins < end:
                inside = True
                if self.layout.hides(self.layout.block(start), max(begins, start), min(ends, end), kinds):
                    return True
        return not inside
