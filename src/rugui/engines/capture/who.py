"""Which of the customer's people a piece speaks of, and by what name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..identity.tables import hanzi
from .alike import chinese_words
from .gazetteer import Entry, Match
from .pieces import Piece
from .reading import Person, Said
from .units import Unit

if TYPE_CHECKING:
    from .look import Line

_CALLED = frozenset({"叫", "名叫", "叫做", "是", "named", "called", "is", "name", "名字"})
_BY_NAME = frozenset({"叫", "名叫", "叫做", "named", "called"})
_SURNAMES = frozenset(
    "陳林黃張李王吳劉蔡楊許鄭謝洪郭邱曾廖賴徐周葉蘇莊呂江何蕭羅高潘簡朱鍾游彭詹胡施沈余盧梁趙顏柯翁魏孫戴范方宋鄧杜傅侯曹薛丁卓馬董"
    "陈黄张吴刘杨许郑谢赖叶苏庄吕萧罗简钟卢赵颜孙范邓马贾冯于程韩唐姚田任姜石崔谭陆汪白金"
)
_FORMS = frozenset({"小姐", "先生", "女士", "太太", "經理", "经理", "老師", "老师", "主任", "總監", "总监"})
_END_LIKE_VERBS = frozenset(
    [
        "agnes",
        "alexis",
        "andreas",
        "boris",
        "carlos",
        "charles",
        "chris",
        "denis",
        "dennis",
        "dolores",
        "doris",
        "elias",
        "frances",
        "francis",
        "giles",
        "gladys",
        "hans",
        "ines",
        "iris",
        "james",
        "jess",
        "jonas",
        "jules",
        "klaus",
        "lars",
        "lewis",
        "louis",
        "lucas",
        "luis",
        "marcus",
        "matthias",
        "mercedes",
        "miles",
        "nicolas",
        "nils",
        "paris",
        "ross",
        "silas",
        "tess",
        "thomas",
        "tobias",
        "travis",
        "ahmed",
        "fred",
        "ned",
        "ted",
        "jared",
        "ying",
        "ling",
        "ming",
        "ping",
        "ding",
        "jing",
        "qing",
        "xing",
    ]
)
"""Names that look like a verb's third person, past or participle when they are typed small."""
_HONORIFICS = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof", "professor", "sir", "madam", "madame"})
_TITLES = frozenset({"先生", "太太", "夫人", "老師", "老师"})
_OURS = frozenset({"client", "clients", "客戶", "客户", "boy", "girl"})
_THEIRS = frozenset({"his", "her", "their", "the", "my", "他", "她", "的", "with", "little"})
_NOT_NAMES = frozenset(
    "的也很在要不會会愛爱喜想怕對对有是就都和跟與与是來来去吃喝用住說说講讲只最超有沒没懷怀叫這这那今明後后下上剛刚已將将可能需希"
    "報报訂订買买做選选挑拿寄送穿看聽听打睡找陪點点付"
    "升管膝左右腰腳脚手眼耳視视吞嚥咽新夜比膽胆血高矮胖瘦懂忙相脾氣气急性格身體体情況况知道醒睡牙頭头眼病痛吐哭笑走路跑跳玩拍唱考畢毕業业退休職职醫医護护警律師师教工商公司也還还先再又才太真更沒从從把被讓让給给"
    "討讨习習坐穿戴過过生歲岁月日年個个隻只條条名位兩两一二三四五六七八九十們们同一起帶带養养"
)


def person_in(line: Line, piece: Piece, *, lead: Match | None, act: str) -> Said[Person] | None:
    """The first relation that is neither a title nor what the act is about ("allergic to cats")."""
    for match, entry in piece.with_role("relation"):
        if (
            _is_title(line, match)
            or _is_ours(line, match)
            or _is_object(line, piece, match, entry, lead, act)
        ):
            continue
        name, end = name_after(line, piece, match)
        if not name:
            name, end = _named_later(line, piece, match, entry)
        start, stop = line.row[match.first].start, line.row[match.last - 1].end
        return Said(Person(entry.value, name), start, max(stop, end), 0.9 if name else 0.85)
    return _known_companion(line, piece)


_IN_BRACKETS = re.compile(r"\s*[(（]((?:(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? )?[A-Z][\w-]+)[)）]")
_CALLED_LATER = re.compile(r".*[^他她它佢不別别]叫(?:做)?([\u4e00-\u9fff]{2,3}|[A-Z][a-z]+)$")


