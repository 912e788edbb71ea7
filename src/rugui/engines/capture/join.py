"""Puts pieces together again that say one thing, and lets a person carry on to what follows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from .days import each_year
from .reading import Draft, Person, Said
from .units import HARD, LIST, SOFT, SPACE

_EDIBLE = frozenset({"food", "diet", "coffee", "tea", "drink", "alcohol", "other", "allergy"})
_LISTING = frozenset({"allergic", "abstain", "cannot_eat"})
_APART = frozenset({"mood", "date", "address_as", "language", "goal"})
_WEAK = frozenset({"", "have", "refuse", "is", "named"})


def as_one(last: Draft, made: Draft, gap: int) -> tuple[Draft, bool]:
    """The two as one note, and whether the rules think that they are; neither is changed."""
    put = _put_together(last, made, gap)
    return (put or _absorb)(copied(last), copied(made)), put is not None


def copied(made: Draft) -> Draft:
    return replace(made, references=list(made.references))


def apart(last: Draft, made: Draft, gap: int) -> None:
    """What the second of two notes has of the first."""
    if gap < HARD:
        _also(last, made)
        _carry(last, made)


def _put_together(last: Draft, made: Draft, gap: int) -> Callable[[Draft, Draft], Draft] | None:
    """How the two become one note; None where they are two."""
    if last.nothing:
        return _absorb if made.nothing else _told
    if gap < HARD and made.topic.value == "pronunciation" and _surname_only(last):
        return _told
    if gap == LIST and made.topic.value == "allergy" and _listed(last):
        return _told
    if gap < HARD and made.echo and last.act in {"refuse", "abstain"} and made.topic.value == "allergy":
        return _told  # "no penicillin, allergic"
    if gap < HARD and _celebrated(last, made):
        return _as_goal
    if gap < HARD and _reason_first(last, made):
        return _told
    if gap < HARD and _consequence(last, made):
        return _as_need
    if gap < HARD and _says_it_in_full(last, made):
        return _in_full
    return _absorb if _belongs(last, made, gap) else None


def _surname_only(last: Draft) -> bool:
    return last.topic.value == "name" or (last.kind.value == "person" and last.person is not None)


_ALSO = re.compile(
    r"也(?:是|一[樣样]|有|會|会)?(?:的|喔|哦)?$|(?:, | )(?:too|as well)$|^(?:so is|so does|same for|same with)\b",
    re.IGNORECASE,
)


def _of_the_same(last: Draft, made: Draft) -> bool:
    """海鮮過敏，蝦蟹都不行: more of what they are allergic to."""
    if last.act != "allergic" or made.act not in {"cannot_eat", "cannot"}:
        return False
    return made.topic.value in {"diet", "food", "other"} and made.end - made.start <= 2 * _SHORT


def _is_cause(made: Draft) -> bool:
    """What made them so, in few words: 升官了, 怕抽血."""
    if made.own_subject or made.end - made.start > 2 * _SHORT or not _WHY.search(made.words):
        return False
    return made.kind.value in {"fact", "goal"} or made.topic.value == "health"


_HEARS = re.compile(r"[聽听耳聾聋]|hear|deaf|ear\b", re.IGNORECASE)
_TALKS = re.compile(r"[講讲說说話话聲声]|talk|speak|loud", re.IGNORECASE)


def _louder(last: Draft, made: Draft) -> bool:
    """聽力不好，說話大聲點: what follows from it."""
    if last.topic.value != "access" or made.topic.value not in {
        "service",
        "seat",
        "access",
        "noise",
        "other",
    }:
        return False
    return bool(_HEARS.search(last.words) and _TALKS.search(made.words)) and made.kind.value != "language"


def _also(last: Draft, made: Draft) -> None:
    """對芒果過敏，媽媽也是: the same of somebody else."""
    if made.kind.value != "person" or made.person is None or not _ALSO.search(made.words):
        return
    if last.kind.value in {"need", "preference", "language", "mood", "fact"} and last.topic.value != "other":
        made.kind, made.topic, made.polarity, made.standing = (
            last.kind,
            last.topic,
            last.polarity,
            last.standing,
        )
        made.mood, made.value, made.sensitive = last.mood, last.value, last.sensitive or made.sensitive


def _told(last: Draft, made: Draft) -> Draft:
    """The second says it, the first is a detail."""
    _prefix(made, last)
    return made


def _as_goal(last: Draft, made: Draft) -> Draft:
    last.kind, last.standing = made.kind, made.standing
    _absorb(last, made)
    last.standing = made.standing
    return last


def _as_need(last: Draft, made: Draft) -> Draft:
    made.kind = Said("need", made.kind.start, made.kind.end, made.kind.confidence)
    made.person, last.sensitive = made.person or last.person, None
    return _told(last, made)


def _in_full(last: Draft, made: Draft) -> Draft:
    made.person = made.person or last.person
    if made.topic.value == "other":
        made.topic = last.topic
    return _told(last, made)


_DONE = frozenset({"need", "preference"})


def _consequence(last: Draft, made: Draft) -> bool:
    """腰不好，別按: what to do, and why."""
    if not last.ailment or made.nothing or made.own_subject or made.act == "":
        return False
    if last.topic.value == "access" and made.topic.value != "access":
        return False
    return made.kind.value in _DONE and made.topic.value != "health"


_SHORT = 4


def _says_it_in_full(last: Draft, made: Draft) -> bool:
    """What comes before only leads up to it: 怕黑，要留小夜燈; "wheelchair, needs a roll in shower"; 敏感肌，不能用酸."""
    if made.nothing or made.own_subject or made.kind.value not in _DONE:
        return False
    if last.kind.value not in _DONE and not last.trait:
        return False
    same = made.topic.value == last.topic.value
    if last.trait and last.kind.value == "fact":
        return same and made.act in {"refuse", "have", "need"} and last.end - last.start <= _SHORT + 2
    if same and last.trait and made.topic.value in {"hair", "skin"}:
        return made.act == "refuse"  # 頭髮少，別打薄
    if same and made.topic.value == "access":
        return made.kind.value == "need" and made.act in {"need", "have", "cannot", ""}
    if (
        last.act in {"dislike", ""}
        and last.polarity.value < 0 < made.polarity.value
        and last.end - last.start <= _SHORT
    ):
        return same or last.topic.value == "other"
    if last.topic.value == "other" and (last.fear or last.end - last.start <= _SHORT):
        return made.act != "" or last.fear
    if (
        made.topic.value == "other"
        and last.act == ""
        and last.topic.value not in {"health", "allergy", "diet"}
    ):
        return made.act in {"need", "cannot", "refuse"}
    return last.topic.value == "noise" and made.topic.value == "service" and made.polarity.value < 0


def _only_why(last: Draft, made: Draft) -> bool:
    """The reason after it: "can't do bathtubs, bad hip"; what it leaves out: "call after six, not at work"."""
    if made.fear and last.kind.value == "wish":
        return True  # 想去西藏，怕高反
    if made.own_subject or last.kind.value not in _DONE:
        shy = last.kind.value == "person" and made.topic.value == "other" and made.act == "dislike"
        return shy and made.end - made.start <= _SHORT  # 孩子三岁，怕生
    if made.fear:
        return True
    if made.ailment and made.topic.value in {"health", "access"}:
        return made.act in {"", "have"}
    if made.act == "refuse" and made.topic.value == "access":
        return last.kind.value == "need"
    if made.act == "refuse" and made.topic.value in {"work", "home"}:
        return last.topic.value in {"contact", "contact-time"}
    if made.topic.value == "other" and made.kind.value in {"preference", "wish", "need"}:
        return made.end - made.start <= _SHORT or made.act in {"cannot", "need", "stopped"}
    return made.kind.value == "preference" and made.topic.value == "appointment" and made.act == ""


def _listed(last: Draft) -> bool:
    """ "prawns and eggs allergy", 對海鮮跟蛋過敏: the first of what they are allergic to."""
    return (
        last.act == "" and last.topic.value in _EDIBLE and last.kind.value in {"preference", "fact", "need"}
    )


def _belongs(last: Draft, made: Draft, gap: int) -> bool:
    if made.nothing:
        return gap < HARD or bool(made.references or made.date)
    if gap == HARD:
        return False
    if _same_again(last, made) or _only_why(last, made) or _louder(last, made) or _of_the_same(last, made):
        return True
    if made.kind.value in _APART:
        return False
    if _completes(last, made):
        return True
    if last.kind.value == "mood" and made.topic.value == "other" and made.act == "need":
        return True  # "anxious, needs reassurance"
    if last.kind.value == "mood" and (made.act in _WEAK or made.act == "happened" or _is_cause(made)):
        return _is_cause(made) or _is_why(made)
    if made.act in {"", "named"}:
        return _bare_belongs(last, made, gap)
    if made.act in {"refuse", "have"} and made.kind.value == last.kind.value == "preference":
        return _more_of_it(last, made, gap)
    return False


def _is_why(made: Draft) -> bool:
    """ "upset, luggage lost"; not "in a rush, bring it quickly", which asks for something."""
    if made.kind.value == "preference":
        return made.topic.value in _REASONS - {"service"} and made.act != "refuse"
    return made.kind.value == "fact"


def _more_of_it(last: Draft, made: Draft, gap: int) -> bool:
    if made.act == "refuse" and made.topic.value == last.topic.value == "food":
        return False  # "mild, no MSG": two things to do
    if _other_way_round(last, made, gap):
        return False
    return made.topic.value == last.topic.value or _way_of(last, made)


def _celebrated(last: Draft, made: Draft) -> bool:
    """結婚十周年，來慶祝: why they are here, and of what."""
    occasion = (
        last.kind.value == "date" and last.date is None and last.topic.value in {"birthday", "anniversary"}
    )
    return occasion and made.kind.value == "goal" and made.topic.value == "celebration"


_HAN = re.compile(r"[\u4e00-\u9fff]")
_KEPT_TOGETHER = frozenset(
    {"drink", "coffee", "tea", "alcohol", "hair", "skin", "nails", "massage", "service"}
)


def _other_way_round(last: Draft, made: Draft, gap: int) -> bool:
    """ "post it to the office, not home": two notes; "sparkling water, no ice" is one."""
    if last.polarity.value < 0 < made.polarity.value:
        return True
    opposite = last.polarity.value > 0 > made.polarity.value
    parted = gap >= SOFT or (gap == SPACE and bool(_HAN.search(made.words)))
    return opposite and parted and made.topic.value not in _KEPT_TOGETHER


_REASONS = frozenset(
    {"delivery", "room", "transport", "arrival", "service", "travel", "luggage", "experience"}
)


_HAPPENED = re.compile(
    r"^(?:剛|刚|待[會会]|等下|等[會会]|[馬马]上)|[成到升中][了官]|了$|^just\b", re.IGNORECASE
)
_WHY = re.compile(r"^[怕擔担]|[升中成][官了獎奖]|了$|^(?:just|got|lost|won)\b", re.IGNORECASE)


def _reason_first(last: Draft, made: Draft) -> bool:
    """ "flight delayed, stressed": the mood, with what it comes from."""
    if made.kind.value == "mood" and _HAPPENED.search(last.words) and last.person is None:
        return last.kind.value in {"fact", "goal"} or last.topic.value == "health"
    bare = last.act in {"", "happened", "is"} and last.kind.value in {"preference", "fact"}
    bare = bare or (last.topic.value in _REASONS and last.act == "refuse")
    bare = bare or (last.topic.value in {"transport", "travel"} and last.act in {"have", "goal"})
    if last.topic.value == "service" and last.act != "happened":
        return False
    return made.kind.value == "mood" and bare and last.topic.value in _REASONS


def _completes(last: Draft, made: Draft) -> bool:
    """ "returned, wrong size"; "too cold, complained"; "prefers Dr Lee, female doctor"."""
    kind, before = made.kind.value, last.kind.value
    if before == "fact" and last.act == "happened" and kind == "preference":
        return made.act in _WEAK
    if kind == "fact" and made.topic.value == "experience":
        return (before == "fact" and last.act == "happened") or (before == "preference" and last.act in _WEAK)
    return before == kind == "preference" and last.topic.value == "other" and made.act == ""


def _same_again(last: Draft, made: Draft) -> bool:
    """ "headache, dizzy"; "speaks German and English"; "muslim, prayer mat"; "dog Coco, corgi"."""
    kind = made.kind.value
    if made.echo and last.kind.value == "need" and last.topic.value in {"allergy", "diet"}:
        return True
    if made.topic.value == last.topic.value == "allergy" and made.on_body:
        return True
    if kind == "mood" and last.kind.value == "mood":
        if last.mood is None or made.mood is None:
            return False
        why = made.mood.value == "tired" and last.mood.value in {"anxious", "sad", "upset"}
        return why or last.mood.value == made.mood.value  # 有點焦慮，睡不好
    if kind == "language" and last.kind.value == "language":
        return last.polarity.value == made.polarity.value and not _SPEAKS.match(made.words)
    if made.act not in _WEAK or made.topic.value != last.topic.value:
        return False
    if kind == "person":
        same = bool(last.person and made.person and last.person.value.relation == made.person.value.relation)
        former = made.topic.value == "intimate"
        return former or (
            same and last.kind.value == "person" and not (made.person and made.person.value.name)
        )
    return (
        kind == last.kind.value and kind in {"fact", "need"} and made.topic.value not in {"diet", "allergy"}
    )


def _bare_belongs(last: Draft, made: Draft, gap: int) -> bool:
    same = made.topic.value == last.topic.value
    if made.kind.value == "need" and made.topic.value != "allergy":
        return same and last.kind.value == "need" and last.topic.value != "diet"
    if made.kind.value == "person":
        return gap <= LIST and last.kind.value == "person" and not (made.person and made.person.value.name)
    if last.act in _LISTING and made.topic.value in _EDIBLE:
        return True
    if gap <= LIST:
        return last.kind.value not in {"mood", "address_as", "language"} and bool(last.act or same)
    if same and made.kind.value == "preference" and last.kind.value in {"preference", "wish"}:
        return True
    if made.topic.value == "colour" and last.topic.value in {"nails", "hair", "product", "style", "material"}:
        return True
    return _way_of(last, made) or (last.kind.value == "wish" and last.act == "want")


def _way_of(last: Draft, made: Draft) -> bool:
    """ "coffee, no sugar"."""
    return last.topic.value in {"coffee", "tea", "drink", "alcohol"} and made.topic.value in {
        "food",
        "drink",
        "diet",
    }


def _absorb(last: Draft, made: Draft) -> Draft:
    if made.echo:  # "cannot eat peanuts, goes into shock"
        last.topic = made.topic
    if last.kind.value == "language" and last.value and made.value:
        tongues = dict.fromkeys([*last.value.value.split("+"), *made.value.value.split("+")])
        last.value = Said("+".join(tongues), last.value.start, made.value.end, last.value.confidence)
    if last.topic.value in {"other", "experience"} and not made.nothing and made.topic.value != "experience":
        last.topic = made.topic
    if made.kind.value == "fact" and made.topic.value == "experience" and last.kind.value == "preference":
        last.kind, last.polarity = made.kind, Said(0, made.start, made.end, 0.8)
        last.standing = made.standing
    _take(last, made)
    last.end = max(last.end, made.end)
    return last


def _prefix(made: Draft, before: Draft) -> None:
    _take(made, before)
    made.start = min(made.start, before.start)


def _take(into: Draft, other: Draft) -> None:
    into.parted = into.parted if into.start <= other.start else other.parted
    into.hints = [*into.hints, *other.hints]
    first, second = (into, other) if into.start <= other.start else (other, into)
    into.words = f"{first.words}, {second.words}"
    into.tokens = [*first.tokens, (",", ","), *second.tokens]
    into.references = sorted([*into.references, *other.references], key=lambda each: each.start)
    into.date = into.date or other.date
    into.may = into.may or other.may
    if into.date is not None and other.date is into.date and into.topic.value in {"birthday", "anniversary"}:
        into.date = Said(each_year(into.date.value), into.date.start, into.date.end, into.date.confidence)
    into.person = into.person or other.person
    if other.named is not None and into.person is not None and not into.person.value.name:
        relation = into.person.value.relation
        start, end = min(into.person.start, other.named.start), max(into.person.end, other.named.end)
        into.person = Said(Person(relation, other.named.value), start, end, 0.85)
    into.sensitive = into.sensitive or other.sensitive
    if not other.standing.value and other.nothing:
        into.standing = other.standing
    if into.kind.value in {"address_as", "language"} or into.topic.value in {"birthday", "anniversary"}:
        into.standing = Said(True, into.start, into.end, 0.85)


_GIVEN = frozenset({"gift", "birthday", "anniversary", "celebration"})


_SPEAKS = re.compile(r"(?:speaks?|reads?|writes?|understands?)\b", re.IGNORECASE)
_DOES = re.compile(
    r"(?!needs |wants |likes |loves |prefers |has )[a-z]+(?:s|es) |(?:does|is|was) |[在讀读念唸做教學学]",
    re.IGNORECASE,
)


def _told_of(last: Draft) -> bool:
    """It says of somebody by name or by age who they are: what they do comes next ("son is 15, does judo")."""
    return last.person is not None and (bool(last.person.value.name) or last.act == "is")


def _carry(last: Draft, made: Draft) -> None:
    if last.person is None or made.own_subject or made.kind.value in {"person", "goal"}:
        return
    if last.topic.value in _GIVEN and made.kind.value in {"preference", "wish"}:
        return  # 送女朋友的禮物，要包裝: what the customer wants
    companion = last.kind.value == "person" and made.kind.value not in {"need", "mood", "date"}
    companion = companion and not (_DOES.match(made.words) and _told_of(last))
    if made.act in _WEAK and companion and not made.for_a_child:
        return  # "with wife and kids, high floor": the customer's floor
    if made.for_a_child and last.person.value.relation != "child":
        return
    person: Person = last.person.value
    made.person = Said(person, last.person.start, last.person.end, 0.6)
    if last.sensitive is not None and last.sensitive.value == "minors" and made.sensitive is None:
        made.sensitive = last.sensitive
