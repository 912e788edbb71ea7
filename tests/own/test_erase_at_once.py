"""Two people erased in the same moment, in one house and in two: neither waits for the other in a circle."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection

from rugui.core.money import Money
from rugui.core.tenancy import as_the_house, within
from rugui.core.time import now
from rugui.know import actions as know
from rugui.know.models import Customer, Note
from rugui.own.erase import erase, unbroken
from rugui.own.models import Erasure
from rugui.serve import actions as serve

from .. import factories
from ..factories import House


def somebody(house: House, owner: str, name: str) -> Customer:
    """Who is named in other people's notes and messages, so that erasing writes to the tables before it locks them."""
    with within(house.id):
        actor, moment = house.actor(owner), now()
        gone, friend = (
            know.add_customer(actor, name=each, region="TW", now=moment) for each in (name, "Wen Lin")
        )
        know.add_note(actor, friend, text=f"comes with {name}", now=moment)
        for each in (gone, friend):
            serve.record_touch(
                actor,
                each,
                channel="email",
                direction="in",
                text=f"I am {name}.",
                place=house.place,
                now=moment,
            )
            serve.record_purchase(actor, each, amount=Money(100, "EUR"), place=house.place, now=moment)
    return gone


def erase_together(people: list[tuple[House, str, Customer]]) -> list[str]:
    """Each on a connection of their own, begun in the same moment; what became of each."""
    begin, outcome = threading.Barrier(len(people), timeout=30), [""] * len(people)

    def run(number: int, house: House, owner: str, customer: Customer) -> None:
        try:
            actor = house.actor(owner)
            begin.wait()
            with within(house.id):
                erase(actor, customer, now=now())
            outcome[number] = "done"
        except Exception as error:  # noqa: BLE001  the thread's only way to say what went wrong
            outcome[number] = repr(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number, *each)) for number, each in enumerate(people)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    return outcome


def test_people_of_two_houses_are_erased_at_once(committed_house: House) -> None:
    lake, inn = committed_house, factories.other_house()
    for turn in range(4):
        people = [(lake, "alice", somebody(lake, "alice", f"Ottoline Quillfeather {turn}")),
                  (inn, "mallory", somebody(inn, "mallory", f"Barnaby Thistledown {turn}"))]  # fmt: skip
        assert erase_together(people) == ["done", "done"]
    for house in (lake, inn):
        with within(house.id):
            assert Erasure.objects.count() == 4
            assert unbroken()
            assert set(Customer.objects.values_list("name", flat=True)) == {"Wen Lin"}
            assert set(Note.objects.values_list("text", flat=True)) <= {
                "comes with …",
                "comes with … 0",
                "comes with … 1",
                "comes with … 2",
            }


def test_two_people_of_one_house_and_the_same_person_twice(committed_house: House) -> None:
    lake = committed_house
    one, other = (somebody(lake, "alice", name) for name in ("Ottoline Quillfeather", "Barnaby Thistledown"))
    assert erase_together([(lake, "alice", one), (lake, "bob", other), (lake, "bob", one)]) == ["done"] * 3
    with within(lake.id):
        assert Erasure.objects.count() == 2
        assert unbroken()


@pytest.mark.django_db
def test_what_went_wrong_is_said_and_not_that_the_transaction_is_aborted(lake_house: House) -> None:
    wrong = pytest.raises(DatabaseError, match="no_such_table")
    with wrong, within(lake_house.id), as_the_house(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")


@pytest.mark.django_db
def test_who_waited_for_their_turn_is_sealed_after_the_one_before(lake_house: House) -> None:
    """They read the clock before the other did, and came second."""
    one, other = (
        somebody(lake_house, "alice", name) for name in ("Ottoline Quillfeather", "Barnaby Thistledown")
    )
    with within(lake_house.id):
        actor, moment = lake_house.actor("alice"), now()
        first = erase(actor, one, now=moment)
        second = erase(actor, other, now=moment - timedelta(seconds=1))
        assert first.at == moment
        assert second.at == moment + timedelta(microseconds=1)
        assert unbroken()
