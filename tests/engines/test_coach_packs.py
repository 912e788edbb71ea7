"""The packs that come with the program: they load, their examples hold, and there is enough of them."""

from __future__ import annotations

from collections import Counter

import pytest

from rugui.engines.coach import Coach, Pack, load, starters


@pytest.fixture(scope="module")
def packs() -> list[Pack]:
    return load(starters())


def test_every_example_holds_and_nothing_is_warned_of(packs: list[Pack]) -> None:
    assert [warning for pack in packs for warning in pack.warnings] == []
    for rule in (rule for pack in packs for rule in pack.rules):
        assert len(rule.examples.match) + len(rule.examples.passes) >= 2, rule.id
        assert rule.rather or any(token.swap for token in rule.tokens), rule.id


def test_there_is_enough_for_each_language(packs: list[Pack]) -> None:
    count = Counter(language for pack in packs for rule in pack.rules for language in rule.languages)
    assert {language for language, many in count.items() if many >= ENOUGH} == LANGUAGES


def test_no_two_rules_have_one_name(packs: list[Pack]) -> None:
    names = Counter(rule.id for pack in packs for rule in pack.rules)
    assert [name for name, many in names.items() if many > 1] == []


def test_what_every_house_says_is_left_alone(packs: list[Pack]) -> None:
    coach = Coach(packs)
    for text in (
        "We can't wait to see you on Friday.",
        "I cannot thank you enough.",
        "You owe it to yourself to rest.",
        "Your table by the window is ready.",
    ):
        assert coach.read(text) == (), text


LANGUAGES = {"en", "zh-Hant", "zh-Hans"}
ENOUGH = 150
