"""A town of made-up people for `benchmarks.recognise`, and what somebody at the desk might type to find them.

Written apart from engines/identity: names, nicknames, surnames abroad and slips are this module's own lists; scripts
come from OpenCC's phrases, readings and Wade-Giles from pypinyin with its phrase dictionary, where the engine uses
tables by the character and rules of its own. Numbers and addresses are random and may belong to someone: never used.
"""

from __future__ import annotations

import random
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

GIVEN = (
    "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph Jessica Thomas"
    " Sarah Christopher Karen Charles Lisa Daniel Nancy Matthew Betty Anthony Margaret Mark Sandra Donald Ashley Steven Kimberly"
    " Andrew Emily Paul Donna Joshua Michelle Kenneth Carol Kevin Amanda Brian Melissa George Deborah Timothy Stephanie Ronald"
    " Rebecca Jason Sharon Edward Laura Jeffrey Cynthia Ryan Dorothy Jacob Amy Gary Kathleen Nicholas Angela Eric Shirley"
    " Jonathan Brenda Stephen Emma Larry Anna Justin Pamela Scott Nicole Brandon Samantha Benjamin Katherine Samuel Christine"
    " Gregory Helen Alexander Debra Patrick Rachel Frank Carolyn Raymond Janet Jack Maria Dennis Catherine Jerry Heather"
    " Tyler Diane Aaron Olivia Jose Julie Adam Joyce Nathan Victoria Henry Ruth Zachary Virginia Douglas Lauren Peter Kelly"
    " Kyle Christina Noah Joan Ethan Evelyn Jeremy Judith Walter Andrea Christian Hannah Keith Megan Roger Cheryl Terry"
    " Jacqueline Austin Martha Sean Madison Gerald Teresa Carl Gloria Harold Sara Dylan Janice Arthur Ann Lawrence Kathryn"
    " Jordan Abigail Jesse Sophia Bryan Frances Billy Jean Bruce Alice Gabriel Judy Joe Isabella Logan Julia Alan Grace Juan"
    " Amber Albert Denise Willie Danielle Elijah Marilyn Wayne Beverly Randy Charlotte Vincent Natalie Mason Theresa Roy Diana"
    " Ralph Brittany Bobby Doris Russell Kayla Bradley Alexis Philip Lori Eugene Marie Leonard Ingrid Sören Agnès Zoë Björn"
).split()
FAMILY = (
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson Thomas"
    " Taylor Moore Jackson Martin Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker Allen King Wright Scott"
    " Torres Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Gomez Phillips Evans Turner Diaz"
    " Parker Cruz Edwards Collins Reyes Stewart Morris Morales Murphy Cook Rogers Gutierrez Ortiz Morgan Cooper Peterson Bailey"
    " Reed Kelly Howard Ramos Cox Ward Richardson Watson Brooks Chavez Wood Bennett Gray Mendoza Ruiz Hughes Price Alvarez"
    " Castillo Sanders Patel Myers Long Ross Foster Jimenez Powell Jenkins Perry Russell Sullivan Bell Coleman Butler Henderson"
    " Barnes Fisher Vasquez Simmons Romero Jordan Patterson Alexander Hamilton Graham Reynolds Griffin Wallace Moreno West Cole"
    " Hayes Bryant Herrera Gibson Ellis Tran Medina Aguilar Stevens Murray Ford Castro Marshall Owens Harrison Fernandez O'Brien"
    " O'Connor McDonald Müller Schröder Lefèvre Nuñez Kowalski Ivanova Rossi"
).split()
_BEGIN = (
    "Al An Ar Bar Ben Ber Bir Bla Bol Bon Bra Bri Bro Bur Cal Cam Car Cha Clay Col Con Cor Cra Dal Dan Dar Del Dev Don Dor Dun"
    " El Ems Fal Far Fer Fin Fla Fra Gal Gar Gil Gol Gra Gri Hal Ham Han Har Hel Her Hol Hor Jar Ken Kil Kin Kra Lam Lan Lar Les"
    " Lin Lor Mal Man Mar Mel Mer Mil Mon Mor Nel Nor Oak Or Pal Par Pel Pen Per Pin Pol Pra Ran Ras Red Ric Rol Ros Row Sal San"
    " Sar Sel Shel Sin Sta Ste Sto Stra Sul Tal Tan Tar Tel Tor Tra Tur Val Van Ver Vin Wal War Wes Whit Wil Win Wol Yar Zel"
).split()
_MIDDLE = [
    "",
    "",
    "",
    "be",
    "de",
    "der",
    "di",
    "en",
    "er",
    "ga",
    "in",
    "ke",
    "la",
    "le",
    "ma",
    "ne",
    "o",
    "ro",
    "sa",
    "ti",
]
_END = (
    "berg bert bourne bridge burn bury by combe cott dale den dorf feld field ford gate gren ham hart hoff holm house hurst ick"
    " kamp ker kins kov land ler ley lin lock low man mann mer mont more nell ner ney rick ridge ris rod sen ski smith son stad"
    " stein stone strom ter thal ton tree ville wald ward well wick win wood worth zer"
).split()
SHORT = {
    "Robert": "Bob Rob Bobby", "William": "Bill Will Billy", "Richard": "Rick Dick Rich", "Elizabeth": "Liz Beth Betsy",
    "Margaret": "Maggie Peggy Meg", "Katherine": "Kate Kathy Katie", "Catherine": "Cathy Kate", "Michael": "Mike Mick",
    "James": "Jim Jimmy Jamie", "John": "Johnny Jack", "Joseph": "Joe Joey", "Thomas": "Tom Tommy", "Christopher": "Chris Kit",
    "Daniel": "Dan Danny", "Matthew": "Matt", "Anthony": "Tony", "Steven": "Steve", "Andrew": "Andy Drew", "Joshua": "Josh",
    "Kenneth": "Ken Kenny", "Timothy": "Tim", "Jeffrey": "Jeff", "Gregory": "Greg", "Benjamin": "Ben", "Samuel": "Sam",
    "Patricia": "Pat Patty Trish", "Jennifer": "Jen Jenny", "Barbara": "Barb", "Susan": "Sue Susie", "Jessica": "Jess",
    "Deborah": "Deb Debbie", "Stephanie": "Steph", "Rebecca": "Becky", "Kimberly": "Kim", "Alexander": "Alex", "Nicholas": "Nick",
    "Edward": "Ed Ted Eddie", "Ronald": "Ron", "Donald": "Don", "Charles": "Charlie Chuck", "David": "Dave", "Lawrence": "Larry",
    "Raymond": "Ray", "Philip": "Phil", "Zachary": "Zach", "Jonathan": "Jon", "Victoria": "Vicky", "Pamela": "Pam",
    "Cynthia": "Cindy", "Theresa": "Terry", "Douglas": "Doug", "Leonard": "Len Leo", "Eugene": "Gene", "Samantha": "Sam",
}  # fmt: skip
SURNAMES = (
    "王wang 李li 张zhang 刘liu 陈chen 杨yang 黄huang 赵zhao 吴wu 周zhou 徐xu 孙sun 马ma 朱zhu 胡hu 郭guo 何he 林lin 高gao 罗luo"
    " 郑zheng 梁liang 谢xie 宋song 唐tang 许xu 韩han 邓deng 冯feng 曹cao 彭peng 曾zeng 肖xiao 田tian 董dong 潘pan 袁yuan 蔡cai"
    " 蒋jiang 余yu 于yu 杜du 叶ye 程cheng 魏wei 苏su 吕lu 丁ding 任ren 卢lu 姚yao 沈shen 钟zhong 姜jiang 崔cui 谭tan 陆lu 范fan"
    " 汪wang 廖liao 石shi 金jin 韦wei 贾jia 夏xia 付fu 方fang 邹zou 熊xiong 白bai 孟meng 秦qin 邱qiu 侯hou 江jiang 尹yin 薛xue"
    " 闫yan 段duan 雷lei 龙long 黎li 史shi 陶tao 贺he 毛mao 郝hao 顾gu 龚gong 邵shao 万wan 覃qin 武wu 钱qian 戴dai 严yan 莫mo"
    " 孔kong 向xiang 常chang 解xie 单shan 仇qiu 欧阳ouyang 司马sima 诸葛zhuge 上官shangguan 翟zhai"
).split()
ABROAD = {
    "陈": "Chan Tan", "王": "Wong", "黄": "Wong Ng", "李": "Lee", "张": "Cheung", "刘": "Lau", "杨": "Yeung", "林": "Lam Lim",
    "郭": "Kwok", "梁": "Leung", "谢": "Tse", "郑": "Cheng", "蔡": "Tsoi Chua", "吴": "Ng", "叶": "Yip", "邓": "Tang", "何": "Ho",
}  # fmt: skip
CHARACTERS = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲芬燕建国文志雪梅海峰宇浩然子轩梓涵一诺欣怡雨泽思佳慧琳婷"
    "俊豪嘉怡晓东春生庆东升永康健辉光荣美兰珍莲凤云波宁力民新利清飞彬富顺信良栋维启克伦翔旭鹏泽晨辰士以建家致树炎德行时泰盛"
    "雄琛钧冠策腾楠榕风航弘瑞凯歌雅琴素云青倩婉娴瑾颖露瑶怡婵雁蓓仪荷丹蓉眉君蕊薇菁梦岚苑筠柔竹霭凝晓欢霄枫芸菲寒伊亚"
    "宜可姬舒影荔枝思雯诗涵若曦语桐书瑶承恩品妤宥廷柏翰睿恩芷晴羽彤祖安立仁正义守信达广学文成章哲圣"
)
NUMBERS: list[tuple[str, str, Callable[[random.Random], str]]] = [
    ("+886", "9", lambda chance: f"{chance.randrange(10**8):08d}"),
    ("+86", "1", lambda chance: f"{chance.randrange(3, 10)}{chance.randrange(10**9):09d}"),
    ("+852", "", lambda chance: f"{chance.choice('569')}{chance.randrange(10**7):07d}"),
    ("+65", "", lambda chance: f"{chance.choice('89')}{chance.randrange(10**7):07d}"),
    (
        "+1",
        "",
        lambda chance: chance.choice(_AREAS) + f"{chance.randrange(200, 999)}{chance.randrange(10**4):04d}",
    ),
]
_AREAS = "212 213 312 415 617 702 713 808 917 206 310 404 503 512 602 646 650 718 720 818".split()
_PROVIDERS = (
    "gmail.com gmail.com gmail.com outlook.com yahoo.com hotmail.com icloud.com qq.com 163.com".split()
)
_to_traditional = OpenCC("s2t")


