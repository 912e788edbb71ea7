"""What one piece of a line says: its kind, and the fields that go with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from .days import Named, each_year, next_time
from .gazetteer import Entry, Gazetteer, Match
from .pieces import Piece
from .reading import AGAINST, FOR, NEITHER, Context, Day, Draft, Person, Reference, Said
from .units import Unit
from .who import person_in


@dataclass(frozen=True, slots=True)
class Line:
    """The whole line, as far as every piece may need it."""

    text: str
    row: list[Unit]
    today: date
    context: Context
    gazetteer: Gazetteer
    days: list[tuple[Named, int, int]]
    references: list[tuple[Reference, int, int]]
    taken: set[int]
    repeats: list[tuple[int, int]]


LEADS = (
    *(
        "allergic",
        "cannot_eat",
        "stopped",
        "abstain",
        "cannot",
        "want_not",
        "dislike",
        "need",
        "want",
        "goal",
    ),
    *("speak_not", "speak", "like", "refuse", "have", "happened", "is", "named"),
)
"""Which act leads where there are several."""
_WEIGHT = {act: weight for weight, act in enumerate(LEADS)}
_AGAINST = frozenset(
    {"allergic", "cannot_eat", "stopped", "abstain", "cannot", "want_not", "dislike", "refuse"}
)
_OBJECT_AFTER = frozenset({"like", "dislike", "abstain", "want", "want_not", "stopped"})
"""What is liked stands after it: "the boss hates orange"."""
_NEEDS = frozenset({"allergy", "diet", "access", "health"})
_OCCASIONS = frozenset({"birthday", "anniversary", "celebration"})
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
_AGE = re.compile(
    r"(\d{1,3})\s*(?:歲|岁|yo\b|y/o|yrs?\b|years?)|[一二三四五六七八九十]+[歲岁]", re.IGNORECASE
)


@dataclass(slots=True)
class _Look:
    """A piece with what stands in it, looked up once."""

    line: Line
    piece: Piece
    acts: list[tuple[Match, str]]
    things: list[tuple[Match, Entry]]
    lead: Match | None = None
    act: str = ""
    days: list[tuple[Named, int, int]] | None = None

    @property
    def start(self) -> int:
        return self.line.row[self.piece.first].start

    @property
    def end(self) -> int:
        return self.line.row[self.piece.last - 1].end

    def span(self, match: Match | None) -> tuple[int, int]:
        if match is None:
            return self.start, self.end
        return self.line.row[match.first].start, self.line.row[match.last - 1].end

    def said(self, acts: str) -> bool:
        return any(act in acts.split() for _match, act in self.acts)


def draft(line: Line, piece: Piece) -> Draft:
    look = _look(line, piece)
    made = next((made for rule in _RULES if (made := rule(look)) is not None), None) or _unknown(look)
    _add_fields(look, made)
    return made


def _look(line: Line, piece: Piece) -> _Look:
    speech = piece.has("speech")
    acts = [each for each in piece.acts() if speech or not each[1].startswith("speak")]
    look = _Look(line, piece, acts, list(piece.with_role("thing")))
    if acts:
        look.lead, look.act = min(acts, key=lambda each: _WEIGHT[each[1]])
    _turn(look)
    start, end = look.start, look.end
    look.days = [each for each in line.days if each[1] < end and start < each[2]]
    return look


def _turn(look: _Look) -> None:
    """ "not" before what leads turns it: "doesn't really like", 不太想."""
    refused = [match for match, act in look.acts if act == "refuse"]
    if not refused or look.lead is None:
        return
    before = any(match.first < look.lead.first and not _between(look, match, look.lead) for match in refused)
    after = any(match.first >= look.lead.last and not _between(look, look.lead, match) for match in refused)
    if look.act == "like" and before:
        look.act = "dislike"
    elif look.act in {"want", "like", "have"} and after:
        look.act = {"want": "want_not", "like": "dislike", "have": "refuse"}[look.act]
    elif look.act == "want" and before:
        look.act = "want_not"
    elif look.act == "need" and before:
        look.act = "refuse"
    elif look.act == "dislike" and before:
        look.act = "like"


def _between(look: _Look, first: Match, second: Match) -> bool:
    return any(first.last <= match.first < second.first for match, _entry in look.things)


def _level(entry: Entry, kind: str) -> int:
    if entry.topic in _OCCASIONS and kind not in {"date", "goal", "bare"}:
        return 1 if entry.topic == "celebration" else 0
    return 0 if entry.rank < 50 else 1 if entry.rank <= 65 else 2


def _main(look: _Look, kind: str = "bare") -> tuple[Match, Entry] | None:
    """The thing that the piece is about: the most telling, of equals the first."""
    if not look.things:
        return None
    solid = [each for each in look.things if not each[1].way and not each[1].allergen] or look.things
    if look.act == "is":  # "works at Apple": the work, not the fruit
        own = [
            each
            for each in solid
            if each[0].entry("act") and look.line.gazetteer.topics[each[1].topic].bare == "fact"
        ]
        solid = own or solid
    else:  # "drinks green tea": the tea
        solid = [each for each in solid if not each[0].entry("act")] or solid
    if look.lead is not None and look.act in _OBJECT_AFTER:
        lead = look.lead
        solid = [each for each in solid if each[0].first >= lead.last] or solid
    best = max(_level(entry, kind) for _match, entry in solid)
    return next(each for each in solid if _level(each[1], kind) == best)


def _new(
    look: _Look, kind: str, topic: str, polarity: int, *, at: Match | None = None, sure: float = 0.9
) -> Draft:
    mended = 0.15 if any(match.mended for match in look.piece.matches) else 0.0
    start, end = look.span(at if at is not None else look.lead)
    act_start, act_end = look.span(look.lead)
    unclear = len({entry.topic for _m, entry in look.things if _level(entry, kind) > 0}) > 1
    sure_topic = 0.3 if topic == "other" else 0.75 if unclear else 0.92
    return Draft(
        look.start,
        look.end,
        Said(kind, act_start, act_end, max(0.05, sure - mended)),
        Said(topic, start, end, max(0.05, sure_topic - mended)),
        Said(polarity, act_start, act_end, 0.92 if look.lead is not None else 0.75),
        Said(True, look.start, look.end, 0.8),
        act=look.act,
    )


# ---- the rules, in the order in which they are tried


def _address(look: _Look) -> Draft | None:
    row = look.line.row
    for match, entry in look.piece.with_role("address"):
        if match.last >= look.piece.last:
            continue
        after = row[match.last]
        if after.number or match.last in look.line.taken or (after.text in _AFTER_CALL and not after.capital):
            if row[match.first].text == "call":
                topic = "contact-time" if after.text in _HOURS or after.number else "contact"
                return _new(look, "preference", topic, AGAINST if look.act in _AGAINST else FOR, at=match)
            continue
        if (said := _called(look, match)) is not None:
            made = _new(look, "address_as", entry.topic, NEITHER, at=match)
            made.value = said
            return made
    return None


def _called(look: _Look, match: Match) -> Said[str] | None:
    """What follows, up to what it is not: "call her Kate not Katherine"."""
    row = look.line.row
    after = range(match.last + 1, look.piece.last)
    stop = next((index for index in after if row[index].text in _NOT_SO), look.piece.last)
    start, end = row[match.last].start, row[stop - 1].end
    lead = _LEADS_IN.match(look.line.text[start:end])
    start += lead.end() if lead else 0
    said = _TRAILS.sub("", look.line.text[start:end])
    return Said(said, start, start + len(said), 0.9) if said else None


def _mood(look: _Look) -> Draft | None:
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
    made = _new(look, "mood", "mood", NEITHER, at=match)
    made.mood = Said(entry.value, *look.span(match), 0.92)
    return made


def _last_time(look: _Look) -> bool:
    said = look.line.text[look.start : look.end].casefold()
    return any(words in said for words in ("last time", "last visit", "last stay", "上次", "上回"))


def _need(look: _Look) -> Draft | None:
    if look.act == "allergic":
        return _new(look, "need", "allergy", AGAINST)
    main = _main(look)
    if look.act in {"cannot_eat", "abstain", "refuse", "stopped", "cannot"} and (food := _left_out(look)):
        return _new(look, "need", "diet", AGAINST, at=food)
    if main is not None and main[1].topic in _NEEDS and look.act not in {"want", "goal", "want_not"}:
        return _new(look, "need", main[1].topic, _need_polarity(look, main[1]), at=main[0])
    if look.act in {"need", "cannot", "cannot_eat"}:
        main = _main(look, "need")
        topic = main[1].topic if main else "food" if look.act == "cannot_eat" else "other"
        if look.act == "cannot_eat" and topic == "food":
            topic = "diet"
        polarity = FOR if look.act == "need" else AGAINST
        if main is not None and main[1].polarity:
            polarity = main[1].polarity
        return _new(look, "need", topic, polarity, at=main[0] if main else None)
    return None


def _left_out(look: _Look) -> Match | None:
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


def _need_polarity(look: _Look, entry: Entry) -> int:
    if look.act == "need":
        return FOR if entry.topic in {"access", "health"} else NEITHER
    if look.act in _AGAINST and entry.topic != "diet":
        return AGAINST
    return NEITHER


def _wish(look: _Look) -> Draft | None:
    if look.act not in {"want", "want_not"}:
        return None
    main = _main(look, "wish")
    if main is None and look.piece.has("speech"):
        return _new(look, "wish", "language", FOR)
    topic = main[1].topic if main else _pet_topic(look) or "other"
    return _new(look, "wish", topic, AGAINST if look.act == "want_not" else FOR, at=main[0] if main else None)


def _pet_topic(look: _Look) -> str:
    return next((entry.topic for _m, entry in look.piece.with_role("relation") if entry.value == "pet"), "")


def _date(look: _Look) -> Draft | None:
    if look.act in {"goal", "like", "dislike", "need"} or look.said("like dislike"):
        return None
    if _is_birth(look):
        return _new(look, "date", "birthday", NEITHER)
    main = _main(look, "date")
    if main is None:
        return None
    match, entry = main
    if entry.topic in {"birthday", "anniversary"} and look.act in {"", "have", "is", "named", "happened"}:
        return _new(look, "date", entry.topic, NEITHER, at=match)
    dated = any(
        (not named.now or entry.topic in _SOON)
        and (not named.day.exact or named.day.exact >= look.line.today)
        for named, _s, _e in look.days or ()
    )
    if dated and entry.topic in _DATED and look.act in {"", "is", "happened", "named", "have"}:
        if look.act == "have" and entry.topic not in {"arrival", "celebration", "appointment"}:
            return None
        return _new(look, "date", entry.topic, NEITHER, at=match)
    return None


_TURNS = re.compile(r"\bturn(?:s|ing)\s+\d", re.IGNORECASE)
_SOON = frozenset({"arrival", "appointment", "delivery", "transport"})


def _is_birth(look: _Look) -> bool:
    """ "1990年5月12日生", "turns 70 on Saturday"."""
    text = look.line.text
    if look.days and _TURNS.search(text[look.start : look.end]):
        return True
    return any(
        text[end : end + 1] == "生" and text[end : end + 2] not in {"生日", "生效"}
        for _n, _s, end in look.days or ()
    )


def _goal(look: _Look) -> Draft | None:
    main = _main(look, "goal")
    if look.act == "goal":
        order = look.line.gazetteer.topics
        occasion = _occasion(look)
        topic = main[1].topic if main else occasion or "travel"
        if occasion and order[topic].order < order["partner"].order:
            topic = occasion
        return _new(look, "goal", topic, NEITHER, at=main[0] if main else None)
    if main is not None and main[1].topic == "celebration" and look.act in {"", "is", "named"}:
        return _new(look, "goal", "celebration", NEITHER, at=main[0], sure=0.7)
    return None


_OCCASION_WORDS = (
    ("celebration", ("蜜月", "慶", "庆", "honeymoon", "celebrat", "求婚", "喜酒", "跨年")),
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
        ),
    ),
    ("family", ("探親", "探亲", "family", "家族", "家庭")),
    ("health", ("探病", "看醫", "看医", "看病", "求診", "求诊")),
    ("study", ("考試", "考试", "陪考")),
    ("travel", ("度假", "旅", "玩", "環島", "轉機", "转机", "散心", "holiday", "vacation", "過境", "过境")),
)


def _occasion(look: _Look) -> str:
    start, end = look.span(look.lead)
    said = look.line.text[start:end].casefold()
    found = next((topic for topic, words in _OCCASION_WORDS if any(w in said for w in words)), "")
    if found:
        return found
    relation = next(look.piece.with_role("relation"), None)
    return relation[1].topic if relation else ""


def _language(look: _Look) -> Draft | None:
    speeches = list(look.piece.with_role("speech"))
    spoken = look.said("speak speak_not")
    if not speeches or (look.act in {"goal", "happened"} and not spoken):
        return None
    if not spoken and any(_level(entry, "") > 0 and entry.topic != "contact" for _m, entry in look.things):
        return None
    against = look.said("speak_not") or (look.said("refuse") and not look.said("like"))
    made = _new(look, "language", "language", AGAINST if against else NEITHER, at=speeches[0][0])
    if look.said("have") and len(speeches) == 1 and against and look.said("speak"):
        made.polarity = Said(NEITHER, made.polarity.start, made.polarity.end, 0.6)
    start, end = look.span(speeches[0][0])[0], look.span(speeches[-1][0])[1]
    made.value = Said("+".join(dict.fromkeys(entry.value for _m, entry in speeches)), start, end, 0.92)
    return made


def _preference_of_nothing(look: _Look) -> Draft | None:
    """No thing is named that we know: a pet, a weekday, or something of the customer's own."""
    against = look.act in _AGAINST
    if topic := _pet_topic(look) if look.act in {"like", "dislike", "refuse"} else "":
        return _new(look, "preference", topic, AGAINST if against else FOR, sure=0.8)
    if look.act in {"like", "dislike", "abstain", "stopped"}:
        topic = "food" if look.act == "abstain" else "appointment" if _repeats(look) else "other"
        return _new(look, "preference", topic, AGAINST if against else FOR, sure=0.6)
    if look.act in {"", "have"} and _repeats(look):
        return _new(look, "preference", "appointment", FOR, sure=0.6)
    return None


