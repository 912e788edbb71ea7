"""Amounts of money as people write them, into whole minor units. No floating point anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from babel.numbers import get_currency_precision, list_currencies

from .base import Guess, Problem, Read, plain, shown

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
    values: list[str] = []
    problems: dict[int, Problem] = {}
    known: dict[str, str] = {"": ""}
    for index, cell in enumerate(cells):
        value = known.get(cell)
        if value is None:
            value = _currency(plain(cell)) or ""
            if value:
                known[cell] = value
            else:
                problems[index] = Problem(field, "currency", {"value": shown(cell)})
        values.append(value)
    return values, problems


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
    amounts: list[int] = []
    found: list[str] = []
    problems: dict[int, Problem] = {}
    quick = decimal == "."
    match_plain = _PLAIN.fullmatch
    for index, cell in enumerate(cells):
        currency = named[index] or default
        if quick and match_plain(cell):
            whole, point, cents = cell.partition(".")
            digits = precision(currency)
            if not point:
                amounts.append(int(whole) * 10**digits)
                found.append(currency)
                continue
            if digits == 2:
                amounts.append(int(whole + cents))
                found.append(currency)
                continue
        try:
            amount, currency = _amount(plain(cell), decimal, default, named[index])
        except _Unreadable as error:
            problems[index] = Problem(field, error.code, {"value": shown(cell), **error.values})
            amount = 0
        amounts.append(amount)
        found.append(currency)
    return amounts, found, problems


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
