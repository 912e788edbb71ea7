"""What the coach marks, and what it leaves alone."""

from __future__ import annotations

import re
import sys

import numpy  # noqa: ICN001, F401  # folding is another way with it
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from rugui.engines.coach import Coach, Context, Mark, PackError, Session, Source, language_of, load, starters
from rugui.engines.coach.edges import at_edges
from rugui.engines.coach.fold import folded, only_simplified, only_traditional, plain, simplified
from rugui.engines.coach.layout import Layout
from rugui.engines.coach.matcher import Screen, matches
from rugui.engines.coach.patterns import pattern
from rugui.engines.coach.sentences import sentences

HEADER = {"id": "house", "name": "House", "language": "en", "version": "1", "owner": "us", "source": "here"}


def rule(tokens: list[str], match: list[str] | None = None, **more: object) -> dict[str, object]:
    """A rule that marks its first token, or `match`."""
    examples = more.pop("examples", {"match": match or [tokens[0]]})
    return {
        "id": "it", "category": "blame", "why": "It hurts.", "rather": ["Something better."], "tokens": tokens, "examples": examples, **more,
    }  # fmt: skip


def coach(*rules: dict[str, object], language: object = "en") -> Coach:
    numbered = [{**each, "id": f"{each['id']}-{number}"} for number, each in enumerate(rules)]
    text = yaml.safe_dump({**HEADER, "language": language, "rules": numbered}, allow_unicode=True)
    return Coach(load([Source("house.yaml", text)]))


def vale(text: str) -> Coach:
    return Coach(load([Source("Rule.yml", text, "Style")]))


def marked(by: Coach, text: str, context: Context | None = None) -> list[str]:
    return [text[each.start : each.end] for each in by.read(text, context or Context())]


def both(tokens: list[str], **more: object) -> Coach:
    return coach(rule(tokens, **more), language=["zh-Hant", "zh-Hans"])


@pytest.mark.parametrize(
    "text",
    [
        "You must pay now.",
        "YOU MUST PAY",
        "“Hello”, you must pay!",
        "Ｙｏｕ ｍｕｓｔ ｐａｙ",
        "😀😀 you must pay",
        "請注意you must pay喔",
        "you\tmust pay",
    ],
)
def test_width_case_emoji_and_neighbours_do_not_hide_words(text: str) -> None:
    (mark,) = coach(rule(["you must pay"])).read(text)
    assert folded(text[mark.start : mark.end]) == "you must pay"
    assert (
        text.encode("utf-16-le")[mark.start16 * 2 : mark.end16 * 2].decode("utf-16-le")
        == text[mark.start : mark.end]
    )


@pytest.mark.parametrize("text", ["You must payload it.", "Thank you must pay_off", "xyou must pay"])
def test_latin_words_are_whole_words(text: str) -> None:
    assert marked(coach(rule(["you must pay"])), text) == []


def test_one_pattern_serves_both_scripts() -> None:
    by = both(["您沒有說"])
    assert marked(by, "是您沒有說。") == ["您沒有說"]
    assert marked(by, "是您没有说。") == ["您没有说"]
    assert [
        each.rather[0].text for each in both(["您沒有說"], rather=["這點我沒問清楚"]).read("是您没有说。")
    ] == ["这点我没问清楚"]


@pytest.mark.parametrize(
    "text",
    [
        "She wrote “you must pay” to us.", 'She wrote "you must pay" to us.', "She wrote 'you must pay' to us.", "She said ‘you must pay’ then.",
        "> you must pay\n> at once", "客人寫道：「you must pay」。", "『you must pay』", "«you must pay»", "「他說『x』 you must pay」",
        "`you must pay`", "```\nyou must pay\n```", "https://lake.test/?q=you,you must", "Thanks.\n\n-----Original Message-----\nyou must pay",
        "She wrote “you must pay", "write to you.must@pay.example", "{{ you must pay }}", "<a title=\"you must pay\">",
        "Kind regards\n\n寄件者: Ana\n日期: 1\n\nyou must pay",
    ],
)  # fmt: skip
def test_other_peoples_words_addresses_and_code_are_never_marked(text: str) -> None:
    assert marked(coach(rule(["you must", "must pay"])), text) == []


