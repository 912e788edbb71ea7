"""Keeper's and sensitive notes through every door, and in the database itself.

The matrix of pages and calls (test_pages.py, test_calls.py) holds a keeper's and a sensitive need, fact and mood of each
house, so that every address is asked by everybody; here is what no address shows: that the database refuses by itself,
what the live stream tells, and the doors one by one for each discretion.
"""

from __future__ import annotations

import pytest
from django.db import connection

from rugui.core import tenancy
from rugui.core.errors import InputError
from rugui.core.models import JournalEntry
from rugui.core.tenancy import within
from rugui.house.access import entered
from rugui.know import access, recall
from rugui.know import actions as know
from rugui.know.models import Customer, Note
from rugui.live.kinds import concerns_screens
from rugui.serve import actions as serve
from rugui.team.queries import line_up

from .. import factories
from ..desk.help import HTMX, acting
from ..factories import NOON, Browse, House

pytestmark = pytest.mark.django_db
READERS = {
    "open": {"alice", "bob", "carol", "dan", "erin"},
    "quiet": {"alice", "bob", "carol", "dan", "erin"},
    "keeper": {"carol"},
    "sensitive": {"alice", "bob", "carol", "dan"},
}
PEOPLE = sorted(READERS["open"])
DOORS = ("card", "customers", "parts", "today", "lineup", "tools", "surprise")


def with_notes(house: House) -> tuple[Customer, dict[str, Note]]:
    customer = factories.customer(house)
    with acting(house, "carol") as (carol, now):
        know.record_consent(
            carol, customer, sensitive="health", wording="May we?", language="en", how="spoken", now=now
        )
        made = {
            word: know.add_note(
                carol,
                customer,
                text=f"zz{word}zz wine",
                kind="need",
                about=know.About(sensitive="health") if word == "sensitive" else know.About(discretion=word),
                place=house.place,
                now=now,
            )
            for word in READERS
        }
    for who, place in (("carol", house.place), ("dan", house.places[1])):
        with acting(house, who) as (actor, now):
            serve.expect_visit(actor, customer, place, expected_at=now, now=now)
    return customer, made


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("door", DOORS)
def test_each_door_shows_each_reader_what_is_theirs(
    door: str, who: str, lake_house: House, browse: Browse
) -> None:
    customer, notes = with_notes(lake_house)
    client, at = browse(lake_house, who), f"/customers/{customer.public_id}"
    expected = {word for word, readers in READERS.items() if who in readers}
    if door == "tools":
        found = {
            word for word, note in notes.items() if client.get(f"/notes/{note.public_id}").status_code == 200
        }
        assert found == expected
        return
    if door == "surprise":
        wine = {"gesture": "wine", "planned_on": "2031-05-01", "audience": "alone"}
        page = client.post(f"{at}/surprise", wine)
        expected = expected if who != "erin" else set()
    else:
        address = {
            "card": at,
            "customers": "/customers",
            "parts": f"{at}/parts",
            "today": "/",
            "lineup": "/line-up",
        }[door]
        page = client.get(address)
    text = page.content.decode()
    assert {word for word in READERS if f"zz{word}zz" in text} == expected


@pytest.mark.parametrize("who", PEOPLE)
def test_the_database_shows_a_keepers_note_to_its_keeper_only(who: str, lake_house: House) -> None:
    """Row-level security by itself, under a query that forgot every filter."""
    with_notes(lake_house)
    staff = lake_house.people[who]
    with entered(lake_house.id, staff.user_id) as entry:
        assert entry is not None
        seen = set(Note.objects.values_list("text", flat=True))
        changed = Note.objects.filter(discretion="keeper").update(text="theirs")
    assert ("zzkeeperzz wine" in seen, changed) == (who == "carol", 1 if who == "carol" else 0)