def _preference(look: _Look) -> Draft | None:
    main = _main(look, "preference")
    if main is None:
        return _preference_of_nothing(look)
    against = look.act in _AGAINST
    match, entry = main
    bare = entry.kind or look.line.gazetteer.topics[entry.topic].bare
    if look.act in {"like", "dislike", "refuse", "abstain", "stopped"}:
        if look.act == "stopped" and bare == "fact" and entry.topic == "work":
            return None
        polarity = AGAINST if against else FOR
        if look.act == "refuse" and _had_otherwise(look, match):
            polarity = FOR
        return _new(look, "preference", entry.topic, _own_polarity(look, entry.topic) or polarity, at=match)
    if look.act in {"", "have", "is", "named"} and bare == "preference":
        if look.act in {"is", "named"} and look.piece.has("relation") and entry.rank < 50:
            return None
        polarity = _own_polarity(look, entry.topic) or FOR
        return _new(look, "preference", entry.topic, polarity, at=match, sure=0.85 if look.act else 0.7)
    if look.act == "have" and entry.topic in {"music", "arrival"}:
        return _new(look, "preference", entry.topic, FOR, at=match, sure=0.6)
    return None


_CONSUMED = frozenset({"coffee", "tea", "alcohol", "drink", "food"})
_TREATED = frozenset({"hair", "skin", "nails", "massage"})