@dataclass(slots=True)
class Person:
    id: int
    name: str
    also: str
    phone: str
    email: str
    chinese: bool
    true: tuple[str, str]
    """(family, given): hanzi in simplified form, or the formal English name."""
    said: tuple[str, str] = ("", "")
    """Pinyin of family and given name."""


@cache
def traditional(text: str) -> str:
    return str(_to_traditional.convert(text))


@lru_cache(maxsize=200_000)
def pinyin(text: str, style: Style = Style.NORMAL) -> tuple[str, ...]:
    return tuple(lazy_pinyin(text, style=style))


def plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(each for each in decomposed if not unicodedata.combining(each) and each.isalpha())


class Zipf:
    """Picks the first of a list most often."""

    def __init__(self, values: list[str], power: float) -> None:
        self.values = values
        self.weights = list(accumulate(1 / (rank + 2) ** power for rank in range(len(values))))

    def pick(self, chance: random.Random) -> str:
        return chance.choices(self.values, cum_weights=self.weights)[0]


_GIVEN, _FAMILY, _SURNAMES = Zipf(GIVEN, 0.6), Zipf(FAMILY, 0.8), Zipf(SURNAMES, 0.85)
_CHARACTERS = Zipf(list(dict.fromkeys(CHARACTERS)), 0.5)


