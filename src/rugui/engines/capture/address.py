"""How to speak to somebody."""

from __future__ import annotations

import re

from .gazetteer import Match
from .look import AGAINST_ACTS, Look, new_draft
from .reading import AGAINST, FOR, NEITHER, Draft, Said
from .units import Unit

_AFTER_CALL = frozenset(
    [
        "after",
        "before",
        "b",
        "b4",
        "at",
        "on",
        "in",
        "back",
        "when",
        "if",
        "tomorrow",
        "first",
        "to",
        "about",
        "re",
        "only",
        "by",
        "up",
        "for",
        "again",
        "later",
        "mobile",
        "cell",
        "work",
        "office",
        "a",
        "his",
        "her",
        "their",
        "this",
        "next",
        "once",
        "as",
        "today",
        "anytime",
        "during",
        "between",
        "every",
    ]
)
_NOT_SO = frozenset({"not", "never", "不要", "別", "别", "instead", "because"})
_HOURS = frozenset(["after", "before", "b", "at", "between", "during", "tomorrow", "anytime", "once"])
_TRAILS = re.compile(
    r"(?:\s*(?:,?\s*(?:please|pls|plz|only)|即可|就好|就行|就得|就可以|就可以了|就好了|即得|吧|喔|哦|啦|了|的))+$",
    re.IGNORECASE,
)
_LEADS_IN = re.compile(
    r"^(?:\s|[:：「“\"'‘『]|為(?=\S)|为(?=\S)|作(?=\S)|[写寫](?=\S)|as\s|is\s|是)+", re.IGNORECASE
)


_SAID_AS = re.compile(
    r"(?:姓\w{1,2}|名字[里裡裏](?:的|有[个個])?\w)?[唸念讀读](?:作|做|成|為|为|音)?[「“\"『]?(?P<as>[^\W不]+(?: \w+)?)[」”\"』]?(?:不[唸念讀读是].{1,4})?(?:就好|的|吧)?$"
)
_SOUNDS = re.compile(
    r"(?:=|\b(?:say|says|said|sounds(?: like)?))\s*[\"'“‘]?(?P<as>(?=\w*[A-Z]{2})(?!NO\b|YES\b|OK\b|DND\b|TV\b)[A-Za-z]+(?:-[A-Za-z]+)*)"
)
""" "Wei, say WAY", "Mrs Teague = TEEG": in capitals."""
_TITLED = re.compile(
    r"(?:it'?s |its |call (?:him|her|them) )?(?P<as>(?:Dr|Prof|Professor|Lady|Lord|Sir|Dame|Rev|Fr|Capt|Captain|Col|Mx|Ms|Mrs|Mr|Miss)\.? [A-Z][\w-]+)"
    r"[\s,;]+(?:not|never|don'?t (?:say|call|use))\b",
)
""" "Dr Whitlow not Mr"."""
_NAMED = re.compile(r"(?:(?:his|her|their|the) )?name(?: is|'s|s)? (?P<as>[A-Z][\w-]+),? not\b")
_CALLS = re.compile(
    r"(?:就|都|[请請]|要|喜[欢歡]|[习習][惯慣])?叫(?![醒车車餐外救他她它佢我您妳])[「“\"『]?"
    r"(?P<as>(?:[阿老小]?[\u4e00-\u9fff]{1,2}|[A-Z][A-Za-z]+ ?)(?:姐|哥|叔|姨|伯|嫂|局|工|[总總]|[处處科]|老[师師]|[师師]傅|[医醫]生|[医醫][师師]|博士|教授|先生|女士|小姐|太太?)|阿(?:[A-Z][a-z]*|[\u4e00-\u9fff]{1,2})|(?:Uncle|Auntie|Aunt|Mr|Mrs|Ms|Dr|Madam)\.? [A-Z][a-z]+)[」”\"』]?"
    r"(?=就|即|[别別]|不|吧|$|[\s,，、。])"
)
"""叫韓局就好, 叫阿May: a name with a title, or a pet name."""
_QUOTED = re.compile(
    r"(?:[就都请請要]|喜[欢歡])?[叫喊][她他佢您我]?\s?[「“\"『](?P<as>[^「“\"『」”』]{1,12})[」”\"』]"
    r"|(?i:call(?:s|ed)?|goes by)(?: her| him| them| (?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z][\w-]+)? [“\"](?P<en>[^“”\"]{1,20})[”\"]"
)
""" 叫「蘇老師」, call Mrs Okoro "Chief": whatever stands in quotation marks."""
_SURNAME = re.compile(r"姓[「“\"『]?\w{1,2}[」”\"』]?\s*[,，、；;。.\s]*$")


