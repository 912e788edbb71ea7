"""Looking through all cards for people who have two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from django.db import connection

from rugui.core.errors import ChangedMeanwhile, NotAllowed
from rugui.core.tenancy import within
from rugui.engines.identity import batch, beside
from rugui.know import duplicates
from rugui.know.jobs import search_duplicates
from rugui.know.merge import not_the_same, undo
from rugui.know.models import Customer
from rugui.know.pairs import CardPair, DuplicateSearch, Merge

from ..factories import NOON, Browse, House
from .test_merge import card, join

pytestmark = pytest.mark.django_db


def search(house: House) -> DuplicateSearch:
    with within(house.id):
        started = duplicates.start(house.actor("bob"), now=NOON)
    search_duplicates(house.id, started.id)
    with within(house.id):
        return DuplicateSearch.objects.get(id=started.id)


def nights(house: House) -> int:
    """How many searches are asked for of a coming night."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'know.nightly_search' AND queueing_lock = %s",
            [f"know.nightly_search.{house.id}"],
        )
        return int(cursor.fetchone()[0])


def crowd(house: House) -> list[Customer]:
    """Thirty strangers, one person with two cards, and a mother and child who share a telephone."""
    given = [
        "Ann",
        "Bea",
        "Cleo",
        "Dora",
        "Eve",
        "Fay",
        "Gina",
        "Hope",
        "Ivy",
        "June",
        "Kate",
        "Lena",
        "Mona",
        "Nora",
        "Olga",
    ]
    family = ["Abbott", "Barlow", "Crane", "Dalton", "Ellis", "Farrow", "Grant", "Hollis", "Ingram", "Jessop"]
    for number in range(30):
        name = f"{given[number % 15]} {family[(number * 7) % 10]}"
        card(house, name, ("phone", f"+88692{number:07d}"), ("email", f"s{number * 37}x@lake.example"))
    return [
        card(house, "Chen Yu-ting", ("phone", "+886912345678"), ("email", "yuting.chen@lake.example")),
        card(house, "陳玉婷", ("phone", "0912 345 678"), ("email", "yuting.chen@lake.example")),
        card(house, "Anna Berg", ("phone", "+886933111222")),
        card(house, "Tom Berg", ("phone", "+886933111222")),
    ]


def test_it_suggests_who_has_two_cards_and_not_relatives(lake_house: House) -> None:
    with within(lake_house.id):
        one, two, _mother, _child = crowd(lake_house)
    ended = search(lake_house)
    assert (ended.state, ended.cards, ended.pairs, ended.merged) == ("done", 34, 1, 0)
    with within(lake_house.id):
        pair = CardPair.objects.get()
        assert (pair.low_id, pair.high_id, pair.state) == (one.id, two.id, "suggested")
        assert pair.reasons == [["name", "script"], ["phone", "same"], ["email", "same"]]


