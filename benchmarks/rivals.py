"""Questions that nobody could answer: somebody else fits what was typed as well as, or better than, whoever was meant.

A card that is read like what was typed without any slip, and is not one of those meant, makes a question one of these:
"li xiuqing" for Li Xiuqin where a Li Xiuqing has a card, "jones 4220" where two Joneses have these digits, a wrong
digit that leads to a number one digit from another's too. They are asked and counted like all others; their number, and
the recall of the rest, stand beside.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable

from . import people
from .people import Asked, Person


class Town:
    """People by what may be said of them exactly."""

    def __init__(self, town: Iterable[Person]) -> None:
        self.number: dict[str, set[int]] = defaultdict(set)
        self.ends: dict[str, list[Person]] = defaultdict(list)
        self.address: dict[str, set[int]] = defaultdict(set)
        self.latin: dict[str, set[int]] = defaultdict(set)
        self.read: dict[str, set[int]] = defaultdict(set)
        self.wade: dict[str, set[int]] = defaultdict(set)
        self.shown: dict[int, bool] = {}
        self.phone: dict[int, str] = {}
        for one in town:
            if one.phone:
                self.phone[one.id] = one.phone
                self.number[one.phone[-7:]].add(one.id)
                self.ends[one.phone[-4:]].append(one)
            if one.email:
                self.address[people.delivered(one.email)].add(one.id)
            self.latin[_sorted(one.name)].add(one.id)
            if one.chinese:
                self.read["".join(one.said)].add(one.id)
                self.wade[_plain(people.wade_giles(*one.true, random.Random(1)))].add(one.id)
                self.shown[one.id] = any("\u4e00" <= each <= "\u9fff" for each in one.name + one.also)

    def ambiguous(self, asked: Asked) -> bool:
        """Whether somebody who was not meant fits the words exactly."""
        return bool(self._fitting(asked) - asked.right)

    def _fitting(self, asked: Asked) -> set[int]:
        text, kind = asked.text, asked.kind
        digits = "".join(each for each in text if each.isdecimal())
        if kind == "phone_1digit":
            return self._one_digit_off(digits)
        if kind == "phone_tail7":
            return self.number[digits]
        if kind.startswith("tail4") or kind == "zh_en_mixed":
            return self._beside_digits(text, digits)
        if kind == "email_typo":
            return self.address[people.delivered(text)]
        if kind.startswith("en_"):
            return self.latin[_sorted(text)]
        if kind in {"zh_pinyin", "zh_fuzzy_pinyin", "zh_pinyin_typo"}:
            return self.read[_plain(text)] | self.latin[_sorted(text)]
        if kind == "zh_wadegiles":
            return self.wade[_plain(text)] | self.latin[_sorted(text)]
        if kind in {"zh_script", "zh_homophone"} and not any(self.shown.get(each) for each in asked.right):
            # Only Latin letters stand on the card that was meant: all who are read so fit the characters equally.
            return self.read[_plain("".join(people.pinyin(text)))]
        return set()

    def _one_digit_off(self, digits: str) -> set[int]:
        """Whose number differs from the one typed, as far as it was typed, in one digit at most."""
        whole, tail, found = digits.lstrip("0"), digits[-7:], set[int]()
        for near in {tail[:at] + digit + tail[at + 1 :] for at in range(7) for digit in "0123456789"}:
            for one in self.number.get(near, ()):
                theirs = self.phone[one][1:]
                size = min(len(whole), len(theirs))
                if sum(a != b for a, b in zip(whole[-size:], theirs[-size:], strict=True)) <= 1:
                    found.add(one)
        return found

    def _beside_digits(self, text: str, digits: str) -> set[int]:
        words = [each for each in text.lower().split() if not each.isdecimal()]
        return {one.id for one in self.ends[digits[-4:]] if _has(one, words)}


def _has(one: Person, words: list[str]) -> bool:
    own = {each for name in (one.name, one.also) for each in name.lower().split()}
    own |= {each.lower() for each in (*one.true, *one.said, "".join(one.true))}
    return all(word in own or people.pinyin(word) == people.pinyin("".join(one.true)) for word in words)


def _sorted(name: str) -> str:
    return " ".join(sorted(name.lower().replace(",", "").split()))


def _plain(name: str) -> str:
    return "".join(each for each in name.lower().replace("ü", "u") if each.isalpha())