def _own_polarity(look: _Look, topic: str) -> int:
    """That of a word which says it itself: "too cold", "non-smoking"."""
    return next((entry.polarity for _m, entry in look.things if entry.topic == topic and entry.polarity), 0)


def _repeats(look: _Look) -> bool:
    """A weekday that comes again: "Saturday mornings"."""
    start, end = look.start, look.end
    return any(s < end and start < e for s, e in look.line.repeats)


def _had_otherwise(look: _Look, main: Match) -> bool:
    """ "coffee no sugar": the coffee is had, the sugar left out."""
    first = min(match.first for match, act in look.acts if act == "refuse")
    topic = next(entry.topic for match, entry in look.things if match is main)
    after = [entry.topic for match, entry in look.things if match.first > first]
    return (
        main.first < first
        and bool(after)
        and (topic in _CONSUMED or (topic in after and topic not in _TREATED))
    )


def _person(look: _Look) -> Draft | None:
    relation = next(look.piece.with_role("relation"), None)
    if relation is None or look.act == "happened":
        return None
    person = person_in(look.line, look.piece, lead=look.lead, act=look.act)
    if person is None:
        return None
    main = _main(look)
    if main is not None and not (person.value.name or _aged(look)) and look.act not in {"", "named", "have"}:
        return None
    if main is not None and _level(main[1], "") > 0:
        told = look.line.gazetteer.topics[main[1].topic].bare == "fact"
        if look.act in {"is", "happened"} or (told and not person.value.name and not _aged(look)):
            return None
    topic = relation[1].topic
    return _new(look, "person", topic, NEITHER, at=relation[0], sure=0.85)


