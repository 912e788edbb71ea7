"""What one piece of a line says: its kind, by the first rule that fits."""

from __future__ import annotations

import re
from collections.abc import Callable

from .fields import add_fields
from .gazetteer import Entry, Match
from .look import AGAINST_ACTS, AGE, Line, Look, about, level, look_at, main_thing, new_draft
from .pieces import Piece
from .reading import AGAINST, FOR, NEITHER, Draft, Said
from .who import name_after, name_alone, person_in

_NEEDS = frozenset({"allergy", "diet", "access", "health"})
_DATED = frozenset(
    {
        "arrival",
        "appointment",
        "celebration",
        "delivery",
        "transport",
        "travel",
        "luggage",
        "staff",
        "health",
        "study",
        "work",
    }
)
_AFTER_CALL = frozenset(
    [
        "after",
        "before",
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
_HOURS = frozenset(["after", "before", "at", "between", "during", "tomorrow", "anytime", "once"])
_TRAILS = re.compile(
    r"(?:\s*(?:,?\s*(?:please|pls|plz|only)|即可|就好|就行|就可以|就可以了|就好了|吧|喔|哦|啦|了|的))+$",
    re.IGNORECASE,
)
_LEADS_IN = re.compile(r"^(?:\s|[:：「“\"'‘『]|為(?=\S)|为(?=\S)|作(?=\S)|as\s|is\s|是)+", re.IGNORECASE)


def draft(line: Line, piece: Piece) -> Draft:
    look = look_at(line, _without_name(line, piece))
    rules = () if _only_a_reason(look) else _RULES
    made = next((made for rule in rules if (made := rule(look)) is not None), None) or _unknown(look)
    add_fields(look, made)
    return made


def _only_a_reason(look: Look) -> bool:
    """ "husband snores", 點菜要注意: it belongs to what is beside it."""
    reason = any(entry.value == "reason" for _m, entry in look.piece.with_role("marker"))
    telling = any(level(entry, "") > 0 and entry.topic != "food" for _m, entry in look.things)
    return reason and not telling and not look.said("allergic need want like dislike refuse abstain")


def _without_name(line: Line, piece: Piece) -> Piece:
    """A dog called Biscuit is no food, and 樂樂 no mood."""
    for relation, _entry in piece.with_role("relation"):
        name, end = name_after(line, piece, relation)
        start = end - len(name)
        if name:
            piece.matches = [
                match
                for match in piece.matches
                if match is relation
                or match.first < relation.last
                or not start <= line.row[match.first].start < end
            ]
    return piece


def _address(look: Look) -> Draft | None:
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


def _mood(look: Look) -> Draft | None:
    found = next(look.piece.with_role("mood"), None)
    if found is None or look.said(
        "allergic like dislike abstain cannot_eat cannot want_not need want speak goal"
    ):
        return None
    match, entry = found
    if look.said("happened") and _last_time(look):
        return None
    if any(m.last == match.first and act == "refuse" for m, act in look.acts):
        return None
    made = new_draft(look, "mood", "mood", NEITHER, at=match)
    made.mood = Said(entry.value, *look.span(match), 0.92)
    return made


def _last_time(look: Look) -> bool:
    said = look.line.text[look.start : look.end].casefold()
    return any(words in said for words in ("last time", "last visit", "last stay", "上次", "上回"))


def _need(look: Look) -> Draft | None:
    if look.act == "allergic":
        made = new_draft(look, "need", "allergy", AGAINST)
        made.echo = not look.things
        return made
    main = main_thing(look)
    if look.act in {"cannot_eat", "abstain", "refuse", "stopped", "cannot"} and (food := _left_out(look)):
        return new_draft(look, "need", "diet", AGAINST, at=food)
    if main is not None and main[1].topic in _NEEDS and look.act not in {"want", "goal", "want_not"}:
        return new_draft(look, "need", main[1].topic, _need_polarity(look, main[1]), at=main[0])
    if look.act in {"need", "cannot", "cannot_eat"}:
        main = main_thing(look, "need")
        topic = main[1].topic if main else _consumed(look, "food" if look.act == "cannot_eat" else "other")
        if look.act == "cannot_eat" and topic == "food":
            topic = "diet"
        polarity = FOR if look.act == "need" else AGAINST
        if main is not None and main[1].polarity:
            polarity = main[1].polarity
        return new_draft(look, "need", topic, polarity, at=main[0] if main else None)
    return None


def _left_out(look: Look) -> Match | None:
    """The food of the diet list that is not eaten; not "coffee without milk", where something else is had."""
    if any(entry.topic in {"coffee", "tea", "alcohol", "drink"} for _m, entry in look.things):
        return None
    foods = [match for match, entry in look.things if entry.diet]
    if look.act == "refuse":
        first = min((m.last for m, act in look.acts if act == "refuse"), default=0)
        others = [m for m, entry in look.things if not entry.diet and not entry.way and m.first < first]
        foods = [match for match in foods if match.first >= first and not others]
    if look.act == "cannot":
        return None
    return foods[0] if foods else None


def _word(look: Look, match: Match | None) -> str:
    start, end = look.span(match)
    return look.line.text[start:end]


def _need_polarity(look: Look, entry: Entry) -> int:
    if look.act == "need":
        return FOR if entry.topic in {"access", "health"} else NEITHER
    if look.act == "have" and entry.topic == "access" and _word(look, look.lead) in {"要", "extra"}:
        return FOR
    if look.act in AGAINST_ACTS and entry.topic != "diet":
        return AGAINST
    return NEITHER


_SEEKS = re.compile(r"指定|(?:固定|每次都?|都|只|一直|老是|回回)[找給给]|[認认][準准定]|(?:找|給|给).{1,4}(?:老師|老师|師傅|师傅|設計師|设计师|技師|技师)[剪做染燙烫按洗]?")


def _one_of_us(look: Look) -> Draft | None:
    """每次都找小美, 指定Amy老師: somebody of ours, whom the lists cannot know."""
    if look.act in {"happened", "refuse", "dislike"} or not _SEEKS.search(look.line.text[look.start : look.end]):
        return None
    if any(level(entry, "") > 0 and entry.topic not in {"staff", "work", "hair", "name"} for _m, entry in look.things):
        return None
    return new_draft(look, "preference", "staff", FOR, sure=0.75)


_HANDLES = re.compile(r"[負负][責责]|[訂订]|安排|[處处]理|[對对]接|handles?|books|deals|arranges|looks after", re.IGNORECASE)


def _deputy(look: Look) -> Draft | None:
    """Whoever does it for the customer: 秘書林小姐負責訂票."""
    relation = next(look.piece.with_role("relation"), None)
    if relation is None or relation[1].value != "colleague" or look.act not in {"", "is", "named", "have"}:
        return None
    person = person_in(look.line, look.piece, lead=look.lead, act=look.act)
    if person is None or not person.value.name or not _HANDLES.search(look.line.text[person.end : look.end]):
        return None
    return new_draft(look, "person", relation[1].topic, NEITHER, at=relation[0])


def _wish(look: Look) -> Draft | None:
    if look.act not in {"want", "want_not"}:
        return None
    main = main_thing(look, "wish")
    if main is None and look.piece.has("speech"):
        return new_draft(look, "wish", "language", FOR)
    topic = about(look, main[1]) if main else _pet_topic(look) or "other"
    return new_draft(
        look, "wish", topic, AGAINST if look.act == "want_not" else FOR, at=main[0] if main else None
    )


def _pet_topic(look: Look) -> str:
    return next((entry.topic for _m, entry in look.piece.with_role("relation") if entry.value == "pet"), "")


def _date(look: Look) -> Draft | None:
    if look.act in {"goal", "like", "dislike", "need"} or look.said("like dislike"):
        return None
    if _is_birth(look):
        return new_draft(look, "date", "birthday", NEITHER)
    main = main_thing(look, "date")
    if _comes(look):
        return new_draft(look, "date", "arrival", NEITHER)
    if main is None:
        return None
    match, entry = main
    if entry.topic == "birthday" and not look.days and _at_table(look):
        return new_draft(look, "goal", entry.topic, NEITHER, at=match)
    if entry.topic in {"birthday", "anniversary"} and look.act in {"", "have", "is", "named", "happened"}:
        return new_draft(look, "date", entry.topic, NEITHER, at=match)
    dated = any(
        (not named.now or entry.topic in _SOON)
        and (not named.day.exact or named.day.exact >= look.line.today)
        for named, _s, _e in look.days or ()
    )
    if entry.topic == "transport" and not _GOES_AT.search(look.line.text[look.start : look.end]):
        return None
    if dated and entry.topic in _DATED and look.act in {"", "is", "happened", "named", "have"}:
        if look.act == "have" and entry.topic not in {"arrival", "celebration", "appointment"}:
            return None
        return new_draft(look, "date", entry.topic, NEITHER, at=match)
    return None


def _at_table(look: Look) -> bool:
    """They sit there: 12桌女友生日 is why they came."""
    return any(
        reference.kind in {"table", "booking"} and start < look.end and look.start < end
        for reference, start, end in look.line.references
    )


_GOES_AT = re.compile(r"flight|train|ferry|flies|航班|班[機机]|[飛飞][機机]|高[鐵铁]|火[車车]|船", re.IGNORECASE)
_COMES = re.compile(
    r"^\s*(?:[早晚凌傍清上下中午晨]{2})?[\d〇一二三四五六七八九十兩两:：]*(?:[點点]半?)?(?:左右|前|後|后)?(?:才|會|会|要)?(?:到|抵達|抵达|來|来|走|離開|离开|離店|离店)\s*$"
)


def _comes(look: Look) -> bool:
    """下週二到: a day, perhaps an hour, and that they come or go."""
    return not look.things_beside_times() and any(
        not named.now and _COMES.match(look.line.text[end : look.end]) for named, _s, end in look.days or ()
    )


_TURNS = re.compile(r"\bturn(?:s|ing)\s+\d", re.IGNORECASE)
_SOON = frozenset({"arrival", "appointment", "delivery", "transport"})


def _is_birth(look: Look) -> bool:
    """ "1990年5月12日生", "turns 70 on Saturday"."""
    text = look.line.text
    if look.days and _TURNS.search(text[look.start : look.end]):
        return True
    return any(
        text[end : end + 1] == "生" and text[end : end + 2] not in {"生日", "生效"}
        for _n, _s, end in look.days or ()
    )


def _goal(look: Look) -> Draft | None:
    main = main_thing(look, "goal")
    if look.act == "goal":
        order = look.line.gazetteer.topics
        occasion = _occasion(look)
        topic = about(look, main[1]) if main else occasion or "travel"
        if occasion and (order[topic].order < order["partner"].order or (main is not None and main[1].place)):
            topic = occasion
        return new_draft(look, "goal", topic, NEITHER, at=main[0] if main else None)
    if main is not None and main[1].topic == "celebration" and look.act in {"", "is", "named"}:
        return new_draft(look, "goal", "celebration", NEITHER, at=main[0], sure=0.7)
    return None


_OCCASION_WORDS = (
    ("birthday", ("生日", "做壽", "做寿", "birthday")),
    ("celebration", ("蜜月", "慶", "庆", "honeymoon", "celebrat", "求婚", "喜酒", "跨年", "婚", "滿月", "满月", "stag", "hen")),
    (
        "work",
        (
            "客",
            "宴",
            "lunch",
            "dinner",
            "出差",
            "開會",
            "开会",
            "business",
            "面試",
            "面试",
            "商務",
            "商务",
            "談",
            "谈",
            "團建",
            "conference",
            "出席",
            "工作",
            "培訓",
            "培训",
            "考察",
            "參展",
            "参展",
            "生意",
            "公事",
            "應酬",
            "应酬",
            "招待",
            "work",
        ),
    ),
    ("music", ("演唱會", "演唱会", "音樂會", "音乐会")),
    ("sport", ("滑雪", "潛水", "潜水", "比賽", "比赛", "看球", "來跑", "来跑")),
    ("family", ("探親", "探亲", "family", "家族", "家庭", "探望", "看望", "全家")),
    ("health", ("探病", "看醫", "看医", "看病", "求診", "求诊", "手術", "手术", "開刀", "开刀", "就醫", "就医", "體檢", "体检")),
    ("study", ("考試", "考试", "陪考")),
    ("travel", ("度假", "旅", "玩", "環島", "轉機", "转机", "散心", "holiday", "vacation", "過境", "过境")),
)


def _occasion(look: Look) -> str:
    start, end = look.span(look.lead)
    said = look.line.text[start:end].casefold()
    found = next((topic for topic, words in _OCCASION_WORDS if any(w in said for w in words)), "")
    if found:
        return found
    relation = next(look.piece.with_role("relation"), None)
    return relation[1].topic if relation else ""


def _language(look: Look) -> Draft | None:
    speeches = list(look.piece.with_role("speech"))
    spoken = look.said("speak speak_not")
    if not speeches or (look.act in {"goal", "happened"} and not spoken):
        return None
    if not spoken and any(level(entry, "") > 0 and entry.topic != "contact" for _m, entry in look.things):
        return None
    against = look.said("speak_not") or (look.said("refuse") and not look.said("like"))
    made = new_draft(look, "language", "language", AGAINST if against else NEITHER, at=speeches[0][0])
    if look.said("have") and len(speeches) == 1 and against and look.said("speak"):
        made.polarity = Said(NEITHER, made.polarity.start, made.polarity.end, 0.6)
    start, end = look.span(speeches[0][0])[0], look.span(speeches[-1][0])[1]
    made.value = Said("+".join(dict.fromkeys(entry.value for _m, entry in speeches)), start, end, 0.92)
    return made


def _consumed(look: Look, otherwise: str) -> str:
    """ "doesn't drink", 不能喝 without saying what: alcohol."""
    start, end = look.span(look.lead)
    return "alcohol" if _DRINKS.search(look.line.text[start:end]) else otherwise


_DRINKS = re.compile(r"drink|喝|[飲饮]|酒", re.IGNORECASE)
_WEARS = re.compile(r"(?:穿|wears)\s*(?:a\s+)?(?:\d{1,3}|[xsml]{1,4}\b)", re.IGNORECASE)


def _preference_of_nothing(look: Look) -> Draft | None:
    """No thing is named that we know: a pet, a weekday, or something of the customer's own."""
    against = look.act in AGAINST_ACTS
    if topic := _pet_topic(look) if look.act in {"like", "dislike", "refuse"} else "":
        return new_draft(look, "preference", topic, AGAINST if against else FOR, sure=0.8)
    if look.act in {"like", "dislike", "abstain", "stopped"}:
        topic = "appointment" if _repeats(look) else _consumed(look, "food" if look.act == "abstain" else "other")
        return new_draft(look, "preference", topic, AGAINST if against else FOR, sure=0.6)
    if look.act == "have" and _WEARS.search(look.line.text[look.start : look.end]):
        return new_draft(look, "preference", "size", FOR, sure=0.7)
    if look.act in {"", "have"} and _repeats(look):
        return new_draft(look, "preference", "appointment", FOR, sure=0.6)
    return None


_HOUR = re.compile(
    r"\b\d{1,2}(?::\d\d)?\s*(?:am|pm|o'?clock)\b|[\d〇一二三四五六七八九十兩两]+\s*[點点]|[早晚][上間间]|[上下中]午|傍晚|晚間"
    r"|(?:下班|午休|放學|放学|飯|饭|開會|开会)(?:後|后|時|时|以後|以后|時間|时间)|[週周][末一二三四五六日]|平日|假日|白天|半夜"
    r"|\b(?:mornings?|afternoons?|evenings?|nights?|noon|lunch(?:time)?|weekdays?|weekends?|after work|office hours"
    r"|(?:after|before|past|until)\s+\d{1,2})\b",
    re.IGNORECASE,
)


def _times(look: Look) -> bool:
    """A time of day, or a day that comes again."""
    return _repeats(look) or bool(_HOUR.search(look.line.text[look.start : look.end]))


def _had_in(look: Look) -> tuple[Match, Entry] | None:
    """ "never puts sugar in his espresso": the espresso is had."""
    row = look.line.row
    for match, entry in look.things:
        before = {row[i].text for i in range(max(look.piece.first, match.first - 2), match.first)}
        if entry.topic in _CONSUMED and entry.rank >= 54 and before & {"in", "into", "with"}:
            return match, entry
    return None


def _by_name(look: Look) -> Draft | None:
    """ "prefers Marco for colour": one of us, whom the lists cannot know."""
    if look.act != "like" or look.lead is None or look.lead.last >= look.piece.last:
        return None
    unit = look.line.row[look.lead.last]
    following = look.line.row[look.lead.last + 1].text if look.lead.last + 1 < look.piece.last else "for"
    named = not any(match.first == look.lead.last for match in look.piece.matches)
    if unit.cjk or not unit.capital or not named or following not in {"for", "to", "at", "over", "with"}:
        return None
    return new_draft(look, "preference", "staff", FOR, sure=0.6)


def _preference(look: Look) -> Draft | None:
    if (staff := _by_name(look)) is not None:
        return staff
    main = main_thing(look, "preference")
    if main is None:
        return _preference_of_nothing(look)
    against = look.act in AGAINST_ACTS
    match, entry = main
    topic = "contact-time" if entry.topic == "contact" and _times(look) else about(look, entry)
    bare = entry.kind or look.line.gazetteer.topics[entry.topic].bare
    if look.act in {"like", "dislike", "refuse", "abstain", "stopped"}:
        if look.act == "stopped" and bare == "fact" and entry.topic == "work":
            return None
        polarity = AGAINST if against else FOR
        if look.act == "refuse" and _had_otherwise(look, match):
            polarity = FOR
        if look.act == "refuse" and (had := _had_in(look)) is not None:
            return new_draft(look, "preference", had[1].topic, FOR, at=had[0])
        return new_draft(look, "preference", topic, _own_polarity(look, entry.topic) or polarity, at=match)
    if look.act in {"", "have", "is", "named"} and bare == "preference":
        if look.act in {"is", "named"} and look.piece.has("relation") and entry.rank < 50:
            return None
        polarity = _own_polarity(look, entry.topic) or FOR
        return new_draft(look, "preference", topic, polarity, at=match, sure=0.85 if look.act else 0.7)
    if look.act == "have" and entry.topic in {"music", "arrival"}:
        return new_draft(look, "preference", entry.topic, FOR, at=match, sure=0.6)
    return None


_CONSUMED = frozenset({"coffee", "tea", "alcohol", "drink", "food"})
_TREATED = frozenset({"hair", "skin", "nails", "massage"})


def _own_polarity(look: Look, topic: str) -> int:
    """That of a word which says it itself: "too cold", "non-smoking"."""
    return next((entry.polarity for _m, entry in look.things if entry.topic == topic and entry.polarity), 0)


def _repeats(look: Look) -> bool:
    """A weekday that comes again: "Saturday mornings"."""
    start, end = look.start, look.end
    return look.again or any(s < end and start < e for s, e in look.line.repeats)


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


def _person(look: Look) -> Draft | None:
    relation = next(look.piece.with_role("relation"), None)
    if relation is None or look.act == "happened":
        return None
    person = person_in(look.line, look.piece, lead=look.lead, act=look.act)
    if person is None:
        return None
    main = main_thing(look)
    if main is not None and not (person.value.name or _aged(look)) and look.act not in {"", "named", "have"}:
        return None
    if main is not None and level(main[1], "") > 0:
        told = look.line.gazetteer.topics[main[1].topic].bare == "fact"
        if look.act in {"is", "happened"} or (told and not person.value.name and not _aged(look)):
            return None
    topic = relation[1].topic
    return new_draft(look, "person", topic, NEITHER, at=relation[0], sure=0.85)


def _aged(look: Look) -> bool:
    return bool(AGE.search(look.line.text[look.start : look.end]))


def _fact(look: Look) -> Draft | None:
    main = main_thing(look)
    if main is None:
        if look.act in {"happened", "is"} and any(
            match.last - match.first > 1
            or look.line.row[match.first].end - look.line.row[match.first].start > 3
            for match, act in look.acts
            if act == look.act
        ):
            return None
        return None
    return new_draft(look, "fact", main[1].topic, NEITHER, at=main[0], sure=0.8 if look.act else 0.65)


_RULES: tuple[Callable[[Look], Draft | None], ...] = (
    _address,
    _mood,
    _need,
    _one_of_us,
    _deputy,
    _wish,
    _date,
    _goal,
    _language,
    _preference,
    _person,
    _fact,
)


def _unknown(look: Look) -> Draft:
    made = new_draft(look, "fact", "other", NEITHER, sure=0.2)
    made.nothing = True
    made.named = name_alone(look.line, look.piece)
    return made
