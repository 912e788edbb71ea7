"""What somebody does with their words to an angry customer, in English and Chinese of either script."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..coach import fold

GOOD = ("sorry", "feel", "listen", "wish", "fix", "when", "report", "gift", "follow")
WORSE = ("blame", "proof", "dismiss", "if", "excuse")
"""The worst first: the customer answers one of them."""


@dataclass(frozen=True, slots=True)
class Moves:
    """Which moves were found, and the words that made each."""

    found: frozenset[str]
    words: tuple[tuple[str, str], ...] = ()


def read(text: str) -> Moves:
    """Looks at words alone: what it does not find may be there all the same."""
    plain = fold.folded(text)
    hits = {name: match for name, pattern in PATTERNS.items() if (match := pattern.search(plain))}
    if "if" in hits and "sorry" in hits:
        del hits["sorry"]  # an apology with an "if" is none
    if "excuse" in hits and "sorry" in hits and hits["excuse"].start() - hits["sorry"].end() > 120:
        del hits["excuse"]
    return Moves(
        frozenset(hits), tuple((name, text[match.start() : match.end()]) for name, match in hits.items())
    )


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


_WE = r"\b(?:i|we)(?:'ll| will|'m| am|'re| are| have|'ve| can)\b"
_DO = (
    r"(?:bring|send|replac|refund|mov|chang|repair|fix|exchang|remak|cook|make|making|call|order|get you|getting you|find|book|order|arrang|put"
    r"|pay|return|deliver|take care|taking care|look after|come up|coming up|prepar|set up|cancel)"
)
PATTERNS = {
    "sorry": _any(
        r"\bsorry\b", r"\bapolog(?:y|ies|i[sz]e)\b", r"\bforgive (?:me|us)\b", "对不起|抱歉|道歉|致歉|过意不去|请.{0,2}(?:原谅|见谅|包涵)",
    ),
    "feel": _any(
        r"\b(?:i|we) (?:do |can |fully |completely )?(?:understand|see why|hear you)", r"\b(?:that|this|it) must (?:be|have been|feel)\b",
        r"\bhow (?:awful|upsetting|annoying|disappointing|frustrating|frightening|tiring)\b", r"\byou (?:are|were|have every) right\b",
        r"\bi would (?:be|feel)\b", r"\bno wonder\b", "理解|明白您|明白你|换作是我|换成我|一定很|难怪|您说得对|你说得对|能想象|不该让[您你]",
    ),
    "listen": _any(
        r"\b(?:tell|telling) (?:me|us)\b", r"\bwhat (?:exactly )?(?:has )?happened\b", r"\bi(?:'m| am) listening\b", r"\bhelp me understand\b",
        r"\bgo on\b", r"\bhow did (?:it|this)\b", "发生了?什么|怎么回事|怎么了|请[您你]?(?:说|告诉|讲)|告诉我|听[您你]说|我在听|愿意.{0,4}说",
    ),
    "wish": _any(
        r"\bwhat (?:would|can|could|may|might)\b[^.?!]{0,40}\b(?:right|help|like|prefer|need|do for you|best|better)\b",
        r"\bhow (?:can|could|may|would) (?:we|i|you)\b[^.?!]{0,40}\b(?:right|up to you|help|like|better)\b", r"\bwhat do you (?:need|want|wish)\b",
        "(?:怎么|怎样|如何|什么).{0,10}(?:才能|能让|可以让|会让|对[您你]|弥补|补偿|帮到|帮[您你]|比较好|最好|满意)|[您你](?:希望|想要|需要|觉得).{0,8}(?:什么|怎么|怎样|如何)|怎么做.{0,6}[您你]",
    ),
    "fix": _any(
        _WE + r"[^.?!]{0,50}\b" + _DO, r"\b(?:is|are) (?:on (?:its|the|her|his|their) way|coming|being)\b",
        "(?:我|我们|马上|立刻|立即|现在|已经?|正在|会|同事|师傅|厨房|经理)[^。！？]{0,14}(?:换|退|修|补|送|重做|重新|安排|处理|找|拿|端|带|寄|叫|准备|清理|取消|改|搬|来)",
    ),
    "when": _any(
        r"\b(?:in|within) (?:the next )?(?:\d+|a few|a|an|one|two|three|five|ten|fifteen|twenty|thirty|half an?)\s?(?:minutes?|hours?|days?|moment)\b",
        r"\bby (?:\d|noon|midday|tonight|tomorrow|today|monday|tuesday|wednesday|thursday|friday|saturday|sunday)", r"\bat \d{1,2}(?::\d\d)?\s?(?:am|pm|o'clock)?\b",
        r"\bbefore (?:\d|noon|tonight|tomorrow|friday|saturday)", r"\b(?:tonight|today|tomorrow morning)\b",
        "[0-9一二两三四五六七八九十半]+ ?个?(?:分钟|小时|钟头|天)(?:之?内|以内|后|就)?|[0-9一二两三四五六七八九十]+ ?点(?:半|钟)?(?:之?前)?|今天|今晚|明天.{0,4}前|星期[一二三四五六日天].{0,2}前|中午前|下午前",
    ),
    "report": _any(
        r"\b(?:keep you (?:posted|informed|updated)|let you know|report back|get back to you|tell you how far)\b", "回报|汇报|告诉[您你](?:进度|进展|结果)|再(?:跟|向|和)[您你]说|进度|回复[您你]",
    ),
    "gift": _any(
        r"\bon (?:us|the house|me)\b", r"\bcomplimentary\b", r"\bmy treat\b", r"\bas an? (?:small |little )?(?:gift|thank|gesture|token)", r"\bupgrade\b",
        r"\bwith our compliments\b", r"\b(?:would like|want|love) to (?:offer|give|invite|treat) you\b", r"\bsurprise\b", r"\bhandwritten\b",
        "招待|免费|升等|升级|心意|赠送|请[您你](?:喝|吃|尝|用)|额外|送[您你](?:一|个|份|瓶|杯|盒)|小礼",
    ),
    "follow": _any(
        r"\b(?:check|look) (?:in )?(?:with|on|after|again)\b", r"\b(?:call|ring|phone|write to|ask|message) you (?:again |back )?(?:tomorrow|later|next|in the morning|on|at|after|in)\b",
        r"\bfollow(?:ing)? up\b", r"\bask (?:you )?(?:how|whether)\b", r"\bstay in touch\b", r"\bmake sure (?:that )?(?:it|everything|you)\b",
        "(?:明天|之后|过后|稍后|晚点|下次|再|会).{0,10}(?:问候|联系|确认|打电话|来电|致电|问[您你]|看看|关心)|跟进|追踪|保持联系",
    ),
    "if": _any(
        r"\b(?:sorry|apologi[sz]e|apologies)\b[^.?!]{0,40}\b(?:if|any inconvenience|you feel|you felt)\b", r"\bif (?:you|we|it|this|that|there was)\b[^.?!]{0,40}\b(?:sorry|apologi[sz]e|upset|offended|inconvenience)",
        "如果.{0,20}(?:抱歉|对不起|不便|冒犯|不舒服|不满)|如有.{0,6}(?:不便|不周)|(?:抱歉|对不起).{0,10}如果|[您你]觉得不",
    ),
    "excuse": _any(
        r"\b(?:policy|policies|our rules|the rules|regulations|terms and conditions)\b", r"\b(?:very|so|too|really|extremely) busy\b", r"\bshort[- ]staffed\b",
        r"\bnot (?:my|our) (?:fault|department|job|problem)\b", r"\bnothing (?:i|we) can do\b", r"\b(?:i|we) (?:can't|cannot) (?:do|help)\b", r"\bsorry,? but\b", r"\bunfortunately\b", r"\bthe system\b",
        "规定|政策|太忙|很忙|人手不(?:足|够)|不是我们?的(?:错|责任|部门|问题)|没办法|无法处理|帮不了|很遗憾|系统(?:的)?问题|(?:抱歉|对不起)[，,]?(?:但|可|不过)",
    ),
    "proof": _any(
        r"\b(?:receipt|proof|evidence|prove)\b", r"\b(?:send|show) (?:me|us) (?:a |the )?(?:photo|picture)", r"\bare you sure\b", "收据|证明|凭证|发票|拍.{0,3}照|[您你]确定",
    ),
    "blame": _any(
        r"\byou should have\b", r"\byou (?:didn't|did not|must have|failed|forgot|never)\b", r"\byour (?:own )?(?:fault|mistake)\b", r"\byou were late\b", "[您你](?:应该早|应该先|早该|自己)|[您你]的(?:错|问题)|是[您你](?:没|不|自己)|[您你]怎么(?:不|没)|[您你]没有(?:先|早|说|告)|[您你]忘了",
    ),
    "dismiss": _any(
        r"\bcalm down\b", r"\b(?:relax|no big deal|not (?:that|so) bad|only a|happens to everyone|these things happen)\b", "冷静|没什么大不了|不要生气|别生气|小事|难免|别激动",
    ),
    "names": _any(
        r"\b(?:waiter|waitress|receptionist|colleague|cook|he|she) (?:was|is) (?:lazy|careless|stupid|rude|wrong|to blame)\b", r"\bbecause of (?:my|our) (?:colleague|waiter|cook|receptionist)\b", "(?:同事|服务员|他|她)(?:太|很)?(?:懒|粗心|笨|没礼貌)|都怪",
    ),
}  # fmt: skip