def _aged(look: _Look) -> bool:
    return bool(_AGE.search(look.line.text[look.start : look.end]))


def _fact(look: _Look) -> Draft | None:
    main = _main(look)
    if main is None:
        if look.act in {"happened", "is"} and any(
            match.last - match.first > 1
            or look.line.row[match.first].end - look.line.row[match.first].start > 3
            for match, act in look.acts
            if act == look.act
        ):
            return None
        return None
    return _new(look, "fact", main[1].topic, NEITHER, at=main[0], sure=0.8 if look.act else 0.65)


_RULES: tuple[Callable[[_Look], Draft | None], ...] = (
    _address,
    _mood,
    _need,
    _wish,
    _date,
    _goal,
    _language,
    _preference,
    _person,
    _fact,
)


def _unknown(look: _Look) -> Draft:
    made = _new(look, "fact", "other", NEITHER, sure=0.2)
    made.nothing = True
    return made


# ---- the fields that go with any kind


def _add_fields(look: _Look, made: Draft) -> None:
    made.references = [
        Said(reference, start, end, 0.95)
        for reference, start, end in look.line.references
        if start < look.end and look.start < end
    ]
    made.person = person_in(look.line, look.piece, lead=look.lead, act=look.act)
    pronouns = {
        "he",
        "she",
        "guest",
        "customer",
        "client",
        "他",
        "她",
        "客人",
        "本人",
        "自己",
        "佢",
        "patient",
    }
    made.own_subject = made.person is not None or any(
        unit.text in pronouns for unit in look.line.row[look.piece.first : look.piece.last]
    )
    _add_day(look, made)
    _add_standing(look, made)
    _add_sensitive(look, made)


