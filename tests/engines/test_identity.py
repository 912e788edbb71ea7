"""Names and numbers in every spelling, compared, weighed and ranked."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rugui.engines.identity.compare import LEVELS, MISSING, compare, name_agreement, phone_level, record_of
from rugui.engines.identity.keys import card_keys, hashed, one_letter_off, paired, tail, variant_keys
from rugui.engines.identity.linking import Decision, Measured, calibrate, measured, thresholds
from rugui.engines.identity.meant import Meant
from rugui.engines.identity.near import most_alike
from rugui.engines.identity.normalise import canonical_email, name_of, sounds_like
from rugui.engines.identity.query import parsed
from rugui.engines.identity.recognise import Candidate, Reason, Vocabulary, ranked
from rugui.engines.identity.weights import SHIPPED, Counts, Weights, learn, probability

NAMES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "陳玉婷",
            "陈玉婷",
            "Chen Yu-ting",
            "Ch'en Yü-t'ing",
            "Tina 陳",
            "O'Brien",
            "Wong Tai Man",
            "山田太郎",
            "김철수",
        ]
    ),
)


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("陳玉婷", "陈玉婷", "same"),
        ("Chen Yuting", "yuting chen", "swapped"),
        ("陳玉婷", "Chen Yu-ting", "script"),
        ("徐皓斌", "hsu hao-pin", "script"),
        ("單曉明", "Shan Xiaoming", "script"),
        ("曾國強", "Zeng Guoqiang", "script"),
        ("Jackie Chan", "Jackie 陳", "script"),
        ("Robert Wright", "Bob Wright", "nickname"),
        ("Anita Sims", "anita soms", "slip"),
        ("Speer, Rcky", "Ricky Speer", "slip"),
        ("周直飛", "zhou zhifwi", "slip"),
        ("易琴磊", "易琴蕾", "sound"),
        ("高健涵", "gao jianfan", "sound"),
        ("Ann Lee Miller", "Ann Miller", "part"),
        ("宋超", "sc", "initials"),
        ("John Smith", "Mary Smith", "surname"),
        ("John Smith", "Mary Jones", "different"),
        ("Tina 陳玉婷", "Tina 王大文", "given"),
    ],
)
def test_names_agree_as_people_would_say(one: str, other: str, level: str) -> None:
    assert name_agreement(name_of(one), name_of(other)).level == level
    assert name_agreement(name_of(other), name_of(one)).level == level


@given(NAMES, NAMES)
@settings(max_examples=200, deadline=None)
def test_comparing_names_is_symmetric_and_a_name_is_the_same_as_itself(one: str, other: str) -> None:
    a, b = name_of(one), name_of(other)
    assert name_agreement(a, b).level == name_agreement(b, a).level
    assert name_agreement(a, a).level == (MISSING if a.empty else "same")


@given(NAMES)
@settings(max_examples=200, deadline=None)
def test_keys_depend_on_the_name_alone_and_fit_the_database(name: str) -> None:
    hashes, words = card_keys([name])
    assert (hashes, words) == card_keys([name, name])
    assert all(-(2**63) <= each < 2**63 for each in hashes)
    assert all(0 < len(word) <= 40 for word in words)


@given(st.text("abcdefgh", min_size=4, max_size=9), st.data())
@settings(deadline=None)
def test_a_word_and_the_word_with_one_letter_less_share_a_key(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    assert variant_keys(word).keys() & variant_keys(word[:at] + word[at + 1 :]).keys() or len(word) == 4
    assert word[:at] + word[at + 1 :] in one_letter_off(word)


def test_an_address_is_what_its_provider_delivers_to() -> None:
    assert canonical_email("j.o.smith+x@googlemail.com") == "josmith@gmail.com"
    assert canonical_email("j.smith+x@example.com") == "j.smith+x@example.com"
    assert canonical_email("j.smith+x@outlook.com") == "j.smith@outlook.com"


def test_an_identity_is_also_found_by_its_last_digits_or_where_it_is_delivered() -> None:
    assert tail("phone", "+886912345678") == "8765432"
    assert tail("card", "A123") == "321A"
    assert tail("email", "a.bc@gmail.com") == "abc@gmail.com"
    assert tail("email", "abc@gmail.com") == tail("handle", "lotus") == ""


def test_sounds_that_many_do_not_tell_apart_are_one() -> None:
    assert sounds_like("zhangnan") == sounds_like("zanglan")
    assert sounds_like("fang") == sounds_like("han")
    assert sounds_like("brian") == ""


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("+886912345678", "+886912345678", "same"),
        ("+886912345678", "+886912345679", "digit"),
        ("+886912345678", "+886913245678", "digit"),
        ("+886912345678", "+14152345678", "tail"),
        ("+886912345678", "+886987654321", "different"),
    ],
)
def test_numbers_agree_by_the_digit(one: str, other: str, level: str) -> None:
    assert phone_level(one, other) == level


@pytest.mark.parametrize(
    "text", ["0912-345-678", "+886 912 345 678", "00886912345678", "８８６９１２３４５６７８", "912345678"]
)
def test_a_number_is_found_in_a_line_in_any_style(text: str) -> None:
    query = parsed(f"chen {text}", ["TW"])
    assert "+886912345678".endswith(query.digits)
    assert query.name.words == ("chen",)


def test_a_line_is_taken_apart() -> None:
    query = parsed("roberto 王 5544", ["TW"])
    assert (query.name.words, query.name.hanzi, query.digits) == (("roberto",), "王", "5544")
    assert parsed("J.Smith+x@Gmail.com", ["TW"]).email == "jsmith@gmail.com"
    assert parsed("@Lotus_7", ["TW"]).code == "lotus_7"


def test_rare_names_prove_more() -> None:
    one, other = record_of(["Ann Smith"], []), record_of(["Ann Smith"], [])
    often = SHIPPED.bits(compare(one, other), lambda _field, _term: 0.01)["name"]
    seldom = SHIPPED.bits(compare(one, other), lambda _field, _term: 0.0001)["name"]
    assert seldom - often == pytest.approx(2 * math.log2(100))


def test_weights_are_learned_without_labels() -> None:
    counts, strangers = Counts(("name", "phone")), Counts(("name", "phone"))
    counts.add(("same", "same"), 900)
    counts.add(("slip", "same"), 80)
    counts.add(("different", "different"), 4000)
    counts.add(("surname", "different"), 1000)
    strangers.add(("different", "different"), 80_000)
    strangers.add(("surname", "different"), 20_000)
    learned = learn(counts, strangers)
    assert learned.prior == pytest.approx(980 / 5980, abs=0.01)
    assert learned.fields["name"]["same"].m == pytest.approx(0.92, abs=0.02)
    assert learned.fields["name"]["slip"].m == pytest.approx(0.08, abs=0.02)
    assert Weights.of_json(learned.to_json()) == learned
    assert set(learned.fields["name"]) == set(LEVELS["name"])


def test_a_probability_follows_from_bits_and_prior() -> None:
    assert probability(0, 0.5) == 0.5
    assert probability(20, 1e-6) == pytest.approx(0.512, abs=0.001)


TOWN = Vocabulary(100_000, {"ann": 900, "smith": 1000, "john": 2000, "featherstonehaugh": 1, "mary": 1500})


def test_two_who_fit_equally_get_half_each() -> None:
    two = [Candidate(1, ("Ann Featherstonehaugh",)), Candidate(2, ("Ann Featherstonehaugh",))]
    found = ranked(parsed("ann featherstonehaugh", ["US"]), two, TOWN)
    assert [(each.id, round(each.probability, 2)) for each in found] == [(1, 0.5), (2, 0.5)]
    assert found[0].reasons == (Reason("name", "same", "Ann Featherstonehaugh"),)


def test_a_relative_who_shares_a_number_is_likely_but_not_certain() -> None:
    john = Candidate(1, ("John Smith",), (("phone", "+14155550100"),))
    own = ranked(parsed("john smith +14155550100", ["US"]), [john], TOWN)[0]
    wife = ranked(parsed("mary smith +14155550100", ["US"]), [john], TOWN)[0]
    assert own.probability > 0.999
    assert wife.probability < 0.999
    assert wife.reasons == (Reason("phone", "same", "+14155550100"), Reason("name", "surname", "John Smith"))


def test_thresholds_follow_the_stated_rate_and_the_houses_decisions() -> None:
    fresh = thresholds(calibrate([]), 0.001)
    assert fresh.link == pytest.approx(0.999)
    refused = [Decision(0.999, False)] * 30 + [Decision(0.999, True)] * 30
    assert thresholds(calibrate(refused), 0.001).link > 0.9999
    assert thresholds(calibrate([]), 0.05).link == pytest.approx(0.95)


def test_what_a_rule_would_have_linked_is_measured_with_an_interval() -> None:
    limits = thresholds(calibrate([]), 0.01)
    decisions = [Decision(0.995, True)] * 9 + [Decision(0.999, False), Decision(0.5, False)]
    assert measured(decisions, limits) == Measured(10, 1)
    # The interval of Wilson for 1 of 10 and for 0 of 100, as tables have it.
    assert Measured(10, 1).interval == (pytest.approx(0.0179, abs=1e-4), pytest.approx(0.4042, abs=1e-4))
    assert Measured(100, 0).interval == (0.0, pytest.approx(0.0370, abs=1e-4))
    assert Measured(0, 0).interval == (0.0, 1.0)


@pytest.mark.parametrize(
    ("asked", "called"),
    [
        ("bob featherston", "Robert Featherstone"),
        ("featherstone", "Robert J. Featherstone"),
        ("王可佳", "Wang Ke-Chia"),
        ("hsu hao-pin", "徐浩斌"),
        ("cyt", "陳玉婷"),
        ("o'conor", "Maeve O'Connor"),
        ("müler", "Jörg Müller"),
    ],
)
def test_a_cheap_look_keeps_whoever_looks_alike(asked: str, called: str) -> None:
    first = ["Ann", "Bea", "Cleo", "Dora", "Eve", "Fay", "Gina", "Hope", "Ivy", "June"]
    family = ["Abbott", "Barlow", "Crane", "Dalton", "Ellis", "Farrow", "Grant", "Hollis", "Ingram", "Jessop"]
    strangers = [(f"{one} {other}", "") for one in first for other in family]
    names = [*strangers[:50], (called, ""), *strangers[50:]]
    assert 50 in most_alike(name_of(asked), names, 16)
    assert most_alike(name_of(asked), names[:3], 16) == [0, 1, 2]


def test_those_who_were_not_looked_at_closer_share_the_probability() -> None:
    query = parsed("featherstone 0123", ["US"])
    known = [
        Candidate(number, (name,), (("phone", "+14155550123"),))
        for number, name in enumerate(["Bob Featherstone", "Ann Lee"])
    ]
    alone, among = (ranked(query, known, Vocabulary(1000), besides=each)[0].probability for each in (0, 200))
    assert 0.9 < among < alone


@pytest.mark.parametrize(
    ("asked", "meant", "other"),
    [
        # A letter left out or two that changed places have few ways to happen, a wrong letter hundreds.
        ("li xiuqig", ("李秀清",), ("Li Xiuqi",)),
        ("tom brain", ("Tom Brian",), ("Tom Braun",)),
        ("ann berrg", ("Ann Berg",), ("Ann Berry",)),
        # One sound taken for another is likelier than two.
        ("wang zengfan", ("王正凡",), ("王震方",)),
        # The first reading of a character is likelier than its rarer one, and a surname as it is written than one abroad.
        ("chen hangming", ("陈航明",), ("陈行明",)),
        ("tan jiayun", ("谭嘉云",), ("陈嘉云",)),
        # Each word of a name is said once.
        ("hao i-hao", ("郝一浩",), ("Chao I-Hao",)),
        # Spelt otherwise on the card, and one letter off.
        ("zhou jimnghui", ("Chou Ching-Hui",), ("Chou Chiang-Hua",)),
        ("0060350", ("+886960060350",), ("+886944460350",)),
        ("ann@outlook.cokm", ("ann@outlook.com",), ("ann@hotmail.com",)),
    ],
)
def test_of_two_who_are_nearly_meant_the_likelier_comes_first(
    asked: str, meant: tuple[str], other: tuple[str]
) -> None:
    def card(number: int, value: str) -> Candidate:
        if value[0] == "+" or "@" in value:
            return Candidate(number, ("Ann Lee",), (("phone" if value[0] == "+" else "email", value),))
        return Candidate(number, (value,))

    found = ranked(parsed(asked, ["TW"]), [card(1, *other), card(2, *meant)], TOWN)
    assert found[0].id == 2
    assert len(found) == 1 or found[0].bits > found[1].bits


def test_a_name_in_three_words_is_looked_for_as_a_whole_first() -> None:
    name = parsed("wang yong lian", ["CN"]).name
    meant = Meant(name, complete=True)
    words = ("wang", "yong", "lian", "yonglian", "wangyong")
    meant.learn(meant.probes(), [(word, 100, None) for word in words])
    keys = list(meant.keys())
    assert keys[0] in card_keys(["王永莲"])[0]
    assert keys.index(paired(hashed("w", "wang"), hashed("w", "yong"))) > 0


def test_a_slip_in_a_common_name_is_kept_before_many_longer_words() -> None:
    name = parsed("keninfeld, briin", ["US"]).name
    meant = Meant(name, complete=False)
    probes = meant.probes()
    longer = [(f"briin{a}{b}", 1, None) for a in "abcdefghi" for b in "abcdefgh"]
    (key,) = {key for key, kind in variant_keys("brian").items() if key in probes.slips and kind == "d"}
    meant.learn(probes, [("keninfeld", 1, None), *longer, ("brian", 4000, key)])
    keys = meant.keys()
    assert paired(hashed("w", "keninfeld"), hashed("w", "brian")) in keys