@pytest.mark.parametrize(
    "text",
    [
        "It's 5\" wide and you must pay",
        "Don't worry, you must pay; it's late",
        "「好」you must pay",
        "She's “glad”, you must pay",
        "we're > you must pay",
    ],
)
def test_what_only_looks_like_a_quotation_hides_nothing(text: str) -> None:
    assert marked(coach(rule(["you must pay"])), text) == ["you must pay"]


def test_a_rule_may_look_inside_quotations() -> None:
    by = coach(rule(["you must pay"], not_inside=["url", "code"]))
    assert marked(by, "She wrote “you must pay”.") == ["you must pay"]


@pytest.mark.parametrize(
    ("token", "hit", "traps"),
    [
        ("的話", "方便的話，請回電。", ["麥克風的話筒壞了。", "這是今天的話題。"]),
        ("親", "親，您好。", ["我會親自送去。", "您的父親到了。", "她很親切。"]),
        ("無法", "我們無法處理。", []),
        ("不能", "您不能進來。", []),
        ("欠", "您欠我們一晚。", ["我們虧欠您太多。"]),
        ("再說", "再說吧。", []),
    ],
)
def test_short_chinese_words_begin_and_end_where_words_do(token: str, hit: str, traps: list[str]) -> None:
    by = both([token])
    assert marked(by, hit) == [token]
    for trap in traps:
        assert marked(by, trap) == [], trap


def test_edges_may_be_asked_for_and_waived() -> None:
    assert at_edges(folded("麥克風的話筒"), 3, 5) is False
    assert marked(both(["的話"], edges="any"), "麥克風的話筒") == ["的話"]


def test_an_exception_touches_the_words() -> None:
    by = coach(rule(["we can't"], exceptions=["can't wait"]))
    assert marked(by, "We can’t wait to see you, but we can’t come.") == ["we can’t"]


@pytest.mark.parametrize(
    ("more", "text", "found"),
    [
        ({"unless": ["I will"]}, "We cannot do it; I will ask.", 0),
        ({"unless": {"tokens": ["I will"], "side": "before"}}, "We cannot do it; I will ask.", 1),
        ({"unless": ["I will"]}, "We cannot do it. I will ask.", 1),
        ({"unless": {"tokens": ["I will"], "within": "2 sentences"}}, "We cannot do it. I will ask.", 0),
        (
            {"unless": {"tokens": ["I will"], "within": "2 sentences"}},
            "We cannot do it. Sorry. I will ask.",
            1,
        ),
        (
            {"unless": {"tokens": ["I will"], "within": "text"}},
            "We cannot do it.\n\nSorry.\n\nI will ask.",
            0,
        ),
        ({"unless": {"tokens": ["I will"], "within": 10}}, "We cannot do it. I will ask.", 1),
        ({"unless": {"tokens": ["I will"], "within": 20}}, "We cannot do it. I will ask.", 0),
        ({"unless": ["{time}"]}, "We cannot do it before four o'clock.", 0),
    ],
)
def test_conditions_look_as_far_as_they_say(more: dict[str, object], text: str, found: int) -> None:
    assert len(coach(rule(["we cannot"], **more)).read(text)) == found


def test_a_word_that_cancels_an_apology_counts_only_near_one() -> None:
    by = both(
        ["但是"],
        near={"tokens": ["抱歉", "對不起"], "side": "before", "within": 20},
        match=["很抱歉，但是沒有了。"],
    )
    assert marked(by, "真的很抱歉，但是房間沒有了。") == ["但是"]
    assert marked(by, "房間小，但是很安靜。") == []
    assert marked(by, "真的很抱歉。我們今天下午四點前一定會把整套新的壓縮機裝好。房間小，但是很安靜。") == []


@pytest.mark.parametrize(
    ("key", "value", "context", "found"),
    [
        ("occasions", ["complaint"], Context(), 1),
        ("occasions", ["complaint"], Context(occasions=frozenset({"complaint"})), 1),
        ("occasions", ["complaint"], Context(occasions=frozenset({"farewell"})), 0),
        ("channels", ["chat"], Context(channel="email"), 0),
        ("moods", ["angry"], Context(mood="happy"), 0),
        ("regions", ["TW"], Context(region="HK"), 0),
        ("regions", ["TW"], Context(region="TW"), 1),
        ("certainty", 0.4, Context(certain=0.5), 0),
    ],
)
def test_rules_count_where_they_belong(key: str, value: object, context: Context, found: int) -> None:
    assert len(coach(rule(["you must"], **{key: value})).read("You must go.", context)) == found