def _add_day(look: _Look, made: Draft) -> None:
    kind, topic = made.kind.value, made.topic.value
    for named, start, end in look.days or ():
        if named.now and kind != "date":
            continue
        if named.weekday and kind in {"preference", "need", "mood", "address_as", "language"}:
            continue
        day: Day = named.day
        if topic in {"birthday", "anniversary"}:
            if day.year is not None and topic == "birthday" and day.year < look.line.today.year - 1:
                pass
            elif day.day is not None and not (named.repeats or (day.year or 9999) < look.line.today.year - 1):
                day = each_year(day)
        else:
            day = next_time(day, look.line.today)
        made.date = Said(day, start, end, 0.8 if named.weekday else 0.93)
        return


def _add_standing(look: _Look, made: Draft) -> None:
    kind, topic = made.kind.value, made.topic.value
    passing = kind in {"mood", "goal"}
    passing = passing or any(entry.value == "passing" for _m, entry in look.piece.with_role("marker"))
    passing = passing or any(entry.passing for _m, entry in look.things if entry.topic == topic)
    passing = passing or any(
        not named.repeats and not _is_far(named, look.line.today) for named, _s, _e in look.days or ()
    )
    if kind == "fact":
        passing = passing or look.said("happened") or topic == "experience"
    if kind == "date":
        passing = topic not in {"birthday", "anniversary"}
    elif look.days and made.date is not None and kind != "person":
        passing = True
    if kind in {"address_as", "language"}:
        passing = False
    made.standing = Said(not passing, look.start, look.end, 0.85)


def _is_far(named: Named, today: date) -> bool:
    return named.day.year is not None and named.day.year < today.year


def _add_sensitive(look: _Look, made: Draft) -> None:
    found: list[tuple[str, int, int]] = []
    for match, entry in look.things:
        slug = entry.sensitive or look.line.gazetteer.topics[entry.topic].sensitive
        if slug:
            found.append((slug, *look.span(match)))
    for match, entry in look.piece.with_role("relation"):
        if entry.value == "former":
            found.append(("intimate", *look.span(match)))
    child = made.person
    if child is not None and _is_minor(look, child.value):
        found.append(("minors", child.start, child.end))
    order = ("intimate", "health", "religion", "minors", "money")
    if found:
        slug, start, end = min(found, key=lambda each: order.index(each[0]))
        made.sensitive = Said(slug, start, end, 0.85)


def _is_minor(look: _Look, person: Person) -> bool:
    if person.relation != "child":
        return False
    said = look.line.text[look.start : look.end]
    if (age := _AGE.search(said)) is not None and age[1] is not None:
        return int(age[1]) < 18
    return not any(entry.value == "grown" for _m, entry in look.piece.with_role("marker"))
