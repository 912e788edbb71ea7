"""Six kinds of grave matter by their words, in English and in Chinese of both scripts.

A pattern counts unless the words around it deny it ("nobody was hurt", 沒有受傷). `CERTAINTY` is how often such words meant it
on sentences that were not looked at while the patterns were written (docs/engines/gravity.md), one wrong added to be careful.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

KINDS = ("injury", "discrimination", "media", "money", "minor", "legal")
CERTAINTY = {
    "injury": 0.84,
    "discrimination": 0.91,
    "media": 0.92,
    "money": 0.91,
    "minor": 0.83,
    "legal": 0.93,
}


@dataclass(frozen=True, slots=True)
class Sign:
    """`kind` at `begins`..`ends` (code points), and the share of such words that meant it when measured."""

    kind: str
    begins: int
    ends: int
    certainty: float


_BODY = r"(?:wrist|arm|leg|ankle|head|back|hand|finger|foot|knee|tooth|nose|hip|shoulder|rib)s?"
_ENGLISH = {
    "injury": (
        r"\b(?:i|he|she|we|they|who|(?:my|our) \w+) (?:was|were|is|are|got|am|have been|has been) (?:\w+ )?(?:hurt|injured|burned|burnt|scalded|poisoned|bleeding|unconscious)\b"
        rf"|\b(?:broke|broken|cut|sprained|twisted|fractured|hurt|injured|burned|burnt|hit|cracked|bruised) (?:(?:my|his|her|our|their|a) )(?:\w+ )?{_BODY}\b"
        r"|\b(?:slipped|fell|tripped) (?:and|on|down|over|off|in)\b|\bambulance\b|\b(?:food poisoning|concussion|allergic (?:reaction|shock)|anaphyla\w+)\b"
        r"|\b(?:emergency room|casualty department|taken to (?:the )?hospital|in (?:the )?hospital|went to (?:the )?(?:hospital|er|doctor))\b"
        r"|\bgot (?:an? )?(?:electric )?shock\b|\b(?:fainted|passed out|vomit\w*|threw up all)\b"
        r"|\b(?:fell|been|was|were|got) (?:very |really |violently )?(?:ill|sick) (?:after|from|all)\b"
    ),
    "discrimination": (
        r"\b(?:racist|racism|sexist|sexism|homophobi\w+|islamophobi\w+|antisemiti\w+|xenophobi\w+|discriminat\w+|harass(?:ed|ment|ing)?|groped|racial(?:ly)?|slurs?)\b"
        r"|\b(?:touched|grabbed) (?:me|her|him) (?:without|inappropriately|where)\b|\b(?:because|for being) (?:i am |i'm |we are |we're |she is |he is )?"
        r"(?:of (?:my|our|her|his|the) (?:skin|colou?r|race|religion|accent|headscarf|disability|wheelchair|gender|age|nationality)|black|asian|muslim|jewish|gay|disabled|foreign(?:ers?)?|chinese)\b"
        r"|\b(?:no|don't serve|do not serve|your kind|you people) (?:foreigners|wheelchairs|of you people)\b"
    ),
    "media": (
        r"\b(?:go(?:ing)? to|call(?:ing)?|contact(?:ing)?|tell(?:ing)?|write to|writing to|spoke to|speak to|talk to) (?:the |a |my )?(?:press|media|newspapers?|journalists?|reporters?|tv|television|bbc|local paper)\b"
        r"|\b(?:go|going|went|gone) viral\b|\bi(?:'m| am) (?:a |an )?(?:journalist|reporter|blogger|influencer)\b"
        r"|\b(?:post(?:ed|ing)?|put(?:ting)?|shar(?:e|ed|ing)|publish(?:ed|ing)?|tweet(?:ed|ing)?|upload(?:ed|ing)?)\b[^.!?]{0,60}\b(?:on|to) (?:all )?(?:my )?(?:facebook|instagram|tiktok|twitter|x|youtube|tripadvisor|google|yelp|reddit|linkedin|social media|every (?:review )?site|my (?:channel|blog|followers))\b"
        r"|\b(?:tell|show) (?:all )?my (?:[\d,.]+k? )?followers\b"
    ),
    "money": (
        r"(?:[€$£¥]|\b(?:eur|usd|gbp|nt\$|hk\$) ?)\s?\d{1,3}(?:[,.]\d{3})+(?:\.\d\d)?(?!\d)|(?:[€$£]|\b(?:eur|usd|gbp) ?)\s?\d{4,}\b"
        r"|\b\d{1,3}(?:[,.]\d{3})+(?:\.\d\d)? ?(?:euros?|dollars?|pounds?|eur|usd|gbp)\b|\b\d{4,} ?(?:euros?|dollars?|pounds?|eur|usd|gbp)\b"
        r"|\b(?:thousands|tens of thousands|a fortune) (?:of (?:euros|dollars|pounds) )?\b"
        r"|\b(?:jewell?ery|wedding ring|passport|laptop|rolex|diamond \w+) (?:was|were|is|has been|have been|got) (?:stolen|taken|gone|missing|destroyed|ruined)\b"
        r"|\b(?:stole|stolen|lost|ruined|destroyed) (?:my|our|her|his) (?:jewell?ery|wedding (?:ring|dress)|laptop|rolex|watch|diamond \w+)\b"
    ),
    "minor": (
        r"\b(?:my|our|the|a|her|his) (?:little |small |young |\w+[- ](?:year|month|week)[- ]old |[\d]+[- ](?:year|month)[- ]old |own |other |youngest |eldest )?(?:child|kid|baby|toddler|son|daughter|boy|girl|infant|grandson|granddaughter)"
        r"\b(?! (?:\w+ )?(?:is (?:a|an) |booked|paid|recommended|loved|enjoyed|wedding|birthday))"
        r"|\bour (?:children|kids)\b|\bmy (?:children|kids)\b|\b(?:[1-9]|1[0-7])[- ]year[- ]old\b|\b(?:under ?age|minors?)\b"
    ),
    "legal": (
        r"\b(?:my|our|a|the) (?:lawyer|solicitor|attorney|barrister)s?\b|\b(?:sue|suing|sued)\b|\blegal (?:action|advice|steps|proceedings)\b|\b(?:take|see|taking|seeing) you (?:to|in) court\b"
        r"|\b(?:small claims|trading standards|consumer (?:protection|council|court|agency|ombudsman)|ombudsman|data protection (?:authority|officer|office)|health (?:inspector|department|authority))\b"
        r"|\b(?:report(?:ed|ing)?|call(?:ed|ing)?|going to|go to|file[d]?|filing) (?:you |this |it |a report |a complaint )?(?:to |with )?(?:the )?(?:police|authorities|prosecutor)\b|\bcompensation claim\b|\blawsuit\b"
    ),
}
_CHINESE = {
    "injury": (
        r"受[伤傷]|[摔滑跌]倒|跌[伤傷了]|摔[伤傷下]|[燙烫燒烧割撞砸][伤傷到]|流血|骨折|扭[伤傷到]|救[護护][車车]|送[醫医]|急[診诊]|住院|昏倒|[暈晕]倒|食物中毒|[過过]敏(?:反應|反应|休克|發作|发作)|起疹子|上吐下瀉|上吐下泻|拉肚子|[觸触][電电]|[脫脱]臼"
        r"|[頭头腳脚手腿][^，。！？]{0,4}(?:破了|斷了|断了|腫了|肿了|縫|缝)"
    ),
    "discrimination": (
        r"歧[視视]|[騷骚][擾扰]|性[騷骚]|種族|种族|[亂乱]摸|毛手毛[腳脚]|吃豆腐|[侮羞]辱|看不起(?:我們|我们|外地|外國|外国|鄉下|乡下|大[陸陆]|殘|残)"
        r"|因[為为]我?[們们]?是?(?:外國人|外国人|外地人|原住民|新住民|女生|女的|同志|身障|殘障|残障|殘疾|残疾|坐輪椅|坐轮椅|穆斯林|移工)"
        r"|不(?:歡迎|欢迎|接待|招待)(?:外國人|外国人|外地人|輪椅|轮椅|你們這種|你们这种)"
    ),
    "media": (
        r"[記记]者|媒[體体]|[電电][視视][台臺]|新[聞闻](?:台|臺|[媒網网])|(?:找|上|爆料給|爆料给|告[訴诉]|投)(?:[給给]?)(?:[報报][紙纸]|新聞|新闻|水果)|爆料|曝光|公開出去|公开出去"
        r"|(?:[發发]|貼|贴|放|[傳传]|PO|po|寫|写|掛|挂)[^，。！？]{0,6}(?:到|在|上)?(?:網[路上]|网上|臉書|脸书|FB|fb|IG|ig|Dcard|PTT|ptt|微博|抖音|小[紅红][書书]|朋友圈|社群|大[眾众]點評|大众点评|批踢踢|YouTube|Google|谷歌)"
        r"|[網网]紅|网红|大V|上[熱热]搜"
    ),
    "money": (
        r"(?:新[臺台][幣币]|NT\$|人民[幣币]|[¥￥]|RMB|HK\$)\s?(?:\d{1,3}(?:,\d{3})+|\d{5,})|(?:\d{1,3}(?:,\d{3})+|\d{5,})\s?(?:元|[塊块]|[圓圆])"
        r"|(?:[幾几][十百]?|[一二兩两三四五六七八九十\d百]+)[萬万](?:多|[幾几])?(?:元|[塊块]|[圓圆]|的)?|[鉅巨]款"
        r"|(?:[項项][鍊鏈链]|珠[寶宝]|[鑽钻][戒石]|婚戒|金[飾饰]|名[錶表]|[勞劳]力士|[護护]照|[筆笔][電记記][^，。]{0,2}|包包)[^，。！？]{0,4}(?:不[見见]|被偷|[遺遗]失|弄丟|弄丢|弄[壞坏])"
    ),
    "minor": (
        r"(?:我|我[們们]|我家|家[裡里裏]|咱)?(?:的)?(?:小孩|孩子|[寶宝][寶宝]|[嬰婴][兒儿]|小朋友|幼[兒儿]|女[兒儿]|[兒儿]子|孫子|孙子|孫女|孙女|未成年|小男孩|小女孩)(?!的?(?:婚[禮礼]|公司|[結结]婚))"
        r"|(?:[一二兩两三四五六七八九]|十[一二三四五六七]?|\d|1[0-7])[歲岁](?:半)?(?:的|多)?"
    ),
    "legal": (
        r"律[師师]|提告|(?:告|控告|起[訴诉])(?:你|妳|您|貴|贵|你[們们]|店家|[飯饭]店|酒店|公司|商家)|法院|法律(?:途[徑径]|行[動动]|[責责]任|手段)|[訴诉][訟讼]|存[證证]信函|消保[會会官]|消基[會会]|消[費费]者(?:保[護护]|[協协][會会])|消[協协]|12315|1950"
        r"|[報报]警|[報报]案|(?:市[場场]|衛生|卫生)(?:監督|监督|監管|监管)?局|(?:工商|勞動|劳动|[觀观]光|旅[遊游])局|[檢检][舉举]|舉報|举报|投[訴诉]到|求[償偿]|[賠赔][償偿]金"
    ),
}
_PATTERNS = {kind: (re.compile(_ENGLISH[kind], re.IGNORECASE), re.compile(_CHINESE[kind])) for kind in KINDS}
_DENIED_BEFORE = re.compile(
    r"(?:\b(?:no|not|nobody|no one|none of us|without|never|nothing|isn't|aren't|wasn't|weren't|don't|didn't|won't|wouldn't|luckily no)\b[^.!?;,]{0,24}"
    r"|(?:沒有?|没有?|不會|不会|不想|不打算|不是要?|並未|并未|[無无]人|不用|不必|未曾|別|别|幸好沒|幸好没)[^，。！？；]{0,6})$",
    re.IGNORECASE,
)
_ALMOST = re.compile(
    r"(?:\b(?:almost|nearly)\s+(?:\w+\s+)?|差[點点](?:[兒儿])?(?:就)?[沒没]?)$", re.IGNORECASE
)


def signs(text: str) -> list[Sign]:
    """What the words may mean, in the order of the text; each kind where it is said first. Nothing for a denial."""
    found = []
    for kind, patterns in _PATTERNS.items():
        matches = [match for pattern in patterns for match in pattern.finditer(text)]
        meant = [match for match in matches if not _denied(text, match.start(), kind)]
        if meant:
            first = min(meant, key=lambda match: match.start())
            found.append(Sign(kind, first.start(), first.end(), CERTAINTY[kind]))
    return sorted(found, key=lambda sign: (sign.begins, sign.kind))


def _denied(text: str, begins: int, kind: str) -> bool:
    """Refusing somebody ("would not seat us because…") is what discrimination is: only "no" right before it denies that."""
    before = text[max(0, begins - (4 if kind == "discrimination" else 40)) : begins]
    return bool(_DENIED_BEFORE.search(before) or _ALMOST.search(before))
