"""Recognising customers by anything they may be asked for by; linking what they send."""

from __future__ import annotations

import pytest

from rugui.connect.inbox import Message, receive
from rugui.core.tenancy import within
from rugui.know import actions, linking, merge
from rugui.know.models import Customer, NameKey, NameSlip, NameWord
from rugui.know.pairs import CardPair
from rugui.know.queries import find
from rugui.know.recognise import recognise

from .. import factories
from ..factories import NOON, Browse, House

pytestmark = pytest.mark.django_db


def known(house: House, name: str, *identities: tuple[str, str], **more: str) -> Customer:
    with within(house.id):
        return actions.add_customer(
            house.actor("alice"),
            name=name,
            identities=[actions.GivenIdentity(kind, value) for kind, value in identities],
            region="TW",
            now=NOON,
            **more,
        )


@pytest.fixture
def town(lake_house: House) -> dict[str, Customer]:
    return {
        "chen": known(lake_house, "陳玉婷", ("phone", "0912345678"), ("email", "yuting.chen@gmail.com")),
        "hsu": known(lake_house, "Hsu Hao-Pin", ("phone", "0987654321")),
        "bob": known(lake_house, "Robert Featherstone", ("phone", "+14155550123"), ("handle", "@birdie")),
        "ann": known(lake_house, "Ann Müller-Lüdenscheidt"),
    }


@pytest.mark.parametrize(
    ("text", "who", "reason"),
    [
        ("+886 912 345 678", "chen", ("phone", "same")),
        ("0912-345-678", "chen", ("phone", "same")),
        ("2345678", "chen", ("phone", "tail")),
        ("5678", "chen", ("phone", "tail")),
        ("0912", "chen", ("phone", "begins")),
        ("0912345679", "chen", ("phone", "digit")),
        ("YutingChen+news@googlemail.com", "chen", ("email", "same")),
        ("yutign.chen@gmail.com", "chen", ("email", "slip")),
        ("yuting.c", "chen", ("email", "begins")),
        ("陈玉婷", "chen", ("name", "same")),
        ("陳玉", "chen", ("name", "part")),
        ("玉婷", "chen", ("name", "part")),
        ("Ch'en Yü-t'ing", "chen", ("name", "script")),
        ("chenyuting", "chen", ("name", "script")),
        ("chen yu", "chen", ("name", "part")),
        ("chen yutign", "chen", ("name", "slip")),
        ("徐皓斌", "hsu", ("name", "script")),
        ("xu haobin", "hsu", ("name", "script")),
        ("bob featherstone", "bob", ("name", "nickname")),
        ("fetherstone, robert", "bob", ("name", "slip")),
        ("feath", "bob", ("name", "part")),
        ("birdie", "bob", ("handle", "same")),
        ("muller", "ann", ("name", "part")),
        ("robert 0123", "bob", ("phone", "tail")),
    ],
)
def test_people_are_found_by_whatever_is_typed(
    town: dict[str, Customer], lake_house: House, text: str, who: str, reason: tuple[str, str]
) -> None:
    with within(lake_house.id):
        found = recognise(lake_house.id, text, regions=["TW"])
    assert found[0].customer == town[who]
    assert reason in [(each.field, each.level) for each in found[0].reasons]


def test_nobody_is_found_in_another_house(town: dict[str, Customer], other_house: House) -> None:
    with within(other_house.id):
        assert find("0912345678", region="TW") == []
        assert find("陳玉婷", region="TW") == []
        assert (NameKey.objects.count(), NameWord.objects.count(), NameSlip.objects.count()) == (0, 0, 0)


def test_a_new_name_finds_and_the_old_one_no_more(town: dict[str, Customer], lake_house: House) -> None:
    with within(lake_house.id):
        actions.edit_customer(lake_house.actor("alice"), town["hsu"], name="Wang Hao-Pin", now=NOON)
        assert [each.customer for each in find("wang haobin", region="TW")] == [town["hsu"]]
        assert find("hsu haopin", region="TW") == []


def test_the_words_of_a_name_are_counted(lake_house: House) -> None:
    from rugui.know import keys

    for _number in range(3):
        known(lake_house, "Mary Jones")
    with within(lake_house.id):
        keys.count(lake_house.id)
        assert NameWord.objects.get(word="mary").people == 3
        assert NameWord.objects.get(word="").people == 3