def test_better_ways_are_filled_from_the_sentence() -> None:
    by = coach(
        rule(
            ["you forgot (?P<thing>your [a-z]+)"],
            match=["You forgot your key."],
            rather=[
                "I don't see {thing} yet; shall we look by {time:noon}?",
                "{name}, about {1}: {…:the plan}.",
                "rather {match}",
            ],
        )
    )
    (mark,) = by.read(
        "Sadly you forgot your passport. See you at 4 pm.", Context(known=(("name", "Ms Chen"),))
    )
    first, second, third = mark.rather
    assert first.text == "I don't see your passport yet; shall we look by 4 pm?"
    assert (first.start, first.end, first.open) == (0, 31, ())
    assert second.text == "Ms Chen, about your passport: the plan."
    assert [second.text[start:end] for start, end in second.open] == ["the plan"]
    assert (third.start, third.end) == (mark.start, mark.end)


def test_a_better_way_whose_words_were_not_caught_is_not_offered() -> None:
    by = coach(
        rule(
            ["you forgot (your [a-z]+)", "you failed"],
            match=["You failed."],
            rather=["About {1}.", "Shall we?"],
        )
    )
    assert [each.text for each in by.read("You failed.")[0].rather] == ["Shall we?"]


def test_what_must_be_present_is_missed() -> None:
    by = coach(rule(["{time}"], extends="presence", when=["sorry"], match=["I am sorry."]))
    assert marked(by, "I am sorry. He comes.") == ["sorry"]
    assert marked(by, "I am sorry. He comes at four o'clock.") == []
    assert marked(by, "She said “sorry”. He comes.") == []
    (mark,) = by.read("I am sorry. She wrote “at 4 pm”.")
    assert mark.missing
    assert mark.rather[0].advice


def test_an_occasion_asks_for_what_must_be_present() -> None:
    by = coach(
        rule(["{time}"], extends="presence", occasions=["complaint"], match=["We will see."], **{"from": 10})
    )
    complaint = Context(occasions=frozenset({"complaint"}))
    assert marked(by, "We will see to it.", complaint) == ["We will see to it."]
    assert marked(by, "We will see to it.") == []
    assert marked(by, "Yes.", complaint) == []
    assert marked(by, "我們會處理您的事情。", complaint) == []


def test_a_promise_without_a_time_is_missed_in_its_own_sentence() -> None:
    by = coach(
        rule(
            ["{time}"], extends="presence", when=["I will call"], scope="sentence", match=["I will call you."]
        )
    )
    assert marked(by, "I will call you. We open at 8 am.") == ["I will call"]
    assert marked(by, "I will call you by 8 am.") == []


def test_a_half_guess_at_what_is_missing_waits_until_no_words_are_marked() -> None:
    thanks = rule(["thank"], extends="presence", occasions=["farewell"], match=["We are done."])
    farewell = Context(occasions=frozenset({"farewell"}))
    for certainty, said in ((0.5, ["bye then"]), (0.6, ["Oh, bye then.", "bye then"])):
        by = coach({**thanks, "certainty": certainty}, rule(["bye then"]))
        assert sorted(marked(by, "Oh, bye then.", farewell)) == said
        assert sorted(each.rule for each in Session(by, farewell).read("Oh, bye then.")) == sorted(
            each.rule for each in by.read("Oh, bye then.", farewell)
        )
        assert marked(by, "We are done.", farewell) == ["We are done."]


def test_of_two_rules_that_say_the_same_the_weightier_speaks() -> None:
    by = coach(
        rule(["you must"]), rule(["you must pay"], severity="warning"), rule(["must pay"], category="debt")
    )
    assert [each.rule for each in by.read("You must pay.")] == ["house.it-1", "house.it-2"]


def test_what_the_house_answers_moves_how_sure_a_rule_is() -> None:
    packs = load([Source("x", yaml.safe_dump({**HEADER, "rules": [rule(["you must"])]}))])
    sure = [
        Coach(packs, heard=heard).read("You must.")[0].certainty
        for heard in ({}, {"house.it": (0, 8)}, {"house.it": (8, 0)})
    ]
    assert sure == [0.9, pytest.approx(0.45), pytest.approx(0.95)]


