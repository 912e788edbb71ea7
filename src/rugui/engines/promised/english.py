"""Deadlines in English: "in twenty minutes", "before noon", "by nine tomorrow", "no later than Friday"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from .elements import Element, Half, checked, coming, inside, nth

_UP_TO_TWENTY = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty"""
EN_NUMBERS = {word: number for number, word in enumerate(_UP_TO_TWENTY.split(), 1)}
EN_NUMBERS |= {"thirty": 30, "forty": 40, "forty-five": 45, "fifty": 50, "sixty": 60, "ninety": 90}
EN_NUMBERS |= {"a": 1, "an": 1, "a couple of": 2}
EN_NUMBER = (
    "(?:" + "|".join(sorted((re.escape(word) for word in EN_NUMBERS), key=len, reverse=True)) + r"|\d{1,3})"
)
EN_UNIT = r"(?P<unit>minutes?|mins?|hours?|hrs?|(?:working |business )?days?|weeks?)"
EN_LENGTH = re.compile(
    rf"\b(?P<how>within|in|for|after)?\s*(?:(?:the|about|another)\s+(?:next\s+)?)?(?:"
    rf"(?P<three>three quarters of an hour)|(?P<quarter>a quarter of an hour)|(?P<half>half an hour|half-hour)"
    rf"|(?P<anhalf>(?:an|one) hour and a half)|(?P<this>(?<=within the )hour|(?<=in the )hour)"
    rf"|(?P<number>{EN_NUMBER})(?P<point>\.5| and a half)?[\s-]*{EN_UNIT})\b(?P<ago>\s+ago)?",
    re.IGNORECASE,
)
EN_HOUR = "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
EN_CLOCK = re.compile(
    rf"\b(?:(?P<noon>noon|midday)|(?P<midnight>midnight)"
    rf"|(?P<past>half past|quarter past|a quarter past|quarter to|a quarter to)\s+(?P<of>{EN_HOUR}|\d{{1,2}})"
    rf"|(?P<hour>\d{{1,2}})(?:[:.h](?P<minute>\d{{2}}))?\s*(?P<half>a\.?m\b\.?|p\.?m\b\.?)?(?:\s*o'clock)?(?![\d:%]|st\b|nd\b|rd\b|th\b)"
    rf"|(?P<word>{EN_HOUR})(?:\s+o'clock|\s+(?P<wordhalf>[ap]\.?m\b\.?))?(?=\s*(?:$|[.,;!?)]|today|tomorrow|tonight|this|on|in|and|o'clock|sharp)))",
    re.IGNORECASE,
)
EN_CLOCK_LEAD = re.compile(
    r"\b(by|before|at|than|till|until|from|after|since|to|of|past)\s+$|^\s*$|\b(today|tomorrow|tonight|morning|afternoon|evening)[,\s]+$",
    re.IGNORECASE,
)
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
MONTHS = [name.lower() for name in calendar.month_name]
_MONTH = "|".join(MONTHS[1:]) + "|" + "|".join(name[:3] for name in MONTHS[1:])
EN_DAY = re.compile(
    rf"\b(?:(?P<today>today)|(?P<tomorrow>tomorrow)|(?P<after>the day after tomorrow)|(?P<next>next\s+|this\s+)?(?P<weekday>{'|'.join(WEEKDAYS)})"
    rf"|the (?P<nth>\d{{1,2}})(?:st|nd|rd|th)|(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})\b"
    rf"|(?P<month2>{_MONTH})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?P<week>)|(?P<thisweek>the end of the week))\b",
    re.IGNORECASE,
)
EN_PART = re.compile(
    r"\b(?:(?P<tonight>tonight|this evening|in the evening|evening)|(?P<afternoon>this afternoon|in the afternoon|afternoon)"
    r"|(?P<first>first thing(?: in the morning)?)|(?P<morning>this morning|in the morning|morning))\b",
    re.IGNORECASE,
)
EN_CLOSE = re.compile(
    r"\b(?:the )?end of (?:the |today's )?(?:day|business|shift)\b|\bclose of (?:business|play)\b|\b(?:eod|cob)\b",
    re.IGNORECASE,
)
EN_EXCLUDED = re.compile(r"\b(until|till|from|after|since|ago|than)\s+$", re.IGNORECASE)
EN_NO_LATER = re.compile(r"\b(no|not) later than\s+$", re.IGNORECASE)
EN_BEFORE = re.compile(r"\bbefore\s+$", re.IGNORECASE)