def town(size: int, seed: int) -> Iterator[Person]:
    """Two thirds have Latin names, one third Chinese ones in every script and spelling; three in a hundred share a phone."""
    chance = random.Random(seed)
    before: Person | None = None
    for number in range(1, size + 1):
        person = _chinese(chance, number) if chance.random() < 1 / 3 else _western(chance, number)
        related = before is not None and before.chinese == person.chinese and chance.random() < 0.06
        if related and before is not None and before.phone:
            person.phone = before.phone
        elif chance.random() < 0.88:
            code, first, rest = chance.choices(
                NUMBERS, (3, 3, 2, 1, 0) if person.chinese else (0, 0, 1, 1, 8)
            )[0]
            person.phone = code + first + rest(chance)
        if chance.random() < 0.65:
            person.email = _address(chance, person)
        before = person
        yield person


def _western(chance: random.Random, number: int) -> Person:
    given = _GIVEN.pick(chance)
    if chance.random() < 0.45:
        family = _FAMILY.pick(chance)
    else:
        family = chance.choice(_BEGIN) + chance.choice(_MIDDLE) + chance.choice(_END)
    middle = f" {_GIVEN.pick(chance)}" if chance.random() < 0.12 else ""
    return Person(number, f"{given}{middle} {family}", "", "", "", False, (family, given))


