"""Telephone calls: who it likely is stands on the screens while it rings, events come as they like, a missed one waits."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rugui.connect import calls, jobs
from rugui.connect.models import Call
from rugui.core.errors import ChangedMeanwhile, InputError
from rugui.core.models import JournalEntry
from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.know import actions as know
from rugui.know.models import Customer, Identity
from rugui.live.kinds import concerns_screens
from rugui.own.erase import erase
from rugui.promise.models import Promise
from rugui.serve.models import Touch

from .. import factories
from ..api.conftest import Caller
from ..recover.help import acting

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}


def person(house: factories.House, name: str = "Chen Yu-ting", phone: str = "0912 345 678") -> Customer:
    with acting(house, "carol") as (carol, moment):
        return know.add_customer(
            carol, name=name, identities=[know.GivenIdentity("phone", phone)], region="TW", now=moment
        )


def rings(
    house: factories.House,
    what: str = "ringing",
    call: str = "c1",
    number: str = "+886 912-345-678",
    **more: Any,
) -> Call:
    with acting(house, "carol") as (carol, moment):
        return calls.hear(
            carol, house.place, calls.Told(call, what, number, **more), now=more.get("at") or moment
        )


def read(house: factories.House) -> Call:
    with within(house.id):
        return Call.objects.select_related("customer", "touch").get()


def test_who_is_calling_stands_on_every_screen_of_the_place(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    chen = person(lake_house)
    rings(lake_house)
    with within(lake_house.id):
        entry = JournalEntry.objects.latest("id")
        assert (entry.kind, entry.place_id, entry.customer_id) == (
            "call.ringing",
            lake_house.place.id,
            chen.id,
        )
        assert concerns_screens(entry.kind)
    for name in ("carol", "bob"):
        page = browse(lake_house, name).get("/arrivals", headers=HX).content.decode()
        assert "Chen Yu-ting is calling." in page
        assert reverse("customer", args=[chen.public_id]) in page
    assert "is calling" not in browse(lake_house, "dan").get("/arrivals", headers=HX).content.decode()


def test_nobody_gets_a_card_because_a_number_rang(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    rings(lake_house, number="02 2345 6789")
    rings(lake_house, call="c2", number="")
    page = browse(lake_house, "carol").get("/arrivals", headers=HX).content.decode()
    assert "02 2345 6789, nobody we know" in page
    assert "the number is hidden" in page
    with within(lake_house.id):
        assert not Customer.objects.exists()


def test_a_number_that_two_share_is_likely_and_not_sure(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    mother, son = person(lake_house, "Chen Yu-ting"), person(lake_house, "Lin Xiao-ming")
    call = rings(lake_house)
    assert call.customer is None
    assert {number for number, _chance in call.likely} == {mother.id, son.id}
    page = browse(lake_house, "carol").get("/arrivals", headers=HX).content.decode()
    assert "Likely, not sure" in page
    assert "Lin Xiao-ming" in page


def test_a_missed_call_of_somebody_known_waits_for_an_answer_once(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    chen = person(lake_house)
    for call in ("c1", "c2"):
        rings(lake_house, call=call)
        rings(lake_house, "ended", call=call)  # it stopped ringing, which is as good as missed
    with within(lake_house.id):
        assert set(Call.objects.values_list("state", flat=True)) == {"missed"}
        waiting = Touch.objects.get(waiting=True)
        assert (waiting.customer_id, waiting.channel, waiting.direction, waiting.text) == (
            chen.id,
            "phone",
            "in",
            "Called; nobody answered.",
        )
        assert Touch.objects.count() == 2
        promise = Promise.objects.get()
        assert (promise.touch_id, promise.kind, promise.state) == (waiting.id, "answer", "open")
    page = browse(lake_house, "carol").get("/").content.decode()
    assert "Called; nobody answered." in page


def test_a_call_that_was_answered_is_a_talk_of_whoever_answered(lake_house: factories.House) -> None:
    person(lake_house)
    at = now() - timedelta(minutes=4)
    rings(lake_house, at=at)
    rings(lake_house, "answered", at=at + timedelta(seconds=9), staff=lake_house.people["bob"])
    rings(lake_house, "ended", at=at + timedelta(minutes=3))
    call = read(lake_house)
    assert (call.state, call.staff_id, call.rang_at, call.ended_at) == (
        "ended",
        lake_house.people["bob"].id,
        at,
        at + timedelta(minutes=3),
    )
    assert call.touch is not None
    assert (call.touch.waiting, call.touch.staff_id, call.touch.at) == (False, call.staff_id, at)
    with within(lake_house.id):
        assert not Promise.objects.exists()


_STORY = ["ringing", "answered", "ended"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations([*_STORY, *_STORY]), missed=st.booleans(), seed=st.integers(0, 999))
def test_events_may_come_twice_and_in_any_order(
    lake_house: factories.House, order: list[str], missed: bool, seed: int
) -> None:
    """However they come, the call ends once, has one talk, and is what the event before its end made it."""
    name = f"call {random.Random(seed).random()} {order} {missed}"[:100]
    events = [("missed" if each == "answered" else each) if missed else each for each in order]
    person(lake_house) if not _known(lake_house) else None
    for what in events:
        rings(lake_house, what, call=name)
    with within(lake_house.id):
        call = Call.objects.get(external_id=name)
        first_end = next(index for index, what in enumerate(events) if what in {"ended", "missed"})
        was_answered = "answered" in events[:first_end]
        assert call.state == ("ended" if was_answered else "missed")
        assert call.touch_id is not None
        made = JournalEntry.objects.filter(kind__startswith="call.", subject_id=call.id).values_list(
            "kind", flat=True
        )
        assert len(made) == len(set(made)) == 2 + was_answered


def _known(house: factories.House) -> bool:
    with within(house.id):
        return Identity.objects.exists()


def test_a_call_of_which_no_end_is_told_is_over_by_itself(lake_house: factories.House) -> None:
    person(lake_house)
    call = rings(lake_house)
    jobs.end_call(lake_house.id, call.id)
    jobs.end_call(lake_house.id, call.id)
    assert read(lake_house).state == "missed"
    with within(lake_house.id):
        assert Touch.objects.filter(waiting=True).count() == 1
    rings(lake_house, "answered")
    assert read(lake_house).state == "missed"


def test_picking_up_opens_the_card_and_silences_the_others(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    chen, call = person(lake_house), rings(lake_house)
    carol, bob = browse(lake_house, "carol"), browse(lake_house, "bob")
    answer = carol.post(reverse("call-take", args=[call.public_id]), headers=HX)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"/customers/{chen.public_id}")
    assert bob.post(reverse("call-take", args=[call.public_id]), headers=HX).status_code == 409
    assert "is calling" not in bob.get("/arrivals", headers=HX).content.decode()


def test_the_card_opens_by_itself_for_whoever_the_telephone_says_has_picked_up(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    chen = person(lake_house)
    rings(lake_house)
    rings(lake_house, "answered", staff=lake_house.people["bob"])
    today, elsewhere = (HX | {"HX-Current-URL": f"http://testserver{path}"} for path in ("/", "/promises"))
    bob = browse(lake_house, "bob")
    assert bob.get("/arrivals", headers=today)["HX-Redirect"] == f"/customers/{chen.public_id}"
    assert "HX-Redirect" not in bob.get("/arrivals", headers=elsewhere)  # they may be writing something there
    assert "HX-Redirect" not in browse(lake_house, "carol").get("/arrivals", headers=today)


def test_a_missed_call_of_somebody_likely_asks_and_one_tap_says_it(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    mother, _son = person(lake_house, "Chen Yu-ting"), person(lake_house, "Lin Xiao-ming")
    call = rings(lake_house)
    rings(lake_house, "missed")
    carol = browse(lake_house, "carol")
    page = carol.get("/").content.decode()
    assert "Missed calls" in page
    assert reverse("call-is", args=[call.public_id, mother.public_id]) in page
    assert (
        carol.post(reverse("call-is", args=[call.public_id, mother.public_id]), headers=HX).status_code == 204
    )
    assert (
        carol.post(reverse("call-is", args=[call.public_id, mother.public_id]), headers=HX).status_code == 409
    )
    with within(lake_house.id):
        assert Touch.objects.get(waiting=True).customer_id == mother.id
    assert "Missed calls" not in carol.get("/").content.decode()


def test_a_missed_call_of_nobody_is_seen_to(lake_house: factories.House, browse: factories.Browse) -> None:
    call = rings(lake_house, "missed", number="02 2345 6789")
    carol = browse(lake_house, "carol")
    page = carol.get("/").content.decode()
    assert "/messages/new?who=02%202345%206789" in page
    assert 'value="02 2345 6789"' in carol.get("/messages/new?who=02%202345%206789").content.decode()
    assert carol.post(reverse("call-seen-to", args=[call.public_id]), headers=HX).status_code == 204
    assert "Missed calls" not in carol.get("/").content.decode()
    with acting(lake_house, "carol") as (actor, moment), pytest.raises(ChangedMeanwhile):
        calls.dismiss(actor, Call.objects.get(), now=moment)


def test_over_the_api_it_answers_who_it_is_and_the_same_again_changes_nothing(
    lake_house: factories.House,
) -> None:
    chen = person(lake_house)
    token = Caller(lake_house, "carol")
    told = {"id": "sip-1", "event": "ringing", "number": "0912345678", "place": lake_house.place.public_id}
    first, again = token.post("/calls", told), token.post("/calls", told)
    assert (first.status_code, again.json()) == (200, first.json())
    assert (first.json()["customer"]["id"], first.json()["state"], first.json()["touch"]) == (
        chen.public_id,
        "ringing",
        None,
    )
    done = token.post("/calls", {**told, "event": "missed"}).json()
    assert done["state"] == "missed"
    assert done["touch"] is not None
    assert [row["id"] for row in token.get("/calls").json()["items"]] == [done["id"]]
    assert token.get(f"/calls/{done['id']}").json() == done
    for wrong, field in (
        ({"event": "hums"}, "event"),
        ({"at": "yesterday"}, "at"),
        ({"answered_by": "x" * 26}, "answered_by"),
        ({"id": " "}, "id"),
    ):
        refused = token.post("/calls", {**told, **wrong})
        assert refused.status_code == 422
        assert field in str(refused.json()["errors"])


def test_a_token_that_may_only_read_tells_no_calls(lake_house: factories.House) -> None:
    told = {"id": "sip-1", "event": "ringing", "place": lake_house.place.public_id}
    assert Caller(lake_house, "carol", ["calls:read"]).post("/calls", told).status_code == 403
    assert Caller(lake_house, "erin").post("/calls", told).status_code == 403


def test_a_call_of_another_place_is_not_heard_of(lake_house: factories.House) -> None:
    with acting(lake_house, "dan") as (dan, moment):
        calls.hear(dan, lake_house.places[1], calls.Told("c1", "ringing"), now=moment)
    with pytest.raises(InputError):
        rings(lake_house)


def test_who_is_erased_is_in_no_call(lake_house: factories.House) -> None:
    chen = person(lake_house, "Ottoline Quillfeather")
    rings(lake_house, "missed")
    with within(lake_house.id):  # a call from before we knew whose number it is
        Call.objects.create(organization=lake_house.organization, place=lake_house.place, external_id="old", number="0912345678",
                            state="missed", rang_at=now(), ended_at=now())  # fmt: skip
    with acting(lake_house, "alice") as (alice, moment):
        erase(alice, chen, now=moment)
        assert list(Call.objects.values_list("number", flat=True)) == ["…"]
