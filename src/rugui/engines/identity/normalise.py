"""People's names and addresses in the forms in which two ways of writing the same thing are equal.

`name_of` takes a name apart into words (Latin letters without accents and capitals) and Han characters (simplified),
and says how it may be read as a Chinese name in toneless pinyin, whichever script or romanisation it came in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from functools import cache, lru_cache

from ..identities import normal_email, normal_identity, normal_phone
from . import tables
from .surnames import READ_AS_SURNAME, READ_TOGETHER, SECOND_READINGS, TWO_CHARACTERS

__all__ = [
    "Name",
    "canonical_email",
    "folded",
    "name_of",
    "normal_email",
    "normal_identity",
    "normal_phone",
    "sounds_like",
]

MAX_WORD = 40
MAX_WORDS = 6
# Scripts written without spaces between the parts of a name: Han (with its repetition mark and rarer planes),
# kana, Hangul syllables.
RUN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af\u3041-\u30ff\uac00-\ud7a3"
_PARTS = re.compile(rf"(?P<run>[{RUN}]+)|(?P<word>[^\W_{RUN}]+(?:['’ʼ`´‘]+[^\W_{RUN}]*)*)(?P<joint>[-‐‑])?")
_PLAIN_PARTS = re.compile(r"([a-z0-9][a-z0-9'`]*)(-?)")
"""The same for ASCII without capitals, several times as fast."""
_MARKS = re.compile(r"[\u0300-\u036f]")
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ß": "ss"}
)
_QUOTES = re.compile(r"['’ʼ`´‘]+")
_TITLE_WORDS = "mr mrs ms miss mx dr prof sir madam mme herr frau xiansheng xiaojie nushi taitai"
TITLES = frozenset(_TITLE_WORDS.split())
HANZI_TITLES = re.compile(r"(?<=.)(先生|小姐|女士|太太|老师|老師|经理|經理|教授|医生|醫生|醫師)$")


@dataclass(frozen=True, slots=True)
class Name:
    """One way in which somebody is called, taken apart."""

    text: str
    words: tuple[str, ...]
    """Latin (and other spaced) words in order, folded; the parts of a hyphenated word follow each other."""
    joined: tuple[str, ...]
    """Hyphenated words written as one: "Yu-Ting" gives yuting."""
    hanzi: str
    """Characters of scripts without spaces, simplified; empty when there are none."""
    readings: tuple[tuple[str, str], ...]
    """(surname, given name) in toneless pinyin, in every plausible way, the most plausible first."""
    romanised: bool
    """It has no Han characters, and its words can be read as a Chinese name."""

    @property
    def empty(self) -> bool:
        return not self.words and not self.hanzi


def folded(text: str) -> str:
    """Without accents and capitals: "Müller" gives muller, "Łukasz" lukasz. Full-width letters become plain."""
    if text.isascii():
        return text.lower()
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text).casefold()).translate(_LETTERS)
    return unicodedata.normalize("NFC", plain)


@lru_cache(maxsize=20_000)
def name_of(text: str) -> Name:
    """Takes a name apart. Titles ("Ms", 先生) are left out unless nothing else would remain."""
    runs, words = _parts(text)
    kept = [each for each in words if each[0] not in TITLES]
    if kept or runs:
        words = kept
    words = words[:MAX_WORDS]
    plain = tuple(word for word, _joint in words)
    hanzi = simplified(HANZI_TITLES.sub("", "".join(runs)))[:MAX_WORD]
    joined = _joined(words)
    if hanzi:
        return Name(text, plain, joined, hanzi, hanzi_readings(hanzi), romanised=False)
    readings = romanised(words) if plain and all(word.isascii() for word in plain) else ()
    return Name(text, plain, joined, "", readings, romanised=bool(readings))


def simplified(text: str) -> str:
    """Han characters in their simplified forms."""
    return text.translate(tables.hanzi().simple)


def _parts(text: str) -> tuple[list[str], list[tuple[str, bool]]]:
    """Runs of characters, and words with whether a hyphen follows."""
    if text.isascii():
        plain = _PLAIN_PARTS.findall(text.lower())
        if "'" in text or "`" in text:
            plain = [(word.replace("'", "").replace("`", ""), joint) for word, joint in plain]
        return [], [(word[:MAX_WORD], bool(joint)) for word, joint in plain]
    runs: list[str] = []
    words: list[tuple[str, bool]] = []
    for match in _PARTS.finditer(folded(text)):
        if run := match.group("run"):
            runs.append(run)
        elif word := _QUOTES.sub("", match.group("word")):
            words.append((word[:MAX_WORD], bool(match.group("joint"))))
    return runs, words


def _joined(words: list[tuple[str, bool]]) -> tuple[str, ...]:
    if not any(joint for _word, joint in words):
        return ()
    result, run = [], ""
    for index, (word, joint) in enumerate(words):
        run += word
        if not joint or index == len(words) - 1:
            if run != word:
                result.append(run[:MAX_WORD])
            run = ""
    return tuple(result)


def surname_length(hanzi: str) -> int:
    """How many of the characters are the surname."""
    return 2 if len(hanzi) > 2 and (hanzi[:2] in TWO_CHARACTERS) else 1


def hanzi_readings(hanzi: str) -> tuple[tuple[str, str], ...]:
    """(surname, given) as a Chinese name is read; then the same with a given name's second reading, if it has one."""
    if not 2 <= len(hanzi) <= 5:
        return ()
    readings, length = tables.hanzi().readings, surname_length(hanzi)
    surname, given = hanzi[:length], hanzi[length:]
    try:
        spoken = [readings[each][0] for each in hanzi]
    except KeyError:
        return ()
    if length == 1:
        family = READ_AS_SURNAME.get(surname) or spoken[0]
    else:
        family = READ_TOGETHER.get(surname) or "".join(spoken[:length])
    first = (family, "".join(spoken[length:]))
    if SECOND_READINGS.keys().isdisjoint(given):
        return (first,)
    return first, (family, "".join([SECOND_READINGS.get(each) or readings[each][0] for each in given]))