def test_how_many_people_there_are_is_read_once_and_anew_when_they_are_counted(lake_house: House) -> None:
    from rugui.know import keys

    mary = known(lake_house, "Mary Jones", ("phone", "0912345678"))
    with within(lake_house.id):
        assert keys.counted(lake_house.id) is None
        keys.count(lake_house.id)
        first = recognise(lake_house.id, "0912345678", regions=["TW"])
        assert keys.counted(lake_house.id) == 1
        assert recognise(lake_house.id, "0912345678", regions=["TW"]) == first
        assert [each.customer for each in first] == [mary]
        keys.count(lake_house.id)
        assert keys.counted(lake_house.id) is None


def sent(house: House, name: str, phone: str) -> tuple[Customer, bool, list[Customer]]:
    with within(house.id):
        message = Message("chat", "Hello", [("phone", phone)], name=name)
        received = receive(house.actor("alice"), house.place, message, now=NOON)
        return received.customer, received.new_customer, received.candidates


def test_a_message_is_linked_when_number_and_name_agree(town: dict[str, Customer], lake_house: House) -> None:
    assert sent(lake_house, "Chen Yuting", "0912345678") == (town["chen"], False, [])
    assert sent(lake_house, "", "0912345678") == (town["chen"], False, [])


def test_a_relative_on_the_same_number_gets_a_card_that_asks(
    town: dict[str, Customer], lake_house: House
) -> None:
    card, new, likely = sent(lake_house, "陳大文", "0912345678")
    assert (new, likely) == (True, [town["chen"]])
    with within(lake_house.id):
        (pair,) = linking.questions(card)
        assert (pair.low, pair.high, pair.reasons[0]) == (town["chen"], card, ["phone", "same"])


def test_a_stranger_gets_a_card_of_their_own(town: dict[str, Customer], lake_house: House) -> None:
    card, new, likely = sent(lake_house, "Zoe", "0933333333")
    assert (new, likely) == (True, [])
    with within(lake_house.id):
        assert linking.questions(card) == []


def test_not_the_same_is_remembered_for_good(
    town: dict[str, Customer], lake_house: House, browse: Browse
) -> None:
    card, _new, _likely = sent(lake_house, "陳大文", "0912345678")
    client = browse(lake_house, "carol")
    html = client.get(f"/customers/{card.public_id}").content.decode()
    assert "Likely 陳玉婷. Is it?" in html
    with within(lake_house.id):
        pair = CardPair.objects.get()
        merge.not_the_same(lake_house.actor("alice"), pair.low, pair.high, now=NOON)
        assert linking.questions(card) == []
        assert linking.learned().decisions == 1
    assert sent(lake_house, "陳大文", "0912345678") == (card, False, [town["chen"]])
    assert "Is it?" not in client.get(f"/customers/{card.public_id}").content.decode()


def test_a_look_up_costs_few_queries(
    town: dict[str, Customer], lake_house: House, django_assert_num_queries: object
) -> None:
    with within(lake_house.id):
        with django_assert_num_queries(2):  # type: ignore[operator]
            recognise(lake_house.id, "0912345678", regions=["TW"])
        with django_assert_num_queries(3):  # type: ignore[operator]
            recognise(lake_house.id, "chen yutign", regions=["TW"])


def test_a_seller_of_three_houses_is_three_people(lake_house: House, other_house: House) -> None:
    here, there = known(lake_house, "Ann Lee"), factories.customer(other_house, name="Ann Lee")
    with within(lake_house.id):
        assert [each.customer for each in find("ann lee", region="TW")] == [here]
    assert there.id != here.id


def test_four_digits_and_a_name_find_one_of_many_with_these_digits(lake_house: House) -> None:
    for number in range(20):
        known(lake_house, f"Ann Abbott{'abcdefghijklmnopqrst'[number]}", ("phone", f"09{number:02d}334567"))
    meant = known(lake_house, "Robert Featherstone", ("phone", "0988334567"))
    with within(lake_house.id):
        first, *_others = recognise(lake_house.id, "bob featherston 4567", regions=["TW"])
        assert first.customer == meant
        assert [each.field for each in first.reasons] == ["phone", "name"]
