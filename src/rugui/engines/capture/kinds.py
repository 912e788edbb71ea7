"""What one piece of a line says: its kind, by the first rule that fits."""

from __future__ import annotations

import re
from collections.abc import Callable

from .address import address
from .facts import fact, had_done, state, told_us, trade
from .fields import add_fields
from .gazetteer import Entry, Match
from .hints import hints_of, tokens_of
from .look import AGE, Line, Look, about, level, look_at, main_thing, new_draft, word_of
from .needs import need
from .occasions import date_said, goal
from .ours import deputy, kept_quiet, one_of_us
from .pieces import Piece
from .preferences import pet_topic, preference
from .reading import AGAINST, FOR, NEITHER, Draft, Person, Said
from .who import name_after, name_alone, person_in


def draft(line: Line, piece: Piece) -> Draft:
    look = look_at(line, _without_name(line, piece))
    rules = () if _only_a_reason(look) or _says_nothing(look) else _RULES
    begins = line.row[piece.first]
    whom = line.text[begins.end : begins.end + 1]
    if piece.first and begins.text in _NAMES_IT and whom not in _WHOM and name_alone(line, piece) is not None:
        rules = ()  # 養一隻橘貓，叫麻糬; but 叫她陳醫師
    made = next((made for rule in rules if (made := rule(look)) is not None), None) or _unknown(look)
    add_fields(look, made)
    made.hints, made.tokens = hints_of(look), tokens_of(look)
    made.words = line.text[look.start : look.end]
    if piece.first:
        made.parted = _SAME_SIGNS.get(sign := line.text[line.row[piece.first - 1].end : look.start], sign)
    for place in line.context.places:
        made.words = re.sub(re.escape(place), " ", made.words, flags=re.IGNORECASE) if place else made.words
    return made


_SAME_SIGNS = {"，": ",", ", ": ",", "、": "、", "。": ".", ". ": ".", "；": ";", "; ": ";", "　": " "}
_NAMES_IT = frozenset({"叫", "名叫", "named", "called"})
_WHOM = frozenset("他她它佢我您你妳")


def _only_a_reason(look: Look) -> bool:
    """ "husband snores", 點菜要注意: it belongs to what is beside it."""
    reason = any(entry.value == "reason" for _m, entry in look.piece.with_role("marker"))
    telling = any(level(entry, "") > 0 and entry.topic != "food" for _m, entry in look.things)
    return reason and not telling and not look.said("allergic need want like dislike refuse abstain")


_FOR_US = re.compile(
    r"\s*(?:see the |ask \w+ about|(?:will|shall|to) (?:check|confirm|get back|let you|ask|follow)|tbc\b|tbd\b"
    r"|改天|回[頭头]|再[說说問问看議议確确聯联連连]|先這樣|先这样|待[確确定]|到[時时][候]?再|之[後后]再)",
    re.IGNORECASE,
)
_WHERE = re.compile(r"\s*(?:away from|far from|close to|next to|not near|opposite|facing) ", re.IGNORECASE)


def _says_nothing(look: Look) -> bool:
    """What we tell one another ("will check", 改天再聯絡), and a place beside what was said ("..., away from the kitchen")."""
    if look.said("allergic need like dislike"):
        return False
    said = look.line.text[look.start : look.end]
    return bool(_FOR_US.match(said)) or (look.piece.first > 0 and bool(_WHERE.match(said)))


def _without_name(line: Line, piece: Piece) -> Piece:
    """A dog called Biscuit is no food, and 樂樂 no mood."""
    for relation, _entry in piece.with_role("relation"):
        name, end = name_after(line, piece, relation)
        start = end - len(name)
        if name:
            piece.matches = [
                match
                for match in piece.matches
                if match is relation
                or match.first < relation.last
                or not start <= line.row[match.first].start < end
            ]
    return piece


_AGAINST = re.compile(
    r"\b(?:vaccinat\w+|immuni\w+|jab|shot) (?:against|for)\b|疫苗已|打過|打过", re.IGNORECASE
)
_SLEEPS = re.compile(r"睡|sle[ep]", re.IGNORECASE)
_ROOM = frozenset({"pillow", "bed", "floor", "view", "temperature", "noise", "light", "scent", "room"})


