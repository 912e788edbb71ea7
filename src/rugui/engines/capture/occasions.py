"""Days that matter, and why people are here."""

from __future__ import annotations

import re

from .look import Look, about, main_thing, new_draft
from .reading import AGAINST, FOR, NEITHER, Draft

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


def date_said(look: Look) -> Draft | None:
    if look.act == "goal":
        return new_draft(look, "date", "birthday", NEITHER) if _has_birthday(look) else None
    return None if look.said("like dislike need") else _date_said(look)


def _date_said(look: Look) -> Draft | None:
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


_HAS_BIRTHDAY = re.compile(r"(?<![來来給给幫帮])[過过]生日")


def _at_table(look: Look) -> bool:
    """They sit there: 12桌女友生日 is why they came."""
    return any(
        reference.kind in {"table", "booking"} and start < look.end and look.start < end
        for reference, start, end in look.line.references
    )


_GOES_AT = re.compile(
    r"flight|train|ferry|flies|航班|班[機机]|[飛飞][機机]|高[鐵铁]|火[車车]|船", re.IGNORECASE
)
_COMES = re.compile(
    r"^\s*(?:[早晚凌傍清上下中午晨]{2})?[\d〇一二三四五六七八九十兩两:：]*(?:[點点]半?)?(?:左右|前|後|后)?(?:才|會|会|要)?(?:到|抵達|抵达|來|来|走|離開|离开|離店|离店)\s*$"
)


def _comes(look: Look) -> bool:
    """下週二到: a day, perhaps an hour, and that they come or go."""
    return not look.things_beside_times() and any(
        not named.now and _COMES.match(look.line.text[end : look.end]) for named, _s, end in look.days or ()
    )


_TURNS = re.compile(
    r"\bturn(?:s|ing)\s+(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)",
    re.IGNORECASE,
)
_SOON = frozenset({"arrival", "appointment", "delivery", "transport"})


def _has_birthday(look: Look) -> bool:
    """儿子下周一过生日."""
    return bool(look.days) and bool(_HAS_BIRTHDAY.search(look.line.text[look.start : look.end]))


def _is_birth(look: Look) -> bool:
    """ "1990年5月12日生", "turns 70 on Saturday"."""
    text = look.line.text
    if look.days and _TURNS.search(text[look.start : look.end]):
        return True
    return any(
        text[end : end + 1] == "生" and text[end : end + 2] not in {"生日", "生效"}
        for _n, _s, end in look.days or ()
    )


_HABIT = re.compile(r"都|每次|通常|一律|固定|\b(?:always|usually|every time|each time)\b", re.IGNORECASE)


def _habit(look: Look, topic: str) -> bool:
    """出差都坐商務艙: what they have, whenever they are here for it."""
    said = look.line.text[look.start : look.end]
    return look.line.gazetteer.topics[topic].bare == "preference" and bool(_HABIT.search(said))


_CELEBRATES = re.compile(r"celebrat|[慶庆]祝|[慶庆][賀贺]", re.IGNORECASE)


def goal(look: Look) -> Draft | None:
    main = main_thing(look, "goal")
    if look.act == "goal" and look.said("refuse abstain"):  # "doesn't celebrate birthdays"
        topic = main[1].topic if main else _occasion(look) or "celebration"
        return new_draft(look, "preference", topic, AGAINST, at=main[0] if main else None)
    if look.act == "goal" and main is not None and _habit(look, main[1].topic):
        return new_draft(look, "preference", main[1].topic, FOR, at=main[0])
    if look.act == "goal" and main is not None and main[1].topic not in {"birthday", "anniversary"}:
        start, end = look.span(look.lead)
        if _CELEBRATES.search(look.line.text[start:end]):  # whatever it is that they celebrate
            return new_draft(look, "goal", "celebration", NEITHER, at=main[0])
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
    ("birthday", ("生日", "慶生", "庆生", "做壽", "做寿", "birthday")),
    (
        "celebration",
        (
            "蜜月",
            "慶",
            "庆",
            "honeymoon",
            "celebrat",
            "求婚",
            "喜酒",
            "跨年",
            "婚",
            "滿月",
            "满月",
            "stag",
            "hen",
        ),
    ),
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
    (
        "health",
        (
            "探病",
            "看醫",
            "看医",
            "看病",
            "求診",
            "求诊",
            "手術",
            "手术",
            "開刀",
            "开刀",
            "就醫",
            "就医",
            "體檢",
            "体检",
        ),
    ),
    ("study", ("考試", "考试", "陪考")),
    ("travel", ("度假", "旅", "玩", "環島", "轉機", "转机", "散心", "holiday", "vacation", "過境", "过境")),
)


def _occasion(look: Look) -> str:
    start, end = look.span(look.lead)
    said = look.line.text[start:end].casefold()
    for words_of in (said, look.line.text[look.start : look.end].casefold()):
        if found := next(
            (topic for topic, words in _OCCASION_WORDS if any(w in words_of for w in words)), ""
        ):
            return found
    relation = next(look.piece.with_role("relation"), None)
    return relation[1].topic if relation else ""
