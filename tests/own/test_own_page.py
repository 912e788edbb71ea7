"""The customer's page of all that is held of them: what it says, what it cannot say, and what they do there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from rugui.core.errors import NotAllowed
from rugui.core.models import JournalEntry, Key
from rugui.core.money import Money
from rugui.core.tenancy import as_customer, within
from rugui.core.time import now
from rugui.know import actions as know
from rugui.know.models import Consent, Customer, Note
from rugui.own import actions
from rugui.own.models import Erasure
from rugui.promise.models import Promise
from rugui.recover import actions as recover
from rugui.serve import actions as serve

from .. import factories
from ..recover.help import acting, opened

pytestmark = pytest.mark.django_db


@dataclass
class Guest:
    customer: Customer
    note: Note
    keeper: Note
    consent: Consent
    address: str


@pytest.fixture
def guest(lake_house: factories.House) -> Guest:
    """Somebody of whom there is one of everything, and something that is not theirs."""
    with acting(lake_house, "carol") as (carol, moment):
        chen = know.add_customer(
            carol, name="陳玉婷", identities=[know.GivenIdentity("phone", "0912 345 678")], language="en", region="TW", now=moment,
        )  # fmt: skip
        note = know.add_note(carol, chen, text="foam pillow", kind="preference", now=moment)
        kept = know.add_note(
            carol, chen, text="tips in coins", now=moment, about=know.About(discretion="keeper")
        )
        consent = know.record_consent(
            carol,
            chen,
            sensitive="health",
            wording="May we note it?",
            language="en",
            how="spoken",
            now=moment,
        )
        know.add_note(
            carol, chen, text="peanut allergy", kind="need", now=moment, about=know.About(sensitive="health")
        )
        serve.record_purchase(
            carol, chen, amount=Money(1250, "EUR"), place=lake_house.place, about="two teas", now=moment
        )
        serve.expect_visit(
            carol, chen, lake_house.place, expected_at=moment + timedelta(days=1), about="room 7", now=moment
        )
        other = know.add_customer(
            carol, name="Someone Else", identities=[], language="en", region="TW", now=moment
        )
        know.add_note(carol, other, text="not yours", now=moment)
    case = opened(lake_house, chen)
    with acting(lake_house, "carol") as (carol, moment):
        recover.talk(carol, case, text="watch out", now=moment)
        address = reverse("own", args=[actions.share_link(carol, chen, now=moment)])
    return Guest(chen, note, kept, consent, address)


def test_it_shows_all_that_is_theirs_and_nothing_internal(guest: Guest, client: Client) -> None:
    answer = client.get(guest.address)
    said = answer.content.decode()
    for theirs in ["陳玉婷", "0912 345 678", "foam pillow", "tips in coins", "peanut allergy", "May we note it?", "two teas",
                   "room 7", "Room cold", "I am cold.", "€12.50", "Only the person who wrote it sees it."]:  # fmt: skip
        assert theirs in said, theirs
    assert "from you" in said
    for inside in ["watch out", "Carol", "Someone Else", "not yours", "from them"]:
        assert inside not in said, inside
    assert (answer.status_code, answer.cookies.output(), answer["Referrer-Policy"]) == (
        200,
        "",
        "no-referrer",
    )


def test_it_speaks_three_languages(guest: Guest, client: Client) -> None:
    for code in ("zh-hant", "zh-hans"):
        answer = client.get(guest.address, {"language": code})
        assert answer["Content-Language"] == code
        assert "What we hold about you" not in answer.content.decode()


def test_the_database_shows_a_customer_nobody_elses_rows(guest: Guest, lake_house: factories.House) -> None:
    with as_customer(lake_house.id, guest.customer.id), connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT customer_id) FROM rugui_note")
        assert cursor.fetchone() == (3, 1)
        cursor.execute("SELECT count(*) FROM rugui_customer")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize(
    "question",
    ["SELECT 1 FROM rugui_casetalk", "SELECT author_id FROM rugui_note", "SELECT 1 FROM rugui_staff", "SELECT gesture FROM rugui_surprise",
     "SELECT lesson FROM rugui_case", "SELECT 1 FROM rugui_journalentry", "UPDATE rugui_note SET text = 'x'"],
)  # fmt: skip
def test_the_database_refuses_what_is_internal(
    question: str, guest: Guest, lake_house: factories.House
) -> None:
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        as_customer(lake_house.id, guest.customer.id),
    ):
        connection.cursor().execute(question)


def test_a_correction_is_a_new_note_in_their_words(
    guest: Guest, client: Client, lake_house: factories.House
) -> None:
    answer = client.post(
        guest.address, {"do": "correct", "note": guest.note.public_id, "text": "feather pillow"}
    )
    assert urlsplit(answer["Location"]).query == "done=correct"
    with within(lake_house.id):
        new = Note.objects.get(text="feather pillow")
        guest.note.refresh_from_db()
        entry = JournalEntry.objects.order_by("-id")[0]
        assert (new.source, new.kind, new.author, guest.note.text) == (
            "said",
            "preference",
            None,
            "foam pillow",
        )
        assert guest.note.struck_by == new
        assert (entry.kind, entry.who, entry.payload) == (
            "note.made",
            "customer",
            {"kind": "preference", "source": "said"},
        )


def test_what_they_object_to_is_withdrawn_and_stays_so(
    guest: Guest, client: Client, lake_house: factories.House
) -> None:
    assert client.post(guest.address, {"do": "object", "note": guest.note.public_id}).status_code == 302
    with acting(lake_house, "carol") as (carol, moment):
        note = Note.objects.get(id=guest.note.id)
        assert note.withdrawn_at is not None
        with pytest.raises(NotAllowed):
            know.restore_note(carol, note, now=moment)


def test_a_consent_taken_back_takes_its_notes_along(
    guest: Guest, client: Client, lake_house: factories.House
) -> None:
    assert (
        client.post(guest.address, {"do": "consent", "consent": guest.consent.public_id}).status_code == 302
    )
    with within(lake_house.id):
        assert Note.objects.get(text="peanut allergy").withdrawn_at is not None


def test_it_is_exported_whole(guest: Guest, client: Client) -> None:
    answer = client.get(guest.address + "/export.json")
    found = json.loads(answer.content)
    assert answer["Content-Disposition"] == 'attachment; filename="held-of-me.json"'
    assert sorted(found) == sorted(
        ["format", "exported_at", "held_by", "customer", "names", "identities", "notes", "consents", "visits", "purchases",
         "touches", "promises", "cases", "messages", "kept"]
    )  # fmt: skip
    assert found["customer"]["name"] == "陳玉婷"
    assert [row["text"] for row in found["notes"]] == ["peanut allergy", "tips in coins", "foam pillow"]
    assert [(row["amount"], row["currency"], row["place"]) for row in found["purchases"]] == [
        (1250, "EUR", "Lake House")
    ]


def test_asking_to_be_erased_is_a_promise_with_a_day(
    guest: Guest, client: Client, lake_house: factories.House
) -> None:
    for _twice in range(2):
        assert client.post(guest.address, {"do": "erase"}).status_code == 302
    with within(lake_house.id):
        asked = Erasure.objects.get()
        promise = Promise.objects.get(kind="other")
        assert (asked.at, asked.due_at, promise.customer) == (None, promise.due_at, guest.customer)
    assert "You have asked us to erase everything" in client.get(guest.address).content.decode()


def test_a_note_of_somebody_else_is_not_theirs_to_touch(
    guest: Guest, client: Client, lake_house: factories.House
) -> None:
    with within(lake_house.id):
        foreign = Note.objects.get(text="not yours")
    for wish in ({"do": "object"}, {"do": "correct", "text": "mine"}):
        assert client.post(guest.address, {**wish, "note": foreign.public_id}).status_code == 404
    with within(lake_house.id):
        foreign.refresh_from_db()
        assert (foreign.withdrawn_at, foreign.struck_by) == (None, None)


def test_a_form_of_another_site_is_refused(guest: Guest, client: Client) -> None:
    assert (
        client.post(guest.address, {"do": "erase"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code
        == 404
    )


def test_a_link_ends_when_revoked_replaced_or_old(
    guest: Guest, client: Client, lake_house: factories.House
) -> None:
    with within(lake_house.id):
        key = Key.objects.get(kind=Key.Kind.OWN)
        assert bytes(key.hash).hex() not in guest.address
        Key.objects.filter(id=key.id).update(expires_at=now())
    assert client.get(guest.address).status_code == 404
    with acting(lake_house, "carol") as (carol, moment):
        first = reverse("own", args=[actions.share_link(carol, guest.customer, now=moment)])
        second = reverse("own", args=[actions.share_link(carol, guest.customer, now=moment)])
    assert [client.get(each).status_code for each in (first, second)] == [404, 200]
    with acting(lake_house, "carol") as (carol, moment):
        actions.revoke_link(carol, guest.customer, now=moment)
    assert client.get(second).status_code == 404


@pytest.mark.parametrize("notes", [1, 3])
def test_it_asks_the_same_questions_however_much_there_is(notes: int, guest: Guest, client: Client, lake_house: factories.House,
                                                           django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]  # fmt: skip
    with acting(lake_house, "carol") as (carol, moment):
        for number in range(notes):
            know.add_note(carol, guest.customer, text=f"more {number}", now=moment)
    client.get(guest.address)
    with django_assert_num_queries(29):
        client.get(guest.address)


def test_staff_make_the_link_on_a_page(
    guest: Guest, browse: factories.Browse, lake_house: factories.House
) -> None:
    carol = browse(lake_house, "carol")
    address = reverse("own-link", args=[guest.customer.public_id])
    assert "A new link instead" in carol.get(address).content.decode()
    made = carol.post(address).content.decode()
    assert "/own/" in made
    assert "Erase this person" not in made
    assert "Erase this person" in browse(lake_house, "bob").get(address).content.decode()
