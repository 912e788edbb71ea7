"""A draft while it is being typed: of each version only what changed is read, and only its marks are told anew."""

from __future__ import annotations

from collections.abc import Sequence

from .draft import Draft, Piece
from .layout import Layout
from .marks import Context, Mark, moved, surest
from .matcher import Hit, Sentence
from .reading import ANYTHING, Active, Coach, language_of
from .telling import by_place


class _Known:
    """A sentence of the latest version. Its marks are kept when they depend on nothing else, as they stood in that version."""

    __slots__ = ("alone", "hits", "marks", "sentence")

    def __init__(self, sentence: Sentence, alone: bool) -> None:
        self.sentence, self.alone = sentence, alone
        self.hits: Sequence[Hit] = ()
        self.marks: Sequence[Mark] | None = None


class Session:
    """One draft while it is being typed."""

    KEPT = 2000
    """Sentences that were read before and may come back: somebody takes a word back."""

    def __init__(self, coach: Coach, context: Context = ANYTHING) -> None:
        self.coach, self.context = coach, context
        self._always = coach.asks_always(context)
        self._sentences: dict[str, tuple[Sentence, bool]] = {}
        self._language, self._active = "", Active(chinese=False, own=b"", english=b"", both=b"")
        self._layout = Layout("")
        self._known: list[_Known] = []
        self._told: tuple[Mark, ...] = ()
        self._units = 0
        self.read_anew = 0
        """How many sentences have been read so far."""

    def read(self, text: str) -> tuple[Mark, ...]:
        """The marks on this version of the draft."""
        language = self.context.language or language_of(text)
        if text == self._layout.text and language == self._language:
            return self._told
        if language != self._language or not self._known:
            self._sentences.clear()
            self._language, self._known, self._layout = language, [], Layout("")
            self._active = self.coach.active(self.context, language)
        self._lay(text)
        self._told = self._tell()
        return self._told

    def _lay(self, text: str) -> None:
        old = self._layout
        again = old.again(text) if self._known else None
        if again is None:
            self._layout, self._units = Layout(text), _units(text)
            self._known = [self._read(text[begins:ends]) for begins, ends in self._layout.sentences]
            return
        self._layout, head, tail = again
        fresh = [
            self._read(text[begins:ends])
            for begins, ends in self._layout.sentences[head : self._count - tail]
        ]
        behind = self._known[len(self._known) - tail :]
        by, units = len(text) - len(old.text), _units(text)
        by16, self._units = units - self._units, units
        if by or by16:
            for known in behind:
                if known.marks:
                    known.marks = [moved(mark, by, by16) for mark in known.marks]
        self._known = [*self._known[:head], *fresh, *behind]

    @property
    def _count(self) -> int:
        return len(self._layout.sentences)

    def _read(self, text: str) -> _Known:
        if (known := self._sentences.get(text)) is None:
            if len(self._sentences) > self.KEPT:
                self._sentences.clear()
            sentence = self.coach.sentence(text, self._active)
            self._sentences[text] = known = (sentence, self.coach.alone(sentence.hits))
            self.read_anew += 1
        return _Known(*known)

    def _tell(self) -> tuple[Mark, ...]:
        known = self._known
        draft = Draft(self._layout.text, self.context, self._language, self._layout)
        marks: list[Mark] = []
        others: list[tuple[Piece, Sequence[Hit]]] = []
        hiding = self._layout.hiding()
        for number, each in enumerate(known):
            if not each.sentence.hits:
                continue
            if each.marks is not None and not hiding and each.hits is each.sentence.hits:
                marks += each.marks
                continue
            piece = draft.place(number, each.sentence)
            hits = draft.seen(piece, each.sentence.hits)
            if not each.alone:
                others.append((piece, hits))
                continue
            if each.marks is None or each.hits != hits:
                each.marks = self.coach.told_alone(piece, hits, draft)
            each.hits = hits
            marks += each.marks
        if others or self._always:
            marks += self.coach.told(draft, others)
            marks.sort(key=by_place)
        return surest(self.coach.sensed(draft, marks) if self.coach.senses else marks)


def _units(text: str) -> int:
    """How many UTF-16 units a text has."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