@pytest.mark.parametrize(
    ("more", "right"),
    [
        ({"match": ["You may."]}, "none of the tokens stands"),
        ({"exceptions": ["you must"], "match": ["You must."]}, "exceptions"),
        ({"unless": ["pay"], "match": ["You must pay."]}, "unless"),
        ({"near": ["pay"], "match": ["You must."]}, "near"),
        ({"match": ["She wrote “you must”."]}, "quotation"),
        ({"examples": {"match": ["You must."], "pass": ["You must not."]}}, "an exception, unless or near"),
    ],
)
def test_a_rule_that_fails_its_own_example_is_refused(more: dict[str, object], right: str) -> None:
    with pytest.raises(PackError, match=re.escape(right)):
        coach(rule(["you must"], **more))


@pytest.mark.parametrize(
    ("token", "more", "right"),
    [
        ("you really must", {"exceptions": ["really"]}, "an exception"),
        ("“you must”", {}, "quotation marks"),
        (r"go\. You must", {}, "end of a sentence"),
        (r"see www\.lake\.test", {}, "address"),
    ],
)
def test_a_token_that_can_never_match_is_refused(token: str, more: dict[str, object], right: str) -> None:
    with pytest.raises(PackError, match=f"can never match .*{right}"):
        coach(rule(["you must", token], **more))


def test_the_tokens_of_a_script_look_at_text_in_it_only() -> None:
    by = coach(
        {
            **rule(["x"]),
            "tokens": {"zh-Hant": ["軟體"], "zh-Hans": ["软件"]},
            "examples": {"match": ["這個軟體", "这个软件"]},
        },
        language=["zh-Hant", "zh-Hans"],
    )
    assert marked(by, "這個軟體、这個软件說") == ["軟體"]


VALE = {
    "swap": ("extends: substitution\nmessage: Use '%s', not '%s'.\nignorecase: true\nswap:\n  utili[sz]e: use|employ", "We Utilize it.", ["Utilize"]),
    "raw": ("extends: existence\nmessage: x\nraw: ['(?:very|so) ', 'unique']", "It is very unique.", ["very unique"]),
    "case": ("extends: existence\nmessage: x\ntokens: [Sir]", "Yes sir, dear Sir.", ["Sir"]),
    "more than": ("extends: occurrence\nmessage: x\nscope: sentence\nmax: 1\ntoken: '!'", "Oh! Ah!! No.", ["!"]),
    "at least": ("extends: occurrence\nmessage: x\nscope: text\nmin: 1\ntoken: Dear", "Hello. You.", ["Hello. You."]),
    "twice": ("extends: repetition\nmessage: x\nalpha: true\ntokens: ['[^\\s]+']", "It is is so so-so.", ["is is"]),
    "acronym": ("extends: conditional\nmessage: x\nignorecase: false\nfirst: '\\b([A-Z]{3,5})\\b'\nsecond: '(?:[A-Z][a-z]+ )+\\(([A-Z]{3,5})\\)'\nexceptions: [USB]", "Bring Room Service (RSV) by USB, RSV, QBR.", ["QBR"]),
    "heading": ("extends: capitalization\nmessage: x\nscope: heading\nmatch: $sentence\nexceptions: [Lake House]", "# Your Stay here\n\n# Welcome to Lake House\n\nText Here", ["Your Stay here"]),
    "title": ("extends: capitalization\nmessage: x\nscope: heading\nmatch: $title", "# your stay at Home\n\n# Your Stay at Home", ["your stay at Home"]),
    "either": ("extends: consistency\nmessage: x\neither: {advisor: adviser}", "An advisor and an adviser.", ["adviser"]),
    "sequence": ("extends: sequence\nmessage: x\nignorecase: true\ntokens: [{pattern: please}, {tag: VB, skip: 1}]", "Will you please kindly wait.", ["please kindly wait"]),
    "nonword": ("extends: existence\nmessage: x\nnonword: true\ntokens: ['\\betc\\.', '😀']", "Soap etc. 😀", ["etc.", "😀"]),
    "ends in a mark": ("extends: existence\nmessage: x\ntokens: ['really\\?!']", "Did you really?! Yes.", ["really?!"]),
    "across": ("extends: existence\nmessage: x\nscope: text\ntokens: ['Sorry\\. But']", "Sorry. But no.", ["Sorry. But"]),
}  # fmt: skip


@pytest.mark.parametrize("name", VALE)
def test_each_kind_of_vales_marks(name: str) -> None:
    text, draft, found = VALE[name]
    assert marked(vale(text), draft) == found


