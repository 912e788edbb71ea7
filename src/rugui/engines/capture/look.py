"""One piece of a line looked at: which act leads, what turns it, which thing it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from .days import Named
from .gazetteer import Entry, Gazetteer, Match
from .pieces import Piece
from .reading import Context, Draft, Reference, Said
from .units import Unit


@dataclass(frozen=True, slots=True)
class Line:
    """The whole line, as far as every piece may need it."""

    text: str
    row: list[Unit]
    today: date
    context: Context
    gazetteer: Gazetteer
    days: list[tuple[Named, int, int]]
    references: list[tuple[Reference, int, int]]
    taken: set[int]
    repeats: list[tuple[int, int]]


LEADS = (
    *(
        "allergic",
        "cannot_eat",
        "stopped",
        "abstain",
        "cannot",
        "want_not",
        "dislike",
        "need",
        "want",
        "goal",
    ),
    *("speak_not", "speak", "like", "refuse", "have", "happened", "is", "named"),
)
"""Which act leads where there are several."""
_WEIGHT = {act: weight for weight, act in enumerate(LEADS)}
AGAINST_ACTS = frozenset(
    {"allergic", "cannot_eat", "stopped", "abstain", "cannot", "want_not", "dislike", "refuse"}
)
_OBJECT_AFTER = frozenset({"like", "dislike", "abstain", "want", "want_not", "stopped"})
"""What is liked stands after it: "the boss hates orange"."""
_OCCASIONS = frozenset({"birthday", "anniversary", "celebration"})
AGE = re.compile(r"(\d{1,3})\s*(?:歲|岁|yo\b|y/o|yrs?\b|years?)|[一二三四五六七八九十]+[歲岁]", re.IGNORECASE)


_EVERY = re.compile(
    r"固定|都|才|通常|[習习][慣惯]|有空|比[較较]方便|比[較较]有空|才有時間|才有时间|\b(?:usually|always|regularly|normally|suits?|free on|available|best)\b",
    re.IGNORECASE,
)


_ONCE = re.compile(
    r"^(?!.*(?:一樣|一样|照|如同|同上|跟上|和上|\bsame\b|\bas\b|\blike\b)).*(?:上次|上回|上[週周]|昨[天晚]|前[天晚]|[買买訂订]的.*[了斷断壞坏掉破]$|[碎壞坏斷断破裂]了|\b(?:was|were|last (?:time|week|night|visit))\b)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Look:
    """A piece with what stands in it, looked up once."""

    line: Line
    piece: Piece
    acts: list[tuple[Match, str]]
    things: list[tuple[Match, Entry]]
    lead: Match | None = None
    act: str = ""
    days: list[tuple[Named, int, int]] | None = None
    named: list[tuple[Named, int, int]] | None = None
    """Every day that is named in it; `days` are those that the rules count."""
    again: bool = False
    """A weekday in it comes again: 週日早上固定來."""

    @property
    def start(self) -> int:
        return self.line.row[self.piece.first].start

    @property
    def end(self) -> int:
        return self.line.row[self.piece.last - 1].end

    @property
    def whole(self) -> bool:
        """There is nothing else in the line."""
        return self.piece.first == 0 and self.piece.last == len(self.line.row)

    def span(self, match: Match | None) -> tuple[int, int]:
        if match is None:
            return self.start, self.end
        return self.line.row[match.first].start, self.line.row[match.last - 1].end

    def things_beside_times(self) -> list[tuple[Match, Entry]]:
        return [each for each in self.things if not (each[1].topic == "appointment" and each[1].rank < 50)]

    def said(self, acts: str) -> bool:
        return any(act in acts.split() for _match, act in self.acts)


def look_at(line: Line, piece: Piece) -> Look:
    _without_ways(line, piece)
    speech = piece.has("speech")
    acts = [each for each in piece.acts() if speech or not each[1].startswith("speak")]
    things = [
        each for each in piece.with_role("thing") if not each[1].faint or _counts(line, piece, each[0], acts)
    ]
    things = [(match, _gone_to(line, match, entry)) for match, entry in things]
    look = Look(line, piece, acts, things)
    if acts:
        look.lead, look.act = min(acts, key=lambda each: _WEIGHT[each[1]])
    _turn(look)
    if look.act == "have" and look.said("happened") and _ONCE.search(line.text[look.start : look.end]):
        look.act = "happened"  # 上次買的包帶子斷了
    start, end = look.start, look.end
    look.days = [each for each in line.days if each[1] < end and start < each[2]]
    look.named = look.days
    if _EVERY.search(line.text[start:end]):
        look.again = any(named.weekday for named, _s, _e in look.days)
        look.days = [each for each in look.days if not each[0].weekday]
    return look


def _without_ways(line: Line, piece: Piece) -> None:
    """ "from" says a home only before a name: "from Leeds", not "away from the ice machine"."""
    for index, match in enumerate(piece.matches):
        word, after = line.row[match.first], match.last
        if match.last - match.first == 1 and word.text == "from":
            named = after < piece.last and (line.row[after].capital or line.row[after].cjk)
            if not named or (index and piece.matches[index - 1].last == match.first):
                plain = tuple(entry for entry in match.entries if entry.role == "plain")
                piece.matches[index] = Match(match.first, match.last, plain)


def _counts(line: Line, piece: Piece, match: Match, acts: list[tuple[Match, str]]) -> bool:
    """A faint word says something where something is said of it, or first of all; with a capital it is a name ("engaged to Marc")."""
    return bool(acts or not piece.first) and not (match.first and line.row[match.first].capital)


_GOING = frozenset({"going", "flying", "trip", "travelling", "traveling", "off", "goes", "go", "fly"})


def _gone_to(line: Line, match: Match, entry: Entry) -> Entry:
    """七月要去瑞士, "going to Bali": a journey, not a home."""
    if not entry.place or not match.first:
        return entry
    before = line.row[match.first - 1].text
    if before == "to" and match.first > 1:
        gone = line.row[match.first - 2].text in _GOING
    else:
        gone = before in {"去", "飛", "飞", "遊", "游"}
    return replace(entry, topic="travel") if gone else entry


def word_of(look: Look, match: Match | None) -> str:
    """As it was typed."""
    start, end = look.span(match)
    return look.line.text[start:end]


def _turn(look: Look) -> None:
    """ "not" before what leads turns it: "doesn't really like", 不太想."""
    refused = [match for match, act in look.acts if act == "refuse"]
    if not refused or look.lead is None:
        return
    start, end = look.span(look.lead)
    if (
        look.act == "refuse"
        and look.said("happened")
        and look.line.text[start:end] in {"不", "沒", "没", "not", "isnt", "wasnt"}
    ):
        look.act = "happened"  # "last time's fish was not fresh"
        return
    before = any(match.first < look.lead.first and not _between(look, match, look.lead) for match in refused)
    after = any(match.first >= look.lead.last and not _between(look, look.lead, match) for match in refused)
    if look.act == "like" and before:
        look.act = "dislike"
    elif look.act in {"want", "like", "have"} and after:
        look.act = {"want": "want_not", "like": "dislike", "have": "refuse"}[look.act]
    elif look.act == "want" and before:
        look.act = "want_not"
    elif look.act == "need" and before:
        look.act = "refuse"
    elif look.act == "dislike" and before:
        look.act = "like"


def _between(look: Look, first: Match, second: Match) -> bool:
    return any(first.last <= match.first < second.first for match, _entry in look.things)


_JOURNEYS = frozenset({"want", "want_not", "like", "dislike", "goal"})
_SITS = re.compile(
    r"\b(?:sit(?:s|ting)?|seat(?:ed|ing)?(?: (?:them|him|her))?) (?:right |well )?"
    r"(?:near|by|next to|close to|beside|away from|far from|under|opposite|facing|outside|upstairs|downstairs|in the)\b"
    r"|坐(?!輪椅|轮椅|月子).{0,5}(?:旁|邊|边|口|下面|前面|前排|後面|后面|附近|角落|對面|对面)",
    re.IGNORECASE,
)
_DRINKING = re.compile(r"[喝飲饮]|\bdrink(?:s|ing)?\b", re.IGNORECASE)
_EATING = re.compile(r"[吃食](?!堂)|\beat(?:s|ing)?\b", re.IGNORECASE)


def about(look: Look, entry: Entry) -> str:
    """The topic: of a place, a home or a journey; of what is near a seat, the seat; of something cold to drink, the drink."""
    if entry.place and look.act in _JOURNEYS:
        return "travel"
    said = look.line.text[look.start : look.end]
    if entry.topic not in {"seat", "access", "allergy", "health"} and sits(look):
        return "seat"
    if entry.topic == "temperature" and _DRINKING.search(said):
        return "drink"
    if entry.topic == "temperature" and _EATING.search(said):
        return "food"
    return entry.topic


def sits(look: Look) -> bool:
    """Where they like to sit: "near the piano", 坐冷氣口."""
    return bool(_SITS.search(look.line.text[look.start : look.end]))


def level(entry: Entry, kind: str) -> int:
    if entry.topic in _OCCASIONS and kind not in {"date", "goal", "bare"}:
        return 1 if entry.topic == "celebration" else 0
    return 0 if entry.rank < 50 else 1 if entry.rank <= 65 else 2


def main_thing(look: Look, kind: str = "bare") -> tuple[Match, Entry] | None:
    """The thing that the piece is about: the most telling, of equals the first."""
    if not look.things:
        return None
    solid = [each for each in look.things if not each[1].way and not each[1].allergen] or look.things
    if look.act == "is":  # "works at Apple": the work, not the fruit
        own = [
            each
            for each in solid
            if each[0].entry("act") and look.line.gazetteer.topics[each[1].topic].bare == "fact"
        ]
        solid = own or solid
    else:  # "drinks green tea": the tea
        solid = [each for each in solid if not each[0].entry("act")] or solid
    solid = _before_purpose(look, _beside_circumstance(look, solid))
    if kind in {"wish", "preference", "bare"} and (gift := _gift(solid)) is not None:
        return gift
    if any(entry.topic == "seat" and entry.rank >= 50 for _match, entry in solid):  # 高鐵要靠窗: the seat
        solid = [each for each in solid if each[1].topic != "transport"]
    if any(entry.topic == "staff" for _match, entry in solid):  # 要約女大夫: whom, not that
        solid = [each for each in solid if each[1].topic != "appointment"]
    if look.lead is not None and look.act in _OBJECT_AFTER:
        lead = look.lead
        solid = [each for each in solid if each[0].first >= lead.last] or solid
    best = max(level(entry, kind) for _match, entry in solid)
    first = next(each for each in solid if level(each[1], kind) == best)
    return _head(look, first)


_MADE_OF = frozenset(
    {
        "food",
        "drink",
        "coffee",
        "tea",
        "alcohol",
        "colour",
        "material",
        "hobby",
        "sport",
        "study",
        "light",
        "scent",
        "diet",
    }
)
_GOODS = frozenset({"product", "gift", "luggage", "packaging"})


def _head(look: Look, first: tuple[Match, Entry]) -> tuple[Match, Entry]:
    """ "tea pot", 深綠色的雨鞋: the thing itself, which stands last, not what it is made of or for."""
    match, entry = first
    if entry.topic not in _MADE_OF or look.act not in {"want", "want_not", "happened", "need"}:
        return first
    at, found = match.last, first
    while at < look.piece.last and not look.line.row[at].gap:
        here = next((each for each in look.things if each[0].first == at), None)
        if here is None and look.line.row[at].text not in {"的", "之"}:
            break
        if here is not None:
            if here[1].topic not in _MADE_OF | _GOODS:
                break
            found = here if here[1].topic in _GOODS else found
        at = here[0].last if here is not None else at + 1
    return found


_FIRST_OF_ALL = frozenset({"health", "allergy", "access", "gift"})


def _before_purpose(look: Look, solid: list[tuple[Match, Entry]]) -> list[tuple[Match, Entry]]:
    """ "a fridge for breast milk": the fridge; what is for somebody's health counts first all the same."""
    if look.act in {"goal", "", "happened", "is", "named"} or any(
        entry.topic in _FIRST_OF_ALL for _m, entry in solid
    ):
        return solid
    said = {i for match in look.piece.matches for i in range(match.first, match.last) if match.entry("act")}
    purpose = next(
        (
            i
            for i in range(look.piece.first, look.piece.last)
            if look.line.row[i].text == "for" and i not in said
        ),
        None,
    )
    return [each for each in solid if purpose is None or each[0].first < purpose] or solid


