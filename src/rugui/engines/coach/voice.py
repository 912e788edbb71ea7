"""How a writer sounds, on six measures that can be named, each with an interval; and how far writers are apart.

Sources of what is measured (not of the word lists, which are ours):

- first person singular: Packard, Moore and McFerran, "(I'm) Happy to Help (You)", Journal of Marketing Research 55 (2018);
- concreteness: Packard and Berger, "How Concrete Language Shapes Customer Satisfaction", Journal of Consumer Research 47 (2021);
- warmth: Packard, Li and Berger, "When Language Matters", Journal of Consumer Research 51 (2024);
- ease: the length of sentences, the part of Flesch's reading ease ("A New Readability Yardstick", 1948) that fits both languages.

A ratio's standard error is the linearised one of a ratio of sums over drafts (Cochran, Sampling Techniques, 6.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import fmean, variance

from .expressions import MACROS
from .fold import folded
from .layout import Layout

LEAST = 3
"""Fewer drafts than this have no interval."""
_STUDENT = (
    12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11, 2.10, 2.09, 2.09,
)  # fmt: skip
"""Student's t at 97.5 %, by degrees of freedom from 1; beyond, 2.04 is within 2 %."""


class Measure(StrEnum):
    EASE = "ease"
    """Words a sentence, a Chinese character counting two thirds of a word. Fewer is easier."""
    WARMTH = "warmth"
    """Words of thanks, care and gladness, a hundred words."""
    CONCRETENESS = "concreteness"
    """Of words that name things and words that wave at them (issue, matter, 問題, 相關), the share that names."""
    FIRST_PERSON_SINGULAR = "first_person_singular"
    """Of I and we, the share of I."""
    NEGATION = "negation"
    """Negations a sentence."""
    PROMISED_TIMES = "promised_times"
    """Of sentences that say what we will do, the share that says when."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure with its 95 % interval; None without anything to measure, or without enough drafts for an interval."""

    value: float | None
    low: float | None
    high: float | None
    drafts: int


def _re(words: str) -> re.Pattern[str]:
    return re.compile(words)


_WORDS = _re(r"[a-z0-9]+(?:['-][a-z0-9]+)*")
_HAN = _re("[\u3400-\u9fff]")
_WARM = _re(
    r"\b(?:thanks?|thank you|glad|happy|pleased|delighted|lovely|welcome|warm(?:ly|th)?|care|caring|kind(?:ly|ness)?|sorry|enjoy|hope you|wish(?:es)?"
    r"|look(?:ing)? forward|pleasure|appreciate|dear|comfort\w*|gladly|of course)\b|谢谢|感谢|多谢|开心|高兴|欢迎|辛苦|抱歉|对不起|不好意思|祝|愿|期待|放心|安心|贴心|亲自|温|暖|陪|照顾|保重"
)
_VAGUE = _re(
    r"\b(?:issues?|matters?|situations?|things?|items?|aspects?|concerns?|regarding|related|various|certain|relevant|appropriate|process|procedure|solution|resolution"
    r"|assistance|inconvenience|service|experience|somewhat|soon|shortly)\b|问题|事宜|情况|相关|有关|方面|事项|流程|处理|后续|进行|一定的|某些|不便|服务|体验|尽快|稍后"
)
_NAMED = _re(
    rf"(?:{MACROS['time']})|(?:{MACROS['money']})|\d+|\b(?:room|key|bed|pillow|shower|towel|window|table|chair|door|heating|lamp|coffee|tea|breakfast|dinner|soup|bread"
    r"|cake|wine|parcel|box|shirt|shoes?|dress|jacket|size|colou?r|bill|receipt|card|taxi|train|bus|luggage|suitcase|phone|screen|charger|battery|cable|doctor|nurse|hair"
    r"|driver|courier|engineer|chef|street|floor|desk|lobby|bag)s?\b"
    r"|房间|钥匙|房卡|床|枕头|毛巾|浴室|热水|冷气|空调|窗|桌|椅|门|灯|咖啡|茶|早餐|晚餐|汤|面包|蛋糕|包裹|箱|衬衫|衣服|鞋|外套|尺寸|颜色|账单|发票|收据|车|行李|手机|屏幕|充电|电池|线|医师|医生|护士|头发|师傅|司机|快递|工程师|主厨|路|楼|柜台|大厅"
)
_I = _re(r"\b(?:i|i'm|i'll|i've|i'd|me|my|mine|myself)\b|我(?!们|国|店|司)|本人")
_WE = _re(r"\b(?:we|we're|we'll|we've|we'd|us|our|ours|ourselves)\b|我们|咱们|本店|本公司|敝公司|我司")
_NOT = _re(
    r"\b(?:not|no|never|none|nothing|nobody|cannot|unable|without)\b|n't\b|不(?!好意思|错|客气|过|仅|只|但|用担心|便|久)|没(?!关系|问题|事)|无法|未能|勿|别(?!人|的|墅|处)"
)
_WILL = _re(
    r"\b(?:i|we)(?:'ll| will| shall|'m going to| am going to|'re going to| are going to)\b|\byou(?:'ll| will) (?:have|get|hear|receive)\b|(?:我|我们|师傅|同事|经理)(?:[^，,。]{0,8})(?:会|将|来|去|帮您|为您|给您|马上|回电|回复)"
)
_TIME = _re(MACROS["time"])


