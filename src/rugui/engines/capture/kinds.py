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


_SLEEPS = re.compile(r"睡|sle[ep]", re.IGNORECASE)
_ROOM = frozenset(
    {"pillow", "bed", "floor", "view", "temperature", "noise", "light", "scent", "room"}
)


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
    if _SLEEPS.search(_word(look, match)) and any(
        e.topic in _ROOM and e.rank >= 50 for _m, e in look.things
    ):
        look.lead, look.act = match, "dislike"  # 枕頭太高睡不好
        return None
    made = new_draft(look, "mood", "mood", NEITHER, at=match)
    made.mood = Said(entry.value, *look.span(match), 0.92)
    return made


def _last_time(look: Look) -> bool:
    said = look.line.text[look.start : look.end].casefold()
    return any(words in said for words in ("last time", "last visit", "last stay", "上次", "上回"))


def _need(look: Look) -> Draft | None:
    if (care := _touchy(look)) is not None:
        return care
    if look.act == "allergic":
        made = new_draft(look, "need", "allergy", AGAINST)
        made.echo = not look.things
        made.on_body = all(entry.topic in {"hair", "skin", "nails", "health"} for _m, entry in look.things)
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


_CARE = {"hair": "hair", "skin": "skin", "nails": "nails"}
_TOUCHY = re.compile(
    r"敏感|泛[紅红]|容易|發[癢痒]|发[癢痒]|刺痛|脫皮|脱皮"
    r"|\b(?:sensitive|reactive|sore|itchy|itches|flares?|reddens|peels|burns easily|irritated|breaks out)\b",
    re.IGNORECASE,
)
_ALLERGIC = re.compile(r"[過过]敏|allerg", re.IGNORECASE)
_BODY = re.compile(
    r"[頭头]皮|[臉脸]|皮[膚肤]|敏感肌|\b(?:scalp|skin|face|cuticles|hands)\b", re.IGNORECASE
)


def _touchy(look: Look) -> Draft | None:
    """頭皮很敏感, "scalp gets sore with bleach": what to take care of, and of what."""
    said = look.line.text[look.start : look.end]
    body = _BODY.search(said)
    if body is None or look.act not in {"", "have", "is", "allergic", "named"} or not _TOUCHY.search(said):
        return None
    topic = next((_CARE[entry.topic] for _m, entry in look.things if entry.topic in _CARE), "skin")
    if any(entry.topic not in {*_CARE, "other"} and entry.rank >= 50 for _m, entry in look.things):
        return None
    cause = look.act != "allergic" and len({match.first for match, _e in look.things}) > 1
    if look.act == "allergic" and (len(look.things) > 1 or _ALLERGIC.search(said)):
        return None
    return new_draft(look, "need", topic, AGAINST if cause else NEITHER)


_INTERPRETS = re.compile(r"interpret|translat|翻[譯译]|口[譯译]", re.IGNORECASE)


def _left_out(look: Look) -> Match | None:
    """The food of the diet list that is not eaten; not "coffee without milk", where something else is had."""
    foods = [match for match, entry in look.things if entry.diet]
    drinks = [m for m, entry in look.things if entry.topic in {"coffee", "tea", "alcohol", "drink"}]
    if drinks and (look.act != "refuse" or not foods or drinks[0].first < foods[0].first):
        return None
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
    topic = about(look, main[1]) if main else pet_topic(look) or _sought(look)
    if main is not None and main[1].topic == "contact" and _word(look, look.lead) in {"到貨", "到货"}:
        look.act = "have"
        return None
    if _BY_TITLE.search(look.line.text[look.start : look.end]) and (main is None or main[1].rank <= 57):
        topic = "staff"
    elif look.act == "want_not" and topic == "service" and _TALK.search(_word(look, main and main[0])):
        return new_draft(look, "preference", "service", AGAINST, at=main and main[0])
    return new_draft(
        look, "wish", topic, AGAINST if look.act == "want_not" else FOR, at=main[0] if main else None
    )


_TALK = re.compile(r"聊|[說说講讲][話话]|chat|talk|conversation", re.IGNORECASE)
_BY_TITLE = re.compile(
    r"(?:想|要|希望)(?:找|[約约]|看|[換换]|[給给]|[預预][約约])\w(?:[醫医][師师生]|大夫|老[師师]|[師师]傅|[設设][計计][師师]|[經经]理)"
    r"|\b(?:see|with|for|to) (?:Dr|Mr|Mrs|Ms|Miss|Prof)\b",
    re.IGNORECASE,
)
_SEEKS = re.compile(
    r"wait|looking|search|hunt|source|在等|等|找|[到補补][貨货]|[買买]|[訂订]|buy|order", re.IGNORECASE
)


def _sought(look: Look) -> str:
    """What they wait for or seek of us, unknown as it is, is something we have to give."""
    return "product" if look.act == "want" and _SEEKS.search(_word(look, look.lead)) else "other"


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
    if relation is None or look.act == "happened" or any(e.topic == "gift" for _m, e in look.things):
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


_LEFT = re.compile(
    r"\b(?:left|forgot|lost|mislaid)\b|忘|[遺遗]失|[遺遗]留|[遺遗]落|[弄丟丢掉]了|不[見见]了|落在", re.IGNORECASE
)
_ASTRAY = re.compile(
    r"未到|[沒没](?:有)?[收送寄][到來来]|[寄發发送漏少]錯|[寄發发送]错|[少漏][寄發发送]"
    r"|(?:never|not|hasn't|didn't|did not|yet to) (?:been )?(?:arrive|receive|deliver|come|turn)",
    re.IGNORECASE,
)
_BELONGINGS = frozenset({"product", "luggage", "gift", "payment", "size", "brand"})


def _left_behind(look: Look) -> tuple[Match, Entry] | None:
    """ "left her glasses by the pool": what was left, not where. Of a red scarf sent back: the scarf."""
    if look.act != "happened":
        return None
    goods = [each for each in look.things if each[1].topic in _BELONGINGS]
    if goods and _LEFT.search(look.line.text[look.start : look.end]):
        return goods[0]
    topics = {entry.topic for _m, entry in look.things}
    if topics <= {"product", "colour", "material", "arrival"} and "product" in topics:
        return next(each for each in goods if each[1].topic == "product")
    return None


def _gone_astray(look: Look) -> tuple[Match, Entry] | None:
    """還沒收到, 發錯貨: the sending."""
    if not _ASTRAY.search(look.line.text[look.start : look.end]):
        return None
    if any(entry.topic not in {"experience", "delivery", "arrival", "product"} for _m, entry in look.things):
        return None
    if not any(ref.kind == "order" for ref, s, e in look.line.references if s < look.end and look.start < e):
        return None
    match = look.things[0][0] if look.things else look.lead
    return (match, Entry("thing", topic="delivery")) if match is not None else None


def _fact(look: Look) -> Draft | None:
    main = _left_behind(look) or _gone_astray(look) or main_thing(look)
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
