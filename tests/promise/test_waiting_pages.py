"""Letting a promise wait for the customer: with the reason, what becomes of its time, and what the customer reads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from rugui.core.models import JournalEntry
from rugui.core.tenancy import within
from rugui.core.time import now as this_moment
from rugui.promise import actions, waiting
from rugui.promise.models import Promise

from .. import factories
from ..factories import Browse, House
from ..recover.help import again, given, queries, text

pytestmark = pytest.mark.django_db


def test_it_says_what_waiting_means_and_waits_with_the_reason(lake_house: House, browse: Browse) -> None:
    promise, client = given(lake_house, kind="solution"), browse(lake_house, "carol")
    page = client.get(reverse("promise-pause", args=[promise.id]))
    assert "its time stands still" in text(page)
    # An hour is left; if they answer tomorrow at this time, it is due an hour later.
    assert abs(page.context["then_due"] - (page.context["tomorrow"] + timedelta(hours=1))) < timedelta(
        minutes=1
    )
    assert client.post(reverse("promise-pause", args=[promise.id]), {"waits_for": "thing"}).status_code == 302
    waits = again(lake_house, promise)
    assert (waits.waits_for, waits.ring_at, waits.state) == ("thing", None, "open")
    board = text(client.get(reverse("promises")))
    assert "it waits for something that they send or bring; its time stands still" in board
    assert "Go on" in board
    with within(lake_house.id):
        paused = JournalEntry.objects.get(kind="promise.paused")
    assert paused.payload == {"kind": "solution", "waits_for": "thing"}
    assert client.post(reverse("promise-resume", args=[promise.id])).status_code == 302
    runs = again(lake_house, promise)
    assert (runs.waits_for, runs.paused_at) == ("", None)
    assert promise.due_at <= runs.due_at < promise.due_at + timedelta(minutes=5)


def test_one_that_does_not_wait_has_no_button_and_refuses(lake_house: House, browse: Browse) -> None:
    promise, client = given(lake_house), browse(lake_house, "carol")
    assert reverse("promise-pause", args=[promise.id]) not in client.get(reverse("promises")).content.decode()
    assert client.get(reverse("promise-pause", args=[promise.id])).status_code == 409
    assert client.post(reverse("promise-resume", args=[promise.id])).status_code == 409


def test_a_reason_that_is_none_is_refused_beside_its_field(lake_house: House, browse: Browse) -> None:
    promise, client = given(lake_house, kind="solution"), browse(lake_house, "carol")
    answer = client.post(reverse("promise-pause", args=[promise.id]), {"waits_for": "luck"})
    assert answer.status_code == 422
    assert "waits_for" in answer.context["form"].errors


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_many_that_wait_as_for_one(lake_house: House, browse: Browse, count: int) -> None:
    carol = lake_house.actor("carol")
    for number in range(count):
        promise = given(lake_house, factories.customer(lake_house, f"Guest {number}"), kind="solution")
        with within(lake_house.id):
            waiting.pause(carol, promise, now=this_moment())
    client = browse(lake_house, "carol")
    assert queries(client, f"{reverse('promises')}?state=waiting") == 6
    first = given(lake_house, kind="solution")
    assert queries(client, reverse("promise-pause", args=[first.id])) == 4


def test_what_is_done_while_it_waits_was_in_time_and_runs_on_when_that_is_undone(lake_house: House) -> None:
    promise, carol = given(lake_house, kind="solution"), lake_house.actor("carol")
    start = promise.made_at
    with within(lake_house.id):
        waiting.pause(carol, promise, now=start + timedelta(minutes=10))
        left = promise.due_at - (start + timedelta(minutes=10))
        later = start + timedelta(hours=5)
        actions.keep(carol, Promise.objects.get(id=promise.id), now=later)
        kept = Promise.objects.get(id=promise.id)
        assert (kept.state, kept.due_at - kept.settled_at) == ("kept", left)
        actions.undo(carol, kept, now=later + timedelta(minutes=1))
        runs = Promise.objects.get(id=promise.id)
    assert (runs.state, runs.due_at) == ("open", later + left)
    assert runs.ring_at is not None
    assert runs.ring_at > later


def test_the_board_of_one_that_waits_draws_it_still(lake_house: House, browse: Browse) -> None:
    promise, carol = given(lake_house, kind="solution"), lake_house.actor("carol")
    with within(lake_house.id):
        waiting.pause(carol, promise, now=this_moment())
    page = browse(lake_house, "carol").get(reverse("promises")).content.decode()
    assert 'data-state="waiting" data-phase="waiting"' in page
    assert 'data-state="open"' not in page