def _chinese(chance: random.Random, number: int) -> Person:
    surname = _SURNAMES.pick(chance)
    family = surname.rstrip("abcdefghijklmnopqrstuvwxyz")
    read = surname[len(family) :]
    given = "".join(_CHARACTERS.pick(chance) for _each in range(1 if chance.random() < 0.15 else 2))
    parts = pinyin(given)
    said = (read, "".join(parts).replace("ü", "u").replace("v", "u"))
    hanzi, also = family + given, ""
    kind = chance.random()
    if kind < 0.34:
        name = hanzi
    elif kind < 0.6:
        name = traditional(hanzi)
    elif kind < 0.7:
        name = f"{read.title()} {said[1].title()}"
    elif kind < 0.76:
        name = f"{said[1].title()} {read.title()}"
    elif kind < 0.83:
        name = f"{read.title()} {'-'.join(each.title() for each in parts)}".replace("v", "u")
    elif kind < 0.9:
        name = wade_giles(family, given, chance)
        also = traditional(hanzi) if chance.random() < 0.4 else ""
    else:
        spelt = (
            chance.choice(ABROAD[family].split())
            if family in ABROAD and chance.random() < 0.3
            else read.title()
        )
        name, also = f"{_GIVEN.pick(chance)} {spelt}", traditional(hanzi) if chance.random() < 0.5 else hanzi
    return Person(number, name, also, "", "", True, (family, given), said)


def wade_giles(family: str, given: str, chance: random.Random, *, lower: bool = False) -> str:
    """As on older passports: Hsu Hao-Pin, mostly without the apostrophes."""
    surname = "".join(plain(each) for each in pinyin(family, Style.WADEGILES)).replace("v", "u")
    parts = [plain(each).replace("v", "u") for each in pinyin(given, Style.WADEGILES)]
    name = f"{surname.title()} {'-'.join(each.title() for each in parts)}"
    if chance.random() < 0.4:
        name = f"{'-'.join(each.title() for each in parts)} {surname.title()}"
    return name.lower() if lower else name


def _address(chance: random.Random, person: Person) -> str:
    family, given = (plain(each).lower() for each in (person.said if person.chinese else person.true))
    number = str(chance.randrange(10000)) if chance.random() < 0.6 else ""
    local = chance.choice(
        (
            f"{given}.{family}",
            f"{given}{family}",
            f"{family}.{given}",
            f"{given[:1]}{family}",
            f"{given}_{family}",
        )
    )
    if chance.random() < 0.08:
        local, number = str(chance.randrange(10**8, 10**10)), ""
    return f"{local}{number}@{chance.choice(_PROVIDERS)}"


# --- what is typed

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def slip(chance: random.Random, text: str) -> str:
    """One letter left out, doubled, replaced, put in, or swapped with its neighbour."""
    places = [index for index, each in enumerate(text) if each.isalpha() and index]
    at = chance.choice(places)
    kind = chance.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + chance.choice(_LETTERS) + text[at + 1 :]
    if kind == 2:
        return text[:at] + chance.choice(_LETTERS) + text[at:]
    return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]


def spoken_alike(chance: random.Random, text: str) -> str | None:
    """Written as it sounds."""
    pairs = [("ph", "f"), ("ck", "k"), ("ll", "l"), ("tt", "t"), ("nn", "n"), ("th", "t"), ("son", "sen"), ("y", "i"), ("ei", "ie"),
             ("c", "k"), ("ea", "ee"), ("mann", "man"), ("stein", "stine"), ("berg", "burg"), ("w", "wh")]  # fmt: skip
    found = [(old, new) for old, new in pairs if old in text[1:]]
    if not found:
        return None
    old, new = chance.choice(found)
    return text[0] + text[1:].replace(old, new, 1)


_FUZZY = [("zh", "z"), ("sh", "s"), ("ch", "c"), ("ang", "an"), ("ing", "in"), ("eng", "en"), ("l", "n"), ("n", "l"), ("f", "h"), ("an", "ang"), ("in", "ing"), ("en", "eng")]  # fmt: skip