def test_a_swap_offers_its_words_and_says_both() -> None:
    (mark,) = vale(VALE["swap"][0]).read("Utilize it.")
    assert mark.message == "Use 'use / employ', not 'Utilize'."
    assert [each.text for each in mark.rather] == ["Use", "Employ"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello", "en"),
        ("您好", "zh"),
        ("您沒說", "zh-Hant"),
        ("您没说", "zh-Hans"),
        ("请看 our site", "zh-Hans"),
        ("The 麥 is here now", "en"),
        ("", ""),
        ("123", ""),
    ],
)
def test_the_language_is_told_by_its_characters(text: str, language: str) -> None:
    assert language_of(text) == language


def test_sentences_end_where_they_end() -> None:
    text = "At 3 p.m. Mr. Ito called. It cost 3.50! 您好。我們會來！請看www.lake.test，謝謝 ok?好\nNext line\nlong on"
    assert [text[begins:ends] for begins, ends in sentences(text)] == [
        "At 3 p.m.", "Mr. Ito called.", "It cost 3.50!", "您好。", "我們會來！", "請看www.lake.test，謝謝 ok?", "好", "Next line\nlong on",
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["", " ", "\n", " \n\n", "\u3000"])
@pytest.mark.parametrize(
    "last", ["well", "well.", "Really?!", "No!! ", "好。」", "好…！）", "Mr.", "at 3 p.m."]
)
def test_what_is_blank_behind_the_last_letter_belongs_to_no_sentence(last: str, end: str) -> None:
    text = f"All is {last}"
    assert sentences(text + end) == sentences(text) == [(0, len(text.rstrip()))]


ANCHORED = [
    "sorry.{0,12}but", "(?:we|you) (?:can|must)n.t", "[a-z]{1,4} sorry", "very+ sorry", "(?:sorry .)+x", "(?:no|not) [a-z]+ (?:sorry|you)", "[您我]?.{0,3}不能",
    "(.)\\1 sorry", "(?:a+ )?sorry [a-z]+", "不能.{0,4}[了吗]", "(?P<who>[a-z]+) must", "(?:so |very )*sorry it",
]  # fmt: skip


@given(
    st.sampled_from(ANCHORED),
    st.lists(st.sampled_from([
        "sorry", " ", " but", "we can't", "you must", "very", "not", "no you", "您", "不能", "了", "a", "aa ", ".", "x", "it", "sorrybut", "so ",
    ]), max_size=14).map("".join),
)  # fmt: skip
@settings(max_examples=400, deadline=None)
def test_an_expression_is_asked_only_around_its_anchors_and_finds_the_same(source: str, text: str) -> None:
    made = pattern(source)
    anchors = [at for phrase in made.phrases for at in range(len(text)) if text.startswith(phrase, at)]
    whole = [match.span() for match in made.compiled().finditer(text)]
    assert (matches(made, text, anchors) if anchors else []) == whole


def test_one_look_tells_which_patterns_may_stand_in_a_text() -> None:
    several = [pattern(each) for each in (*ANCHORED, "sorry", "you must", "sorry you")]
    for text in ("so sorry you must wait", "我不能了", "", "we cannot"):
        there = {each.source for each in several if any(phrase in text for phrase in each.phrases)}
        assert {each.source for each in Screen(several).standing(text)} == there
        assert {each.source for each, *_ in Screen(several).found(text)} == there
    assert not Screen([]).standing("anything")


def test_a_session_reads_only_the_sentence_that_is_typed() -> None:
    by = coach(rule(["you must", "as soon as possible"]))
    session = Session(by)
    text = "Dear Ms Chen. You must see it. We come as soon as possible"
    session.read(text)
    before = session.read_anew
    assert session.read(text + ".") == by.read(text + ".")
    assert session.read_anew == before + 1
    assert session.read("Hi. " + text) == by.read("Hi. " + text)
    assert session.read_anew == before + 2


PIECES = [
    *"you must pay.\n >\"'“”「」`{}@:/",
    "you must",
    "沒說",
    "没说",
    "😀",
    "。",
    "http://a.b",
    "Ａ",
    "é",
]
TYPED = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@given(st.lists(TYPED, max_size=6))
@settings(max_examples=150, deadline=None)
def test_typing_comes_to_the_same_as_reading_at_once(versions: list[str]) -> None:
    session = Session(MIXED)
    for text in versions:
        marks = session.read(text)
        assert marks == MIXED.read(text)
        for mark in marks:
            assert 0 <= mark.start < mark.end <= len(text)
            assert (
                text.encode("utf-16-le")[mark.start16 * 2 : mark.end16 * 2].decode("utf-16-le")
                == text[mark.start : mark.end]
            )