def _mood(look: Look) -> Draft | None:
    found = next(look.piece.with_role("mood"), None)
    if (
        found is not None
        and found[0].last < look.piece.last
        and look.line.row[found[0].last].text in {"到", "得"}
    ):
        return _in_mood(look, *found)  # 累到不想講話
    if found is None or look.said(
        "allergic like dislike abstain cannot_eat cannot want_not need want speak goal"
    ):
        return None
    match, entry = found
    if look.said("happened") and _last_time(look):
        return None
    if any(m.last == match.first and act == "refuse" for m, act in look.acts):
        return None
    if _SLEEPS.search(word_of(look, match)) and any(
        e.topic in _ROOM and e.rank >= 50 for _m, e in look.things
    ):
        look.lead, look.act = match, "dislike"  # 枕頭太高睡不好
        return None
    if _AGAINST.search(word_of(look, None)) and entry.value == "unwell":
        return None  # "vaccinated against flu"
    return _in_mood(look, match, entry)


def _in_mood(look: Look, match: Match, entry: Entry) -> Draft:
    made = new_draft(look, "mood", "mood", NEITHER, at=match)
    made.mood = Said(entry.value, *look.span(match), 0.92)
    return made


def _last_time(look: Look) -> bool:
    said = look.line.text[look.start : look.end].casefold()
    return any(words in said for words in ("last time", "last visit", "last stay", "上次", "上回"))


def _wish(look: Look) -> Draft | None:
    if look.act not in {"want", "want_not"}:
        return None
    main = main_thing(look, "wish")
    if main is None and look.piece.has("speech"):
        return new_draft(look, "wish", "language", FOR)
    topic = about(look, main[1]) if main else pet_topic(look) or _sought(look)
    if main is not None and main[1].topic == "contact" and word_of(look, look.lead) in {"到貨", "到货"}:
        look.act = "have"
        return None
    if _BY_TITLE.search(look.line.text[look.start : look.end]) and (main is None or main[1].rank <= 57):
        topic = "staff"
    elif look.act == "want_not" and topic == "service" and _TALK.search(word_of(look, main and main[0])):
        return new_draft(look, "preference", "service", AGAINST, at=main and main[0])
    return new_draft(
        look, "wish", topic, AGAINST if look.act == "want_not" else FOR, at=main[0] if main else None
    )


_TALK = re.compile(r"聊|[說说講讲][話话]|chat|talk|conversation", re.IGNORECASE)
_BY_TITLE = re.compile(
    r"(?:想|要|希望)(?:找|[約约]|看|[換换]|[給给]|[預预][約约])\w(?:[醫医][師师生]|大夫|老[師师]|[師师]傅|[設设][計计][師师]|[經经]理)"
    r"|\b(?:see|with|for|to) (?:Dr|Mr|Mrs|Ms|Miss|Prof)\b",
    re.IGNORECASE,
)
_SEEKS = re.compile(
    r"wait|interested|looking|search|hunt|source|在等|等|找|[到補补][貨货]|[買买]|[訂订]|buy|order",
    re.IGNORECASE,
)


_OFF = re.compile(r"\d\s?%|percent off|\d折|[一二三四五六七八九]折")


def _sought(look: Look) -> str:
    """What they wait for or seek of us, unknown as it is, is something we have to give."""
    if _OFF.search(word_of(look, None)):
        return "price"
    return "product" if look.act == "want" and _SEEKS.search(word_of(look, look.lead)) else "other"


_NO_TONGUE = re.compile(
    r"(?:no|not much|little|hardly any) \w+$|\w{2}(?:不行|不好|不太行|不通|不會|不会)$", re.IGNORECASE
)


def _poor_tongue(look: Look) -> Draft | None:
    """ "no English", 普通话不行."""
    speech = next(look.piece.with_role("speech"), None)
    if speech is None or look.things or not _NO_TONGUE.match(word_of(look, None)):
        return None
    made = new_draft(look, "language", "language", AGAINST, at=speech[0])
    made.value = Said(speech[1].value, *look.span(speech[0]), 0.92)
    return made


def _language(look: Look) -> Draft | None:
    speeches = list(look.piece.with_role("speech"))
    spoken = look.said("speak speak_not")
    if not speeches or (look.act in {"goal", "happened"} and not spoken):
        return None
    if not spoken and any(entry.topic not in {"contact", "language"} for _m, entry in look.things):
        return None
    against = look.said("speak_not") or (look.said("refuse") and not look.said("like"))
    made = new_draft(look, "language", "language", AGAINST if against else NEITHER, at=speeches[0][0])
    if look.said("have") and len(speeches) == 1 and against and look.said("speak"):
        made.polarity = Said(NEITHER, made.polarity.start, made.polarity.end, 0.6)
    start, end = look.span(speeches[0][0])[0], look.span(speeches[-1][0])[1]
    made.value = Said("+".join(dict.fromkeys(entry.value for _m, entry in speeches)), start, end, 0.92)
    return made


