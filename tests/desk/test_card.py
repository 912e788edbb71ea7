"""A customer's card: how to address them, what must not go wrong, how they are, what happened."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rugui.connect.inbox import Message, receive_from
from rugui.core.models import JournalEntry
from rugui.core.money import Money
from rugui.core.tenancy import within
from rugui.desk.queries import card
from rugui.know import actions as know
from rugui.know.models import Customer, Note
from rugui.promise import actions as promises
from rugui.recover import actions as recover
from rugui.serve import actions as serve

from .. import factories
from ..factories import NOON, Browse, House
from .help import acting, journal, queries

pytestmark = pytest.mark.django_db


def chen(house: House) -> Customer:
    with acting(house, "carol") as (carol, now):
        return know.add_customer(
            carol,
            name="陳玉婷",
            address_as="Ms Chen",
            language="zh-hant",
            identities=[
                know.GivenIdentity("phone", "0912 345 678"),
                know.GivenIdentity("email", "yuting@lotus.example"),
                know.GivenIdentity("card", "4411"),
            ],
            region="TW",
            now=now,
        )


def filled(house: House, customer: Customer, many: int) -> None:
    """`many` of everything that a card shows."""
    with acting(house, "carol") as (carol, now):
        for number in range(many):
            for kind in (Note.Kind.NEED, Note.Kind.PREFERENCE, Note.Kind.MOOD):
                know.add_note(carol, customer, text=f"{kind} {number}", kind=kind, place=house.place, now=now)
            phone = know.GivenIdentity("phone", f"0922 000 00{number}")
            know.add_identity(carol, customer, phone, region="TW", now=now)
            moment = now + timedelta(hours=number + 1)
            serve.expect_visit(carol, customer, house.place, expected_at=moment, now=now)
            serve.record_purchase(carol, customer, amount=Money(100, "EUR"), place=house.place, now=now)
            serve.record_touch(carol, customer, channel="phone", direction="out", place=house.place, now=now)
            promises.give(carol, customer, house.place, kind="other", due_at=moment, now=now)
            recover.open_case(carol, customer, house.place, title=f"Cold {number}", now=now)


@pytest.mark.parametrize("many", [1, 3])
def test_it_takes_twelve_queries_however_much_there_is(many: int, lake_house: House, browse: Browse) -> None:
    customer = chen(lake_house)
    filled(lake_house, customer, many)
    client = browse(lake_house, "carol")
    # session, person, coming in · customer, journal, history, promises, identities, notes, half-lives, how to greet them
    assert queries(client, f"/customers/{customer.public_id}") == 12


def test_it_begins_with_how_to_address_them_then_needs_then_mood(lake_house: House, browse: Browse) -> None:
    customer = chen(lake_house)
    filled(lake_house, customer, 1)
    html = browse(lake_house, "carol").get(f"/customers/{customer.public_id}").content.decode()
    main = html.split("<main")[1]
    order = [
        main.index(words)
        for words in ('class="called">Ms Chen', "need 0", "mood 0", "Expected", "Cold 0", "Worth knowing")
    ]
    assert order == sorted(order)
    assert "陳玉婷" in main
    assert '<span lang="zh-Hant">繁體中文</span>' in main
    assert 'href="tel:+886912345678"' in main
    assert 'href="mailto:yuting@lotus.example"' in main


@pytest.mark.parametrize("many", [1, 3])
def test_a_need_leads_and_is_not_said_again_below(many: int, lake_house: House, browse: Browse) -> None:
    customer = chen(lake_house)
    filled(lake_house, customer, many)
    html = browse(lake_house, "carol").get(f"/customers/{customer.public_id}").content.decode()
    head, below = html.split("Worth knowing")
    for number in range(many):
        assert (head.count(f"need {number}"), below.count(f"need {number}")) == (1, 0)
        assert (head.count(f"preference {number}"), below.count(f"preference {number}")) == (0, 1)
    assert 'class="need is-need"' in head
    assert head.count('hx-trigger="toggle once"') == many


def test_looking_at_it_is_journalled_once_and_renewing_it_is_not(lake_house: House, browse: Browse) -> None:
    customer, client = chen(lake_house), browse(lake_house, "erin")
    client.get(f"/customers/{customer.public_id}")
    client.get(f"/customers/{customer.public_id}/parts")
    assert journal(lake_house).count("card.viewed") == 1
    with within(lake_house.id):
        entry = JournalEntry.objects.get(kind="card.viewed")
        assert (entry.staff_id, entry.customer_id) == (lake_house.people["erin"].id, customer.id)
        assert entry.payload == {"why": "browsing"}


def test_absence_is_silence(lake_house: House, browse: Browse) -> None:
    customer = factories.customer(lake_house)
    html = browse(lake_house, "carol").get(f"/customers/{customer.public_id}").content.decode()
    for words in ("N/A", "None", "We owe them", "What happened", "known-as"):
        assert words not in html


def test_what_belongs_to_a_place_is_shown_to_those_who_see_the_place(
    lake_house: House, browse: Browse
) -> None:
    customer = chen(lake_house)
    filled(lake_house, customer, 1)
    with acting(lake_house, "carol") as (carol, now):
        receive_from(carol, lake_house.place, customer, Message("phone", "lake words", ()), now=now)
    with acting(lake_house, "dan") as (dan, now):
        seen = card(dan, customer, now=NOON)
        assert [note.text for note in seen.known.needs] == ["need 0"]
        assert (seen.visit, seen.cases, seen.promises, seen.timeline) == (None, [], [], [])
        serve.record_touch(
            dan, customer, channel="chat", direction="in", text="hi", place=lake_house.places[1], now=now
        )
        assert [row.text for row in card(dan, customer, now=NOON).timeline] == ["hi"]
    html = browse(lake_house, "dan").get(f"/customers/{customer.public_id}").content.decode()
    assert "need 0" in html
    assert "lake words" not in html
    with acting(lake_house, "alice") as (alice, _now):
        assert {row.what for row in card(alice, customer, now=NOON).timeline} == {"touch", "purchase", "case"}


def test_money_in_the_history_has_its_sign(lake_house: House, browse: Browse) -> None:
    customer = chen(lake_house)
    with acting(lake_house, "carol") as (carol, now):
        bought = serve.record_purchase(
            carol, customer, amount=Money(1250, "EUR"), place=lake_house.place, now=now
        )
        serve.record_refund(carol, customer, amount=Money(250, "EUR"), refund_of=bought, now=now)
    html = browse(lake_house, "carol").get(f"/customers/{customer.public_id}").content.decode()
    assert "€12.50" in html
    assert "-€2.50" in html


def test_the_place_tells_the_time(lake_house: House, browse: Browse) -> None:
    customer = chen(lake_house)
    with acting(lake_house, "carol") as (carol, now):
        serve.record_touch(
            carol, customer, channel="phone", direction="in", place=lake_house.place, now=factories.NOON
        )
        assert now > factories.NOON
    html = browse(lake_house, "carol").get(f"/customers/{customer.public_id}").content.decode()
    assert 'datetime="2026-09-03T20:00:00+08:00"' in html


def test_finding_names_the_reason_and_journals_no_words(lake_house: House, browse: Browse) -> None:
    customer, client = chen(lake_house), browse(lake_house, "carol")
    html = client.get("/find", {"q": "0912 345"}).content.decode()
    assert f'<a role="option" aria-selected="false" href="/customers/{customer.public_id}?by=search">' in html
    assert '<span class="option-detail">beginning of the phone number · +886912345678</span>' in html
    assert "Ms Chen" in client.get("/find", {"q": "chen"}).content.decode()
    assert 'href="/cases"' in client.get("/find", {"q": "cas"}).content.decode()
    assert "/customers/new?name=Nobody%20Here" in client.get("/find", {"q": "Nobody Here"}).content.decode()
    assert client.get("/find", {"q": ""}).content.decode().strip() == ""
    with within(lake_house.id):
        entries = list(
            JournalEntry.objects.filter(kind="customer.searched")
            .order_by("id")
            .values_list("payload", flat=True)
        )
    assert entries == [{"found": 1}, {"found": 1}, {"found": 0}, {"found": 0}]


def test_finding_takes_eight_queries_at_most(lake_house: House, browse: Browse) -> None:
    chen(lake_house)
    assert queries(browse(lake_house, "carol"), "/find?q=0912") == 8
