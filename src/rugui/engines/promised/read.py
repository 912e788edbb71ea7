"""Sentences in which we promise a customer something by a time.

A sentence counts when it names a deadline (`times`), says that we or something of ours will do it, and is not a question, a
condition, a hedge, a denial, the past, a habit, or somebody else's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time

from .times import Deadline, deadlines

DAY_ENDS = time(18)

SENTENCE = re.compile(
    r"[^\n.!?。！？;；]+(?:\.(?=\d)[^\n.!?。！？;；]*|(?<=[ap])\.(?=m)[^\n.!?。！？;；]*)*[.!?。！？;；]*"
)
QUOTED = re.compile(r"“[^”]*”|「[^」]*」|『[^』]*』|\"[^\"]*\"|^>.*$", re.MULTILINE)
LEAD = re.compile(r"[^\w>]*")
HAN = re.compile(r"[\u3400-\u9fff]")

_WE = r"(?:I|we)"
_OURS = (
    r"(?:it|this|that|someone|somebody|(?:our|my|your|the|a|an)(?: (?:new|first|fresh|corrected|warm))? [a-z'-]+"
    r"(?: (?:for|of) (?:you|your \w+|the \w+))?(?: [a-z'-]+)?)"
)
_DELIVERS = (
    r"(?:be (?:with you|ready|there|here|at|out|up|back|done|fixed|mended|repaired|replaced|delivered|refunded|sent|cleaned|waiting|solved|on)"
    r"|see you|call|ring|phone|write|e-?mail|contact|reply|answer|come|bring|deliver|arrive|show|get back|let you|send|fix|reach|visit|meet)"
)
EN_COMMITS = re.compile(
    rf"\b{_WE}(?:'ll| will| shall| am going to| are going to|'m going to|'re going to)(?! (?:never|always|try|not|do (?:my|our) best|love|hope|miss"
    r"|remember|be (?:open|closed|on duty|here until|away)|see you (?:tomorrow|then|at|on|next)|cancel)\b)"
    rf"|\blet me\b.+\band (?:then )?(?:call|ring|phone|write|e-?mail|come|get back|report|let you know)"
    rf"|\byou(?:'ll| will| shall) (?:have|hear|get|receive|find|be (?:called|contacted|refunded|informed|told|rung))\b"
    rf"|\b{_OURS} (?:will|'ll|shall) {_DELIVERS}\b"
    rf"|\b{_WE}(?:'m| am|'re| are) (?:bringing|coming|sending|finding|looking|on my way|on our way|on (?:it|the way)|with you)"
    rf"|\b{_OURS} (?:is|are) (?:coming|on (?:its|the|their) way|being (?:sent|brought|delivered))"
    rf"|\b(?:I|we) promise\b|\byou have (?:my|our) word\b|\bexpect (?:my|our|a) (?:call|reply|answer|message)\b|^\s*back to you\b|\bwith you (?:by|in|within)\b"
    r"|^\s*give me\b.+\band\b|,? and (?:your|the) [a-z]+ will be",
    re.IGNORECASE,
)
EN_REFUSES = re.compile(
    r"\?\s*$|\b(?:if|unless|in case|once you|when you|as soon as you|provided)\b"
    r"|\b(?:won't|will not|cannot|can't|couldn't|not be able|unable|don't|doesn't|didn't|did not|nobody|never)\b"
    r"|\b(?:try|hope|hopefully|might|may|maybe|perhaps|probably|possibly|should|usually|normally|generally|typically|or so|aim)\b|\bI think\b"
    r"|\b(?:yesterday|last (?:night|week)|ago)\b|\b(?:I|we|you|she|he|they) (?:had|have been|said|wrote|promised|called|waited)\b"
    r"|^\s*(?:please|kindly)\b(?!.*\b(?:I|we)(?:'ll| will)\b)|\byou (?:will|'ll) (?:need|have to)\b|\blet us know\b",
    re.IGNORECASE,
)
ZH_COMMITS = re.compile(
    r"(?:給|给|為|为|幫|帮|向|跟|與|与|替|和)您"
    r"|回[覆复電电信報报]|答[覆复]|通知|告[訴诉]|聯[繫絡]|联系|打給您|致電|撥電話"
    r"|送[到達达上來]|[送寄發发匯打][給给到]|寄出|匯款|打款|退[款回]|快[遞递]"
    r"|[修換换處处理弄準准做備备][好妥]|準備|准备|解[決决]|更[換换]|上[門门]|派(?:人|工|技|師|师)|過去|过去|過來|过来|回[來来]|到府|會到|会到|[內内]到$|到您|放[在到]您|看[診诊]|交[給给]您|來找|去請|去请|去找"
    r"|會有|会有|[會会]送|上去|上来|來[修換]|来[修换]"
)
ZH_REFUSES = re.compile(
    r"[?？]\s*$|[嗎吗]|要不要|方便|如果|若[是您]?|要是|假如|一旦"
    r"|[沒没]有?|[無无]法|不能|不會|不会|不[送接]|未[能曾]|別|别"
    r"|可能|也[許许]|或[許许]|大概|應該|应该|希望|[儘尽盡]量|左右|差不多|通常|一般|平常|平時|平时"
    r"|昨|前天|剛才|刚才|已[經经]?|[了過过]的?[。！!]?\s*$|[過过](?!來|来|去)|曾"
    r"|您(?:可以|能|需要|必[須须]|要)|(?<![跟向和同對对給给])您[說说]|他[說说們们]|她[說说]|答應|答应|的[預预][訂订約约]|[預预]約是|[預预]约是"
    r"|[見见][。！!]?\s*$|公休|休息|截止|營業|营业|可以來|可以来|客人|抱怨|投[訴诉]|[給给]我[們们](?!.*[給给]您)|從不"
)
ZH_ASKS_OF_THE_CUSTOMER = re.compile(
    r"(?:^|[，,、])\s*(?:麻烦|麻煩|請|请|敬請|烦请|煩請)您?(?!稍|放心|等|您?放心|諒解|谅解|經理|经理|人|同事|師傅|师傅)"
)


@dataclass(frozen=True, slots=True)
class Promised:
    """A sentence (`begins`..`ends`, code points) that promises something by `due`; the words that say when, and how sure."""

    due: datetime
    begins: int
    ends: int
    when_begins: int
    when_ends: int
    certainty: float
    """Share of such sentences that were promises when measured: the plain form, or one with something uncertain about it."""


def promised(text: str, said_at: datetime, *, day_ends: time = DAY_ENDS) -> list[Promised]:
    """The promises in `text`, in its order. `said_at` in the place's own time; `day_ends`: when the place closes that day."""
    hidden = QUOTED.sub(lambda match: " " * len(match[0]), text.replace("\u2019", "'"))
    return list(_each(hidden, said_at, day_ends))


def _each(text: str, said_at: datetime, day_ends: time) -> Iterator[Promised]:
    for match in SENTENCE.finditer(text):
        sentence = match[0]
        if not _commits(sentence):
            continue
        found = list(deadlines(sentence, said_at, day_ends))
        if not found:
            continue
        first = _binding(found)
        lead = len(LEAD.match(sentence)[0])  # type: ignore[index]  # it matches nothing at least
        yield Promised(
            first.due,
            match.start() + lead,
            match.end(),
            match.start() + first.begins,
            match.start() + first.ends,
            0.9 if len(found) > 1 else 0.97,
        )


def _binding(found: list[Deadline]) -> Deadline:
    """Of several moments in one sentence, the last named binds: "at six I leave; you have it by five" is rare, "I am looking
    into it this morning and call you by three" is not."""
    return found[-1]


def _commits(sentence: str) -> bool:
    if HAN.search(sentence):
        return bool(
            ZH_COMMITS.search(sentence)
            and not ZH_REFUSES.search(sentence)
            and not ZH_ASKS_OF_THE_CUSTOMER.search(sentence)
        )
    return bool(EN_COMMITS.search(sentence)) and not EN_REFUSES.search(sentence)
