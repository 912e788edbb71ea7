"""What speaks against a surprise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from rugui.engines.surprise import (
    COMPANY,
    PUBLIC,
    TOPICS,
    Fact,
    Gesture,
    Tried,
    abstentions,
    check,
    contents,
    is_risky,
)

DAY = date(2026, 9, 3)


def fact(text: str, kind: str = "fact", **fields: Any) -> Fact:
    return Fact(1, kind, text, fields.pop("source", "said"), fields.pop("confidence", 0.95), **fields)


def codes(gesture: str, *facts: Fact, audience: str = "alone", tried: tuple[Tried, ...] = ()) -> list[str]:
    return [each.code for each in check(Gesture(gesture, DAY, audience), facts, tried)]


@pytest.mark.parametrize(
    ("gesture", "known", "expected"),
    [
        ("a bottle of wine on the table", fact("speaks at Alcoholics Anonymous"), ["abstains"]),
        ("房間裡放一瓶香檳", fact("戒酒三年"), ["abstains"]),
        ("送一瓶香槟到房间", fact("穆斯林"), ["abstains"]),
        ("ham and melon", fact("keeps kosher", "need"), ["need"]),
        ("a chocolate cake", fact("egg allergy", "need"), ["need"]),
        ("鮮奶油蛋糕", fact("對蛋過敏", "need"), ["need"]),
        ("peanut brittle", fact("allergic to nuts", "need"), ["need"]),
        ("a feather pillow", fact("allergic to feathers", "need"), ["need"]),
        ("a chocolate cake", fact("allergic to shrimp", "need"), ["kitchen"]),
        ("a clown at breakfast", fact("cannot stand clowns", polarity=-1), ["dislike"]),
        ("a bouquet of lilies", fact("哮喘", "need"), ["need"]),
        ("steak dinner", fact("vegetarian", "need"), ["need"]),
        ("a walk by the lake", fact("vegetarian", "need"), []),
        ("a bottle of wine", fact("likes wine", "preference", polarity=1), []),
    ],
)
def test_needs_dislikes_and_abstinence_speak_against_it(
    gesture: str, known: Fact, expected: list[str]
) -> None:
    assert codes(gesture, known) == expected


def test_a_struck_dislike_does_not_but_a_doubtful_need_still_does() -> None:
    assert codes("a clown", fact("hates clowns", polarity=-1, struck=True)) == []
    assert codes("peanuts", fact("peanut allergy", "need", confidence=0.1, struck=True)) == ["need"]


def test_what_it_rests_on_must_be_sure_told_and_sayable() -> None:
    likes = fact("loves mariachi trumpet music", "preference", polarity=1)
    gesture = "a mariachi trumpet at check-in"
    assert codes(gesture, likes) == []
    assert codes(gesture, replace(likes, confidence=0.5)) == ["doubtful"]
    assert codes(gesture, replace(likes, struck=True)) == ["doubtful"]
    assert codes(gesture, replace(likes, source="inferred", discretion="quiet"), audience=PUBLIC) == [
        "guess",
        "quiet",
    ]
    assert codes(gesture, replace(likes, sensitive=True), audience=COMPANY) == ["sensitive"]
    assert is_risky(check(Gesture(gesture, DAY), [replace(likes, confidence=0.5)])) is False
    assert is_risky(check(Gesture(gesture, DAY), [replace(likes, confidence=0.2)])) is True


def test_a_former_partner_and_their_day() -> None:
    former = fact("wedding to Tom", "date", relation="former", next_on=DAY + timedelta(days=2))
    assert codes("dinner by the lake", former) == ["former"]
    assert codes("dinner by the lake", replace(former, next_on=DAY + timedelta(days=30))) == []
    assert codes("roses for their anniversary", replace(former, next_on=None)) == ["former"]


def test_who_hates_attention_is_not_sung_to_before_strangers() -> None:
    shy = fact("no fuss please")
    assert codes("everybody sings", shy, audience=PUBLIC) == ["public"]
    assert codes("everybody sings", shy) == []


def test_the_needs_of_others_there_count_and_their_tastes_do_not() -> None:
    other = fact("peanut allergy", "need", of_another=True)
    assert codes("peanut brittle", other) == ["other_need"]
    assert codes("peanut brittle", fact("dislikes peanuts", polarity=-1, of_another=True)) == []


def test_what_made_them_uneasy_before_speaks_against_the_like() -> None:
    band = Tried(9, "a band at the door", (), "uneasy")
    assert codes("trumpet at breakfast", tried=(band,)) == ["uneasy"]
    assert codes("trumpet at breakfast", tried=(replace(band, outcome="delighted"),)) == []
    assert codes("a book", tried=(band,)) == []


def test_a_low_mood_is_a_caution_and_the_heaviest_comes_first() -> None:
    facts = [fact("egg allergy", "need"), replace(fact("hates cake", polarity=-1), ref=2)]
    found = check(Gesture("cake", DAY), facts, low_mood=True)
    assert [(each.code, each.weight) for each in found] == [("need", 3), ("dislike", 2), ("mood", 1)]


def test_topics_chosen_by_hand_count_like_words() -> None:
    gesture = Gesture("the usual", DAY, topics=("alcohol",))
    assert [each.code for each in check(gesture, [fact("sober since 2019")])] == ["abstains"]


@pytest.mark.parametrize(
    "text", ["a graceful gesture", "ginger", "scoff", "a classroom", "teammate", "hamlet"]
)
def test_words_inside_of_other_words_mean_nothing(text: str) -> None:
    assert contents(text) == {}


def test_every_rule_speaks_of_known_contents() -> None:
    things = set(
        abstentions(
            "vegan muslim kosher hindu diabetic pregnant coeliac asthma hay fever mourning mormon sober"
        )
    )
    assert things <= set(TOPICS)