def test_nobody_who_came_in_sees_none_and_the_house_itself_sees_all(lake_house: House) -> None:
    with_notes(lake_house)
    with within(lake_house.id):
        assert Note.objects.filter(discretion="keeper").count() == 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('rugui.staff', '0', true)")
        assert Note.objects.filter(discretion="keeper").count() == 0
        with tenancy.as_the_house():
            assert Note.objects.filter(discretion="keeper").count() == 1
        assert Note.objects.filter(discretion="keeper").count() == 0


def test_a_keepers_note_is_not_even_told_to_have_been_made(lake_house: House) -> None:
    customer = factories.customer(lake_house)
    with acting(lake_house, "carol") as (carol, now):
        about = know.About(discretion="keeper")
        note = know.add_note(carol, customer, text="between us", about=about, now=now)
        know.withdraw_note(carol, note, now=now)
        know.restore_note(carol, note, now=now)
        kinds = set(JournalEntry.objects.values_list("kind", flat=True))
        assert kinds == {"keeper.made", "keeper.withdrawn", "keeper.restored"}
        assert not any(concerns_screens(kind) for kind in kinds)
        know.correct_note(carol, note, about={"discretion": "quiet"}, now=now)
        assert JournalEntry.objects.latest("id").kind == "note.made"


def test_a_keepers_note_does_nothing_to_the_notes_of_others(lake_house: House) -> None:
    customer = factories.customer(lake_house)
    with acting(lake_house, "carol") as (carol, now):
        likes = know.add_note(
            carol,
            customer,
            text="coffee",
            kind="preference",
            about=know.About(topic="coffee", polarity=1),
            now=now,
        )
        against = know.About(topic="coffee", polarity=-1, discretion="keeper")
        know.add_note(carol, customer, text="no coffee", kind="preference", about=against, now=now)
        likes.refresh_from_db()
        assert likes.struck_by_id is None


def test_only_who_wrote_it_can_keep_it(lake_house: House) -> None:
    customer = factories.customer(lake_house)
    with acting(lake_house, "carol") as (carol, now):
        note = know.add_note(carol, customer, text="tea", now=now)
    with acting(lake_house, "bob") as (bob, now), pytest.raises(InputError, match="Only whoever wrote it"):
        know.correct_note(bob, access.note(bob, note.id), about={"discretion": "keeper"}, now=now)


def test_the_line_up_says_to_each_what_is_theirs(lake_house: House) -> None:
    customer, _notes = with_notes(lake_house)
    for who in PEOPLE:
        with acting(lake_house, who) as (actor, now):
            agenda = line_up(actor, lake_house.place, now=now)
            told = {note.text for note in [*agenda.learned, *agenda.needs.get(customer.id, [])]}
            assert told == {f"zz{word}zz wine" for word, readers in READERS.items() if who in readers}


def test_a_consent_taken_back_takes_a_keepers_note_along(lake_house: House) -> None:
    customer = factories.customer(lake_house)
    with within(lake_house.id):
        carol, bob = lake_house.actor("carol"), lake_house.actor("bob")
        given = know.record_consent(
            carol, customer, sensitive="money", wording="May we?", language="en", how="spoken", now=NOON
        )
        about = know.About(sensitive="money", discretion="keeper")
        know.add_note(carol, customer, text="pays in gold", about=about, now=NOON)
    with entered(lake_house.id, lake_house.people["bob"].user_id):
        assert know.withdraw_consent(bob, given, now=NOON) == 1
    with within(lake_house.id):
        assert recall.notes(carol, customer.id) == []


def test_capture_and_search_do_not_answer_with_what_others_keep(lake_house: House, browse: Browse) -> None:
    customer, _notes = with_notes(lake_house)
    client = browse(lake_house, "bob")
    for page in (
        client.post("/capture", {"text": "tea", "customer": customer.public_id}, headers=HTMX),
        client.get("/find", {"q": "Chen"}),
        client.get("/customers", {"q": "Chen"}),
    ):
        assert page.status_code == 200
        assert "zzkeeperzz" not in page.content.decode()
