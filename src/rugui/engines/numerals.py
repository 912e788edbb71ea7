"""Whole numbers in Chinese characters."""

from __future__ import annotations

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "兩": 2,
    "两": 2,
    "俩": 2,
    "元": 1,
    "正": 1,
}
_TENS = {"廿": 20, "卅": 30}
CHARACTERS = "〇零一二三四五六七八九十兩两廿卅百"


def number(text: str) -> int | None:
    """ "十五" 15, "廿三" 23, "一九八五" 1985, "8" 8; None for anything else."""
    if text.isascii():
        return int(text) if text.isdigit() else None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, None
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _TENS:
            total += _TENS[c]
        elif c in "十百":
            total += (1 if digit is None else digit) * (10 if c == "十" else 100)
            digit = None
        else:
            return None
    return total + (digit or 0)
