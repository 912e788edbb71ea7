"""The customer hears a time that we nearly always beat."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rugui.core.tenancy import within
from rugui.promise import actions
from rugui.promise.models import Promise
from rugui.promise.telling import acknowledgement

from .. import factories
from ..factories import NOON
from .test_policies import given, policy

pytestmark = pytest.mark.django_db


def answered(house: factories.House, minutes: float, count: int, channel: str = "email") -> None:
    """So many answers of the last days, each after so many minutes."""
    carol, customer = house.actor("carol"), factories.customer(house)
    with within(house.id):
        for number in range(count):
            at = NOON - timedelta(days=1 + number % 9)
            promise = actions.give(carol, customer, house.place, kind="answer", channel=channel, now=at)
            actions.keep(carol, promise, now=at + timedelta(minutes=minutes))


def test_while_little_is_known_it_is_twice_our_own_time(lake_house: factories.House) -> None:
    promise = given(lake_house)
    assert (promise.due_at, promise.told_at) == (NOON + timedelta(minutes=30), NOON + timedelta(minutes=60))


def test_what_the_place_keeps_is_told_by_channel(lake_house: factories.House) -> None:
    answered(lake_house, 12, 60)
    answered(lake_house, 40, 60, channel="chat")
    assert given(lake_house, channel="email").told_at == NOON + timedelta(minutes=15)
    assert given(lake_house, channel="chat").told_at == NOON + timedelta(minutes=40)


def test_the_rule_may_tell_our_own_time_or_nothing(lake_house: factories.House) -> None:
    policy(lake_house, channel="email", tells="due")
    policy(lake_house, channel="phone", tells="nothing")
    by_mail, by_phone = given(lake_house, channel="email"), given(lake_house, channel="phone")
    assert (by_mail.told_at, by_phone.told_at) == (by_mail.due_at, None)
    assert acknowledgement(by_phone, "en") == ""


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "You have our answer by Thursday 21:00."),
        ("zh-hant", "星期四 21:00"),
        ("zh-hans", "星期四 21:00"),
        ("fr", "by Thursday"),
    ],
)
def test_it_is_said_in_the_customers_language(lake_house: factories.House, language: str, words: str) -> None:
    promise = given(lake_house)
    assert words in acknowledgement(promise, language)
    assert Promise.Kind(promise.kind) == Promise.Kind.ANSWER