def number_as_typed(chance: random.Random, phone: str) -> str:
    code = next(code for code, _first, _rest in NUMBERS if phone.startswith(code))
    rest = phone[len(code) :]
    national = {"+886": "0" + rest, "+86": rest, "+852": rest, "+65": rest, "+1": rest}[code]
    split = national[:4] + chance.choice(" -") + national[4:7] + chance.choice(" -") + national[7:]
    styles = [phone, "00" + phone[1:], f"{code}-{rest}", f"{code} {rest[:3]} {rest[3:]}", national, split,
              phone.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})]  # fmt: skip
    if code == "+1":
        styles += [
            f"({rest[:3]}) {rest[3:6]}-{rest[6:]}",
            f"{rest[:3]}.{rest[3:6]}.{rest[6:]}",
            f"1-{rest[:3]}-{rest[3:6]}-{rest[6:]}",
        ]
    return chance.choice(styles)


def one_digit_off(chance: random.Random, phone: str) -> str:
    at = chance.randrange(len(phone) - 8, len(phone))
    return phone[:at] + str((int(phone[at]) + chance.randrange(1, 10)) % 10) + phone[at + 1 :]


@dataclass(frozen=True, slots=True)
class Asked:
    kind: str
    text: str
    right: frozenset[int]


CLASSES = (
    "phone_format phone_1digit phone_tail7 tail4+name tail4+zhname email_format email_typo en_1typo en_2typos en_swap_typo"
    " en_phonetic en_nickname en_partial zh_script zh_pinyin zh_wadegiles zh_homophone zh_fuzzy_pinyin zh_pinyin_typo zh_en_mixed"
).split()


def questions(people: list[Person], each: int, seed: int, kinds: Sequence[str] = CLASSES) -> list[Asked]:
    """`each` of every class. By name alone only those are asked whose name, as asked, at most three have."""
    chance = random.Random(seed)
    true: dict[tuple[str, str], list[int]] = defaultdict(list)
    said: dict[tuple[str, str], list[int]] = defaultdict(list)
    phones: dict[str, list[int]] = defaultdict(list)
    """People by number, and by address without what Gmail ignores."""
    for person in people:
        if person.email:
            phones[delivered(person.email)].append(person.id)
        true[person.true].append(person.id)
        if person.chinese:
            said[person.said].append(person.id)
        if person.phone:
            phones[person.phone].append(person.id)
    homophones = _homophones()
    asked: list[Asked] = []
    for kind in kinds:
        found = tries = 0
        while found < each and tries < 20000:
            tries += 1
            question = _ask(kind, chance, chance.choice(people), true, said, phones, homophones)
            if question is not None:
                asked.append(question)
                found += 1
    return asked


def _homophones() -> dict[str, list[str]]:
    result: dict[str, list[str]] = defaultdict(list)
    for character in dict.fromkeys(CHARACTERS):
        result[pinyin(character)[0]].append(character)
    return result


def _ask(kind: str, chance: random.Random, person: Person, true: dict[tuple[str, str], list[int]], said: dict[tuple[str, str], list[int]], phones: dict[str, list[int]], homophones: dict[str, list[str]]) -> Asked | None:  # fmt: skip
    text: str | None = None
    right = [person.id]
    if kind.startswith(("phone", "tail")):
        if not person.phone or ((kind == "tail4+zhname") != person.chinese and kind.startswith("tail")):
            return None
        right = phones[person.phone] if kind.startswith("phone") else right
        text = _by_number(kind, chance, person)
    elif kind.startswith("email"):
        if not person.email:
            return None
        right, text = phones[delivered(person.email)], _by_address(kind, chance, person.email)
    elif kind.startswith("en"):
        if person.chinese or len(true[person.true]) > 3:
            return None
        right, text = true[person.true], _by_english(kind, chance, person)
    elif person.chinese:
        by_sound = kind not in {"zh_script", "zh_en_mixed"}
        right = said[person.said] if by_sound else true[person.true]
        if kind != "zh_en_mixed" and len(right) > 3:
            return None
        text = _by_chinese(kind, chance, person, homophones)
        if kind == "zh_en_mixed":
            right = [person.id]
    return Asked(kind, text, frozenset(right)) if text else None


