"""The catalogues are whole, agree with the source and with each other, and keep to the house's words."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from rugui.core import i18n

PLACEHOLDER = re.compile(r"%\(\w+\)s|%[ds%]|\{\w*\}")

# Telling characters: each in its traditional and its simplified form, neither of which the other script uses.
TRADITIONAL = (
    "這請個沒碼寫號時對會裡結來話電開麼間們過連給點補業匯經還諾據樣說為與數內顧記報頁編進鑰鐘權郵復檔讀現當選負幾"
    "處驗證於試從計誰訊後訴決單別費變責欄無稱預錯屬帳關設讓營額專組輸啟問須區幣訪語約顯較複發並邊滿換離兩續則嗎製"
    "機產網聽錄訂陳體註歸統舊歐將應項標剛歡聯絡儲範尋銷資種達線卻帶動靜夠確繼傳閉裝題掃門務張圓絨鍵類狀態國簡"
)
SIMPLIFIED = (
    "这请个没码写号时对会里结来话电开么间们过连给点补业汇经还诺据样说为与数内顾记报页编进钥钟权邮复档读现当选负几"
    "处验证于试从计谁讯后诉决单别费变责栏无称预错属帐关设让营额专组输启问须区币访语约显较复发并边满换离两续则吗制"
    "机产网听录订陈体注归统旧欧将应项标刚欢联络储范寻销资种达线却带动静够确继传闭装题扫门务张圆绒键类状态国简"
)
STRAY = {"zh_Hant": set(SIMPLIFIED), "zh_Hans": set(TRADITIONAL)}

# Words of the other side of the strait, in either script's own characters.
ELSEWHERE = {
    "zh_Hant": [
        "用戶",
        "信息",
        "登錄",
        "賬號",
        "保存",
        "默認",
        "鏈接",
        "軟件",
        "網絡",
        "數據",
        "菜單",
        "郵箱",
        "視頻",
        "短信",
    ],
    "zh_Hans": [
        "资讯",
        "登入",
        "登出",
        "帐号",
        "储存",
        "预设",
        "连结",
        "软体",
        "网路",
        "资料库",
        "选单",
        "萤幕",
        "程式",
        "身分",
        "伺服器",
    ],
}

# What the house's own words are called, wherever a catalogue has just the word.
GLOSSARY = {
    "Customers": ("顧客", "顾客"),
    "guest": ("客人", "客人"),
    "Notes": ("記事", "记事"),
    "Need": ("需要", "需要"),
    "Preference": ("喜好", "喜好"),
    "Wish": ("心願", "心愿"),
    "Goal": ("目的", "目的"),
    "Mood": ("心情", "心情"),
    "Touches": ("接觸", "接触"),
    "Promises": ("承諾", "承诺"),
    "kept": ("守諾", "守诺"),
    "broken": ("失約", "失约"),
    "renegotiated": ("重新約定", "重新约定"),
    "Recovery cases": ("補救", "补救"),
    "Apologise": ("道歉", "道歉"),
    "Review together": ("一起檢視", "一起核对"),
    "Fix and report": ("解決並回報", "解决并回报"),
    "Document": ("記錄", "记录"),
    "Follow up": ("後續關心", "后续关心"),
    "Line-up": ("晨會", "晨会"),
    "Contact person": ("專屬聯絡人", "专属联系人"),
}
# And what must appear in every sentence about them.
IN_SENTENCES = {
    r"\bpromise[sd]?\b": ("承諾", "承诺"),
    r"\bline-up\b": ("晨會", "晨会"),
    r"\bpasskeys?\b": ("通行密鑰", "通行密钥"),
}
SPOKEN = {
    "We had promised you word by %(time)s, and did not keep it. We are sorry. You will hear from us as soon as we can."
}
"""A sentence to a customer, in whose words it is said."""


def _read(name: str, folder: Path = i18n.LOCALES) -> Catalog:
    with (folder / name / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=name, abort_invalid=True)


def _key(message: Message) -> tuple[str | None, tuple[str, ...]]:
    return message.context, (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _messages(name: str, folder: Path = i18n.LOCALES) -> list[tuple[str, str]]:
    """(English, Chinese) of every message; of a plural the many, which is what Chinese has."""
    return [
        (message.id if isinstance(message.id, str) else message.id[-1],
         message.string if isinstance(message.string, str) else message.string[0])
        for message in _read(name, folder)
        if message.id
    ]  # fmt: skip


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogues as they would be if somebody ran script/messages now."""
    folder = tmp_path_factory.mktemp("locale")
    for name in i18n.CATALOGUES:
        shutil.copytree(i18n.LOCALES / name, folder / name, ignore=shutil.ignore_patterns("*.mo"))
    i18n.collect(folder)
    return folder