def elements(sentence: str, said_at: datetime) -> Iterator[Element]:
    """What `sentence` says of time, without what only looks like a deadline ("until six", "two days ago")."""
    taken: list[tuple[int, int]] = []
    for match in EN_LENGTH.finditer(sentence):
        if not match["ago"] and (match["how"] or "").lower() not in ("for", "after"):
            yield Element("length", *match.span(), length=_length(match))
        taken.append(match.span())
    for match in EN_CLOSE.finditer(sentence):
        yield Element("close", *match.span())
        taken.append(match.span())
    for match in _free(EN_DAY, sentence, taken):
        yield Element("day", *match.span(), day=_day(match, said_at.date()), before=_before(sentence, match))
        taken.append(match.span())
    for match in _free(EN_PART, sentence, taken):
        part = "evening" if match["tonight"] else str(match.lastgroup)
        yield Element("part", *match.span(), part=part, before=_before(sentence, match))
    for match in _free(EN_CLOCK, sentence, taken):
        clock = _clock(match)
        if clock and (not _bare(match) or EN_CLOCK_LEAD.search(sentence[: match.start()])):
            yield clock


def _free(pattern: re.Pattern[str], sentence: str, taken: list[tuple[int, int]]) -> Iterator[re.Match[str]]:
    for match in pattern.finditer(sentence):
        if not inside(match, taken) and not _excluded(sentence, match):
            yield match


def _bare(match: re.Match[str]) -> bool:
    """A number that may be anything: an hour only behind "by", "at" and the like."""
    return not any(match[name] for name in ("noon", "midnight", "past", "half", "wordhalf", "minute"))


def _length(match: re.Match[str]) -> timedelta:
    fixed = {"three": 45, "quarter": 15, "half": 30, "anhalf": 90, "this": 60}
    for name, minutes in fixed.items():
        if match[name]:
            return timedelta(minutes=minutes)
    word = match["number"].lower()
    number = float(word) if word.isdigit() else float(EN_NUMBERS[word])
    if match["point"]:
        number += 0.5
    unit = match["unit"].lower()
    if unit.startswith("m"):
        return timedelta(minutes=number)
    if unit.startswith("h"):
        return timedelta(hours=number)
    return timedelta(weeks=number) if unit.startswith("w") else timedelta(days=number)


def _day(match: re.Match[str], today: date) -> date:
    if match["today"]:
        return today
    if match["tomorrow"]:
        return today + timedelta(days=1)
    if match["after"]:
        return today + timedelta(days=2)
    if match["weekday"]:
        ahead = (WEEKDAYS.index(match["weekday"].lower()) - today.weekday()) % 7
        if (match["next"] or "").lower().startswith("next"):
            ahead = ahead + 7 if ahead + today.weekday() < 7 else ahead
        return today + timedelta(days=ahead)
    if match["thisweek"]:
        return today + timedelta(days=max(0, 4 - today.weekday()))
    if match["nth"]:
        return nth(today, int(match["nth"]))
    name = (match["month"] or match["month2"]).lower()
    month = next(number for number, full in enumerate(MONTHS) if full and full.startswith(name))
    return coming(today, month, int(match["day"] or match["day2"]))


def _clock(match: re.Match[str]) -> Element | None:
    span = match.span()
    if match["noon"]:
        return Element("clock", *span, hour=12, half="pm")
    if match["midnight"]:
        return Element("clock", *span, hour=24)
    if match["past"]:
        of = match["of"].lower()
        hour = int(of) if of.isdigit() else EN_NUMBERS[of]
        past = match["past"].lower()
        minute = 30 if past.startswith("half") else 15 if past.endswith("past") else 45
        return checked(Element("clock", *span, hour=hour - (minute == 45), minute=minute))
    word = (match["hour"] or match["word"]).lower()
    hour = int(word) if word.isdigit() else EN_NUMBERS[word]
    letters = (match["half"] or match["wordhalf"] or "").lower()
    half: Half = "am" if letters.startswith("a") else "pm" if letters else ""
    return checked(Element("clock", *span, hour=hour, minute=int(match["minute"] or 0), half=half))


def _excluded(sentence: str, match: re.Match[str]) -> bool:
    lead = sentence[: match.start()]
    return bool(EN_EXCLUDED.search(lead)) and not EN_NO_LATER.search(lead)


def _before(sentence: str, match: re.Match[str]) -> bool:
    return bool(EN_BEFORE.search(sentence[: match.start()]))
