"""What somebody said: which forms of remedy they wish for, what they felt to be unjust, and how bad it was.

Word lists in English, 繁體中文 and 简体中文. They read what is plainly there and nothing between the lines: what is not
found stays unknown, and whoever listened can say it better with one tap.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

FORMS = {
    "redo": r"\b(replac\w+|repair\w*|fix(ed)?|again|another (one|room|table|seat|pair|plate)|new one|exchange|swap|redo|re-?make|resend|remake)\b"
    r"|重做|重新|換一|换一|更換|更换|換貨|换货|維修|维修|修好|補寄|补寄|再做|重煮|換新|换新",
    "refund": r"\b(refund\w*|money back|reimburs\w*|pay me back|not pay|deduct\w*|off the bill|take (it|that) off|compensat\w*|discount)\b"
    r"|退款|退錢|退钱|退費|退费|還錢|还钱|賠償|赔偿|補償|补偿|扣掉|折扣|打折|免單|免单|不付",
    "credit": r"\b(voucher|credit|gift card|next time|coupon|points)\b|抵用券|代金券|優惠券|优惠券|折價券|折价券|下次|點數|点数|積分|积分|儲值|储值",
    "upgrade": r"\b(upgrad\w*|better (room|table|seat)|other room|another room|different room|suite|move (me|us)|change rooms?)\b"
    r"|升等|升級|升级|換房|换房|換個房|换个房|換位|换位|換桌|换桌|套房|更好的",
    "gift": r"\b(gift|present|something for (the|my) (kid|child|daughter|son|wife|husband)\w*|flowers)\b|禮物|礼物|小禮|小礼|贈品|赠品|花束",
    "treat": r"\b(dessert|drink|meal|dinner|breakfast|coffee|tea|cake|wine|food|eat|hungry|thirsty)\b"
    r"|甜點|甜点|飲料|饮料|餐|早餐|晚餐|咖啡|茶|蛋糕|吃|餓|饿|渴",
    "service": r"\b(late check-?out|early check-?in|taxi|ride|transport\w*|laundry|cleaning|dry.?clean\w*|express|shuttle|pick.?up|deliver\w*)\b"
    r"|延遲退房|延迟退房|晚退房|提早入住|計程車|计程车|出租車|出租车|接送|洗衣|乾洗|干洗|送到|快遞|快递|清潔|清洁",
    "personal": r"\b(apolog\w*|sorry|manager|explain\w*|explanation|listen\w*|acknowledg\w*|call me|hear from|in person|letter)\b"
    r"|道歉|對不起|对不起|經理|经理|主管|解釋|解释|說明|说明|說法|说法|交代|聽我|听我|打電話|打电话|當面|当面",
}
"""Form of remedy → what asks for it."""

INJUSTICES = {
    "treatment": r"\b(rude\w*|impolite|ignored?|ignoring|arrogant|yell\w*|shout\w*|laugh\w*|humiliat\w*|disrespect\w*|attitude|lied|lying|"
    r"accus\w*|treated (me|us|him|her|like)|insult\w*|dismissive|rolled? (his|her|their) eyes|unfriendly|talked down|nobody (said|smiled|apologi\w+))\b"
    r"|態度|态度|沒禮貌|没礼貌|無禮|无礼|不理|敷衍|嘲笑|大聲|大声|羞辱|不尊重|騙|骗|兇|凶|翻白眼|冷漠|不耐煩|不耐烦|臉色|脸色",
    "process": r"\b(wait\w*|hours?|minutes|slow\w*|late|delay\w*|nobody (came|called|answered|knew|replied|got back)|no one (came|called|answered|knew|replied)|"
    r"three times|(called|asked|told|wrote|written) (you )?twice|again and again|passed (me )?(on|around)|transferred|policy|form|paperwork|queue|hold|no (answer|reply|update)|still (no|nothing)|keep asking|"
    r"told (me )?to (call|wait|fill))\b"
    r"|等|慢|遲|迟|拖|誤點|误点|排隊|排队|沒人來|没人来|沒人接|没人接|沒有回|没有回|轉來轉去|转来转去|踢皮球|規定|规定|手續|手续|一直問|一直问|好幾次|好几次|分鐘|分钟|小時|小时",
    "outcome": r"\b(broken|wrong|cold|dirty|missing|damag\w*|burn\w*|spoil\w*|stain\w*|overcharg\w*|not (work\w*|clean|ready|what)|does ?n.t work|did ?n.t work|"
    r"raw|stale|loud|noise|noisy|leak\w*|smell\w*|torn|defect\w*|lost|ruined|charged (twice|me|us))\b"
    r"|壞|坏|錯|错|冷掉|髒|脏|少了|缺|破|燒焦|烧焦|不新鮮|不新鲜|吵|漏水|臭|多收|收兩次|收两次|不能用|弄丟|弄丢|遺失|遗失|沒洗|没洗|不熱|不热|瑕疵",
}
"""What was felt to be unjust → what says so. Order is that of weight where two are said as often."""

GRAVE = (
    r"\b(injur\w*|hurt|hospital|ambulance|doctor|poison\w*|allergic reaction|bleed\w*|blood|burned (my|his|her)|police|stolen|theft|unsafe|danger\w*|harass\w*|"
    r"discriminat\w*|racis\w*|fell|emergency)\b|受傷|受伤|醫院|医院|救護|救护|中毒|過敏發作|过敏发作|流血|警察|報警|报警|被偷|危險|危险|騷擾|骚扰|歧視|歧视|摔倒|燙傷|烫伤"
)
SPOILED = (
    r"\b(ruin\w*|spoil\w*|wedding|honeymoon|anniversary|birthday|missed (my|our|the)|never (again|come)|worst|furious|disaster|cried|crying|whole (day|night|evening|trip)|"
    r"all night|did ?n.t sleep|no sleep|unacceptable|outrageous)\b|毀了|毁了|搞砸|婚禮|婚礼|蜜月|紀念日|纪念日|生日|錯過|错过|再也不|最差|氣死|气死|整晚|一整天|整個晚上|整个晚上|沒睡|没睡|不能接受|太誇張|太夸张|哭"
)
_NOT_WISHED = re.compile(
    r"(do(es)?n.t want|do not want|don.t need|no need for|not (about|after|asking for)|keep your|forget the)\s+(\w+\s+){0,3}$"
    r"|(不要|不用|不需要|不是要|不想要|別給|别给|不是為了|不是为了)[^，。！？；,.!?;]{0,4}$",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(
    r"^\W*(is|was|are|were)(n.t| not) (what|about|the point|needed|wanted|necessary)"
    r"|^(並不是|并不是|不是重點|不是重点|就不用|就不必|不必了|不用了|免了)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Felt:
    """What the words say. Empty and 0 are unknown."""

    injustice: str
    severity: int
    """1 a nuisance, 2 it spoiled something, 3 it harmed somebody."""


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def wishes(text: str) -> dict[str, str]:
    """Form of remedy → the word that asks for it. What is said not to be wanted ("I don't want a refund") is left out."""
    found = {}
    for form, pattern in FORMS.items():
        for match in _compiled(pattern).finditer(text):
            if not _turned_down(text, match):
                found[form] = match.group(0)
                break
    return found


def unwished(text: str) -> dict[str, str]:
    """Form of remedy → the word by which it is turned down."""
    found = {}
    for form, pattern in FORMS.items():
        for match in _compiled(pattern).finditer(text):
            if _turned_down(text, match):
                found[form] = match.group(0)
                break
    return found


def _turned_down(text: str, match: re.Match[str]) -> bool:
    """Whether what stands before or after a word says that it is not wanted."""
    return bool(_NOT_WISHED.search(text[: match.start()]) or _NOT_AFTER.search(text[match.end() :]))


def felt(text: str) -> Felt:
    """What was felt to be unjust, and how bad it was, as far as words tell."""
    if not text.strip():
        return Felt("", 0)
    counts = {
        name: len({match.group(0).casefold() for match in _compiled(pattern).finditer(text)})
        for name, pattern in INJUSTICES.items()
    }
    most = max(counts.values())
    injustice = next(name for name in INJUSTICES if counts[name] == most) if most else ""
    if _compiled(GRAVE).search(text):
        severity = 3
    elif _compiled(SPOILED).search(text):
        severity = 2
    else:
        severity = 1 if most else 0
    return Felt(injustice, severity)
