"""How to speak to somebody."""

from __future__ import annotations

import re

from .gazetteer import Match
from .look import AGAINST_ACTS, Look, new_draft
from .reading import AGAINST, FOR, NEITHER, Draft, Said

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
    r"(?:\s*(?:,?\s*(?:please|pls|plz|only)|即可|就好|就行|就可以|就可以了|就好了|吧|喔|哦|啦|了|的))+$",
    re.IGNORECASE,
)
_LEADS_IN = re.compile(r"^(?:\s|[:：「“\"'‘『]|為(?=\S)|为(?=\S)|作(?=\S)|as\s|is\s|是)+", re.IGNORECASE)


_SAID_AS = re.compile(
    r"(?:姓\w{1,2})?[唸念讀读](?:作|做|成|為|为)?[「“\"『]?(?P<as>[\w ]{1,12}?)[」”\"』]?(?:就好|的|吧)?$"
)
_SURNAME = re.compile(r"姓[「“\"『]?\w{1,2}[」”\"』]?\s*[,，、；;。.\s]*$")


def _pronounced(look: Look) -> Draft | None:
    """姓單，唸善: how the surname is said."""
    said = look.line.text[look.start : look.end]
    found = _SAID_AS.match(said)
    if found is None or not (said.startswith("姓") or _SURNAME.search(look.line.text[: look.start])):
        return None
    made = new_draft(look, "address_as", "pronunciation", NEITHER)
    start, end = found.span("as")
    made.value = Said(found["as"], look.start + start, look.start + end, 0.9)
    return made


def address(look: Look) -> Draft | None:
    if (spoken := _pronounced(look)) is not None:
        return spoken
    row = look.line.row
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
    stop = next((index for index in after if row[index].text in _NOT_SO), look.piece.last)
    start, end = row[match.last].start, row[stop - 1].end
    lead = _LEADS_IN.match(look.line.text[start:end])
    start += lead.end() if lead else 0
    said = _TRAILS.sub("", look.line.text[start:end])
    return Said(said, start, start + len(said), 0.9) if said else None
