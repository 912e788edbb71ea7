"""What is liked, disliked, had always or never."""

from __future__ import annotations

import re

from .gazetteer import Entry, Match
from .look import AGAINST_ACTS, Look, about, main_thing, new_draft, sits, word_of
from .ours import by_name
from .reading import AGAINST, FOR, NEITHER, Draft


def repeats(look: Look) -> bool:
    """A weekday that comes again: "Saturday mornings"."""
    start, end = look.start, look.end
    return look.again or any(s < end and start < e for s, e in look.line.repeats)


def pet_topic(look: Look) -> str:
    return next((entry.topic for _m, entry in look.piece.with_role("relation") if entry.value == "pet"), "")


def consumed(look: Look, otherwise: str) -> str:
    """ "doesn't drink", 不能喝 without saying what: alcohol."""
    start, end = look.span(look.lead)
    return "alcohol" if _DRINKS.search(look.line.text[start:end]) else otherwise


_FEARS = re.compile(r"afraid|scared|terrified|frightened|phobi|nervous|怕|恐[懼惧]", re.IGNORECASE)
_DRINKS = re.compile(r"drink|喝|[飲饮]|酒", re.IGNORECASE)
_GETS_IN = re.compile(
    r"\b(?:gets? in|arriv\w+|lands?|leaves|departs?|delayed|cancelled)\b|[到開开][達达站]?$|[誤误][點点]|[晚誤误延][點点到]|取消",
    re.IGNORECASE,
)
_BAGS = re.compile(r"(?:carrier |shopping |plastic |paper )?bags?", re.IGNORECASE)
_WITHOUT_IT = re.compile(r"(?:都|也|一律|完全)?不(?:穿|吃|喝|用|要|坐|住|戴|碰|買|买)(?:了)?")
"""羊毛扎人，不穿: of what was named before."""
_PAYS = re.compile(r"pays?\b|付", re.IGNORECASE)
_ROLES = re.compile(
    r"\b(?:manager|chef|barman|barmaid|bartender|barber|barista|waiter|waitress|hairdresser|stylist|therapist|nurse|doctor|dentist|porter|host|hostess)\b",
    re.IGNORECASE,
)
_OTHER_SIZE = re.compile(
    r"大半|大一|小半|小一|[寬宽]版|\b(?:size|half a size) (?:up|down)\b|always|習慣|习惯|固定", re.IGNORECASE
)
"""How they like it to fit, and not what they measure."""
_WEARS = re.compile(
    r"(?:穿|wears)\s*(?:an?\s+)?(?:(?:uk|us|eu|it|fr|size)\s*)?(?:\d{1,3}|[xsml]{1,4}\b|small|medium|large|extra)",
    re.IGNORECASE,
)


def _preference_of_nothing(look: Look) -> Draft | None:
    """No thing is named that we know: a pet, a weekday, or something of the customer's own."""
    against = look.act in AGAINST_ACTS
    if look.act in {"like", "dislike", "refuse", "have", ""} and sits(look):
        return new_draft(look, "preference", "seat", AGAINST if against else FOR, sure=0.7)
    if topic := pet_topic(look) if look.act in {"like", "dislike", "refuse"} else "":
        return new_draft(look, "preference", topic, AGAINST if against else FOR, sure=0.8)
    if look.act in {"like", "dislike", "abstain", "stopped"}:
        topic = (
            "appointment" if repeats(look) else consumed(look, "food" if look.act == "abstain" else "other")
        )
        made = new_draft(look, "preference", topic, AGAINST if against else FOR, sure=0.6)
        start, end = look.span(look.lead)
        made.fear = topic == "other" and bool(_FEARS.search(look.line.text[start:end]))
        return made
    if look.act == "have" and _WEARS.search(look.line.text[look.start : look.end]):
        return new_draft(look, "fact", "size", NEITHER, sure=0.8)
    if look.act == "refuse" and look.piece.first and _WITHOUT_IT.fullmatch(word_of(look, None)):
        return new_draft(look, "preference", "other", AGAINST, sure=0.4)
    if look.act == "have" and _PAYS.match(word_of(look, look.lead)):
        return new_draft(look, "preference", "payment", FOR, sure=0.6)
    if look.act in {"have", "like"} and _a_room(look):
        return new_draft(look, "preference", "room", FOR, sure=0.7)
    if look.act in {"", "have"} and repeats(look):
        return new_draft(look, "preference", "appointment", FOR, sure=0.6)
    return None


_HOUR = re.compile(
    r"\b\d{1,2}(?::\d\d)?\s*(?:am|pm|o'?clock)\b|[\d〇一二三四五六七八九十兩两]+\s*[點点]|[早晚][上間间]|[上下中]午|傍晚|晚間"
    r"|(?:下班|午休|放學|放学|飯|饭|開會|开会)(?:後|后|時|时|以後|以后|時間|时间)|[週周][末一二三四五六日]|平日|假日|白天|半夜"
    r"|\b(?:mornings?|afternoons?|evenings?|nights?|noon|lunch(?:time)?|weekdays?|weekends?|after work|office hours"
    r"|(?:after|before|b4|past|until)\s+\d{1,2})\b",
    re.IGNORECASE,
)


