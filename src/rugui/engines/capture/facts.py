"""What is so, and what happened: left behind, gone astray, and everything that is no wish and no preference."""

from __future__ import annotations

import re

from .gazetteer import Entry, Match
from .look import Look, main_thing, new_draft, word_of
from .reading import NEITHER, Draft

_BEEN_THERE = re.compile(
    r"常[跑去飛飞]|去[過过]|回[來来]|[飛飞]|back from|been to|travels? |fl(?:ies|ying) to|return(?:ed|s) from",
    re.IGNORECASE,
)


_LEFT = re.compile(
    r"\b(?:left|forgot|lost|mislaid)\b|忘|[遺遗]失|[遺遗]留|[遺遗]落|[弄丟丢掉]了|不[見见]了|落在",
    re.IGNORECASE,
)
_ASTRAY = re.compile(
    r"未到|[沒没](?:有)?[收送寄][到來来]|[寄發发送漏少]錯|[寄發发送]错|[少漏][寄發发送]"
    r"|(?:never|not|hasn't|didn't|did not|yet to) (?:been )?(?:arrive|receive|deliver|come|turn)",
    re.IGNORECASE,
)
_TOLD_US = re.compile(
    r"^(?:上次|上回|昨[天晚日]|前[天晚]|剛[剛才]|刚[刚才]|一直)?(?:嫌|誇|夸|[稱称][讚赞]|抱怨|[說说講讲].{1,8}(?:好吃|好喝|很好|不[錯错]|[難难]吃|太\w)$|[讚赞])"
    r"|\b(?:moaned|grumbled|complained|raved|praised|complimented)\b|\bsaid (?:the |we |it |her |his |their )",
    re.IGNORECASE,
)


def told_us(look: Look) -> Draft | None:
    """嫌叫號太慢, "moaned about the wait": what they said of us, once."""
    if not _TOLD_US.search(word_of(look, None)) or look.said("want need allergic"):
        return None
    main = main_thing(look)
    made = new_draft(look, "fact", main[1].topic if main else "experience", NEITHER, at=main and main[0])
    made.once = True
    return made


_HAD_DONE = re.compile(
    r"(?:打|住|做|照|抽|[驗验]|接[種种])[過过了].{0,6}(?:疫苗|院|[檢检]查|[血光]|手[術术])"
    r"|\bhad (?:an? |the |his |her |some )?(?:[a-z]+ ){0,3}(?:jabs?|vaccine|vaccination|shot|booster|scan|x ?ray|check ?up|blood test)\b",
    re.IGNORECASE,
)


def had_done(look: Look) -> Draft | None:
    """打過流感疫苗, "had shingles jab": what was done to them, once."""
    said = word_of(look, None)
    if not _HAD_DONE.search(said) or re.search(r"手[術术]", said):
        return None
    made = new_draft(look, "fact", "health", NEITHER)
    made.once = True
    return made


_BELONGINGS = frozenset({"product", "luggage", "gift", "payment", "size", "brand"})


def _left_behind(look: Look) -> tuple[Match, Entry] | None:
    """ "left her glasses by the pool": what was left, not where. Of a red scarf sent back: the scarf."""
    if look.act != "happened":
        return None
    goods = [each for each in look.things if each[1].topic in _BELONGINGS]
    if goods and _LEFT.search(look.line.text[look.start : look.end]):
        return goods[0]
    topics = {entry.topic for _m, entry in look.things}
    if topics <= {"product", "colour", "material", "arrival"} and "product" in topics:
        return next(each for each in goods if each[1].topic == "product")
    return None


def _gone_astray(look: Look) -> tuple[Match, Entry] | None:
    """還沒收到, 發錯貨: the sending."""
    if not _ASTRAY.search(look.line.text[look.start : look.end]):
        return None
    if any(entry.topic not in {"experience", "delivery", "arrival", "product"} for _m, entry in look.things):
        return None
    if not any(ref.kind == "order" for ref, s, e in look.line.references if s < look.end and look.start < e):
        return None
    match = look.things[0][0] if look.things else look.lead
    return (match, Entry("thing", topic="delivery")) if match is not None else None


_STATE = re.compile(
    r"(?P<hair>[頭头][髮发皮]|[髮发][質质尾]|劉海|刘海)|(?P<nails>指甲|甲床)|(?P<skin>皮[膚肤]|[膚肤][質质]|[臉脸](?![色])|混合肌|[乾干油]性|痘)"
)
_IS_LIKE = re.compile(
    r"(?:很|又|容易|比[較较]|天生|超|有[點点]|偏|越[來来]越)?(?:[乾干]|油|[細细]|少|多|硬|[軟软]|粗|[捲卷]|塌|毛躁|分叉|掉|出油|[薄斷断裂白]|暗[沉黃黄]|[長长]痘)(?:得多|很多|很[兇凶]|很厲害|了|裂)?$"
    r"|^(?:混合|[乾干油]性)"
)
_MEASURES = re.compile(
    r"(?:戒指|戒[圍围]|手[圍围]|鞋[號号碼码]?|腰[圍围]|胸[圍围]|臀[圍围]|[領领][圍围])\s*(?:是|[約约])?\s*\d"
    r"|\b(?:shoe|ring|dress|hat|glove|collar|waist|jeans|shirt)s? (?:sz|size)\b|\bsz \d|\b(?:takes|is|wears) (?:an? )?(?:uk |eu |us )?size\b",
    re.IGNORECASE,
)
_STATE_EN = re.compile(
    r"^(?:very |really |quite |naturally |has |has very |v )?(?:dry|oily|combination|curly|wavy|straight|frizzy|fine|thin|thick|coarse|thinning|damaged|greasy|brittle|weak|split|grey|gray|mature|acne prone)"
    r" (?P<what>hair|ends|skin|scalp|complexion|nails|roots|fringe)$|^(?P<other>hair|skin|nails|scalp) (?:is |very |gets |are |goes |feels |really )*"
    r"(?:dry|oily|fine|thin|thick|frizzy|curly|brittle|greasy|thinning|flaky|dull)\b",
    re.IGNORECASE,
)
_OF = {"hair": "hair", "ends": "hair", "roots": "hair", "fringe": "hair", "scalp": "hair", "nails": "nails"}


