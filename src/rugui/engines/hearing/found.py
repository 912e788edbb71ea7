"""Days, hours, amounts and names in a message, each with where it stands. Days and hours are read by the engines that read notes and promises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache

from ..capture.days import named_days
from ..capture.units import fold
from ..identity.surnames import TWO_CHARACTERS
from ..numerals import CHARACTERS, number
from ..promised.times import deadlines


@dataclass(frozen=True, slots=True)
class Found:
    """`kind`: day, moment, amount, or what kind of name it is. `value`: a Day, a datetime, an Amount, or the name as the house writes it."""

    kind: str
    value: object
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Amount:
    """In whole units of its currency; an empty currency is the house's own."""

    value: Decimal
    currency: str


_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?"
_BEFORE = {
    "nt$": "TWD", "hk$": "HKD", "us$": "USD", "s$": "SGD", "twd": "TWD", "hkd": "HKD", "usd": "USD", "cny": "CNY", "rmb": "CNY", "eur": "EUR", "gbp": "GBP",
    "$": "", "€": "EUR", "£": "GBP", "¥": "", "台幣": "TWD", "新台幣": "TWD", "人民幣": "CNY", "人民币": "CNY", "港幣": "HKD", "港币": "HKD",
}  # fmt: skip
_AFTER = {
    "元": "", "塊": "", "块": "", "圓": "", "圆": "", "塊錢": "", "块钱": "", "蚊": "HKD", "歐元": "EUR", "欧元": "EUR", "美金": "USD", "美元": "USD", "英鎊": "GBP",
    "英镑": "GBP", "dollars": "", "dollar": "", "euros": "EUR", "euro": "EUR", "pounds": "GBP", "pound": "GBP", "quid": "GBP", "yuan": "CNY", "usd": "USD",
    "eur": "EUR", "gbp": "GBP", "twd": "TWD", "hkd": "HKD", "rmb": "CNY", "cny": "CNY", **dict.fromkeys(("台幣", "新台幣"), "TWD"), "港幣": "HKD", "港币": "HKD",
}  # fmt: skip
_CHINESE = f"[{CHARACTERS}千萬万]+"


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(each) for each in sorted(words, key=len, reverse=True))


_AMOUNT = re.compile(
    rf"(?P<before>{_either(_BEFORE)})\s?(?P<one>{_DIGITS})(?P<k>k\b|[萬万千])?"
    rf"|(?P<two>{_DIGITS}|{_CHINESE})(?P<many>[萬万千])?\s?(?P<after>{_either(_AFTER)})(?![a-z])",
    re.IGNORECASE,
)
_TIMES = {"k": 1000, "千": 1000, "萬": 10_000, "万": 10_000}
_SURNAMES = "王李張张劉刘陳陈楊杨黃黄趙赵吳吴周徐孫孙馬马朱胡林郭何高羅罗鄭郑梁謝谢宋唐許许鄧邓馮冯韓韩曹曾彭蕭萧肖蔡潘田董袁於于余葉叶蔣蒋杜蘇苏魏程呂吕丁沈任姚盧卢傅鍾钟姜崔譚谭廖范汪陸陆金石戴賈贾韋韦夏邱方侯鄒邹熊孟秦白江閻阎薛尹段雷黎史龍龙陶賀贺顧顾毛郝龔龚邵萬万錢钱嚴严賴赖覃洪武莫孔湯汤向常溫温康施文牛樊葛邢安齊齐易喬乔伍龐庞顏颜倪莊庄聶聂章魯鲁岳翟殷詹申歐欧耿關关蘭兰焦俞左柳甘祝包寧宁尚符舒阮柯紀纪梅童凌畢毕單单裴霍塗涂成苗谷曲盛翁祁靳路卓游"
_TITLES = "先生|小姐|女士|太太|老師|老师|醫師|医师|醫生|医生|大夫|經理|经理|主任|師傅|师傅|店長|店长|教練|教练|總|总|工|姐|哥|阿姨|叔"
_CALLED = re.compile(
    rf"(?:{'|'.join(sorted(TWO_CHARACTERS))}|[{_SURNAMES}])(?:{_TITLES})|[小老阿][{_SURNAMES}](?![\u4e00-\u9fff]?[的了房])"
    r"|\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? [A-Z][a-z'’-]+(?: [A-Z][a-z'’-]+)?"
)


def days(text: str, today: date, *, day_first: bool = True) -> list[Found]:
    """The days that are named, as seen on `today`."""
    folded = fold(text)
    named = named_days(folded.text, today, day_first=day_first).named
    return [Found("day", each.day, *folded.original(each.start, each.end)) for each in named]


def moments(text: str, said_at: datetime, day_ends: time) -> list[Found]:
    """The hours that are named, with their day."""
    return [Found("moment", each.due, each.begins, each.ends) for each in deadlines(text, said_at, day_ends)]


def amounts(text: str) -> list[Found]:
    """Sums of money, in digits or in Chinese characters."""
    made = []
    for match in _AMOUNT.finditer(text):
        told = match["one"] or match["two"]
        value = Decimal(told.replace(",", "")) if told[0].isascii() else _chinese(told)
        if value is None:
            continue
        value *= _TIMES.get((match["k"] or match["many"] or "").lower(), 1)
        word = (match["before"] or match["after"]).lower()
        made.append(Found("amount", Amount(value, {**_AFTER, **_BEFORE}[word]), *match.span()))
    return made


def _chinese(told: str) -> Decimal | None:
    """ "兩千六" is 2,600 as it is spoken, 一萬二 12,000."""
    total, rest = 0, told
    for unit, times in (("萬", 10_000), ("万", 10_000), ("千", 1000)):
        if unit in rest:
            head, rest = rest.split(unit, 1)
            if (many := number(head)) is None:
                return None
            total += many * times
            if len(rest) == 1 and (short := number(rest)) is not None:
                return Decimal(total + short * times // 10)
    if not rest:
        return Decimal(total) if total else None
    last = number(rest.lstrip("零〇"))
    return None if last is None else Decimal(total + last)


Word = tuple[str, str, str]
"""(kind, as the house writes it, as people write it): a product, a place, a colleague."""


def names(text: str, words: Sequence[Word]) -> list[Found]:
    """Names of the house's list, and people called by a title. What the house knows comes first where both stand."""
    made = _listed(text, words) if words else []
    taken = [(each.begins, each.ends) for each in made]
    made += [
        Found("person", match[0], *match.span())
        for match in _CALLED.finditer(text)
        if not any(match.start() < ends and begins < match.end() for begins, ends in taken)
    ]
    return sorted(made, key=lambda each: (each.begins, -each.ends))


def _listed(text: str, words: Sequence[Word]) -> list[Found]:
    read = fold(text)
    return [
        Found(kind, name, *read.original(*match.span()))
        for kind, name, pattern in _patterns(tuple(words))
        for match in pattern.finditer(read.text)
    ]


@cache
def _patterns(words: tuple[Word, ...]) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    made = []
    for kind, name, written in words:
        said = fold(written).text.strip()
        if said:
            edge = (
                r"(?<![a-z0-9])" if said[0].isascii() else "",
                r"(?![a-z0-9])" if said[-1].isascii() else "",
            )
            made.append((kind, name, re.compile(edge[0] + re.escape(said) + edge[1])))
    return tuple(made)