def _gift(solid: list[tuple[Match, Entry]]) -> tuple[Match, Entry] | None:
    """ "looking for a christening gift": the gift, whatever the occasion or the thing."""
    return next((each for each in solid if each[1].topic == "gift" and each[1].rank >= 50), None)


def _beside_circumstance(look: Look, solid: list[tuple[Match, Entry]]) -> list[tuple[Match, Entry]]:
    """剪頭髮時聊天: the chat, not the hair."""
    ends = [
        index
        for index in range(look.piece.first, look.piece.last)
        if look.line.row[index].text in {"時", "时"} and index not in look.line.taken
    ]
    return [each for each in solid if each[0].first > ends[-1]] or solid if ends else solid


def new_draft(
    look: Look, kind: str, topic: str, polarity: int, *, at: Match | None = None, sure: float = 0.9
) -> Draft:
    mended = 0.15 if any(match.mended for match in look.piece.matches) else 0.0
    start, end = look.span(at if at is not None else look.lead)
    act_start, act_end = look.span(look.lead)
    unclear = len({entry.topic for _m, entry in look.things if level(entry, kind) > 0}) > 1
    sure_topic = 0.3 if topic == "other" else 0.75 if unclear else 0.92
    return Draft(
        look.start,
        look.end,
        Said(kind, act_start, act_end, max(0.05, sure - mended)),
        Said(topic, start, end, max(0.05, sure_topic - mended)),
        Said(polarity, act_start, act_end, 0.92 if look.lead is not None else 0.75),
        Said(True, look.start, look.end, 0.8),
        act=look.act,
    )
