"""How sure it is that a message is about what hit many: the words that both piles have say nothing, the others decide."""

from __future__ import annotations

import pytest

from rugui.engines.touched import learn, sure, terms

BEFORE = [
    "The room was very noisy at night, we could not sleep.", "Breakfast was cold and the coffee too.",
    "My booking was lost and I waited forty minutes.", "The soup had a hair in it.", "The wifi was slow all week.",
    "房間很吵，整晚睡不好。", "早餐是冷的，咖啡也是。", "訂房不見了，等了四十分鐘。", "隔壁太吵了。", "等太久沒有人理我。",
]  # fmt: skip
WATER = learn(
    ["Water off", "停水", "The main pipe burst, no water on any floor. 主水管破了，整棟沒有水。"], [], BEFORE
)


@pytest.mark.parametrize(
    "message",
    [
        "There is no water in my shower.", "The water has been off since this morning!", "no running water on our floor",
        "整個早上都停水，不能洗澡。", "為什麼沒有水？", "浴室停水了",
    ],
)  # fmt: skip
def test_what_speaks_of_it_is_likely(message: str) -> None:
    found = sure(WATER, message)
    assert found.likely
    assert found.chance > 0.6


@pytest.mark.parametrize(
    "message",
    [
        "The neighbours are noisy again.",
        "My coffee is cold.",
        "We waited forty minutes for a table.",
        "隔壁很吵，睡不著。",
        "咖啡是冷的",
        "",
    ],
)
def test_what_speaks_of_something_else_is_not(message: str) -> None:
    assert not sure(WATER, message).likely


def test_every_message_that_joined_teaches_it_new_words() -> None:
    told = ["Our bath stayed dry.", "The taps are dry.", "A dry tap, all morning."]
    before, after = sure(WATER, "My tap is dry."), sure(learn(["Water off"], told, BEFORE), "My tap is dry.")
    assert not before.likely
    assert after.likely
    assert set(after.terms) == {"tap", "dry"}


def test_a_word_that_customers_complain_of_anyway_proves_little() -> None:
    noisy = learn(["Noisy works in the street"], [], ["It was noisy."] * 40 + BEFORE)
    quiet = learn(["Noisy works in the street"], [], ["It was cold."] * 40 + BEFORE[1:5])
    assert sure(noisy, "It is noisy").chance < 0.35 < 0.6 < sure(quiet, "It is noisy").chance


def test_terms_are_words_without_filling_and_pairs_of_characters() -> None:
    assert terms("The rooms were flooded, room 12") == {"room", "flooded"}
    assert terms("停水了") == {"停水", "水了"}