def romanised(words: list[tuple[str, bool]]) -> tuple[tuple[str, str], ...]:
    """The readings of a name in pinyin or Wade-Giles: surname first, then surname last, as far as they are plausible."""
    groups: list[str] = []
    run = ""
    for word, joint in words:
        run += word
        if not joint:
            groups.append(run)
            run = ""
    if run:
        groups.append(run)
    if len(groups) == 1:
        return written_together(groups[0])
    if not 2 <= len(groups) <= 4 or len("".join(groups)) > 24:
        return ()
    found: list[tuple[str, str]] = []
    for surname, rest in ((groups[0], groups[1:]), (groups[-1], groups[:-1])):
        if families := surname_readings(surname):
            givens = given_readings("".join(rest))
            found += [(family, given) for family in families for given in givens]
    return tuple(dict.fromkeys(found))[:8]


def written_together(word: str) -> tuple[tuple[str, str], ...]:
    """chennaxiao: a surname and one to two syllables, without a space."""
    if not 5 <= len(word) <= 18:
        return ()
    parts = pinyin_syllables(word)
    if 2 <= len(parts) <= 4 and parts[0] in surnames_in_pinyin():
        return ((parts[0], "".join(parts[1:])),)
    return ()


@cache
def surnames_in_pinyin() -> frozenset[str]:
    """Syllables that are the surname of more than a few."""
    common = (
        "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
        "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪"
        "严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席"
        "卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖"
        "符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台"
    )
    readings = tables.hanzi().readings
    double = {"".join(hanzi_readings(each + "安")[0][:1]) for each in TWO_CHARACTERS if len(each) == 2}
    return frozenset(READ_AS_SURNAME.get(each) or readings[each][0] for each in common) | double


@lru_cache(maxsize=20_000)
def surname_readings(word: str) -> tuple[str, ...]:
    """Which surnames in pinyin a romanised one may be: hsu gives xu, wong gives wang and huang."""
    known = surnames_in_pinyin()
    found = [word] if word in known else []
    found += [each for each in tables.from_wade_giles().get(word, ()) if each in known]
    if abroad := tables.spelt_abroad().get(word):
        found += sorted(each for each in abroad if each in known and each in _abroad())
    return tuple(dict.fromkeys(found))[:4]


@cache
def _abroad() -> frozenset[str]:
    from .surnames import SPELT_ABROAD

    return frozenset(SPELT_ABROAD)


