"""Amounts of money as people write them, into whole minor units. No floating point anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from babel.numbers import get_currency_precision, list_currencies

from .base import Guess, Problem, Read, each_once, plain, shown

LARGEST = 10**15
"""Minor units; more than any business takes at once, and far below what the database can hold."""

_SYMBOLS = {
    "NT$": "TWD", "NTD$": "TWD", "NTD": "TWD", "NT": "TWD", "US$": "USD", "HK$": "HKD", "S$": "SGD", "A$": "AUD",
    "C$": "CAD", "NZ$": "NZD", "€": "EUR", "£": "GBP", "₩": "KRW", "₹": "INR", "₫": "VND", "฿": "THB", "RMB": "CNY",
    "人民幣": "CNY", "人民币": "CNY", "新臺幣": "TWD", "新台幣": "TWD", "新台币": "TWD", "港幣": "HKD", "港币": "HKD",
}  # fmt: skip
_AMBIGUOUS = {"$", "¥", "元", "圓", "圆", "円", "塊", "块", "元整"}
_MARK = r"[A-Za-z]{0,3}[$€£¥₩₹₫฿]|[A-Za-z]{2,4}|[元圓圆円塊块]整?|人民[幣币]|新[臺台][幣币]|港[幣币]"
_SHAPE = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[-+])?\s*(?P<before>{_MARK})?\s*(?P<sign2>[-+])?\s*"
    rf"(?P<number>\d[\d.,'’ ]*|[.,]\d+)\s*(?P<after>{_MARK})?\s*(?P<sign3>-)?\s*(?P<close>\))?"
)
_DIGITS = {
    ".": re.compile(r"(?:\d+|\d{1,3}(?:[,'’ ]\d{3})+|\d{1,2}(?:,\d{2})+,\d{3})?(?:\.(?P<cents>\d*))?"),
    ",": re.compile(r"(?:\d+|\d{1,3}(?:[.'’ ]\d{3})+)?(?:,(?P<cents>\d*))?"),
}
_PLAIN = re.compile(r"-?\d{1,13}(?:\.\d\d)?")


@cache
def currencies() -> frozenset[str]:
    """The ISO 4217 codes that are known."""
    return frozenset(list_currencies())


@cache
def precision(currency: str) -> int:
    """How many decimals a currency has."""
    return int(get_currency_precision(currency))


def guess_decimal(cells: Iterable[str]) -> Guess[str]:
    """Whether `.` or `,` parts the cents, from every cell of the sample."""
    votes = {".": 0.0, ",": 0.0}
    for cell in map(plain, cells):
        point, comma = cell.rfind("."), cell.rfind(",")
        if point >= 0 and comma >= 0:
            votes["." if point > comma else ","] += 3
        for mark, other, at in ((".", ",", point), (",", ".", comma)):
            if at < 0 or (point >= 0 and comma >= 0):
                continue
            digits = sum(letter.isdigit() for letter in cell[at:])
            if cell.count(mark) > 1 or digits == 3:
                votes[other] += 2 if cell.count(mark) > 1 else 0.25
            else:
                votes[mark] += 1
    if votes["."] == votes[","]:
        return Guess(".", 0.6)
    value = max(votes, key=lambda mark: votes[mark])
    total = sum(votes.values())
    return Guess(value, round(min(0.99 if total >= 1 else 0.7, votes[value] / total), 2))


def read_currencies(field: str, cells: Sequence[str]) -> Read:
    """Three-letter codes, from codes or unmistakable symbols; empty cells stay empty."""

    def one(cell: str) -> str | Problem:
        return _currency(plain(cell)) or Problem(field, "currency", {"value": shown(cell)})

    return each_once(cells, one)


def _currency(mark: str) -> str | None:
    mark = mark.upper()
    return mark if mark in currencies() else _SYMBOLS.get(mark)


def read_amounts(
    field: str, cells: Sequence[str], decimal: str, default: str, named: Sequence[str]
) -> tuple[list[int], list[str], dict[int, Problem]]:
    """Minor units (negative for money given back), the currency of each, and the problems.

    `named` is the currency column, with an empty string where a row has none; then the cell's own mark
    counts, then `default`.
    """
    known: dict[tuple[str, str], tuple[int, str]] = {}
    wrong: dict[tuple[str, str], Problem] = {}
    pairs = list(zip(cells, named, strict=True))
    for pair in set(pairs):
        try:
            known[pair] = _quick(*pair, decimal, default) or _amount(
                plain(pair[0]), decimal, default, pair[1]
            )
        except _Unreadable as error:
            wrong[pair] = Problem(field, error.code, {"value": shown(pair[0]), **error.values})
            known[pair] = 0, pair[1] or default
    found = list(map(known.__getitem__, pairs))
    problems = {index: wrong[pair] for index, pair in enumerate(pairs) if pair in wrong} if wrong else {}
    return [amount for amount, _currency in found], [currency for _amount, currency in found], problems


def _quick(cell: str, named: str, decimal: str, default: str) -> tuple[int, str] | None:
    """Plain digits, which most cells are."""
    if decimal != "." or not _PLAIN.fullmatch(cell):
        return None
    currency = named or default
    digits = precision(currency)
    whole, point, cents = cell.partition(".")
    if not point:
        return int(whole) * 10**digits, currency
    return (int(whole + cents), currency) if digits == 2 else None


class _Unreadable(Exception):
    def __init__(self, code: str, **values: str) -> None:
        self.code, self.values = code, values


def _amount(text: str, decimal: str, default: str, named: str) -> tuple[int, str]:
    text = text.replace("−", "-").replace("–", "-").replace("\u00a0", " ").replace("\u202f", " ")
    text = re.sub(r"[.,]-+$", "", text)  # 12.- is twelve, as the Swiss write it
    if not text:
        raise _Unreadable("missing")
    match = _SHAPE.fullmatch(text)
    if not match or bool(match["open"]) != bool(match["close"]):
        raise _Unreadable("amount", decimal=decimal)
    currency = _named_in(match["before"], match["after"], named) or named or default
    number = _DIGITS[decimal].fullmatch(match["number"].strip())
    if not number or not any(letter.isdigit() for letter in match["number"]):
        raise _Unreadable("amount", decimal=decimal)
    cents = number["cents"] or ""
    whole = "".join(letter for letter in match["number"].split(decimal)[0] if letter.isdigit())
    digits = precision(currency)
    if cents[digits:].strip("0"):
        raise _Unreadable("decimals", currency=currency, decimals=str(digits))
    amount = int((whole or "0") + cents[:digits].ljust(digits, "0"))
    if amount > LARGEST:
        raise _Unreadable("amount_large")
    signs = [match["open"], match["sign"] == "-", match["sign2"] == "-", match["sign3"]]
    return (-amount if sum(map(bool, signs)) % 2 else amount), currency


def _named_in(before: str | None, after: str | None, named: str) -> str | None:
    """The currency that a cell's own marks name, or None; a mark against the currency column is a mistake."""
    found = None
    for mark in (before, after):
        if not mark or mark in _AMBIGUOUS:
            continue
        currency = _currency(mark)
        if currency is None or (found and currency != found) or (named and currency != named):
            raise _Unreadable("currency_mark", mark=mark, currency=named)
        found = currency
    return found
