"""Where a text has sentences, and which of its words are not the writer's own: quotes, addresses, code.

A text is cut into blocks at empty lines; nothing of what follows reaches across, except a fence of code and the earlier
mail below a reply. So a block read once need not be read again while another is being typed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

QUOTE, URL, CODE = 1, 2, 4
KINDS = {"quote": QUOTE, "url": URL, "code": CODE}
_CLOSE = {"“": "”", "「": "」", "『": "』", "«": "»", "‘": "’", "〝": "〞"}
_HAN = "\u3400-\u9fff"
_NOT_IN_ADDRESS = rf"\s<>\"“”「」『』（）()，。；：！？、{_HAN}\uff00-\uffef"
_LOOK = re.compile("[“「『«‘〝\"`{<>@']")
_DOTTED = re.compile(r"\.[A-Za-z]|://")
"""Where something might begin, each by a plain set of characters: an alternation is tried at every character, which is slow."""
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
_EMPTY = re.compile(r"\n[ \t]*\n\s*")
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)", re.MULTILINE)
_EARLIER = re.compile(
    r"^[ \t]*(?:-{2,} ?(?:original message|forwarded message|原始郵件|原始邮件|轉寄|转发)|_{10,}$|(?:from|寄件者|发件人|寄件人)[:：][^\n]+\n(?:sent|to|date|subject|日期|发送时间|收件者|收件人|主旨))",
    re.MULTILINE | re.IGNORECASE,
)  # fmt: skip

Zone = tuple[int, int, int]
"""(begins, ends, kind) in code points."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block without its surroundings: sentences (begins, ends) and zones, from its own beginning."""

    sentences: tuple[tuple[int, int], ...]
    zones: tuple[Zone, ...]


def blocks(text: str) -> list[tuple[int, int, bool]]:
    """(begins, ends, whether it is all somebody else's or code)."""
    earlier = found.start() if "\n" in text and (found := _EARLIER.search(text)) else len(text)
    result, at, fenced = [], 0, False
    for gap in (*_EMPTY.finditer(text), None):
        end = gap.start() if gap else len(text)
        piece = text[at:end]
        fences = len(_FENCE.findall(piece)) if ("`" in piece or "~" in piece) else 0
        if at < end:
            if at < earlier < end:
                result += [(at, earlier, fenced or bool(fences)), (earlier, end, True)]
            else:
                result.append((at, end, fenced or bool(fences) or at >= earlier))
        fenced ^= fences % 2 == 1
        at = gap.end() if gap else end
    return result


def block(text: str) -> Block:
    return Block(tuple(_sentences(text)), _zones(text))


_AHEAD = 40
"""Letters behind a sentence that say whether it ends there; more than the patterns above look at."""


def again(text: str, before: str, known: Block) -> Block:
    """`block(text)`, where `known` is that of `before`: the sentences around what was changed are found anew, the others kept."""
    first = _same(before, text)
    last = _same(before[first:][::-1], text[first:][::-1])
    moved, changed = len(text) - len(before), len(text) - last
    kept = [each for each in known.sentences if each[1] + _AHEAD <= first]
    behind = {
        start + moved: (start + moved, end + moved)
        for start, end in known.sentences
        if start + moved >= changed
    }
    result, at = kept[:-1], kept[-2][1] if len(kept) > 1 else 0
    for begins, ends in _from(text, at):
        if begins in behind and begins >= changed + _AHEAD:
            result += [each for start, each in behind.items() if start >= begins]
            break
        result.append((begins, ends))
    return Block(tuple(result), _zones(text))


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


def _sentences(text: str) -> list[tuple[int, int]]:
    return list(_from(text, 0))


def _from(text: str, at: int) -> Iterator[tuple[int, int]]:
    """The sentences from `at` on, which is where one ends or the text begins."""
    search = at
    while stop := _STOP.search(text, search):
        match = _BOUNDARY.match(text, stop.start())
        search = match.end() if match else stop.end()
        if match is None or (
            stop[0] == "." and match.end() - stop.end() == 0 and _goes_on(text, at, stop.start())
        ):
            continue
        if begins_and_ends := _trimmed(text, at, search):
            yield begins_and_ends
        at = search
    if rest := _trimmed(text, at, len(text)):
        yield rest


def _goes_on(text: str, at: int, stop: int) -> bool:
    """A full stop behind "Mr", "e.g" or "a.m" is none, unless a new sentence visibly begins."""
    if not (short := _SHORT.search(text, max(at, stop - 10), stop)):
        return False
    following, word = text[stop + 1 : stop + 20].lstrip(" \t")[:1], short[0].strip(" (\n").lower()
    if word in ("no", "nos"):  # "No. 12" goes on, "No. We are open" does not
        return following.isdigit()
    return word != "i" and (word not in ("a.m", "p.m", "etc") or following.islower())


def _trimmed(text: str, begins: int, ends: int) -> tuple[int, int] | None:
    piece = text[begins:ends]
    if not (own := piece.strip()):
        return None
    if len(own) == len(piece):
        return begins, ends
    begins += len(piece) - len(piece.lstrip())
    return begins, begins + len(own)


def _zones(text: str) -> tuple[Zone, ...]:
    looked = [match.start() for match in _LOOK.finditer(text)]
    if "." in text or "://" in text:
        looked += [match.start() for match in _DOTTED.finditer(text)]
        looked.sort()
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
        if begins and (text[begins - 1].isalnum() or text[begins - 1] in "_'"):
            return None
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
