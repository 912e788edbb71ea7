"""Days, months and weeks as people name them, in English and Chinese, solar and lunar. Pure: today is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from ..numerals import CHARACTERS, number
from .reading import Day

_N = rf"(?:\d{{1,2}}|[{CHARACTERS}]{{1,3}})"
_MONTHS = {
    name: index + 1
    for index, names in enumerate(
        [
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ]
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WEEKDAYS = {
    name: index
    for index, names in enumerate(
        [
            "monday mon",
            "tuesday tues tue",
            "wednesday weds wed",
            "thursday thurs thur thu",
            "friday fri",
            "saturday sat",
            "sunday sun",
        ]
    )
    for name in names.split()
}
_WEEKDAY = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_ZH_WEEKDAY = {c: i for i, c in enumerate("一二三四五六日")} | {"天": 6} | {str(i + 1): i for i in range(7)}
_LUNAR_MONTHS = {"正": 1, "冬": 11, "臘": 12, "腊": 12}
_ORD = r"(?:st|nd|rd|th)?"


@dataclass(frozen=True, slots=True)
class Named:
    """A day named in folded text, from `start` to `end`."""

    day: Day
    start: int
    end: int
    repeats: bool = False
    """It can come again every year: no year was said and nothing ties it to now."""
    weekday: bool = False
    now: bool = False
    """Today or tonight: of little meaning by itself."""


class Impossible(NamedTuple):
    """A day that its month never has, where it stands in folded text: 31 Feb."""

    day: Day
    start: int
    end: int


class Days(NamedTuple):
    """What a text says of days."""

    named: list[Named]
    skipped: list[tuple[int, int]]
    """Stretches that name repeating weekdays and no day."""
    impossible: list[Impossible]


class _NoSuchDayError(ValueError):
    def __init__(self, day: Day) -> None:
        super().__init__(day.text)
        self.day = day


@dataclass(frozen=True, slots=True)
class _At:
    today: date
    day_first: bool

    def solar(self, day: date) -> Day:
        return Day(day.year, day.month, day.day)


Found = tuple[Day, bool, bool, bool] | None
Maker = Callable[[re.Match[str], _At], Found]


def _valid(year: int | None, month: int, day: int | None) -> bool:
    try:
        date(year or 2000, month, 1 if day is None else day)
    except ValueError:
        return False
    return True


def _given(year: int | None, month: int, day: int | None) -> Found:
    if _valid(year, month, day):
        return Day(year, month, day), year is None, False, False
    if (
        day is not None and 28 < day <= 31 and 1 <= month <= 12
    ):  # more than that is no slip, but no day at all
        raise _NoSuchDayError(Day(year, month, day))
    return None


def _exact(day: date, *, weekday: bool = False, now: bool = False) -> Found:
    return Day(day.year, day.month, day.day), False, weekday, now


def _year(text: str | None, *, republic: bool = False) -> int | None:
    if not text:
        return None
    value = number(text)
    if value is None:
        return None
    if republic:
        return value + 1911
    if value < 100:
        return 1900 + value if value > 30 else 2000 + value
    return value if 1800 < value < 2200 else None


def _chinese(match: re.Match[str], at: _At) -> Found:
    said_month = match["month"]
    month = _LUNAR_MONTHS.get(said_month) or number(said_month)
    day = number(match["day"]) if match["day"] else None
    year = _year(match["year"], republic=bool(match["republic"]))
    lunar = bool(match["lunar"] or match["leap"] or match["early"] or said_month in _LUNAR_MONTHS)
    if month is None or not 1 <= month <= 12 or (match["day"] and day is None):
        return None
    if lunar:
        if day == 31:
            raise _NoSuchDayError(Day(year, month, day, lunar=True, leap=bool(match["leap"])))
        if day is not None and not 1 <= day <= 30:
            return None
        return Day(year, month, day, lunar=True, leap=bool(match["leap"])), year is None, False, False
    return _given(year, month, day)


def _slashed(match: re.Match[str], at: _At) -> Found:
    first, second = int(match["a"]), int(match["b"])
    year = _year(match["c"])
    month, day = (second, first) if (at.day_first and second <= 12) or first > 12 else (first, second)
    return _given(year, month, day) if 1 <= month <= 12 else None


def _iso(match: re.Match[str], at: _At) -> Found:
    return _given(int(match[1]), int(match[2]), int(match[3])) if 1 <= int(match[2]) <= 12 else None


def _english(match: re.Match[str], at: _At) -> Found:
    day = int(match["d"]) if match["d"] else None
    return _given(_year(match["y"]), _MONTHS[match["m"]], day)


def _english_month(match: re.Match[str], at: _At) -> Found:
    return _given(_year(match["y"]), _MONTHS[match["m"]], None)


def _relative(match: re.Match[str], at: _At) -> Found:
    word = re.sub(r"\s+", " ", match.group())
    days = _NEAR[word]
    return _exact(at.today + timedelta(days), now=days == 0)


_NEAR = (
    dict.fromkeys(("today", "tonight", "tonite", "今天", "今晚", "今日", "今早", "今夜"), 0)
    | dict.fromkeys(
        (
            "tomorrow",
            "tmrw",
            "tmr",
            "2moro",
            "tomorow",
            "tommorow",
            "tommorrow",
            "明天",
            "明日",
            "明晚",
            "明早",
            "聽日",
            "聽朝",
            "听朝",
        ),
        1,
    )
    | dict.fromkeys(("day after tomorrow", "後天", "后天", "後日"), 2)
    | dict.fromkeys(("大後天", "大后天"), 3)
    | dict.fromkeys(("yesterday", "昨天", "昨晚", "昨日"), -1)
)


def _weekday(match: re.Match[str], at: _At) -> Found:
    wanted = _WEEKDAYS[match["w"]]
    how = match["how"] or ""
    monday = at.today - timedelta(at.today.weekday())
    if how.startswith(("next", "nxt")):
        return _exact(monday + timedelta(7 + wanted), weekday=True)
    if how.startswith("this"):
        return _exact(monday + timedelta(wanted), weekday=True)
    if how.startswith("last"):
        return _exact(monday + timedelta(wanted - 7), weekday=True)
    return _exact(at.today + timedelta((wanted - at.today.weekday()) % 7), weekday=True)


def _zh_weekday(match: re.Match[str], at: _At) -> Found:
    wanted = _ZH_WEEKDAY[match["w"]]
    how = match["how"] or ""
    monday = at.today - timedelta(at.today.weekday())
    if "下" in how:
        return _exact(monday + timedelta(7 * how.count("下") + wanted), weekday=True)
    if how[:1] in {"這", "这", "本"}:
        return _exact(monday + timedelta(wanted), weekday=True)
    if "上" in how:
        return _exact(monday + timedelta(wanted - 7), weekday=True)
    return _exact(at.today + timedelta((wanted - at.today.weekday()) % 7), weekday=True)


def _week(match: re.Match[str], at: _At) -> Found:
    said = match.group()
    weeks = 0 if said[:4] == "this" or said[:1] in {"這", "这", "本"} else max(1, said.count("下"))
    year, week, _day = (at.today + timedelta(7 * weeks)).isocalendar()
    return Day(year, week=week), False, False, False


def _months_on(today: date, months: int) -> tuple[int, int]:
    index = today.year * 12 + today.month - 1 + months
    return index // 12, index % 12 + 1


def _month(match: re.Match[str], at: _At) -> Found:
    said = match["how"]
    later = 0 if said[:4] == "this" or said[:1] in {"這", "这", "本"} else max(1, said.count("下"))
    year, month = _months_on(at.today, later)
    day = number(match["day"]) if match.groupdict().get("day") else None
    return (Day(year, month, day), False, False, False) if _valid(year, month, day) else None


def _ahead(match: re.Match[str], at: _At) -> Found:
    said = match["n"]
    count = _WORDS.get(said) or number(said)
    if count is None or count > 400:
        return None
    unit = match["u"]
    if unit[0] in "m月個个":
        year, month = _months_on(at.today, count)
        return Day(year, month), False, False, False
    return _exact(at.today + timedelta(count * (7 if unit[0] in "w週周星禮礼" else 1)))


_WORDS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}


def _day_alone(match: re.Match[str], at: _At) -> Found:
    day = number(match["day"])
    if day is None or not 1 <= day <= 31:
        return None
    for later in range(3):
        year, month = _months_on(at.today, later)
        if _valid(year, month, day) and date(year, month, day) >= at.today:
            return _exact(date(year, month, day))
    return None


_LUNAR = r"(?P<lunar>(?:農曆|农历|陰曆|阴历|舊曆|旧历|農歷|阴歷|古曆|lunar(?:\s+calendar)?)\s*)?"
_RULES: tuple[tuple[re.Pattern[str], Maker | None], ...] = tuple(
    (re.compile(pattern), maker)
    for pattern, maker in (
        # Every Tuesday, on Saturdays: no day, but to be stepped over.
        (rf"\b(?:every|each)\s+(?:{_MONTH})\b", None),
        (rf"(?:每年|年年)(?:的)?{_N}月(?:{_N}[日號号])?", None),
        (
            rf"\b(?:every|each|most)\s+(?:{_WEEKDAY})\b|\b(?:{'|'.join(w for w in _WEEKDAYS if len(w) > 5)})s\b",
            None,
        ),
        (
            rf"\b(?:{_WEEKDAY})s?(?:\s*(?:,|and|or|&|/)\s*(?:{_WEEKDAY})s?)+\s+(?:mornings|afternoons|evenings|nights|slots|only|best)\b",
            None,
        ),
        (rf"\b(?:{_WEEKDAY})s?\s+(?:mornings|afternoons|evenings|nights|slots)\b", None),
        (
            rf"\b(?:{_WEEKDAY})s?\s+(?:morning|afternoon|evening|night|lunch|lunchtime)\s+(?:only|slots?|best|appointments?|suits?|works?)\b",
            None,
        ),
        (
            r"(?:每|逢)(?:個|个)?(?:週|周|星期|禮拜|礼拜)[一二三四五六日天](?:[、和及到至][一二三四五六日天])*",
            None,
        ),
        (r"(?<!\d)((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", _iso),
        (
            (
                rf"{_LUNAR}(?:(?P<republic>民國|民国)?(?P<year>\d{{2,4}}|[〇零一二三四五六七八九十]{{2,4}})\s*年\s*)?(?P<leap>閏|闰)?"
                rf"(?P<month>正|冬|臘|腊|{_N})\s*月\s*(?:(?P<early>初)?(?P<day>{_N})\s*(?:日|號|号)?)?"
                r"(?![個个\d])"
            ),
            _chinese,
        ),
        (r"(?:lunar\s+(?:calendar\s+)?)(?P<m>\d{1,2})[/.-](?P<d>\d{1,2})", None),
        (
            rf"\b(?P<d>\d{{1,2}}){_ORD}\s*(?:-|–|to)\s*\d{{1,2}}{_ORD}\s*(?P<m>{_MONTH})\b\.?(?:,?\s*(?P<y>(?:19|20)\d\d))?",
            _english,
        ),
        (
            rf"\b(?P<d>\d{{1,2}}){_ORD}\s*(?:of\s+)?(?P<m>{_MONTH})\b\.?(?:,?\s*(?P<y>(?:19|20)\d\d))?",
            _english,
        ),
        (
            rf"\b(?P<m>{_MONTH})\b\.?\s*(?:the\s+)?(?P<d>\d{{1,2}}){_ORD}(?![\d:])(?:,?\s*(?P<y>(?:19|20)\d\d))?",
            _english,
        ),
        (r"(?<![\d/])(?P<a>\d{1,2})/(?P<b>\d{1,2})(?:/(?P<c>\d{4}|\d\d))?(?![\d/])", _slashed),
        (
            rf"\b(?:in|of|next|this|every|mid|early|late|end of|until|from|due|runs out|expires|til|till)\s+(?P<m>{_MONTH})\b(?:\s+(?P<y>(?:19|20)\d\d))?",
            _english_month,
        ),
        (r"\bday\s+after\s+tomorrow\b", _relative),
        (
            r"\b(?:today|tonight|tonite|tomorrow|tmrw|tmr|2moro|tomorow|tommorow|tommorrow|yesterday)\b",
            _relative,
        ),
        (
            r"大後天|大后天|後天|后天|後日|今天|今晚|今日|今早|今夜|明天|明日|明晚|明早|聽日|聽朝|听朝|昨天|昨晚|昨日",
            _relative,
        ),
        (rf"\b(?:{_WEEKDAY})\.?,?\s+(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)\b", _day_alone),
        (rf"\b(?:(?P<how>this|next|nxt|last)\s+)?(?:coming\s+)?(?P<w>{_WEEKDAY})\b", _weekday),
        (
            r"(?P<how>下下個?|下個?|下个|這個?|这个?|本|上個?|上个)?(?:週|周|星期|禮拜|礼拜)(?P<w>[一二三四五六日天1-7])(?![年歲岁個个次])",
            _zh_weekday,
        ),
        (
            r"\b(?:this|next)\s+week\b|(?:下下|下|這|这|本)(?:個|个)?(?:週|周(?!末|年|歲|岁)|星期|禮拜|礼拜)(?![末一二三四五六日天])",
            _week,
        ),
        (rf"(?P<how>下下|下|這|这|本)(?:個|个)?月\s*(?:(?P<day>{_N})\s*(?:日|號|号))?", _month),
        (r"\b(?P<how>this|next)\s+month\b", _month),
        (
            r"\bin\s+(?P<n>a|one|two|three|four|five|six|seven|ten|\d{1,3})\s+(?P<u>day|week|month)s?\b",
            _ahead,
        ),
        (
            rf"(?P<n>\d{{1,3}}|[{CHARACTERS}]{{1,3}})\s*(?:個|个)?(?P<u>天|週|周|星期|禮拜|礼拜|月)(?:之)?[後后](?!天)",
            _ahead,
        ),
        (r"\b(?:on\s+)?the\s+(?P<day>\d{1,2})(?:st|nd|rd|th)\b", _day_alone),
        (
            rf"(?<![\d第房室桌單单月大小加廂厢間间圈穿碼码窄寬宽.〇零一二三四五六七八九十廿卅])(?P<day>\d{{1,2}}|[{CHARACTERS}]{{1,3}})[號号日](?!房|室|桌|線|线|店|鞋|的鞋|常|本|式|系|技|師|师|設計|设计|櫃|柜|窗|台|樓|楼|館|館|出口|門|门|廳|厅|包|球|色|半|染|碼|码|老師|老师)",
            _day_alone,
        ),
    )
)


_LUNAR_SLASH = re.compile(
    r"(?:農曆|农历|陰曆|阴历|舊曆|旧历|lunar(?:\s+calendar)?)\s*(?:生日|birthday|bday)?\s*[:：]?\s*(\d{1,2})[/.\-](\d{1,2})"
)
_BIRTH_DOTS = re.compile(
    r"(?:生日|birthday|bday|dob|born|出生)\s*[:：]?\s*(?:is\s+|on\s+|是)?(\d{1,2})[.\-](\d{1,2})(?![\d.\-])"
)


_AFTER_BIRTH = re.compile(
    r"(?:生日|birthday|bday|dob|born|出生|anniversary|紀念日|纪念日)\s*[:：]?\s*(?:is\s+|on\s+|是)?$"
)
"""What stands before 30/2 when that is meant for a day, and not for a size or a share."""
_COUNTS = re.compile(r"\s*[歲岁人位天晚個个月元塊块件]")
"""9月31歲: so many of something else."""


def _made(maker: Maker, match: re.Match[str], at: _At) -> Found | Impossible:
    try:
        return maker(match, at)
    except _NoSuchDayError as error:
        text, (start, end) = match.string, match.span()
        meant = bool(_AFTER_BIRTH.search(text[:start])) if maker is _slashed else not _COUNTS.match(text, end)
        return Impossible(error.day, start, end) if meant else None
    except (OverflowError, ValueError):  # beyond the first or the last day of the calendar
        return None


def _in_numbers(text: str) -> Iterator[Named | Impossible]:
    """Birthdays in numbers whose words say that they are: 生日 3.8."""
    for pattern, lunar in ((_LUNAR_SLASH, True), (_BIRTH_DOTS, False)):
        for match in pattern.finditer(text):
            month, of_month = int(match[1]), int(match[2])
            day, start, end = Day(None, month, of_month, lunar=lunar), match.start(1), match.end()
            if 1 <= month <= 12 and 1 <= of_month <= 31:
                there_is = of_month <= 30 if lunar else _valid(None, month, of_month)
                yield Named(day, start, end, repeats=True) if there_is else Impossible(day, start, end)


def named_days(text: str, today: date, *, day_first: bool) -> Days:
    """The days named in folded `text`, what only looks like one, and what no calendar has."""
    at = _At(today, day_first)
    found: list[Named] = []
    skipped: list[tuple[int, int]] = []
    impossible: list[Impossible] = []
    free = [True] * (len(text) + 1)
    for each in _in_numbers(text):
        if all(free[each.start : each.end]):
            found.append(each) if isinstance(each, Named) else impossible.append(each)
            free[each.start : each.end] = [False] * (each.end - each.start)
    for pattern, maker in _RULES:
        for match in pattern.finditer(text):
            start, end = match.span()
            if not all(free[start:end]):
                continue
            if maker is None:
                skipped.append((start, end))
            elif (made := _made(maker, match, at)) is None:
                continue
            elif isinstance(made, Impossible):
                impossible.append(made)
            else:
                day, repeats, weekday, now = made
                found.append(Named(day, start, end, repeats, weekday, now))
            free[start:end] = [False] * (end - start)
    return Days(
        sorted(found, key=lambda each: each.start), skipped, sorted(impossible, key=lambda each: each.start)
    )


def next_time(day: Day, today: date) -> Day:
    """A day without its year, as the next such day from today on."""
    if day.lunar or day.year is not None or day.month is None:
        return day
    for year in range(today.year, today.year + 9):
        if day.day is None:
            if (year, day.month) >= (today.year, today.month):
                return Day(year, day.month)
        elif _valid(year, day.month, day.day) and date(year, day.month, day.day) >= today:
            return Day(year, day.month, day.day)
    return day


def each_year(day: Day) -> Day:
    """A day near now as one that comes every year: "birthday tomorrow"."""
    return Day(None, day.month, day.day, lunar=day.lunar, leap=day.leap) if day.month else day
