"""In which language and script something is written, from the first few characters on.

Letters tell the language; characters that only one Chinese script writes tell the script (what Big5 has and GB 2312 lacks, or
the other way round), and so do words that only one of its shores uses. Where nothing tells, the share of each among messages.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache

from ..coach.fold import only_simplified, only_traditional

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002ffff]")
_KANA = re.compile("[\u3041-\u30ff]")
_LATIN = re.compile("[A-Za-z]+(?:['’][A-Za-z]+)?")
_ACCENTED = re.compile("[À-ÖØ-öø-ÿĀ-ž]")
_OTHER = re.compile("[\u0370-\u06ff\u0900-\u0dff\u0e00-\u0eff\u1100-\u11ff\uac00-\ud7af]")
_ENGLISH = frozenset(
    [
        "a",
        "about",
        "after",
        "again",
        "all",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
        "can't",
        "could",
        "did",
        "do",
        "does",
        "don't",
        "for",
        "from",
        "get",
        "go",
        "good",
        "got",
        "had",
        "has",
        "have",
        "he",
        "hello",
        "her",
        "hi",
        "him",
        "his",
        "how",
        "i",
        "i'd",
        "i'm",
        "i've",
        "if",
        "in",
        "is",
        "it",
        "it's",
        "its",
        "just",
        "like",
        "me",
        "my",
        "need",
        "new",
        "no",
        "not",
        "now",
        "of",
        "on",
        "one",
        "or",
        "our",
        "out",
        "please",
        "room",
        "she",
        "so",
        "some",
        "still",
        "thank",
        "thanks",
        "that",
        "the",
        "their",
        "them",
        "there",
        "they",
        "this",
        "time",
        "to",
        "today",
        "tomorrow",
        "too",
        "up",
        "us",
        "very",
        "want",
        "was",
        "we",
        "we'd",
        "we're",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "would",
        "yes",
        "you",
        "your",
    ]
)
_ELSEWHERE = frozenset(
    [
        "le",
        "la",
        "les",
        "des",
        "une",
        "est",
        "pas",
        "je",
        "nous",
        "vous",
        "avec",
        "pour",
        "der",
        "die",
        "das",
        "und",
        "ist",
        "nicht",
        "ich",
        "wir",
        "sie",
        "mit",
        "für",
        "el",
        "los",
        "una",
        "por",
        "que",
        "con",
        "para",
        "como",
        "está",
        "il",
        "che",
        "non",
        "sono",
        "per",
        "di",
        "een",
        "het",
        "niet",
        "wij",
        "van",
    ]
)
_HERE = "[啲咗嘅唔喺哋冇嗰嚟咁噉㗎俾]|捷運|計程車|便當|影印|發票"
_THERE = "[咱啥俩嘞呗]|咋|靠谱|打车|给力|酒店|微信|快递|小票"
_ONE_MORE = 4.6
"""What a character of one script weighs (log odds): about one in a hundred stands in a text of the other."""
_WORD = 1.5
_PRIOR_HANS = 0.55


@dataclass(frozen=True, slots=True)
class Tongue:
    """`language`: en, zh, or empty for any other. `script`: Hant or Hans, of Chinese. The chances are of either being right."""

    language: str
    script: str
    chance: float
    script_chance: float

    @property
    def code(self) -> str:
        """`en`, `zh-Hant`, `zh-Hans`, or empty."""
        return f"{self.language}-{self.script}" if self.script else self.language


@cache
def _scripts() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    traditional, simplified = ("".join(sorted(each)) for each in (only_traditional(), only_simplified()))
    return (
        re.compile(f"[{traditional}]"),
        re.compile(f"[{simplified}]"),
        re.compile(_HERE),
        re.compile(_THERE),
    )


def tongue(text: str) -> Tongue:
    """The language and script of `text`; nothing is asked of its length."""
    han, kana = len(_HAN.findall(text)), len(_KANA.findall(text))
    words = [each.lower().replace("’", "'") for each in _LATIN.findall(text)]
    if kana and kana * 4 >= han:
        return Tongue("", "", 0.97, 0.0)
    if han and han * 2 >= len(words):
        chance = 1 - 0.02 / (1 + han)
        script, script_chance = _script(text)
        return Tongue("zh", script, chance, script_chance)
    if _OTHER.search(text) or not words:
        return Tongue("", "", 0.9 if _OTHER.search(text) else 0.5, 0.0)
    return _latin(text, words)


def _script(text: str) -> tuple[str, float]:
    traditional, simplified, here, there = (len(each.findall(text)) for each in _scripts())
    odds = (
        math.log(_PRIOR_HANS / (1 - _PRIOR_HANS))
        + _ONE_MORE * (simplified - traditional)
        + _WORD * (there - here)
    )
    chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
    return ("Hans", chance) if chance >= 0.5 else ("Hant", 1 - chance)


def _latin(text: str, words: list[str]) -> Tongue:
    english = sum(each in _ENGLISH for each in words)
    elsewhere = sum(each in _ELSEWHERE for each in words) + len(_ACCENTED.findall(text))
    odds = 2.5 + 1.5 * english - 1.8 * elsewhere - 0.15 * max(0, len(words) - 4) * (english == 0)
    chance = 1 / (1 + math.exp(-odds))
    return Tongue("en", "", chance, 0.0) if chance >= 0.5 else Tongue("", "", 1 - chance, 0.0)