@dataclass(frozen=True, slots=True)
class Counts:
    """(amount, of how much) per measure for one draft."""

    pairs: dict[Measure, tuple[float, float]]


def counts(text: str) -> Counts:
    """What one draft says; quotations and earlier mails are left out."""
    layout, written = Layout(text), list(folded(text))
    for number in {layout.block(begins) for begins, _ends in layout.sentences}:
        at = layout.blocks[number][0]
        for start, end, _kind in layout.zones(number):
            written[at + start : at + end] = " " * (end - start)
    sentences = ["".join(written[begins:ends]) for begins, ends in layout.sentences]
    whole = "\n".join(sentences)
    words = len(_WORDS.findall(whole)) + len(_HAN.findall(whole)) * 2 / 3

    def count(pattern: re.Pattern[str]) -> int:
        return sum(1 for _ in pattern.finditer(whole))

    named, vague, singular, plural = count(_NAMED), count(_VAGUE), count(_I), count(_WE)
    promises = [each for each in sentences if _WILL.search(each)]
    return Counts(
        {
            Measure.EASE: (words, len(sentences)),
            Measure.WARMTH: (100 * count(_WARM), words),
            Measure.CONCRETENESS: (named, named + vague),
            Measure.FIRST_PERSON_SINGULAR: (singular, singular + plural),
            Measure.NEGATION: (count(_NOT), len(sentences)),
            Measure.PROMISED_TIMES: (sum(1 for each in promises if _TIME.search(each)), len(promises)),
        }
    )


def voice(drafts: Iterable[str]) -> dict[Measure, Estimate]:
    """How the writer of `drafts` sounds."""
    counted = [counts(each) for each in drafts]
    return {measure: _ratio([each.pairs[measure] for each in counted]) for measure in Measure}


def _ratio(pairs: Sequence[tuple[float, float]]) -> Estimate:
    used = [each for each in pairs if each[1]]
    if not used:
        return Estimate(None, None, None, 0)
    total = sum(each[1] for each in used)
    value = sum(each[0] for each in used) / total
    if (n := len(used)) < LEAST:
        return Estimate(value, None, None, n)
    error = sqrt(n / (n - 1) * sum((amount - value * of) ** 2 for amount, of in used)) / total
    reach = error * (_STUDENT[n - 2] if n - 2 < len(_STUDENT) else 2.04)
    return Estimate(value, max(0.0, value - reach), value + reach, n)


@dataclass(frozen=True, slots=True)
class Spread:
    """Of one measure over writers: their mean, and the standard deviation between them without what chance alone makes."""

    mean: float
    between: float
    writers: int


def spread(voices: Iterable[dict[Measure, Estimate]]) -> dict[Measure, Spread | None]:
    """How far writers are apart; None for a measure that fewer than two of them have an interval for."""
    told = list(voices)
    result: dict[Measure, Spread | None] = {}
    for measure in Measure:
        found = [each[measure] for each in told if each[measure].high is not None]
        values = [each.value for each in found if each.value is not None]
        if len(values) < 2:
            result[measure] = None
            continue
        by_chance = fmean(((each.high or 0.0) - (each.value or 0.0)) ** 2 / 4 for each in found)
        result[measure] = Spread(fmean(values), sqrt(max(0.0, variance(values) - by_chance)), len(values))
    return result