@pytest.mark.parametrize("name", i18n.CATALOGUES)
def test_every_word_of_the_source_is_in_the_catalogue_and_nothing_else(name: str, collected: Path) -> None:
    wanted = {_key(message) for message in _read(name, collected) if message.id}
    there = {_key(message) for message in _read(name) if message.id}
    assert sorted(wanted - there, key=repr) == []
    assert sorted(there - wanted, key=repr) == []


@pytest.mark.parametrize("name", i18n.CATALOGUES)
def test_everything_is_translated_and_nothing_is_a_guess(name: str) -> None:
    catalog = _read(name)
    assert [english for english, chinese in _messages(name) if not chinese.strip()] == []
    assert [message.id for message in catalog if message.fuzzy and message.id] == []
    assert list(catalog.obsolete) == []


@pytest.mark.parametrize("name", i18n.CATALOGUES)
def test_chinese_has_one_plural_form(name: str) -> None:
    catalog = _read(name)
    assert (catalog.num_plurals, catalog.plural_expr) == (1, "0")
    plurals = [message for message in catalog if message.pluralizable]
    assert plurals
    assert [message.id for message in plurals if len(message.string) != 1] == []


@pytest.mark.parametrize("name", i18n.CATALOGUES)
def test_placeholders_are_those_of_the_english(name: str) -> None:
    different = [
        english
        for english, chinese in _messages(name)
        if sorted(set(PLACEHOLDER.findall(english))) != sorted(set(PLACEHOLDER.findall(chinese)))
    ]
    assert different == []


@pytest.mark.parametrize("name", i18n.CATALOGUES)
def test_each_script_keeps_to_its_own_characters(name: str) -> None:
    # Each may name the other's script, as the list of encodings does.
    strays = {
        chinese: "".join(sorted(found))
        for _, chinese in _messages(name)
        if (found := set(chinese) & STRAY[name])
    }
    assert strays == {}


@pytest.mark.parametrize("name", i18n.CATALOGUES)
def test_each_side_of_the_strait_has_its_own_words(name: str) -> None:
    assert [chinese for _, chinese in _messages(name) for word in ELSEWHERE[name] if word in chinese] == []


@pytest.mark.parametrize("name", i18n.CATALOGUES)
def test_quotation_marks_and_punctuation_are_chinese(name: str) -> None:
    wrong = "“”‘’" if name == "zh_Hant" else "「」『』"
    halved = re.compile(
        r"[\u4e00-\u9fff][,;:?!()]|[\u4e00-\u9fff]\.(?!\w)|(?:\)s|\}) ?[,:;?!(] ?(?:[%{\u4e00-\u9fff])"
    )
    bad = [
        chinese
        for english, chinese in _messages(name)
        if set(wrong) & set(chinese)
        or halved.search(chinese)
        or (english.endswith(".") and chinese[-1] not in "。？！")
        or (not english.endswith((".", "?", "!", "…")) and chinese.endswith("。"))
    ]
    assert bad == []


def test_no_page_joins_words_by_english_marks() -> None:
    """`listed` and `colon` (docs/design.md) give the marks of the reader's language; a pattern of one's own is translated."""
    joined = re.compile(r"""join: ?["'][,;]|\}\}[,;:] ?(?:\{\{|\{% (?:end)?if|</span>)|unseen">[,:(]""")
    block = re.compile(r"\{% blocktranslate.*?\{% endblocktranslate %\}", re.DOTALL)
    bad = [
        (path.name, found)
        for path in sorted(i18n.PACKAGE.rglob("templates/**/*.html"))
        for found in joined.findall(block.sub("", path.read_text()))
    ]
    assert bad == []


@pytest.mark.parametrize("index", [0, 1], ids=i18n.CATALOGUES)
def test_the_house_uses_its_own_words(index: int) -> None:
    said = dict(_messages(i18n.CATALOGUES[index]))
    assert {english: said[english] for english in GLOSSARY} == {
        english: words[index] for english, words in GLOSSARY.items()
    }
    for pattern, words in IN_SENTENCES.items():
        about = [english for english in said if re.search(pattern, english, re.IGNORECASE)]
        assert about
        assert [
            english for english in about if words[index] not in said[english] and english not in SPOKEN
        ] == []


def test_both_catalogues_have_the_same_messages() -> None:
    hant, hans = ([_key(message) for message in _read(name)] for name in i18n.CATALOGUES)
    assert hant == hans


@pytest.mark.parametrize("name", i18n.CATALOGUES)
def test_no_template_leaves_its_line_breaks_in_a_message(name: str) -> None:
    bad = [
        english
        for english, _ in _messages(name)
        if ("\n" in english or english != english.strip()) and english not in {", ", ": "}
    ]
    assert bad == []


def test_every_block_of_words_is_trimmed() -> None:
    tag = re.compile(r"{%\s*blocktrans(?:late)?\b(?![^%]*\btrimmed\b)")
    templates = sorted(i18n.PACKAGE.glob("*/templates/**/*.html"))
    assert templates
    assert [
        str(path.relative_to(i18n.PACKAGE)) for path in templates if tag.search(path.read_text("utf-8"))
    ] == []