def test_a_search_by_two_processes_is_the_same(lake_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with within(lake_house.id):
        one, two, *_others = crowd(lake_house)
    monkeypatch.setattr(batch, "worth_while", lambda _cards: True)
    ended = search(lake_house)
    assert (ended.state, ended.cards, ended.pairs) == ("done", 34, 1)
    with within(lake_house.id):
        assert CardPair.objects.values_list("low_id", "high_id").get() == (one.id, two.id)


def test_a_search_whose_other_process_is_killed_fails_and_writes_nothing(
    lake_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def killed(names: Sequence[Sequence[str]]) -> Iterator[beside.NamesBeside]:
        with beside.names_beside(names) as field:
            field.process.kill()
            yield field

    with within(lake_house.id):
        crowd(lake_house)
        started = duplicates.start(lake_house.actor("bob"), now=NOON)
    monkeypatch.setattr(batch, "worth_while", lambda _cards: True)
    monkeypatch.setattr(batch, "names_beside", killed)
    with pytest.raises(batch.NamesGone):
        search_duplicates(lake_house.id, started.id)
    with within(lake_house.id):
        assert DuplicateSearch.objects.get().state == "failed"
        assert CardPair.objects.count() == 0
    assert nights(lake_house) == 1  # and the next night it is tried again
    monkeypatch.undo()
    assert search(lake_house).pairs == 1  # nothing is in the way of the next


def test_it_merges_what_is_certain_only_when_the_owner_has_said_so(lake_house: House) -> None:
    with within(lake_house.id):
        one, two, mother, child = crowd(lake_house)
        with pytest.raises(NotAllowed):
            duplicates.merge_automatically(lake_house.actor("bob"), True, now=NOON)
        duplicates.merge_automatically(lake_house.actor("alice"), True, now=NOON)
    assert search(lake_house).merged == 1
    with within(lake_house.id):
        made = Merge.objects.get()
        assert (made.source_id, made.survivor_id, made.reason) == (two.id, one.id, "certain")
        assert Customer.objects.filter(id__in=[mother.id, child.id], merged_into=None).count() == 2


def test_what_was_kept_or_taken_apart_is_not_suggested_again(lake_house: House) -> None:
    with within(lake_house.id):
        one, two, *_others = crowd(lake_house)
        undo(lake_house.actor("bob"), join(lake_house, two, one), now=NOON)
    assert search(lake_house).pairs == 0
    with within(lake_house.id):
        Merge.objects.all().delete()
        not_the_same(lake_house.actor("bob"), one, two, now=NOON)
    assert search(lake_house).pairs == 0


def test_a_second_search_waits_for_the_first_and_a_stopped_one_writes_nothing(lake_house: House) -> None:
    bob = lake_house.actor("bob")
    with within(lake_house.id):
        crowd(lake_house)
        first = duplicates.start(bob, now=NOON)
        with pytest.raises(ChangedMeanwhile):
            duplicates.start(bob, now=NOON)
        duplicates.stop(bob, now=NOON)
    search_duplicates(lake_house.id, first.id)
    with within(lake_house.id):
        assert CardPair.objects.count() == 0
        assert DuplicateSearch.objects.get().state == "stopped"
        with pytest.raises(ChangedMeanwhile):
            duplicates.stop(bob, now=NOON)


def test_the_queue_shows_the_pair_worth_most_and_takes_one_tap(lake_house: House, browse: Browse) -> None:
    with within(lake_house.id):
        crowd(lake_house)
    search(lake_house)
    client = browse(lake_house, "carol")
    page = client.get("/duplicates").content.decode()
    assert "Chen Yu-ting" in page
    assert "陳玉婷" in page
    assert "Anna Berg" not in page
    with within(lake_house.id):
        pair = CardPair.objects.get()
    answer = client.post(f"/pairs/{pair.public_id}/later")
    assert (answer.status_code, answer["Location"]) == (302, f"/duplicates?decided={pair.public_id}")
    told = client.get(answer["Location"]).content.decode()
    assert f'action="/pairs/{pair.public_id}/again"' in told
    assert "Put off." not in told  # "Noted.", beside the way back, says so once
    assert "Chen Yu-ting" not in client.get("/duplicates").content.decode()
    assert "Chen Yu-ting" in client.get("/duplicates?later=1").content.decode()
    assert client.post(f"/pairs/{pair.public_id}/again").status_code == 302
    with within(lake_house.id):
        pair = CardPair.objects.get()
    assert client.post(f"/pairs/{pair.public_id}/same").status_code == 302
    with within(lake_house.id):
        made = Merge.objects.get()
        old, new = made.source.public_id, made.survivor.public_id
    answer = client.get(f"/customers/{old}")
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{new}")
    assert client.post(f"/merges/{made.public_id}/undo").status_code == 302
    assert client.get(f"/customers/{old}").status_code == 200


def test_two_cards_are_compared_before_they_are_merged(lake_house: House, browse: Browse) -> None:
    with within(lake_house.id):
        one = card(lake_house, "Lin Mei", ("phone", "0912 345 678"))
        two = card(lake_house, "Mei Lin", ("phone", "+886912345678"), ("email", "mei@lake.example"))
        other = card(lake_house, "Tom Berg", ("phone", "+886912345678"))
    client = browse(lake_house, "carol")
    page = client.get(f"/customers/{one.public_id}/merge/{two.public_id}").content.decode()
    assert page.count("on both cards") == 2
    assert "since 3 Sep 2026" in page
    assert "Make them one card" in page
    refused = client.post(f"/customers/{one.public_id}/merge/{other.public_id}", {"told": "1"})
    assert refused.status_code == 409
    assert "A manager can merge" in refused.content.decode()
    answer = client.post(f"/customers/{one.public_id}/merge/{two.public_id}", {"keep": two.public_id})
    with within(lake_house.id):
        made = Merge.objects.get()
    assert (made.source_id, made.survivor_id) == (one.id, two.id)
    assert answer["Location"] == f"/merges/{made.public_id}"
    told = client.get(answer["Location"]).content.decode()
    assert "Undo" in told
    assert "“Lin Mei” became part of “Mei Lin”." in told


def test_of_two_cards_with_one_name_nobody_reads_that_one_became_part_of_itself(
    lake_house: House, browse: Browse
) -> None:
    with within(lake_house.id):
        one, two = (card(lake_house, "Lin Mei", ("phone", "0912 345 678")) for _each in range(2))
    client = browse(lake_house, "carol")
    answer = client.post(f"/customers/{one.public_id}/merge/{two.public_id}", {"keep": two.public_id})
    told = client.get(answer["Location"]).content.decode()
    assert "One card now: Lin Mei." not in told  # its heading says so
    assert "Both cards were called “Lin Mei”" in told
    assert "became part of" not in told
