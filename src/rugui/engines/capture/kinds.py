"""What one piece of a line says: its kind, by the first rule that fits."""

from __future__ import annotations

import re
from collections.abc import Callable

from .address import address
from .fields import add_fields
from .gazetteer import Entry, Match
from .look import AGAINST_ACTS, AGE, Line, Look, about, level, look_at, main_thing, new_draft
from .occasions import date_said, goal
from .ours import deputy, one_of_us
from .pieces import Piece
from .preferences import consumed, pet_topic, preference
from .reading import AGAINST, FOR, NEITHER, Draft, Said
from .who import name_after, name_alone, person_in

_NEEDS = frozenset({"allergy", "diet", "access", "health"})


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
    if (
        look.act == "need"
        and look.piece.has("speech")
        and _INTERPRETS.search(look.line.text[look.start : look.end])
    ):
        return new_draft(look, "need", "language", FOR)
    if look.act in {"need", "cannot", "cannot_eat"}:
        main = main_thing(look, "need")
        topic = main[1].topic if main else consumed(look, "food" if look.act == "cannot_eat" else "other")
        if look.act == "cannot_eat" and topic == "food":
            topic = "diet"
        polarity = FOR if look.act == "need" else AGAINST
        if main is not None and main[1].polarity:
            polarity = main[1].polarity
        return new_draft(look, "need", topic, polarity, at=main[0] if main else None)
    return None


_INTERPRETS = re.compile(r"interpret|translat|翻[譯译]|口[譯译]", re.IGNORECASE)


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


def _wish(look: Look) -> Draft | None:
    if look.act not in {"want", "want_not"}:
        return None
    main = main_thing(look, "wish")
    if main is None and look.piece.has("speech"):
        return new_draft(look, "wish", "language", FOR)
    topic = about(look, main[1]) if main else pet_topic(look) or "other"
    return new_draft(
        look, "wish", topic, AGAINST if look.act == "want_not" else FOR, at=main[0] if main else None
    )


def _language(look: Look) -> Draft | None:
    speeches = list(look.piece.with_role("speech"))
    spoken = look.said("speak speak_not")
    if not speeches or (look.act in {"goal", "happened"} and not spoken):
        return None
    if not spoken and any(entry.topic not in {"contact", "language"} for _m, entry in look.things):
        return None
    against = look.said("speak_not") or (look.said("refuse") and not look.said("like"))
    made = new_draft(look, "language", "language", AGAINST if against else NEITHER, at=speeches[0][0])
    if look.said("have") and len(speeches) == 1 and against and look.said("speak"):
        made.polarity = Said(NEITHER, made.polarity.start, made.polarity.end, 0.6)
    start, end = look.span(speeches[0][0])[0], look.span(speeches[-1][0])[1]
    made.value = Said("+".join(dict.fromkeys(entry.value for _m, entry in speeches)), start, end, 0.92)
    return made


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


_BEEN_THERE = re.compile(
    r"常[跑去飛飞]|去[過过]|回[來来]|[飛飞]|back from|been to|travels? |fl(?:ies|ying) to|return(?:ed|s) from",
    re.IGNORECASE,
)


def _fact(look: Look) -> Draft | None:
    main = main_thing(look)
    place = next((match for match, entry in look.things if entry.place), None)
    if place is not None and _BEEN_THERE.search(look.line.text[look.start : look.end]):
        return new_draft(look, "fact", "travel", NEITHER, at=place)
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
    address,
    _mood,
    _need,
    one_of_us,
    deputy,
    _wish,
    date_said,
    goal,
    _language,
    preference,
    _person,
    _fact,
)


def _unknown(look: Look) -> Draft:
    made = new_draft(look, "fact", "other", NEITHER, sure=0.2)
    made.nothing = True
    made.named = name_alone(look.line, look.piece)
    return made