_HELPER = re.compile(
    r"(?:司[機机]|看[護护]|助理|[護护]工|保[姆母]|秘[書书])(?:叫|是|姓|名叫)?(?P<zh>[阿小老]\w)(?=$|[\s,，]|[會会先在來来要])"
    r"|\b(?:driver|chauffeur|carer|nanny|nurse|helper|guide)(?: is| called| named)? (?P<en>(?:(?:Mr|Mrs|Ms|Miss) )?[A-Z][\w'-]+)"
)


_KEEPS = re.compile(
    r"^(?:家[裡里])?[養养](?:[了咗着著]|有)?(?:[一兩两二三四五\d]?[隻只條条匹])?[^的]{1,6}?(?:[叫名]+(?P<name>\w{1,4}))?$"
)


def _keeps(look: Look) -> Draft | None:
    """養咗兩隻龜, 养了只布偶叫雪糕: an animal, whichever it is."""
    found = _KEEPS.match(look.line.text[look.start : look.end])
    if found is None or any(e.value != "pet" for _m, e in look.piece.with_role("relation")):
        return None
    if any(entry.topic in {"health", "skin", "hair"} for _m, entry in look.things):
        return None
    made = new_draft(look, "person", "pet", NEITHER, sure=0.8)
    made.person = Said(Person("pet", found["name"] or ""), look.start, look.end, 0.85)
    return made


def _helper(look: Look) -> Draft | None:
    """司機叫老鄭, "driver is Yusuf": somebody of theirs, by name."""
    said = look.line.text[look.start : look.end]
    found = _HELPER.search(said)
    if found is None or found[0].startswith(("助", "秘")) or look.piece.has("relation"):
        return None
    name = found["zh"] or found["en"]
    made = new_draft(look, "person", "other", NEITHER, sure=0.8)
    start = look.start + found.start()
    made.person = Said(Person("other", name), start, look.start + found.end(), 0.85)
    return made


def _person(look: Look) -> Draft | None:
    relation = next(look.piece.with_role("relation"), None)
    if relation is None or look.act == "happened" or any(e.topic == "gift" for _m, e in look.things):
        return None
    person = person_in(look.line, look.piece, lead=look.lead, act=look.act)
    if person is None:
        return None
    if _FOR_THEM.search(look.line.text[look.start : look.end]) and not person.value.name:
        return new_draft(look, "fact", "gift", NEITHER, at=relation[0], sure=0.7)
    if _TRAVELS.search(look.line.text[look.start : look.end]):
        if person.value.name:
            return new_draft(look, "person", relation[1].topic, NEITHER, at=relation[0], sure=0.8)
        return new_draft(look, "fact", "travel", NEITHER, at=look.lead)
    main = main_thing(look)
    if main is not None and not (person.value.name or _aged(look)) and look.act not in {"", "named", "have"}:
        return None
    if main is not None and level(main[1], "") > 0:
        told = look.line.gazetteer.topics[main[1].topic].bare == "fact"
        if look.act in {"is", "happened"} or (told and not person.value.name and not _aged(look)):
            return None
    topic = relation[1].topic
    return new_draft(look, "person", topic, NEITHER, at=relation[0], sure=0.85)


_FOR_THEM = re.compile(r"(?:[買买](?:給|给)|送(?:給|给)?|(?:給|给)).{1,4}的$")
_TRAVELS = re.compile(r"\b(?:always |often |usually )?travel(?:s|ling|ing) w(?:ith|/)?\b", re.IGNORECASE)


def _aged(look: Look) -> bool:
    return bool(AGE.search(look.line.text[look.start : look.end]))


_RULES: tuple[Callable[[Look], Draft | None], ...] = (
    address,
    _poor_tongue,
    told_us,
    had_done,
    _mood,
    kept_quiet,
    need,
    one_of_us,
    deputy,
    _wish,
    date_said,
    goal,
    _language,
    _helper,
    _keeps,
    trade,
    state,
    preference,
    _person,
    fact,
)


def _unknown(look: Look) -> Draft:
    made = new_draft(look, "fact", "other", NEITHER, sure=0.2)
    made.nothing = True
    made.named = name_alone(look.line, look.piece)
    return made
