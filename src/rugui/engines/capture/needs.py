"""What is needed, and what must not be: allergies, diets, access, health, and whatever is said with "must" or "cannot"."""

from __future__ import annotations

import re

from .gazetteer import Entry, Match
from .look import AGAINST_ACTS, Look, main_thing, new_draft, word_of
from .preferences import consumed
from .reading import AGAINST, FOR, NEITHER, Draft

_NEEDS = frozenset({"allergy", "diet", "access", "health"})


def need(look: Look) -> Draft | None:
    return _of_the_body(look) or _need(look)


def _of_the_body(look: Look) -> Draft | None:
    if _SURGERY.search(word_of(look, None)):
        made = new_draft(look, "need", "health", NEITHER)
        made.once = True
        return made
    if (care := _touchy(look)) is not None:
        return care
    return None


def _need(look: Look) -> Draft | None:
    if look.act == "allergic":
        made = new_draft(look, "need", "allergy", AGAINST)
        made.echo = not look.things
        made.on_body = all(entry.topic in {"hair", "skin", "nails", "health"} for _m, entry in look.things)
        return made
    main = main_thing(look)
    if look.act in {"cannot_eat", "abstain", "refuse", "stopped", "cannot"} and (food := _left_out(look)):
        return new_draft(look, "need", "diet", AGAINST, at=food)
    if main is not None and main[1].topic in _NEEDS and look.act not in {"want", "goal", "want_not"}:
        return new_draft(look, "need", main[1].topic, _need_polarity(look, main[1]), at=main[0])
    if (
        look.act == "need"
        and look.piece.has("speech")
        and _INTERPRETS.search(look.line.text[look.start : look.end])
    ):
        return new_draft(look, "need", "language", FOR)
    if look.act in {"need", "cannot", "cannot_eat"}:
        main = main_thing(look, "need")
        if main is not None and main[1].topic == "food" and _DOES.search(word_of(look, look.lead)):
            return new_draft(look, "need", "diet", AGAINST, at=main[0])  # "can't do dairy"
        topic = main[1].topic if main else consumed(look, "food" if look.act == "cannot_eat" else "other")
        if look.act == "cannot_eat" and topic == "food":
            topic = "diet"
        polarity = FOR if look.act == "need" else AGAINST
        if main is not None and main[1].polarity:
            polarity = main[1].polarity
        return new_draft(look, "need", topic, polarity, at=main[0] if main else None)
    return None


_DOES = re.compile(r"n(?:'|’)?o?t (?:do|have|handle|tolerate|take)\b", re.IGNORECASE)
_SURGERY = re.compile(r"[開开][過过了].{1,4}的?刀|[動动][過过了].{1,4}手[術术]")
_CARE = {"hair": "hair", "skin": "skin", "nails": "nails"}
_TOUCHY = re.compile(
    r"敏感|出油|長痘|长痘|冒痘|泛[紅红]|容易|發[癢痒]|发[癢痒]|刺痛|脫皮|脱皮"
    r"|\b(?:sensitive|reactive|sore|itchy|itches|flares?|reddens|peels|burns easily|irritated|breaks out)\b",
    re.IGNORECASE,
)
_ALLERGIC = re.compile(r"[過过]敏|allerg", re.IGNORECASE)
_BODY = re.compile(r"[頭头]皮|[臉脸]|皮[膚肤]|敏感肌|\b(?:scalp|skin|face|cuticles|hands)\b", re.IGNORECASE)


def _touchy(look: Look) -> Draft | None:
    """頭皮很敏感, "scalp gets sore with bleach": what to take care of, and of what."""
    said = look.line.text[look.start : look.end]
    body = _BODY.search(said)
    if body is None or look.act not in {"", "have", "is", "allergic", "named"} or not _TOUCHY.search(said):
        return None
    topic = next((_CARE[entry.topic] for _m, entry in look.things if entry.topic in _CARE), "skin")
    if any(entry.topic not in {*_CARE, "other"} and entry.rank >= 50 for _m, entry in look.things):
        return None
    cause = look.act != "allergic" and len({match.first for match, _e in look.things}) > 1
    if look.act == "allergic" and (len(look.things) > 1 or _ALLERGIC.search(said)):
        return None
    return new_draft(look, "need", topic, AGAINST if cause else NEITHER)


_INTERPRETS = re.compile(r"interpret|translat|翻[譯译]|口[譯译]", re.IGNORECASE)


def _left_out(look: Look) -> Match | None:
    """The food of the diet list that is not eaten; not "coffee without milk", where something else is had."""
    foods = [match for match, entry in look.things if entry.diet]
    drinks = [m for m, entry in look.things if entry.topic in {"coffee", "tea", "alcohol", "drink"}]
    if drinks and (look.act != "refuse" or not foods or drinks[0].first < foods[0].first or _goes_in(look)):
        return None
    if look.act == "refuse":
        first = min((m.last for m, act in look.acts if act == "refuse"), default=0)
        others = [m for m, entry in look.things if not entry.diet and not entry.way and m.first < first]
        foods = [match for match in foods if match.first >= first and not others]
    if look.act == "cannot":
        return None
    return foods[0] if foods else None


def _goes_in(look: Look) -> bool:
    """ "never puts sugar in his espresso"."""
    row = look.line.row[look.piece.first : look.piece.last]
    return any(unit.text in {"in", "into", "with"} for unit in row)


def _stands_before(look: Look, entry: Entry, lead: Match) -> bool:
    first = next((match for match, each in look.things if each is entry), None)
    return first is not None and first.first < lead.first


def _need_polarity(look: Look, entry: Entry) -> int:
    if look.act == "need":
        return FOR if entry.topic in {"access", "health"} else NEITHER
    if (
        look.act == "have"
        and entry.topic == "access"
        and word_of(look, look.lead).startswith(("要", "extra"))
    ):
        return FOR
    if entry.topic in {"health", "access"} and word_of(look, look.lead) in {"不", "沒", "没", "未"}:
        return NEITHER  # 血糖控制不好
    if look.lead is not None and look.act == "refuse" and _stands_before(look, entry, look.lead):
        return NEITHER  # "pregnant so no hot stones"
    if look.act in AGAINST_ACTS and entry.topic != "diet":
        return AGAINST
    return NEITHER