def _named_later(line: Line, piece: Piece, match: Match, entry: Entry) -> tuple[str, int]:
    """ "boss (Mr Falk)"; and of an animal or a child what ends the piece after 叫: 帶隻貓來叫布丁."""
    after = line.row[match.last - 1].end
    if (found := _IN_BRACKETS.match(line.text, after)) is not None:
        return found[1], found.end(1)
    if entry.value in {"pet", "child"}:
        end = line.row[piece.last - 1].end
        if (found := _CALLED_LATER.match(line.text[after:end])) is not None:
            return found[1], after + found.end(1)
    return "", 0


def _known_companion(line: Line, piece: Piece) -> Said[Person] | None:
    start, end = line.row[piece.first].start, line.row[piece.last - 1].end
    said = line.text[start:end].casefold()
    for companion in line.context.companions:
        at = said.find(companion.name.casefold()) if companion.name else -1
        if at >= 0 and len(said) == end - start:
            first = start + at
            return Said(Person(companion.relation, companion.name), first, first + len(companion.name), 0.9)
    return None


def _word(line: Line, match: Match) -> str:
    return "".join(line.row[i].text for i in range(match.first, match.last))


def _before(line: Line, match: Match) -> Unit | None:
    return line.row[match.first - 1] if match.first and line.row[match.first].gap == 0 else None


def _is_title(line: Line, match: Match) -> bool:
    before = _before(line, match)
    return before is not None and before.text in _SURNAMES and _word(line, match) in _TITLES


def _is_ours(line: Line, match: Match) -> bool:
    """ "client" and 客戶 mean the customer, unless somebody's."""
    before = _before(line, match)
    return _word(line, match) in _OURS and (before is None or before.text not in _THEIRS)


def _is_object(line: Line, piece: Piece, match: Match, entry: Entry, lead: Match | None, act: str) -> bool:
    if entry.value not in {"pet", "child"} or lead is None:
        return False
    if act in {"like", "dislike", "refuse", "stopped"}:
        return match.first > lead.first
    if act == "allergic" and entry.value == "pet":
        return match.first > lead.first or match.first == piece.first or _is_about(line, match)
    return False


def _is_about(line: Line, match: Match) -> bool:
    before = _before(line, match)
    return before is not None and before.text in {"對", "对"}


def name_after(line: Line, piece: Piece, match: Match, *, called: bool = False) -> tuple[str, int]:
    """The name that follows a relation ("wife Amy", 太太叫小美) and where it ends; "" without one."""
    row, index = line.row, match.last
    by_name = False
    while index < piece.last and row[index].text in _CALLED and not row[index].gap:
        by_name = by_name or row[index].text in _BY_NAME
        called, index = True, index + 1
    if index < piece.last and row[index].text == "姓" and not row[index].gap:
        return _surname(line, piece, index + 1)
    if index + 1 < piece.last and row[index].text in _HONORIFICS and (called or row[index].capital):
        return _titled(line, piece, index)
    starts = {m.first: m for m in piece.matches}
    if index >= piece.last or row[index].gap or index in line.taken or row[index].number:
        return "", 0
    if row[index].cjk:
        name, end = _after_call(line, piece, index, starts, by_name=by_name, called=called)
        animal = (relation := match.entry("relation")) is not None and relation.value == "pet"
        return ("", 0) if not (called or animal) and _is_a_word(name) else (name, end)
    first = index
    while (
        index < piece.last
        and index - first < 3
        and _may_be_name(line, index, starts, called=called, first=first)
    ):
        index += 1
    if index == first:
        return "", 0
    while (
        index < piece.last
        and line.text[row[index - 1].end : row[index].start] == "-"
        and not row[index].number
    ):
        index += 1  # Hye-jin
    start, end = row[first].start, row[index - 1].end
    if row[index - 1].possessive:
        end -= 2
    return line.text[start:end], end


def _is_a_word(name: str) -> bool:
    """愛人天天打坐: no name, but what everybody says; 小寶 may be one all the same, and a dog 麻糬."""
    plain = name.translate(hanzi().simple)
    return name[:1] not in {"小", "大", "阿", "老"} and chinese_words(plain) == [plain]


def _after_call(
    line: Line, piece: Piece, first: int, starts: dict[int, Match], *, by_name: bool, called: bool
) -> tuple[str, int]:
    if by_name and 2 <= (last := _run(line, piece, first)) - first <= 3:
        return line.text[line.row[first].start : line.row[last - 1].end], line.row[last - 1].end
    if called and not by_name and line.row[first].text not in _SURNAMES | {"小", "阿"}:
        called = False  # 老婆是醫生: what she is
    return _chinese_name(line, piece, first, starts, called=called)


