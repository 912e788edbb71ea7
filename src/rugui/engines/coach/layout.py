"""Where a text has sentences, and which of its words are not the writer's own: quotes, addresses, code.

A text is cut into blocks at empty lines; nothing of what follows reaches across, except a fence of code and the earlier
mail below a reply. So a block read once need not be read again while another is being typed in.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from operator import itemgetter, methodcaller

QUOTE, URL, CODE = 1, 2, 4
KINDS = {"quote": QUOTE, "url": URL, "code": CODE}
_CLOSE = {"“": "”", "「": "」", "『": "』", "«": "»", "‘": "’", "〝": "〞"}
_HAN = "\u3400-\u9fff"
_NOT_IN_ADDRESS = rf"\s<>\"“”「」『』（）()，。；：！？、{_HAN}\uff00-\uffef"
_LOOK = re.compile("[“「『«‘〝\"`{<>@']")
_DOTTED = re.compile(r"\.[A-Za-z]")
_SCHEME = re.compile("://")
"""Where something might begin, each by what it begins with: an alternation is tried at every character, which is slow."""
_SINGLE = re.compile(r"'(?=\S)(?:[^'\n]|(?<=\w)'(?=\w)){1,300}(?<=\S)'(?!\w)")
_DOUBLE = re.compile(r'"[^"]{0,2000}"')
_ADDRESS = re.compile(rf"(?:(?:https?|ftp)://|www\.)[^{_NOT_IN_ADDRESS}]+", re.IGNORECASE)
_MAIL = re.compile(r"[A-Za-z0-9._%+-]*@[A-Za-z0-9.-]*[A-Za-z0-9]")
_DOMAIN = re.compile(
    r"(?<![\w@.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|org|edu|gov|info|io|app|dev|me|co|tw|hk|cn|mo|sg|jp|kr|uk|us|de|fr|eu|test|example)"
    rf"(?:\.[a-z]{{2}})?(?![\w-])(?:/[^{_NOT_IN_ADDRESS}]*)?",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"(?<![\w.])[\w-]+\.(?:pdf|docx?|xlsx?|csv|jpe?g|png|zip|html?|txt|py|js|json|ya?ml)(?!\w)", re.IGNORECASE
)
_CODE = re.compile(
    r"`+[^`\n]+`+|\{\{[^{}\n]*\}\}|\{%[^{}\n]*%\}|\{[A-Za-z_][\w. ]*\}|</?[A-Za-z][^<>\n]{0,200}>|<[^<>\s]+@[^<>\s]+>"
)
_LINE = re.compile(r"[^\n]*")
_STOP = re.compile("[.!?。！？…\n]")
_BOUNDARY = re.compile(
    rf"[.!?]+(?:[\"'”’»)\]]*(?=\s|$)|(?<=[!?])(?=[{_HAN}「『“])|(?=[{_HAN}]))|[。！？…]+[.!?…。！？]*[\"'”’」』）)\]]*|\n(?!\s*[a-z])\s*"
)
_SHORT = re.compile(
    r"(?:^|[\s(])(?:mr|mrs|ms|dr|prof|st|no|nos|vs|etc|e\.g|i\.e|approx|tel|ext|dept|inc|ltd|co|fig|[a-z]|[ap]\.m)$",
    re.IGNORECASE,
)
_SHORTENED = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "st",
        "no",
        "nos",
        "vs",
        "etc",
        "e.g",
        "i.e",
        "approx",
        "tel",
        "ext",
        "dept",
        "inc",
        "ltd",
        "co",
        "fig",
        "a.m",
        "p.m",
    ]
) | frozenset("abcdefghijklmnopqrstuvwxyz")
"""What the expression above finds; to be asked before it."""
_MORE = frozenset(".!?…。！？\"'”’」』）)]")
"""What may stand behind a full stop and still be part of it."""
_EMPTY = re.compile(r"\n[ \t]*\n\s*")
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)", re.MULTILINE)
_EARLIER = re.compile(
    r"^[ \t]*(?:-{2,} ?(?:original message|forwarded message|原始郵件|原始邮件|轉寄|转发)|_{10,}$|(?:from|寄件者|发件人|寄件人)[:：][^\n]+\n(?:sent|to|date|subject|日期|发送时间|收件者|收件人|主旨))",
    re.MULTILINE | re.IGNORECASE,
)  # fmt: skip

_start = methodcaller("start")
_begins, _ends, _block = itemgetter(0), itemgetter(1), itemgetter(2)

Zone = tuple[int, int, int]
"""(begins, ends, kind) in code points."""
Span = tuple[int, int, int]
"""A sentence: (begins, ends, the block that it stands in)."""
Part = tuple[int, int, bool]
"""A block: (begins, ends, whether it is all somebody else's or code)."""


def blocks(text: str) -> list[Part]:
    if "\n" not in text:
        fenced = ("`" in text or "~" in text) and _FENCE.search(text) is not None
        return [(0, len(text), fenced)] if text else []
    found = _EARLIER.search(text)
    earlier = found.start() if found else len(text)
    result, at, fenced = list[Part](), 0, False
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


_AHEAD = 40
"""Letters behind a sentence that say whether it ends there; more than the patterns above look at."""


class Layout:
    """Where a text has its blocks and sentences; of a block also its zones, once somebody asks."""

    __slots__ = ("_quiet", "_zones", "blocks", "sentences", "text")

    def __init__(
        self, text: str, parts: list[Part] | None = None, sentences: list[Span] | None = None
    ) -> None:
        self.text = text
        self.blocks = blocks(text) if parts is None else parts
        self.sentences = _all_sentences(text, self.blocks) if sentences is None else sentences
        self._zones: dict[int, tuple[Zone, ...]] = {}
        self._quiet: set[int] = set()
        """Blocks in which nothing even looks like the beginning of a zone."""

    def zones(self, number: int) -> tuple[Zone, ...]:
        """The zones of a block, counted from its beginning."""
        if (known := self._zones.get(number)) is None:
            begins, ends, _foreign = self.blocks[number]
            text = self.text[begins:ends]
            looked = _candidates(text, 0, len(text))
            if not looked:
                self._quiet.add(number)
            self._zones[number] = known = _zones(text, looked)
        return known

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
        first, last = shared(self.text, text)
        moved, changed = len(text) - len(self.text), len(text) - last
        parts = blocks(text)
        at = bisect_right(self.blocks, first, key=_begins) - 1
        if at < 0 or parts != _moved_parts(self.blocks, at, moved):
            return None
        begins, ends, foreign = parts[at]
        if not begins <= first <= changed <= ends:
            return None
        old = self.sentences
        low, high = (bisect_left(old, each, key=_block) for each in (at, at + 1))
        if foreign:
            head, tail, fresh = low, high, list[Span]()
        else:
            head, tail, fresh = _around(
                old, (low, high), text[begins:ends], (begins, first, changed, moved, at)
            )
        behind = (
            old[tail:]
            if not moved
            else [(start + moved, end + moved, each) for start, end, each in old[tail:]]
        )
        made = Layout(text, parts, [*old[:head], *fresh, *behind])
        made._zones, made._quiet = self._zones.copy(), self._quiet
        if at in made._zones and (
            at not in self._quiet or _candidates(text[begins:ends], first - begins - 3, changed - begins + 3)
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
    old: list[Span], within: tuple[int, int], text: str, change: tuple[int, int, int, int, int]
) -> tuple[int, int, list[Span]]:
    """(how many sentences stay before, from which on they stay behind, those in between) of a block, whose text is `text`."""
    (low, high), (begins, first, changed, moved, number) = within, change
    kept = bisect_right(old, first - _AHEAD, low, high, key=_ends) - 1
    head = max(low, kept)
    fresh = list[Span]()
    for start, end in _from(text, old[head - 1][1] - begins if head > low else 0):
        here = start + begins
        if here >= changed + _AHEAD:
            tail = bisect_left(old, here - moved, low, high, key=_begins)
            if tail < high and old[tail][0] == here - moved:
                return head, tail, fresh
        fresh.append((here, end + begins, number))
    return head, high, fresh


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
        return [(begins, ends, 0) for begins, ends in _from(text, 0)]
    result = list[Span]()
    for number, (at, end, foreign) in enumerate(parts):
        if not foreign:
            result += [(at + begins, at + ends, number) for begins, ends in _from(text[at:end], 0)]
    return result


def sentences(text: str) -> list[tuple[int, int]]:
    """The sentences (begins, ends) of a text without blocks."""
    return list(_from(text, 0))


def _from(text: str, at: int) -> Iterator[tuple[int, int]]:
    """The sentences from `at` on, which is where one ends or the text begins."""
    search = at
    for stop in _STOP.finditer(text, at):
        here = stop.start()
        if here < search:
            continue
        sign, behind = text[here], text[here + 1 : here + 2]
        if (sign in "。！？…" and behind not in _MORE) or (sign in ".!?" and behind == " "):
            search = here + 1  # the usual ends, without asking the expression
        else:
            match = _BOUNDARY.match(text, here)
            search = match.end() if match else here + 1
            if match is None:
                continue
        if sign == "." and search == here + 1 and _goes_on(text, at, here):
            continue
        if text[search - 1].isspace() or text[at].isspace():
            if begins_and_ends := _trimmed(text, at, search):
                yield begins_and_ends
        else:
            yield at, search
        at = search
    if rest := _trimmed(text, at, len(text)):
        yield rest


def _goes_on(text: str, at: int, stop: int) -> bool:
    """A full stop behind "Mr", "e.g" or "a.m" is none, unless a new sentence visibly begins."""
    word = text[max(at, stop - 7) : stop].replace("(", " ").rsplit(None, 1)
    if not word or word[-1].lower() not in _SHORTENED:
        return False
    if not (short := _SHORT.search(text, max(at, stop - 10), stop)):
        return False
    following, said = text[stop + 1 : stop + 20].lstrip(" \t")[:1], short[0].strip(" (\n").lower()
    if said in ("no", "nos"):  # "No. 12" goes on, "No. We are open" does not
        return following.isdigit()
    return said != "i" and (said not in ("a.m", "p.m", "etc") or following.islower())


def _trimmed(text: str, begins: int, ends: int) -> tuple[int, int] | None:
    piece = text[begins:ends]
    if not (own := piece.strip()):
        return None
    if len(own) == len(piece):
        return begins, ends
    begins += len(piece) - len(piece.lstrip())
    return begins, begins + len(own)


def _candidates(text: str, first: int, last: int) -> list[int]:
    """Where in first..last a zone might begin."""
    first = max(0, first)
    looked = [
        at
        for at in map(_start, _LOOK.finditer(text, first, last))
        if text[at] != "'" or not at or not (text[at - 1].isalnum() or text[at - 1] in "_'")
    ]
    dotted = [
        *map(_start, _DOTTED.finditer(text, first, last)),
        *map(_start, _SCHEME.finditer(text, first, last)),
    ]
    return sorted([*looked, *dotted]) if dotted else looked


def _zones(text: str, looked: list[int]) -> tuple[Zone, ...]:
    found: list[Zone] = []
    end = 0
    for begins in looked:
        if begins >= end and (zone := _zone(text, begins)):
            found.append(zone)
            end = zone[1]
    return tuple(found)


def _zone(text: str, begins: int) -> Zone | None:
    first = text[begins]
    if first in ".@:":
        return _address(text, begins, first)
    if first == "'":
        quoted = _SINGLE.match(text, begins)
        return (begins, quoted.end(), QUOTE) if quoted else None
    if first == '"':
        return _straight(text, begins)
    if first == ">":
        line = _LINE.match(text, begins)
        starts = not text[text.rfind("\n", 0, begins) + 1 : begins].strip(" \t>")
        return (begins, line.end(), QUOTE) if line and starts else None
    if first in "`{<":
        code = _CODE.match(text, begins)
        return (begins, code.end(), CODE) if code else None
    end = _closing(text, begins, first, _CLOSE[first])
    return (begins, end, QUOTE) if end else None


def _closing(text: str, begins: int, opens: str, closes: str) -> int:
    """End of the quotation, with others of its kind inside; one not closed yet goes on to the end of the block."""
    depth, at = 0, begins
    for at in range(begins, len(text)):
        if text[at] == opens:
            depth += 1
        elif text[at] == closes:
            if closes == "’" and text[at + 1 : at + 2].isalnum() and text[at - 1].isalnum():
                continue
            depth -= 1
            if depth <= 0:
                return at + 1
    return 0 if opens == "‘" else len(text)


def _straight(text: str, begins: int) -> Zone | None:
    """Straight quotation marks look alike at both ends: an inch mark (5") opens nothing, an unclosed one goes on."""
    if begins and text[begins - 1].isdigit():
        return None
    if quoted := _DOUBLE.match(text, begins):
        return (begins, quoted.end(), QUOTE)
    opens = (begins == 0 or not text[begins - 1].isalnum()) and not text[begins + 1 : begins + 2].isspace()
    return (begins, len(text), QUOTE) if opens and begins + 1 < len(text) else None


def _address(text: str, begins: int, first: str) -> Zone | None:
    word = begins
    while word and text[word - 1].isascii() and (text[word - 1].isalnum() or text[word - 1] in "._%+-"):
        word -= 1
    if first == "@":
        found = _MAIL.match(text, word)
        return (word, found.end(), URL) if found and found.end() > begins + 1 else None
    found = _ADDRESS.match(text, word) or _FILE.match(text, word) or _DOMAIN.match(text, word)
    if found is None or found.end() <= begins:
        return None
    end = found.end()
    while end > begins and text[end - 1] in ".,;:!?'\")":
        end -= 1
    return (word, end, URL)
