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


_RUNS = re.compile(
    r"[開开](?:[了個个間间家])?\w{0,5}(?:店|館|馆|餐[廳厅]|[廠厂]|[診诊]所|民宿|工作室|公司|[農农][場场]|[補补][習习]班)的?$"
    r"|\b(?:runs|owns|opened|has opened|just opened)\b.*\b(?:shop|store|bakery|restaurant|cafe|bar|pub|salon|studio|clinic|company|business|firm"
    r"|agency|farm|hotel|gallery|boutique|vineyard|garage)\b",
    re.IGNORECASE,
)


def trade(look: Look) -> Draft | None:
    """自己開早餐店, "owns a flower shop": their work, not the breakfast and the flowers."""
    if look.act not in {"", "is", "have", "happened"} or not _RUNS.search(word_of(look, None)):
        return None
    return new_draft(look, "fact", "work", NEITHER, sure=0.75)


def _on_a_flight(look: Look) -> bool:
    """高铁G102到: the train they are on."""
    return look.whole and any(
        ref.kind == "flight" and start < look.end and look.start < end
        for ref, start, end in look.line.references
    )


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
    made = new_draft(look, "fact", main[1].topic, NEITHER, at=main[0], sure=0.8 if look.act else 0.65)
    made.once = astray is not None
    return made