def _a_room(look: Look) -> bool:
    """每次都住1102: the room they have."""
    return look.whole and any(
        ref.kind == "room" and start < look.end and look.start < end
        for ref, start, end in look.line.references
    )


def _times(look: Look) -> bool:
    """A time of day, or a day that comes again."""
    return repeats(look) or bool(_HOUR.search(look.line.text[look.start : look.end]))


def _had_in(look: Look) -> tuple[Match, Entry] | None:
    """ "never puts sugar in his espresso": the espresso is had."""
    row = look.line.row
    for match, entry in look.things:
        before = {row[i].text for i in range(max(look.piece.first, match.first - 2), match.first)}
        if entry.topic in _CONSUMED and entry.rank >= 54 and before & {"in", "into", "with"}:
            return match, entry
    return None


def preference(look: Look) -> Draft | None:
    if (staff := by_name(look)) is not None:
        return staff
    main = main_thing(look, "preference")
    if main is None:
        return _preference_of_nothing(look)
    against = look.act in AGAINST_ACTS
    match, entry = main
    if (other := _really(look, match, entry)) is not None:
        return new_draft(look, "preference", other, AGAINST if against else FOR, at=match)
    topic = "contact-time" if entry.topic == "contact" and _times(look) else about(look, entry)
    bare = entry.kind or look.line.gazetteer.topics[entry.topic].bare
    if look.act in {"like", "dislike", "refuse", "abstain", "stopped"}:
        if bare == "fact" and (look.act, entry.topic) in {("stopped", "work"), ("refuse", "price")}:
            return None
        polarity = AGAINST if against else FOR
        if look.act == "refuse" and _had_otherwise(look, match):
            polarity = FOR
        if look.act == "refuse" and (had := _had_in(look)) is not None and had[1].topic != topic:
            return new_draft(look, "preference", had[1].topic, FOR, at=had[0])
        return new_draft(look, "preference", topic, _own_polarity(look, entry.topic) or polarity, at=match)
    if look.act in {"", "have", "is", "named"} and bare == "preference":
        return _merely_named(look, match, entry, topic)
    if look.act == "have" and entry.topic in {"music", "arrival"}:
        return new_draft(look, "preference", entry.topic, FOR, at=match, sure=0.6)
    return None


def _really(look: Look, match: Match, entry: Entry) -> str | None:
    """ "likes the manager": of ours, not a trade; "no bags": to carry things home in."""
    if entry.topic == "work" and look.act in {"like", "dislike"} and _ROLES.search(word_of(look, match)):
        return "staff"
    return "packaging" if look.act == "refuse" and _BAGS.fullmatch(word_of(look, match)) else None


def _merely_named(look: Look, match: Match, entry: Entry, topic: str) -> Draft | None:
    """ "quiet room", "drinks tea": nothing says that it is liked, and it is."""
    topic = about(look, entry) if topic == entry.topic else topic
    if topic == "size" and not _OTHER_SIZE.search(word_of(look, None)):
        return new_draft(look, "fact", "size", NEITHER, at=match, sure=0.8)
    if look.act in {"is", "named"} and look.piece.has("relation") and entry.rank < 50:
        return None
    if look.act in {"", "is"} and topic == "transport" and _GETS_IN.search(word_of(look, None)):
        return None
    if topic == "gift" and (look.act in {"", "is"} or (look.act == "have" and look.piece.has("relation"))):
        return None  # "gift for her brother": what it is, not what they would have
    polarity = FOR if _wanted_after(look, entry.topic) else _own_polarity(look, entry.topic) or FOR
    return new_draft(look, "preference", topic, polarity, at=match, sure=0.85 if look.act else 0.7)


_CONSUMED = frozenset({"coffee", "tea", "alcohol", "drink", "food"})
_TREATED = frozenset({"hair", "skin", "nails", "massage"})


def _wanted_after(look: Look, topic: str) -> bool:
    """怕黑要開小燈: after 要 stands what is wanted."""
    last = look.lead.last if look.act == "have" and look.lead is not None else None
    return last is not None and any(
        match.first >= last and entry.topic == topic and not entry.polarity for match, entry in look.things
    )


def _own_polarity(look: Look, topic: str) -> int:
    """That of a word which says it itself: "too cold", "non-smoking"."""
    return next((entry.polarity for _m, entry in look.things if entry.topic == topic and entry.polarity), 0)


def _had_otherwise(look: Look, main: Match) -> bool:
    """ "coffee no sugar": the coffee is had, the sugar left out."""
    first = min(match.first for match, act in look.acts if act == "refuse")
    topic = next(entry.topic for match, entry in look.things if match is main)
    after = [entry.topic for match, entry in look.things if match.first > first]
    return (
        main.first < first
        and bool(after)
        and (topic in _CONSUMED or (topic in after and topic not in _TREATED))
    )
