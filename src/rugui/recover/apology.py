"""What a real apology contains, looked for while it is typed. One function, `look`, so that a better reader may take its place.

It owns what happened, names what that did to the customer, and says what happens next and by when; and it has no "if", which
makes the hurt a matter of opinion ("we are sorry if you felt…"). Words alone are looked at: what it does not find may be there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from ..engines.promised import promised

OWNS = re.compile(
    r"\b(?:i|we)(?:'m| am|'re| are| apologi[sz]e| do apologi[sz]e)?(?: \w+){0,3} sorry\b|\bsorry\b|\b(?:i|we)(?: \w+)? apologi[sz]e\b|\b(?:my|our) apolog(?:y|ies)\b|\bforgive (?:me|us)\b"
    r"|[對对]不起|抱歉|道歉|致歉|[過过]意不去|請原[諒谅]|请原谅|[請请][您你]?(?:見諒|见谅|包涵|原[諒谅])|不好意思",
    re.IGNORECASE,
)
OURS = re.compile(
    r"\b(?:our|my) (?:own )?(?:mistake|fault|error|failure|oversight|doing|responsibility)\b|\b(?:we|i)(?: have|'ve)? (?:let you down|failed|got (?:it|this) wrong|made a mistake|forgot|should have|should not have|shouldn't have|kept you|did not|didn't)\b"
    r"|\bthis is on (?:us|me)\b|\bwe are to blame\b|\b(?:i|we) take (?:full )?responsibility\b"
    r"|(?:是|都是)?(?:我|我[們们]|本店|本館|本馆)的?(?:[錯错]|疏[失忽]|[過过]失|不[對对是]|[責责]任|[問问][題题])|[讓让][您你](?:失望|久等|受委屈|受苦|不便)|我[們们]?(?:沒有?|没有?)(?:做好|[顧顾]好|[準准][備备]|及[時时])|我[們们]?(?:忘了|搞[錯错]|弄[錯错]|做[錯错])|辜[負负]",
    re.IGNORECASE,
)
EFFECT = re.compile(
    r"\byou(?:'ve| have|'d| had)? (?:to |been |were |was )?(?:wait\w*|cold|stand\w*|sleep\w*|slept|freez\w+|froze|miss\w*|lost|lose|pay|paid|left|kept|ask\w*|sit\w*|sat|spen[dt]|travel\w*|walk\w*|woken|disturbed|without|upset|call\w*|repeat\w*)\b"
    r"|\b(?:kept|left|made|cost|let|woke|put|sent) you\b|\b(?:spoil(?:ed|t)|ruined|cost|disturbed|interrupted|took|lost)\b[^.!?]{0,30}\byour?\b"
    r"|\byour (?:\w+ )?(?:night|evening|day|morning|afternoon|dinner|lunch|breakfast|stay|time|sleep|rest|trip|holiday|celebration|anniversary|birthday|work|order|patience|plans?|money|trust)\b"
    r"|[讓让害使][您你][^，。！？]{0,16}(?:等|冷|[凍冻]|[錯错][過过]|白跑|沒[^，。]{0,4}睡|没[^，。]{0,4}睡|失眠|[餓饿]|[擔担]心|受[驚惊苦]|失望|不便|委屈|花|[損损]失|站|破[費费]|[難难]受)|[壞坏破打][擾扰了][^，。]{0,4}[您你]的|[您你](?:等了|白跑|[錯错][過过]|一[夜晚]|整[夜晚]|[凍冻]|冷了|站了)|[您你]的(?:晚餐|午餐|早餐|行程|[時时][間间]|假期|[紀纪]念日|生日|睡眠|[計计][劃划画]|一[天晚夜]|信任)",
    re.IGNORECASE,
)
NEXT = re.compile(
    r"\b(?:i|we)(?:'ll| will|(?: am|'m| are|'re) (?:\w+ )?\w+ing)\b|\b(?:is|are) (?:on (?:the|his|her|their) way|coming|being)\b|我[們们]?[^，。]{0,8}(?:[會会]|[將将]|正在|馬上|马上|立刻|立即|已[經经])|(?:[師师]傅|同事|[經经]理|工程[師师])[^，。]{0,6}(?:正在|[會会]|已[經经]|[馬马]上)",
    re.IGNORECASE,
)
IF = re.compile(
    r"\b(?:if|in case|to the extent(?: that)?)\b(?! (?:you (?:like|wish|want|prefer|need|would (?:like|rather|prefer)|allow|agree)|that (?:suits|works|helps)|it helps|there is anything|anything|possible|we may|i may))[^.!?,;\n]{0,60}"
    r"|\b(?:any inconvenience|you (?:may|might) have (?:felt|been|experienced)|that you feel|you felt that)\b[^.!?,;\n]{0,40}"
    r"|(?:如果|要是|假如|倘若|若是|若(?=[有您你讓让造使我]))(?![^，。！？]{0,6}(?:方便|[願愿]意|需要|想要|同意|可以))[^，。！？；\n]{0,24}|如有(?:任何)?(?:不便|不周|冒犯|造成)[^，。！？；\n]{0,12}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Look:
    """What was found in the words; `conditions` are the stretches (begin, end) that make it an "if"."""

    owns: bool
    effect: bool
    next_step: bool
    by_when: bool
    conditions: tuple[tuple[int, int], ...]

    @property
    def whole(self) -> bool:
        return self.owns and self.effect and self.next_step and self.by_when and not self.conditions


def look(text: str, said_at: datetime) -> Look:
    """Reads an apology in English, 繁體中文 or 简体中文. `said_at` in the place's own time, for "by when"."""
    plain = text.replace("\u2019", "'")
    when = bool(promised(plain, said_at))
    return Look(
        owns=bool(OWNS.search(plain) and OURS.search(plain)),
        effect=bool(EFFECT.search(plain)),
        next_step=when or bool(NEXT.search(plain)),
        by_when=when,
        conditions=tuple(match.span() for match in IF.finditer(plain)),
    )