def _run(line: Line, piece: Piece, first: int) -> int:
    """Where the Chinese characters that stand together end."""
    last = first
    while last < piece.last and line.row[last].cjk and last not in line.taken:
        if last > first and line.row[last].gap:
            break
        last += 1
    return last


def _surname(line: Line, piece: Piece, first: int) -> tuple[str, int]:
    """助理姓林, 老公姓歐陽: no more than the surname is known."""
    row, last = line.row, first
    while last < piece.last and last - first < 2 and row[last].cjk and not row[last].gap:
        if last > first and (row[first].text in _SURNAMES or row[last].text in _NOT_NAMES):
            break
        last += 1
    if last == first:
        return "", 0
    return line.text[row[first].start : row[last - 1].end], row[last - 1].end


def _titled(line: Line, piece: Piece, first: int) -> tuple[str, int]:
    """ "boss is Mr Tan": with the title, whatever the name means otherwise."""
    row, last = line.row, first + 1
    while last < piece.last and last - first < 4 and row[last].capital and not row[last].gap:
        last += 1
        if row[last - 1].possessive:
            break
    if last == first + 1:
        return "", 0
    end = row[last - 1].end - (2 if row[last - 1].possessive else 0)
    return line.text[row[first].start : end], end


_HERS = frozenset({"her", "his", "their", "its", "the", "她", "他", "名"})


def name_alone(line: Line, piece: Piece) -> Said[str] | None:
    """The name in a piece that gives it and nothing else: "her name is Ruth", 叫小芸."""
    row, index = line.row, piece.first
    while index < piece.last and row[index].text in _HERS:
        index += 1
    if index >= piece.last or row[index].text not in _CALLED | {"name"}:
        return _in_apposition(line, piece)
    name, end = name_after(line, piece, Match(index, index + 1, ()), called=True)
    return Said(name, end - len(name), end, 0.85) if name else None


def _in_apposition(line: Line, piece: Piece) -> Said[str] | None:
    """ "their youngest, Nina, is 3": one or two words with a capital that mean nothing."""
    if piece.first == 0 or piece.last - piece.first > 2 or piece.matches:
        return None
    inside = line.row[piece.first : piece.last]
    if any(unit.cjk or unit.number or not unit.capital for unit in inside):
        return None
    start, end = inside[0].start, inside[-1].end
    return Said(line.text[start:end], start, end, 0.7)


def _may_be_name(line: Line, index: int, starts: dict[int, Match], *, called: bool, first: int) -> bool:
    unit = line.row[index]
    if unit.cjk or unit.number or index in line.taken or (index > first and unit.gap):
        return False
    if index > first and line.row[index - 1].possessive:
        return False
    if index in starts:
        one_word = starts[index].last == index + 1 and not starts[index].entry("relation")
        return unit.capital and (called or one_word) and not starts[index].entry("plain")
    if unit.capital:
        return True
    # Typed with one thumb: a small letter, but no word that we know.
    return (
        index == first
        and len(unit.text) > 1
        and not line.gazetteer.is_known(unit.text)
        and (unit.text in _END_LIKE_VERBS or not unit.text.endswith(("s", "ed", "ing")))
    )


def _is_name(match: Match, piece: Piece, row: list[Unit], *, called: bool) -> bool:
    """A pet name that is a word too: 兒子小寶, and after 叫 anything short that ends the piece."""
    if match.entry("relation") and row[match.first].text in {"小", "大", "阿"}:
        return True
    ends = match.last == piece.last or row[match.last].number or bool(row[match.last].gap)
    return called and match.last - match.first == 2 and ends


def _chinese_name(
    line: Line, piece: Piece, first: int, starts: dict[int, Match], *, called: bool
) -> tuple[str, int]:
    row, index = line.row, first
    while index < piece.last and index - first < 3 and row[index].cjk and index not in line.taken:
        if (
            index == first + 1
            and row[first].text in _SURNAMES
            and "".join(u.text for u in row[index : index + 2]) in _FORMS
        ):
            return line.text[row[first].start : row[index + 1].end], row[index + 1].end
        if index > first and row[index].gap:
            break
        match = starts.get(index)
        says = match is not None and (
            match.last - match.first > 1 or match.entry("act") or match.entry("thing")
        )
        if match is not None and index == first and _is_name(match, piece, row, called=called):
            return line.text[row[first].start : row[match.last - 1].end], row[match.last - 1].end
        if says and not (called and index == first + 1 and match is not None and match.last == piece.last):
            break
        if row[index].text in _NOT_NAMES and not (called and index > first and index == piece.last - 1):
            break
        index += 1
    if index - first < 2 and not (called and index > first):
        return "", 0
    end = row[index - 1].end
    return line.text[row[first].start : end], end
