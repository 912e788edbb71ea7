"""How sure it is that a message is about something that hit many, from its words alone (docs/engines/touched.md).

Two piles of messages are compared, as in a naive Bayes classifier over the presence of terms: those known to be about it
(what the house wrote about it counts as one of them), and what customers of the place complained of before. Each term of a
message speaks for one pile or the other by how much more often it is met there; terms that both piles have say nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log

LIKELY = 0.5
"""From here on it is worth somebody's look."""
MOST_EACH = 2.5
"""No single term speaks louder than e^2.5 to 1, however rare it is."""
_WORD = re.compile(r"[a-z0-9à-ɏ']{3,}|[㐀-鿿]+")
_WORDS = (
    "the and for was were that this with have has had not you your our are but from they them there been when what all one any"
    " out very just can could would about into then than she him her his its it's i'm will who how did does don't"
)
_STOP = frozenset(_WORDS.split())
_PAIRS = "我們 我们 你們 你们 可以 沒有 没有 什麼 什么 怎麼 怎么 已經 已经 現在 现在 這個 这个 一個 一个 請問 请问 謝謝 谢谢 還是 还是 就是"
_STOP_PAIRS = frozenset(_PAIRS.split())


@dataclass(frozen=True, slots=True)
class Model:
    """How many messages of each pile have a term."""

    about: Counter[str]
    messages: float
    before: Counter[str]
    total: int


@dataclass(frozen=True, slots=True)
class Sure:
    chance: float
    """Between 0.01 and 0.99."""
    terms: tuple[str, ...]
    """Those that speak for it, the strongest first."""

    @property
    def likely(self) -> bool:
        return self.chance >= LIKELY and bool(self.terms)

    @property
    def percent(self) -> int:
        return round(100 * self.chance)


def terms(text: str) -> set[str]:
    """Words of Latin script, without endings of the plural; of Chinese each pair of neighbours."""
    found: set[str] = set()
    for piece in _WORD.findall(text.lower()):
        if piece[0] >= "㐀":
            found |= {piece[i : i + 2] for i in range(len(piece) - 1)} - _STOP_PAIRS or {piece}
        elif piece not in _STOP:
            found.add(piece[:-1] if piece.endswith("s") and len(piece) > 4 else piece)
    return found


def learn(stated: Iterable[str], joined: Sequence[str], before: Sequence[str]) -> Model:
    """From what the house wrote about it, the messages known to be about it, and those of before."""
    about: Counter[str] = Counter(terms("\n".join(stated)))
    for message in joined:
        about.update(terms(message))
    earlier: Counter[str] = Counter()
    for message in before:
        earlier.update(terms(message))
    return Model(about, 1.0 + len(joined), earlier, len(before))


def sure(model: Model, text: str, *, prior: float = 0.3) -> Sure:
    """How likely it is that the message is about it. `prior` is the share among messages that come in meanwhile.

    A term that the messages about it do not have speaks against it a little: most of what people write is filling.
    """
    weights: dict[str, float] = {}
    against = 0.0
    for term in terms(text):
        known = model.about.get(term, 0)
        rate = (model.before.get(term, 0) + 0.5) / (model.total + 10)
        if known:
            weights[term] = max(-MOST_EACH, min(MOST_EACH, log((known + 0.5) / (model.messages + 1) / rate)))
        else:
            against -= 0.08
    odds = log(prior / (1 - prior)) + sum(weights.values()) + max(against, -1.2)
    chance = min(0.99, max(0.01, 1 / (1 + exp(-odds))))
    spoke = sorted((each for each in weights.items() if each[1] > 0), key=lambda each: (-each[1], each[0]))
    return Sure(chance, tuple(term for term, _weight in spoke[:4]))