@lru_cache(maxsize=50_000)
def given_readings(word: str) -> tuple[str, ...]:
    """What a romanised given name may be in pinyin: yuting stays, haopin is also haobin. At most four."""
    found = []
    if 1 <= len(pinyin_syllables(word)) <= 2:
        found.append(word)
    inverse = tables.from_wade_giles()
    parts = _segmented(word, inverse)
    if 1 <= len(parts) <= 2:
        options = [""]
        for part in parts:
            options = [before + each for before in options for each in inverse[part]]
        found += options[:8]
    return tuple(dict.fromkeys(found))[:6]


_LIKE_PINYIN = re.compile(
    r"(?:[zcs]h|[^aeiou])?[aeiou]+(?:(?:ng|n|r)?(?:[zcs]h|[^aeiou])[aeiou]+)*(?:ng|n|r)?", re.ASCII
)
"""Whatever is pinyin fits this; most other words do not, and are told apart without looking for syllables."""


@lru_cache(maxsize=50_000)
def pinyin_syllables(word: str) -> tuple[str, ...]:
    """The fewest syllables of pinyin that make up the word; empty when it is not pinyin."""
    return _segmented(word, tables.syllables()) if _LIKE_PINYIN.fullmatch(word) else ()


LONGEST_PART = 6
"""Letters of a syllable, as in zhuang."""


def _segmented(word: str, known: Container[str]) -> tuple[str, ...]:
    """The fewest known parts; on a tie the one whose last parts are longest. Most have one or two, or go on nowhere."""
    if word in known:
        return (word,)
    for size in range(min(LONGEST_PART, len(word) - 1), 0, -1):
        if word[-size:] in known and word[:-size] in known:
            return word[:-size], word[-size:]
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for start in range(len(word)):
        before = best[start]
        if before is None:
            continue
        for end in range(start + 1, min(start + LONGEST_PART, len(word)) + 1):
            now = best[end]
            if (now is None or len(before) + 1 < len(now)) and word[start:end] in known:
                best[end] = (*before, word[start:end])
    return best[-1] or ()


_FUZZY_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "f": "h", "r": "l"}


@lru_cache(maxsize=50_000)
def sounds_like(word: str) -> str:
    """Pinyin as it sounds to those who do not tell zh from z, n from l, f from h, -ng from -n; empty if it is none."""
    result = ""
    for syllable in pinyin_syllables(word):
        initial, final = tables.split_syllable(syllable)
        if final.endswith("ng"):
            final = final[:-1]
        if initial in {"f", "h"} and final.startswith("u") and len(final) > 1:
            final = final[1:]  # hua and fa, hui and fei
        result += _FUZZY_INITIALS.get(initial, initial) + ("on" if final == "uen" else final)
    return result


@lru_cache(maxsize=20_000)
def in_wade_giles(word: str) -> str:
    """A pinyin word in Wade-Giles without apostrophes; empty when it is not pinyin or is the same."""
    spellings = tables.wade_giles()
    spelt = "".join(spellings[each][0] for each in pinyin_syllables(word))
    return spelt if spelt != word else ""


_PLUS_DOMAINS = (
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com icloud.com me.com mac.com fastmail.com proton.me"
    " protonmail.com pm.me zoho.com yandex.com hey.com"
)
_PLUS = frozenset(_PLUS_DOMAINS.split())
_SAME_DOMAIN = {
    "googlemail.com": "gmail.com", "me.com": "icloud.com", "mac.com": "icloud.com", "protonmail.com": "proton.me",
    "pm.me": "proton.me", "vip.163.com": "vip.163.com",
}  # fmt: skip


def delivers_otherwise(address: str) -> bool:
    """Whether its provider delivers to it what is written to others."""
    return address.rpartition("@")[2] in _PLUS


def canonical_email(normal: str) -> str:
    """The address to which its provider delivers: without the part after + and, at Gmail, without dots."""
    local, _at, domain = normal.rpartition("@")
    if domain not in _PLUS:
        return normal
    local = local.split("+")[0] or local
    domain = _SAME_DOMAIN.get(domain, domain)
    if domain == "gmail.com":
        local = local.replace(".", "") or local
    return f"{local}@{domain}"