PIECES = st.sampled_from(
    [
        "a",
        " ",
        ".",
        "。",
        "!",
        "\n",
        "“",
        "”",
        '"',
        "e.g. ",
        "Mr. ",
        "No. 4",
        "p.m. The",
        "的",
        "「好。」",
        "...",
        "x" * 15,
        "字" * 9,
    ]
)


@given(st.lists(PIECES, max_size=40), st.data())
@settings(max_examples=400, deadline=None)
def test_a_block_changed_in_one_place_is_laid_out_as_if_it_were_new(
    pieces: list[str], data: st.DataObject
) -> None:
    before = "".join(pieces)
    first = data.draw(st.integers(0, len(before)))
    last = data.draw(st.integers(first, min(len(before), first + 4)))
    text = before[:first] + "".join(data.draw(st.lists(PIECES, max_size=2))) + before[last:]
    old, new = Layout(before), Layout(text)
    for number in range(len(old.blocks)):
        old.zones(number)
    if (laid := old.again(text)) is None:
        return
    made, head, tail = laid
    assert (made.blocks, made.sentences) == (new.blocks, new.sentences)
    assert [made.zones(number) for number in range(len(made.blocks))] == [
        new.zones(number) for number in range(len(new.blocks))
    ]
    kept = [before[begins:ends] for begins, ends in old.sentences]
    now = [text[begins:ends] for begins, ends in new.sentences]
    assert now[:head] == kept[:head]
    assert now[len(now) - tail :] == kept[len(kept) - tail :]


def test_a_letter_replaced_by_an_emoji_moves_what_is_counted_in_utf16() -> None:
    session = Session(MIXED)
    session.read("So a one. And then, you must go.")
    (mark,) = session.read("So 😀 one. And then, you must go.")
    assert (mark.start, mark.start16) == (20, 21)


def test_mister_stops_no_sentence_at_the_beginning_of_a_line() -> None:
    assert sentences("Dear guest,\nMr. Lee is here. He waits.") == [(0, 11), (12, 28), (29, 38)]


MIXED = coach(rule(["you must", "must pay"]), rule(["没说"], match=["没说。"], edges="any"))


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_and_folding_keeps_its_length(text: str) -> None:
    assert len(folded(text)) == len(plain(text)) == len(text)
    layout = Layout(text)
    for begins, ends in layout.sentences:
        number = layout.block(begins)
        assert layout.blocks[number][0] <= begins < ends <= layout.blocks[number][1]
    assert isinstance(MIXED.read(text), tuple)


@given(st.text(min_size=1, max_size=60), st.sampled_from(["說", "\ud800", "\udc00", "😀", "Ａ", "\ufa6c"]))
@settings(max_examples=150, deadline=None)
def test_long_texts_are_folded_as_each_of_their_letters_is(text: str, other: str) -> None:
    assert "numpy" in sys.modules
    whole = (text + other) * 60
    assert folded(whole) == "".join(map(folded, text + other)) * 60


@pytest.mark.parametrize(
    ("only", "every", "charset"),
    [
        (only_traditional(), set(map(chr, simplified())), "gb2312"),
        (only_simplified(), set(simplified().values()), "big5"),
    ],
)
def test_characters_of_one_script_are_those_that_the_other_ones_charset_lacks(
    only: frozenset[str], every: set[str], charset: str
) -> None:
    assert only == every - set("".join(every).encode(charset, "ignore").decode(charset))


def test_the_starter_packs_load() -> None:
    assert starters()
    assert all(pack.rules for pack in load(starters()))


def test_marks_come_in_the_order_of_the_text() -> None:
    marks: tuple[Mark, ...] = MIXED.read("You must go. 没说。 You must pay.")
    assert [each.start for each in marks] == sorted(each.start for each in marks)


def test_the_sign_before_a_mark_is_none_of_it() -> None:
    made = coach(rule(["(?:^|，|。)我們不能退"], match=["我們不能退"]), language="zh-Hant")
    text = "很抱歉，我們不能退。我們不能退錢。"
    assert [(mark.start, text[mark.start : mark.end]) for mark in made.read(text)] == [
        (4, "我們不能退"),
        (10, "我們不能退"),
    ]
