"""The fields that go with a note of any kind: numbers, person, day, how long it holds, what needs consent."""

from __future__ import annotations

import re
from datetime import date

from .days import Named, each_year, next_time
from .look import AGE, Look
from .reading import Day, Draft, Person, Said
from .who import person_in

_FOR_CHILDREN = re.compile(
    r"[兒儿]童|[嬰婴][兒儿]|[寶宝][寶宝]|\b(?:baby|kids?|child(?:ren)?s?|high ?chair|cot|crib|booster|stroller|pram)\b",
    re.IGNORECASE,
)


_AILMENT = re.compile(
    r"(?:[腰背牙胃腸肠膝脖頸颈肩腳脚腿手](?:蓋|盖|齒|齿|口|部|關節|关节)?)(?:不太|不|很|比較|比较)(?:好|行|便|舒服|差|弱)"
    r"|\b(?:bad|dodgy|weak|stiff|sore|tricky|delicate|sensitive) (?:hip|back|knee|shoulder|neck|ankle|wrist|stomach|tummy|teeth|gums|leg)s?\b",
    re.IGNORECASE,
)
_TRAIT = re.compile(r"[頭头][髮发]|[髮发][質质量]|皮[膚肤]|肌$|\b(?:hair|skin|scalp)\b", re.IGNORECASE)
_CUT = re.compile(r"手[術术]|搭[橋桥]|支架|[開开]刀|surgery|operation|operated", re.IGNORECASE)


def add_fields(look: Look, made: Draft) -> None:
    made.references = [
        Said(reference, start, end, 0.95)
        for reference, start, end in look.line.references
        if start < look.end and look.start < end
    ]
    if made.kind.value != "address_as" or (made.value and not _within(look, made.value)):
        made.person = person_in(look.line, look.piece, lead=look.lead, act=look.act) or made.person
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
    said = look.line.text[look.start : look.end]
    made.ailment = made.kind.value == "need" and bool(_AILMENT.search(said))
    made.trait = made.act == "" and bool(_TRAIT.search(said))
    made.for_a_child = made.person is None and bool(_FOR_CHILDREN.search(said))
    _add_day(look, made)
    _add_standing(look, made)
    _add_sensitive(look, made)


def _within(look: Look, said: Said[str]) -> bool:
    """ "call her Auntie Mei": the aunt is what to say, nobody of theirs."""
    return all(
        said.start <= look.span(match)[0] < said.end for match, _entry in look.piece.with_role("relation")
    )


def _telling(days: list[tuple[Named, int, int]]) -> list[tuple[Named, int, int]]:
    if any(not each[0].weekday and not each[0].now for each in days):
        return [each for each in days if not each[0].weekday]  # "Sat 26 Sep"
    return days


def _add_day(look: Look, made: Draft) -> None:
    kind, topic, today = made.kind.value, made.topic.value, look.line.today
    for named, start, end in _telling(look.named or [])[:1]:
        sure = 0.8 if named.weekday else 0.93
        made.may = (
            Said(next_time(named.day, today), start, end, sure),
            Said(_yearly(named, topic, today), start, end, sure),
        )
    for named, start, end in _telling(look.days or []):
        if kind != "date" and (named.now or _is_past(look, named)):
            continue
        if named.weekday and kind in {"preference", "mood", "address_as", "language"}:
            continue
        yearly = topic in {"birthday", "anniversary"}
        day = _yearly(named, topic, today) if yearly else next_time(named.day, today)
        made.date = Said(day, start, end, 0.8 if named.weekday else 0.93)
        return


def _yearly(named: Named, topic: str, today: date) -> Day:
    """As a day that comes every year."""
    day = named.day
    if day.year is not None and topic == "birthday" and day.year < today.year - 1:
        return day
    if day.day is not None and not (named.repeats or (day.year or 9999) < today.year - 1):
        return each_year(day)
    if day.day is None and day.week is None and not named.repeats and (day.year or 0) >= today.year:
        return Day(None, day.month, lunar=day.lunar)  # 生日在下個月
    return day


def _is_past(look: Look, named: Named) -> bool:
    """Yesterday, or a weekday of what happened, "quit in March": when it was, not a day to keep."""
    if look.act == "stopped":
        return True
    if named.weekday:
        return look.said("happened")
    exact = named.day.exact
    return exact is not None and not named.repeats and 0 < (look.line.today - exact).days <= _RECENT


_RECENT = 7


def _add_standing(look: Look, made: Draft) -> None:
    kind, topic = made.kind.value, made.topic.value
    passing = kind in {"mood", "goal"} or made.once
    passing = passing or any(entry.value == "passing" for _m, entry in look.piece.with_role("marker"))
    passing = passing or any(entry.passing for _m, entry in look.things if entry.topic == topic)
    passing = passing or any(
        not named.repeats and not _is_far(named, look.line.today) and look.act != "stopped"
        for named, _s, _e in look.days or ()
    )
    if topic == "health" and look.said("happened"):
        passing = passing or bool(_CUT.search(look.line.text[look.start : look.end]))
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


def _add_sensitive(look: Look, made: Draft) -> None:
    found: list[tuple[str, int, int]] = []
    for match, entry in look.things:
        slug = entry.sensitive or look.line.gazetteer.topics[entry.topic].sensitive
        spared = made.kind.value == "mood" or made.topic.value == "allergy"
        if slug and not (spared and slug == "health"):
            found.append((slug, *look.span(match)))
    for match, entry in look.piece.with_role("relation"):
        if entry.value == "former":
            found.append(("intimate", *look.span(match)))
    if made.topic.value == "health" and made.kind.value in {"need", "fact"} and not found:
        found.append(("health", made.start, made.end))
    child = made.person
    if child is not None and _is_minor(look, child.value):
        found.append(("minors", child.start, child.end))
    order = ("intimate", "health", "religion", "minors", "money")
    if found:
        slug, start, end = min(found, key=lambda each: order.index(each[0]))
        made.sensitive = Said(slug, start, end, 0.85)


def _is_minor(look: Look, person: Person) -> bool:
    if person.relation != "child":
        return False
    said = look.line.text[look.start : look.end]
    if (age := AGE.search(said)) is not None and age[1] is not None:
        return int(age[1]) < 18
    return not any(entry.value == "grown" for _m, entry in look.piece.with_role("marker"))