def _by_number(kind: str, chance: random.Random, person: Person) -> str:
    phone, last = person.phone, person.phone[-4:]
    if kind == "phone_format":
        return number_as_typed(chance, phone)
    if kind == "phone_1digit":
        return number_as_typed(chance, one_digit_off(chance, phone))
    if kind == "phone_tail7":
        return phone[-7:]
    family, given = person.true
    if kind == "tail4+name":
        return f"{chance.choice((family, given, person.name)).lower()} {last}"
    initials = (person.said[0][0] + "".join(each[0] for each in pinyin(given))).lower()
    spoken = chance.choice(
        (f"{person.said[0]} {person.said[1]}", family + given, traditional(family + given))
    )
    shown = any("\u4e00" <= each <= "\u9fff" for each in person.name + person.also)
    return f"{initials if shown and chance.random() < 0.25 else spoken} {last}"


def delivered(address: str) -> str:
    local, _at, domain = address.partition("@")
    return f"{local.replace('.', '') if domain == 'gmail.com' else local}@{domain}"


def _by_address(kind: str, chance: random.Random, address: str) -> str:
    local, _at, domain = address.partition("@")
    if kind == "email_typo":
        return (
            slip(chance, local) + "@" + domain
            if chance.random() < 0.75 and any(map(str.isalpha, local[1:]))
            else local + "@" + slip(chance, domain)
        )
    styles = [address.upper(), address.title(), f" {address} ", f"<{address}>"]
    if domain == "gmail.com":
        styles += [
            f"{local}+news@{domain}",
            f"{local[:2]}.{local[2:]}@{domain}".replace("..", "."),
            f"{local}@googlemail.com",
        ]
    return chance.choice(styles)


def _by_english(kind: str, chance: random.Random, person: Person) -> str | None:
    family, given = (each.lower() for each in person.true)
    if kind == "en_1typo":
        return (
            f"{given} {slip(chance, family)}" if chance.random() < 0.6 else f"{slip(chance, given)} {family}"
        )
    if kind == "en_2typos":
        return f"{slip(chance, given)} {slip(chance, family)}"
    if kind == "en_swap_typo":
        return f"{family}, {slip(chance, given)}"
    if kind == "en_phonetic":
        heard = spoken_alike(chance, family)
        return f"{given} {heard}" if heard else None
    if kind == "en_nickname":
        return (
            f"{chance.choice(SHORT[person.true[1]].split()).lower()} {family}"
            if person.true[1] in SHORT
            else None
        )
    if len(given) < 5 or len(family) < 6:
        return None
    return f"{given[: len(given) - chance.randrange(1, 3)]} {family[: len(family) - chance.randrange(1, 3)]}"


def _by_chinese(
    kind: str, chance: random.Random, person: Person, homophones: dict[str, list[str]]
) -> str | None:
    (family, given), (surname, name) = person.true, person.said
    if kind == "zh_script":
        return chance.choice((family + given, traditional(family + given)))
    if kind == "zh_pinyin":
        apart = " ".join(pinyin(given)).replace("v", "u")
        return chance.choice(
            (
                f"{surname} {name}",
                f"{name} {surname}",
                f"{surname} {apart}",
                f"{surname}{name}",
                f"{surname} {apart.replace(' ', '-')}",
            )
        )
    if kind == "zh_wadegiles":
        return wade_giles(family, given, chance, lower=True)
    if kind == "zh_homophone":
        others = [each for each in homophones[pinyin(given[-1])[0]] if each != given[-1]]
        return family + given[:-1] + chance.choice(others) if others else None
    if kind == "zh_fuzzy_pinyin":
        fuzzy = [
            (old, new)
            for old, new in _FUZZY
            if (
                name.startswith(old) if len(old) < 3 and old not in {"an", "in", "en"} else name.endswith(old)
            )
        ]
        if not fuzzy:
            return None
        old, new = chance.choice(fuzzy)
        heard = new + name[len(old) :] if name.startswith(old) else name[: -len(old)] + new
        return f"{surname} {heard}"
    if kind == "zh_pinyin_typo":
        return f"{surname} {slip(chance, name)}" if len(name) >= 5 else None
    english = person.name.split(" ")[0].lower()
    if not person.also or not person.phone or not english.isascii() or english.title() not in GIVEN:
        return None
    return f"{english} {chance.choice((family, traditional(family)))} {person.phone[-4:]}"


def summary(people: list[Person]) -> Counter[str]:
    return Counter("chinese" if person.chinese else "latin" for person in people)