def state(look: Look) -> Draft | None:
    """頭髮又多又硬, "dry skin": what theirs is like, not how they want it."""
    if look.act not in {"", "is", "have", "named"}:
        return None
    said = word_of(look, None)
    if _MEASURES.search(said):
        look.days = []
        return new_draft(look, "fact", "size", NEITHER, sure=0.8)
    if (english := _STATE_EN.match(said)) is not None:
        word = (english["what"] or english["other"]).casefold()
        return new_draft(look, "fact", _OF.get(word, "skin"), NEITHER, sure=0.8)
    found = _STATE.search(said)
    if found is None or not _IS_LIKE.search(said):
        return None
    return new_draft(look, "fact", str(found.lastgroup), NEITHER, sure=0.8)


_RUNS = re.compile(
    r"[開开](?:[了個个間间家])?\w{0,5}(?:店|館|馆|餐[廳厅]|[廠厂]|[診诊]所|民宿|工作室|公司|[農农][場场]|[補补][習习]班)的?$"
    r"|\b(?:runs|owns|opened|has opened|just opened)\b.*\b(?:shop|store|bakery|restaurant|cafe|bar|pub|salon|studio|clinic|company|business|firm"
    r"|agency|farm|hotel|gallery|boutique|vineyard|garage)\b",
    re.IGNORECASE,
)


_EARNS = re.compile(
    r"^(?:\w{0,3}?)(?:[在是]?[做教搞跑開开賣卖拍當当](?!女|男)[^\s要不]{1,7}的|(?:[在做當当].{1,10}(?:上班|工作|任[職职]|做事|當\w{1,3}|当\w{1,3})))$"
    r"|\b(?:works (?:as|in|at|for|on|with)|teaches|sells|trains|drives an? (?:cab|taxi|bus|truck|lorry|van)|"
    r"is an? [a-z]+(?:er|or|ist|man|woman|ian|smith|wright))\b",
    re.IGNORECASE,
)


def trade(look: Look) -> Draft | None:
    """自己開早餐店, "owns a flower shop", 教鋼琴的: their work, not the breakfast and the flowers."""
    said = word_of(look, None)
    if look.act not in {"", "is", "have", "happened", "named"} or not (
        _RUNS.search(said) or _EARNS.search(said)
    ):
        return None
    if any(entry.topic == "appointment" and entry.rank >= 50 for _m, entry in look.things):
        return None
    return new_draft(look, "fact", "work", NEITHER, sure=0.75)


def _on_a_flight(look: Look) -> bool:
    """高铁G102到: the train they are on."""
    return look.whole and any(
        ref.kind == "flight" and start < look.end and look.start < end
        for ref, start, end in look.line.references
    )


_ENDS = frozenset({"home", "loyalty", "study", "money", "delivery", "payment", "health", "product"})


def _day_is_the_point(look: Look, entry: Entry) -> bool:
    """ "voucher runs out 31 Oct", "moving house 1 Nov": a day that is to come, and what it is."""
    if entry.topic not in _ENDS or look.act == "happened":
        return False
    days = [each for each, _s, _e in look.days or () if not (each.now or each.weekday)]
    return any(each.day.day is not None and (each.day.year or 9999) >= look.line.today.year for each in days)


def fact(look: Look) -> Draft | None:
    astray = _gone_astray(look)
    main = _left_behind(look) or astray or main_thing(look)
    place = next((match for match, entry in look.things if entry.place), None)
    if place is not None and _BEEN_THERE.search(look.line.text[look.start : look.end]):
        return new_draft(look, "fact", "travel", NEITHER, at=place)
    if main is None and look.act in {"", "is", "have"} and _on_a_flight(look):
        made = new_draft(look, "fact", "transport", NEITHER, sure=0.6)
        made.once = True
        return made
    if main is None:
        relation = next(look.piece.with_role("relation"), None)
        if look.act == "happened" and relation is not None:  # "his mother passed away"
            return new_draft(look, "fact", relation[1].topic, NEITHER, at=relation[0], sure=0.6)
        return None
    kind = "date" if _day_is_the_point(look, main[1]) else "fact"
    made = new_draft(look, kind, main[1].topic, NEITHER, at=main[0], sure=0.8 if look.act else 0.65)
    made.once = astray is not None
    return made