def _pronounced(look: Look) -> Draft | None:
    """姓單，唸善: how the surname is said."""
    said = look.line.text[look.start : look.end]
    found = _SAID_AS.match(said)
    if found is None or not (said.startswith(("姓", "名")) or _SURNAME.search(look.line.text[: look.start])):
        found = _SOUNDS.search(said)
    return _as(look, "pronunciation", found, look.start)


def _as(look: Look, topic: str, found: re.Match[str] | None, at: int, group: str = "as") -> Draft | None:
    if found is None:
        return None
    made = new_draft(look, "address_as", topic, NEITHER)
    start, end = found.span(group)
    made.value = Said(found[group], at + start, at + end, 0.9)
    return made


def _titled(look: Look) -> Draft | None:
    """A name with its title, told apart from a lesser one; or 叫 with what to say."""
    rest = look.line.text[look.start :]
    found = _TITLED.match(rest) or _NAMED.match(rest) or _CALLS.match(rest)
    if found is None and rest.startswith(("別叫", "别叫", "不要叫")):
        found = _CALLS.search(rest, 2)
    if (
        found is None
        and (quoted := _QUOTED.match(rest)) is not None
        and quoted.end() <= look.end - look.start + 1
    ):
        return _as(look, "name", quoted, look.start, "as" if quoted["as"] else "en")
    if found is not None and found.end("as") > look.end - look.start:
        return None
    return _as(look, "name", found, look.start)


def address(look: Look) -> Draft | None:
    if (spoken := _pronounced(look)) is not None:
        return spoken
    row = look.line.row
    if (titled := _titled(look)) is not None:
        return titled
    for match, entry in look.piece.with_role("address"):
        if match.last >= look.piece.last:
            continue
        after = row[match.last]
        if after.number or match.last in look.line.taken or (after.text in _AFTER_CALL and not after.capital):
            if row[match.first].text == "call":
                topic = "contact-time" if after.text in _HOURS or after.number else "contact"
                return new_draft(
                    look, "preference", topic, AGAINST if look.act in AGAINST_ACTS else FOR, at=match
                )
            continue
        if (said := _called(look, match)) is not None:
            made = new_draft(look, "address_as", entry.topic, NEITHER, at=match)
            made.value = said
            return made
    return None


def _called(look: Look, match: Match) -> Said[str] | None:
    """What follows, up to what it is not: "call her Kate not Katherine"."""
    row = look.line.row
    after = range(match.last + 1, look.piece.last)
    stop = next(
        (index for index in after if row[index].text in _NOT_SO or _next_word(row, index)), look.piece.last
    )
    start, end = row[match.last].start, row[stop - 1].end
    lead = _LEADS_IN.match(look.line.text[start:end])
    start += lead.end() if lead else 0
    said = _TRAILS.sub("", look.line.text[start:end])
    return Said(said, start, start + len(said), 0.9) if said else None


def _next_word(row: list[Unit], index: int) -> bool:
    """A blank before Chinese: 叫她Yuki 只講日語."""
    return row[index].cjk and row[index - 1].end < row[index].start and row[index].text not in "就即"
