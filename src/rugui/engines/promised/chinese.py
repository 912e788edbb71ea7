"""Deadlines in Chinese, 繁體 and 简体: 二十分鐘內, 明天下午三點前, 半个小时之内, 下班前, 月底前."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from ..numerals import number
from .elements import Element, Half, checked, coming, inside, nth

ZH_NUMBER = r"(?:\d{1,3}|[一二三四五六七八九两兩十百]{1,5})"
ZH_LENGTH = re.compile(
    rf"(?:(?P<halfhour>半[个個]?(?:小時|小时|鐘頭|钟头))|(?P<quarter>一刻[鐘钟])|(?P<threequarters>三刻[鐘钟])"
    rf"|(?P<number>{ZH_NUMBER})\s*[个個]?(?P<point>半)?\s*[个個]?(?P<unit>分[鐘钟]|小時|小时|鐘頭|钟头|天|日(?=之?[內内])|週|周|星期|[个個]?禮拜|礼拜)(?P<half2>半)?)"
    r"(?P<tail>之?[內内]|以[內内]|後|后|之後|之后|就|前|之前|以前|来|來|左右|多)?"
)
ZH_CLOCK = re.compile(
    rf"(?P<part>凌晨|清晨|早上|早晨|上午|中午|下午|午後|傍晚|晚上|晚間|晚间|今晚|明晚|明早)?\s*"
    rf"(?:(?P<hour>{ZH_NUMBER})\s*[點点時时](?![間间候])(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<minute>{ZH_NUMBER})分?)?[鐘钟整]?"
    rf"|(?P<h>\d{{1,2}})[:：](?P<m>\d{{2}}))"
)
ZH_DAY = re.compile(
    r"(?:(?P<today>今天|今日|今(?=晚|早)|本日|當天|当天)|(?P<tomorrow>明天|明日|明(?=晚|早))|(?P<after>後天|后天)"
    r"|(?P<next>下+)?(?P<this>這|这|本)?[个個]?(?:週|周|星期|禮拜|礼拜)(?P<weekday>[一二三四五六日天])"
    r"|(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})月(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})[日号號]|(?P<nth>\d{1,2})[日号號]"
    r"|(?P<monthend>(?:這個|这个|本)?月底)|(?P<yesterday>昨[天日晚]|前天))"
)
ZH_PART = re.compile(
    r"(?P<morning>早上|上午|早晨|(?<=[明今])早)|(?P<noon>中午|正午)|(?P<afternoon>下午|午後)|(?P<evening>傍晚|晚上|晚間|晚间|(?<=[明今])晚)"
)
ZH_CLOSE = re.compile(r"下班|打烊|收工")
ZH_BEFORE = re.compile(r"^\s*(?:以前|之前|前)(?!往|來|来|台|臺)")
ZH_AFTER = re.compile(r"^\s*(?:以後|以后|之後|之后|後|后|起|開始|开始)")
ZH_WAIT = re.compile(r"(?:給我|给我|稍等|等我|再等)\s*$")
ZH_UNTIL = re.compile(r"[到至從从自由]\s*$")


def elements(sentence: str, said_at: datetime) -> Iterator[Element]:
    """What `sentence` says of time, without what only looks like a deadline (營業到八點, 十分鐘前, 週五以後)."""
    lengths = list(ZH_LENGTH.finditer(sentence))
    clocks = list(ZH_CLOCK.finditer(sentence))
    taken = [match.span() for match in lengths]
    for match in lengths:
        if _will_pass(sentence, match):
            yield Element("length", *match.span(), length=_length(match))
    for match in ZH_DAY.finditer(sentence):
        day = _day(match, said_at.date())
        if day is not None and not inside(match, taken) and not ZH_AFTER.match(sentence[match.end() :]):
            before = _before(sentence, match) and not match["monthend"]
            yield Element("day", *match.span(), day=day, before=before)
    for match in ZH_CLOSE.finditer(sentence):
        yield Element("close", *match.span())
    for match in clocks:
        begins_or_ends = ZH_AFTER.match(sentence[match.end() :]) or ZH_UNTIL.search(sentence[: match.start()])
        if not inside(match, taken) and not begins_or_ends and (clock := _clock(match)):
            yield clock
    taken += [match.span() for match in clocks]
    for match in ZH_PART.finditer(sentence):
        if not inside(match, taken):
            yield Element("part", *match.span(), part=str(match.lastgroup), before=_before(sentence, match))


def _will_pass(sentence: str, match: re.Match[str]) -> bool:
    """內, 後 and 就 look ahead; 前 looks back; without either only 稍等 and 給我 do."""
    if match["tail"]:
        return match["tail"] not in ("前", "之前", "以前", "来", "來", "左右", "多")
    return bool(ZH_WAIT.search(sentence[: match.start()]))


def _before(sentence: str, match: re.Match[str]) -> bool:
    return bool(ZH_BEFORE.match(sentence[match.end() :]))


def _length(match: re.Match[str]) -> timedelta:
    if match["halfhour"]:
        return timedelta(minutes=30)
    if match["quarter"] or match["threequarters"]:
        return timedelta(minutes=15 if match["quarter"] else 45)
    number = float(_number(match["number"]))
    if match["point"] or match["half2"]:
        number += 0.5
    unit = match["unit"]
    if unit.startswith("分"):
        return timedelta(minutes=number)
    if unit in ("小時", "小时", "鐘頭", "钟头"):
        return timedelta(hours=number)
    return timedelta(days=number) if unit in ("天", "日") else timedelta(weeks=number)


def _day(match: re.Match[str], today: date) -> date | None:
    if match["yesterday"]:
        return None
    for name, days in (("today", 0), ("tomorrow", 1), ("after", 2)):
        if match[name]:
            return today + timedelta(days=days)
    if match["weekday"]:
        weekday = "一二三四五六日天".index(match["weekday"])
        weekday = min(weekday, 6)
        monday = today - timedelta(days=today.weekday())
        if match["next"]:
            return monday + timedelta(days=7 * len(match["next"]) + weekday)
        return monday + timedelta(
            days=weekday + (7 if weekday < today.weekday() and not match["this"] else 0)
        )
    if match["monthend"]:
        return today.replace(day=calendar.monthrange(today.year, today.month)[1])
    if match["nth"]:
        return nth(today, int(match["nth"]))
    return coming(today, _number(match["month"]), _number(match["day"]))


def _clock(match: re.Match[str]) -> Element | None:
    hour = int(match["h"]) if match["h"] else _number(match["hour"])
    minute = int(match["m"] or 0)
    if match["half"]:
        minute = 30
    elif match["quarter"]:
        minute = 15 if match["quarter"] == "一" else 45
    elif match["minute"]:
        minute = _number(match["minute"])
    part = match["part"] or ""
    half: Half = ""
    if part in ("下午", "午後", "傍晚", "晚上", "晚間", "晚间", "今晚", "明晚"):
        half = "pm"
    elif part == "中午":
        half = "pm" if hour in (12, 1, 2) else "am"
    elif part:
        half = "am"
    return checked(Element("clock", *match.span(), hour=hour, minute=minute, half=half))


def _number(words: str) -> int:
    """The patterns let through only what is a number."""
    return number(words) or 0
