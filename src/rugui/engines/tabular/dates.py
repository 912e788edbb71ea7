"""Dates and times as people in different countries write them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone

from .base import Guess, Problem, Read, each_once, plain, shown

ORDERS = ["ymd", "dmy", "mdy", "roc"]
"""Year first, day first, month first, or years of the Republic (民國) first."""

FIRST_YEAR, LAST_YEAR = 1900, 2200
_MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW", "GU", "PR", "AS"})
_YEAR_FIRST = frozenset({"TW", "CN", "JP", "KR", "KP", "MN", "HU", "LT", "SE", "IR"})
_MONTH_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}

_TIME = re.compile(
    r"""[\sT,]*
    (?P<before>上午|下午|早上|中午|晚上|凌晨|[ap]\.?m\.?)?\s*
    (?P<hour>\d{1,2})\s*(?:[:.時时點点h]\s*(?P<minute>\d{2})?\s*分?)\s*
    (?:[:.]?\s*(?P<second>\d{2})\s*秒?(?:[.,]\d{1,9})?)?\s*
    (?P<after>[ap]\.?m\.?)?\s*
    (?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?""",
    re.VERBOSE | re.IGNORECASE,
)
_CJK = re.compile(
    r"(?P<roc>中華民國|中华民国|民國|民国)?\s*(?P<y>\d{1,4})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日號号]?"
)
_ROC = re.compile(
    r"(?:中華民國|中华民国|民國|民国)\s*(?P<y>\d{1,3})\s*[-/.]\s*(?P<m>\d{1,2})\s*[-/.]\s*(?P<d>\d{1,2})"
)
_NUMBERS = re.compile(r"(?P<a>\d{1,4})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<c>\d{1,4})(?!\d)")
_COMPACT = re.compile(r"(?P<y>(?:19|20|21)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?!\d)")
_WORDS_DAY = re.compile(
    r"(?:[a-z]{3,9},?\s+)?(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s.-]+(?P<m>[a-z]{3,9})\.?[\s,.-]+(?P<y>\d{2}|\d{4})(?!\d)",
    re.IGNORECASE,
)
_WORDS_MONTH = re.compile(
    r"(?:[a-z]{3,9},?\s+)?(?P<m>[a-z]{3,9})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})(?!\d)",
    re.IGNORECASE,
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?)?")


def looks_like_date(cell: str) -> bool:
    """Whether a cell has the shape of a date in any order."""
    return any(pattern.match(cell) for pattern in (_NUMBERS, _CJK, _ROC, _COMPACT, _WORDS_DAY, _WORDS_MONTH))


def guess_order(cells: Iterable[str], region: str) -> Guess[str]:
    """The order of day, month and year, from every cell of the sample; where they leave it open, from the region."""
    seen = Counter(_shows(cell, region) for cell in map(plain, cells))
    if seen["dmy"] and seen["mdy"]:
        return Guess("dmy" if seen["dmy"] >= seen["mdy"] else "mdy", 0.4)
    for order in ("roc", "dmy", "mdy", "ymd"):
        if seen[order]:
            return Guess(order, 0.99 if order != "roc" or region == "TW" else 0.9)
    if region in _YEAR_FIRST:
        return Guess("ymd", 0.7)
    return Guess("mdy" if region in _MONTH_FIRST else "dmy", 0.6)


def _shows(cell: str, region: str) -> str:
    """The order that this one cell proves, or nothing."""
    if _ROC.match(cell):
        return "roc"
    match = _NUMBERS.match(cell)
    if not match:
        return ""
    first, second = int(match["a"]), int(match["b"])
    if len(match["a"]) > 2:
        return "ymd" if len(match["a"]) == 4 else "roc"
    if first > 31 and len(match["c"]) < 4:
        return "roc" if region == "TW" else "ymd"
    if first > 12:
        return "dmy"
    return "mdy" if second > 12 else ""


def read_dates(field: str, cells: Sequence[str], order: str) -> Read:
    """ISO 8601 text of each date; without an offset where the cell names none. Empty cells stay empty."""

    def one(cell: str) -> str | Problem:
        try:
            return _one(cell, order)
        except _Unreadable as error:
            return Problem(field, error.code, {"value": shown(cell), "order": order})

    return each_once(cells, one)


class _Unreadable(Exception):
    def __init__(self, code: str) -> None:
        self.code = code


def _one(cell: str, order: str) -> str:
    if _ISO.fullmatch(cell):
        try:
            moment = datetime.fromisoformat(cell)
        except ValueError:
            raise _Unreadable("date_impossible") from None
    else:
        moment = _other(plain(cell), order)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise _Unreadable("date_year")
    return moment.isoformat(sep=" ")


def _other(text: str, order: str) -> datetime:
    if not text:
        raise _Unreadable("date")
    year, month, day, rest = _day(text, order)
    hour, minute, second, zone = _time(rest)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        raise _Unreadable("date_impossible") from None


def _day(text: str, order: str) -> tuple[int, int, int, str]:
    """Year, month, day, and the text after them."""
    if match := _CJK.match(text):
        year = int(match["y"])
        republic = match["roc"] or (order == "roc" and len(match["y"]) < 4)
        return (
            (year + 1911 if republic else _full(match["y"])),
            int(match["m"]),
            int(match["d"]),
            text[match.end() :],
        )
    if match := _ROC.match(text):
        return int(match["y"]) + 1911, int(match["m"]), int(match["d"]), text[match.end() :]
    if match := _NUMBERS.match(text):
        return (*_ordered(match["a"], match["b"], match["c"], order), text[match.end() :])
    if match := _COMPACT.match(text):
        return int(match["y"]), int(match["m"]), int(match["d"]), text[match.end() :]
    for pattern in (_WORDS_DAY, _WORDS_MONTH):
        if (match := pattern.match(text)) and (month := _MONTHS.get(match["m"][:3].lower())):
            return _full(match["y"]), month, int(match["d"]), text[match.end() :]
    raise _Unreadable("date")


def _ordered(a: str, b: str, c: str, order: str) -> tuple[int, int, int]:
    if len(a) == 4:
        return int(a), int(b), int(c)
    if len(c) == 4:  # the year is last, whatever the column's order says about short years
        if order == "mdy":
            return int(c), int(a), int(b)
        return int(c), int(b), int(a)
    if order == "roc":
        return int(a) + 1911, int(b), int(c)
    if len(a) == 3 or len(c) == 3:
        raise _Unreadable("date")
    if order == "ymd":
        return _full(a), int(b), int(c)
    return (_full(c), int(a), int(b)) if order == "mdy" else (_full(c), int(b), int(a))


def _full(year: str) -> int:
    """Two digits: 69–99 are of the last century, 00–68 of this one, as POSIX has it."""
    number = int(year)
    if len(year) > 2:
        return number
    return number + (1900 if number >= 69 else 2000)


def _time(rest: str) -> tuple[int, int, int, timezone | None]:
    # A weekday in brackets may stand between the date and the time: 2024/5/1(三) 14:30.
    rest = re.sub(r"^\s*(?:\([^)]{1,4}\)|[星期週周禮拜礼]{1,2}[一二三四五六日天])", "", rest).strip()
    if not rest:
        return 0, 0, 0, None
    match = _TIME.fullmatch(rest)
    if not match:
        raise _Unreadable("time")
    hour = int(match["hour"])
    half = (match["before"] or match["after"] or "").lower().replace(".", "")
    if (half in {"下午", "晚上", "pm"} and hour < 12) or (half == "中午" and hour < 6):
        hour += 12
    elif half in {"上午", "早上", "凌晨", "am"} and hour == 12:
        hour = 0
    if hour > 23:
        raise _Unreadable("time")
    minute, second = int(match["minute"] or 0), int(match["second"] or 0)
    if minute > 59 or second > 59:
        raise _Unreadable("time")
    return hour, minute, second, _zone(match["zone"])


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 15 or minutes > 59:
        raise _Unreadable("time")
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)
