"""Where a text has blocks and sentences, and which of its words are not the writer's own.

A text is cut into blocks at empty lines; nothing of what follows reaches across, except a fence of code and the earlier
mail below a reply. So a block read once need not be read again while another is being typed in.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from operator import itemgetter

from .patterns import compiled
from .sentences import sentences, sentences_from
from .zones import Zone, candidates, zones

_EMPTY = re.compile(r"\n[ \t]*\n\s*")
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)", re.MULTILINE)
_EARLIER = r"[ \t]*(?:-{2,} ?(?:original message|forwarded message|原始郵件|原始邮件|轉寄|转发)|_{10,}(?=\n|\Z)|(?:from|寄件者|发件人|寄件人)[:：][^\n]+\n(?:sent|to|date|subject|日期|发送时间|收件者|收件人|主旨))"
"""How a line begins with which an earlier mail does."""

_begins, _ends = itemgetter(0), itemgetter(1)

Span = tuple[int, int]
"""A sentence: (begins, ends)."""
Part = tuple[int, int, bool]
"""A block: (begins, ends, whether it is all somebody else's or code)."""


def blocks(text: str) -> list[Part]:
    if "\n" not in text:
        fenced = ("`" in text or "~" in text) and _FENCE.search(text) is not None
        return [(0, len(text), fenced)] if text else []
    earlier = _earlier(text)
    result: list[Part] = []
    at, fenced = 0, False
    for gap in (*_EMPTY.finditer(text), None):
        end = gap.start() if gap else len(text)
        fences = len(_FENCE.findall(text[at:end])) if ("`" in text or "~" in text) else 0
        if at < end:
            if at < earlier < end:
                result += [(at, earlier, fenced or bool(fences)), (earlier, end, True)]
            else:
                result.append((at, end, fenced or bool(fences) or at >= earlier))
        fenced ^= fences % 2 == 1
        at = gap.end() if gap else end
    return result


def _earlier(text: str) -> int:
    """Where the earlier mail begins. Each line is tried by itself: an expression would try at each letter."""
    begins, at = compiled(_EARLIER, ignorecase=True).match, 0
    for line in text.split("\n"):
        if begins(text, at):
            return at
        at += len(line) + 1
    return len(text)


_AHEAD = 40
"""Letters behind a sentence that say whether it ends there; more than the patterns above look at."""


class Layout:
    """Where a text has its blocks and sentences; of a block also its zones, once somebody asks."""

    __slots__ = ("_quiet", "_touched", "_zones", "blocks", "sentences", "text")

    def __init__(
        self, text: str, parts: list[Part] | None = None, sentences: list[Span] | None = None
    ) -> None:
        self.text = text
        self.blocks = blocks(text) if parts is None else parts
        self.sentences = _all_sentences(text, self.blocks) if sentences is None else sentences
        self._zones: dict[int, tuple[Zone, ...]] = {}
        self._quiet: set[int] = set()
        """Blocks in which nothing even looks like the beginning of a zone."""
        self._touched = 0
        """Behind what was changed last: there the next change is likely."""

    def block(self, offset: int) -> int:
        """The block in which a letter of a sentence stands."""
        return bisect_right(self.blocks, offset, key=_begins) - 1 if len(self.blocks) > 1 else 0

    def zones(self, number: int) -> tuple[Zone, ...]:
        """The zones of a block, counted from its beginning."""
        if (known := self._zones.get(number)) is None:
            begins, ends, _foreign = self.blocks[number]
            text = self.text[begins:ends]
            looked = candidates(text, 0, len(text))
            if not looked:
                self._quiet.add(number)
            self._zones[number] = known = zones(text, looked) if looked else ()
        return known

    def hiding(self) -> bool:
        """Whether there are zones anywhere."""
        return any(map(self.zones, range(len(self.blocks))))

    def hides(self, number: int, begins: int, ends: int, kinds: int) -> bool:
        """Whether any of begins..ends of the text, which lies in block `number`, is in a zone of these kinds."""
        if not (zones := self.zones(number)):
            return False
        at = self.blocks[number][0]
        return any(begins - at < end and start < ends - at and kind & kinds for start, end, kind in zones)

    def again(self, text: str) -> tuple[Layout, int, int] | None:
        """`Layout(text)` and how many sentences at its beginning and at its end are those of this one; None when more than one block changed.

        The sentences around what was changed are found anew, the others kept.
        """
        first, last = typed(self.text, text, self._touched) or shared(self.text, text)
        moved, changed = len(text) - len(self.text), len(text) - last
        parts = blocks(text)
        at = bisect_right(self.blocks, first, key=_begins) - 1
        if at < 0 or parts != _moved_parts(self.blocks, at, moved):
            return None
        begins, ends, foreign = parts[at]
        if not begins <= first <= changed <= ends:
            return None
        old = self.sentences
        low = bisect_left(old, begins, key=_begins)
        high = bisect_left(old, ends - moved, low, key=_begins)
        if foreign:
            head, tail, fresh = low, high, list[Span]()
        else:
            head, tail, fresh = _around(old, (low, high), text[begins:ends], (begins, first, changed, moved))
            head, tail = _narrowed(old, (head, tail), fresh, (first, changed, moved))
        behind = [(start + moved, end + moved) for start, end in old[tail:]] if moved else old[tail:]
        made = Layout(text, parts, [*old[:head], *fresh, *behind])
        made._zones, made._quiet, made._touched = self._zones.copy(), self._quiet, changed
        if at in made._zones and (
            at not in self._quiet or candidates(text[begins:ends], first - begins - 3, changed - begins + 3)
        ):
            made._quiet = self._quiet - {at}
            del made._zones[at]
        return made, head, len(old) - tail


def _moved_parts(old: list[Part], at: int, moved: int) -> list[Part]:
    """The blocks as they would be if only that at `at` grew."""
    begins, ends, foreign = old[at]
    behind = [(start + moved, end + moved, each) for start, end, each in old[at + 1 :]]
    return [*old[:at], (begins, ends + moved, foreign), *behind]


def _around(
    old: list[Span], within: tuple[int, int], text: str, change: tuple[int, int, int, int]
) -> tuple[int, int, list[Span]]:
    """(how many sentences stay before, from which on they stay behind, those in between) of a block, whose text is `text`."""
    (low, high), (begins, first, changed, moved) = within, change
    kept = bisect_right(old, first - _AHEAD, low, high, key=_ends) - 1
    head = max(low, kept)
    fresh: list[Span] = []
    for start, end in sentences_from(text, old[head - 1][1] - begins if head > low else 0):
        here = start + begins
        if here >= changed + _AHEAD:
            tail = bisect_left(old, here - moved, low, high, key=_begins)
            if tail < high and old[tail][0] == here - moved:
                return head, tail, fresh
        fresh.append((here, end + begins))
    return head, high, fresh


def _narrowed(
    old: list[Span], kept: tuple[int, int], fresh: list[Span], change: tuple[int, int, int]
) -> tuple[int, int]:
    """The same as `kept`, once what was found anew but did not change is taken out of `fresh`."""
    (head, tail), (first, changed, moved) = kept, change
    same = 0
    while head < tail and same < len(fresh) and fresh[same] == old[head] and old[head][1] < first:
        head, same = head + 1, same + 1
    del fresh[:same]
    while head < tail and fresh and fresh[-1][0] > changed:
        begins, ends = old[tail - 1]
        if fresh[-1] != (begins + moved, ends + moved):
            break
        fresh.pop()
        tail -= 1
    return head, tail


def typed(old: str, new: str, at: int) -> tuple[int, int] | None:
    """As `shared`, if all that happened is that something was put in, or taken away, before the letter at `at`."""
    first = min(at, at + len(new) - len(old))
    if first < 0 or old[:first] != new[:first] or old[at:] != new[at + len(new) - len(old) :]:
        return None
    return first, len(old) - at


def shared(one: str, other: str) -> tuple[int, int]:
    """How many letters two texts share at their beginning, and how many of the rest at their end."""
    first = _same(one, other)
    low, high = 0, min(len(one), len(other)) - first
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return first, low


def _same(one: str, other: str) -> int:
    """How many letters two texts share from their beginning on."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _all_sentences(text: str, parts: list[Part]) -> list[Span]:
    if len(parts) == 1 and not parts[0][2] and parts[0][1] == len(text):
        return sentences(text)
    result: list[Span] = []
    for at, end, foreign in parts:
        if not foreign:
            result += [(at + begins, at + ends) for begins, ends in sentences(text[at:end])]
    return result
