"""Today: what a place needs to know now."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client

from rugui.connect.inbox import Message, receive, receive_from
from rugui.core.tenancy import within
from rugui.house.actions import set_special_day, set_week
from rugui.house.models import Duty, Organization
from rugui.know import actions as know
from rugui.know import linking
from rugui.know.models import Note
from rugui.know.recognise import Likely
from rugui.promise import actions as promises
from rugui.promise.models import Promise, Ring
from rugui.recover.models import Case
from rugui.serve import actions as serve
from rugui.serve.models import Touch, Visit

from .. import factories
from ..factories import Browse, House
from .help import HTMX, acting, journal, queries, tapped, told

pytestmark = pytest.mark.django_db


def visit(house: House, name: str = "Ms Chen", *, place: int = 0, need: str = "", by: str = "carol") -> Visit:
    """Somebody expected in a moment."""
    customer = factories.customer(house, name)
    with acting(house, by) as (actor, now):
        if need:
            know.add_note(actor, customer, text=need, kind=Note.Kind.NEED, now=now)
        return serve.expect_visit(
            actor,
            customer,
            house.places[place],
            expected_at=now + timedelta(seconds=1),
            about="Room 12",
            now=now,
        )


def message(house: House, text: str, sender: str, *, complaint: bool = False) -> Touch:
    with acting(house, "carol") as (actor, now):
        received = receive(
            actor, house.place, Message("email", text, [("email", sender)], complaint=complaint), now=now
        )
        return received.touch


def page(client: Client) -> str:
    return client.get("/").content.decode()


def test_an_empty_day_says_that_all_is_calm_and_what_to_do(lake_house: House, browse: Browse) -> None:
    html = page(browse(lake_house, "carol"))
    assert html.count("<h1") == 1
    assert "All is calm" in html
    assert "Nobody waits for an answer." in html
    assert "A message came in" in html


def test_it_says_who_is_expected_by_the_name_they_like_with_their_needs(
    lake_house: House, browse: Browse
) -> None:
    expected = visit(lake_house, need="feathers")
    with within(lake_house.id):
        expected.customer.address_as = "Auntie Chen"
        expected.customer.save()
    html = page(browse(lake_house, "carol"))
    assert "Next: Auntie Chen" in html
    assert 'href="/customers/' + expected.customer.public_id in html
    assert "Room 12" in html
    assert '<li class="chip is-need">' in html
    assert "feathers" in html


def test_the_house_chooses_the_word_for_its_customers(lake_house: House, browse: Browse) -> None:
    with within(lake_house.id):
        Organization.objects.filter(id=lake_house.id).update(customer_word="patient")
    assert "No more patients are expected today." in page(browse(lake_house, "carol"))


def test_one_tap_marks_an_arrival_and_one_takes_it_back(lake_house: House, browse: Browse) -> None:
    expected, carol = visit(lake_house), browse(lake_house, "carol")
    answer = tapped(carol, f"/visits/{expected.public_id}/arrive")
    assert answer.status_code == 204
    undo = f"/visits/{expected.public_id}/undo?from=arrived"
    assert told(answer) == {
        f"live:place-{lake_house.place.public_id}": None,
        f"live:customer-{expected.customer.public_id}": None,
        "toast": {"text": "Ms Chen is here.", "undo": undo},
    }
    assert "Here now" in page(carol)
    assert told(tapped(carol, undo))["toast"] == {"text": "Undone: Ms Chen is expected again."}
    assert "Here now" not in page(carol)
    assert journal(lake_house)[-2:] == ["visit.arrived", "visit.expected"]


def test_an_undo_does_not_undo_what_a_colleague_did_since(lake_house: House, browse: Browse) -> None:
    expected, carol = visit(lake_house), browse(lake_house, "carol")
    tapped(carol, f"/visits/{expected.public_id}/arrive")
    tapped(browse(lake_house, "bob"), f"/visits/{expected.public_id}/leave")
    late = tapped(carol, f"/visits/{expected.public_id}/undo?from=arrived")
    assert late.status_code == 409
    assert "data-refusal" in late.content.decode()
    with within(lake_house.id):
        assert Visit.objects.get().state == "left"


def test_without_scripts_a_tap_leads_back_to_today(lake_house: House, browse: Browse) -> None:
    answer = browse(lake_house, "carol").post(f"/visits/{visit(lake_house).public_id}/arrive")
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize(("tap", "state"), [("miss", "missed"), ("cancel", "cancelled")])
def test_somebody_who_does_not_come_is_no_longer_expected(
    tap: str, state: str, lake_house: House, browse: Browse
) -> None:
    expected = visit(lake_house)
    assert tapped(browse(lake_house, "carol"), f"/visits/{expected.public_id}/{tap}").status_code == 204
    with within(lake_house.id):
        assert Visit.objects.get().state == state


def test_the_most_urgent_promise_leads_the_page(lake_house: House, browse: Browse) -> None:
    customer = factories.customer(lake_house)
    with acting(lake_house, "carol") as (actor, now):
        for minutes, kind in ((50, "delivery"), (10, "call_back")):
            due = now + timedelta(minutes=minutes)
            promises.give(actor, customer, lake_house.place, kind=kind, due_at=due, now=now)
    html = page(browse(lake_house, "carol"))
    first, _rest = html.split('id="part-cases"')
    assert "Call Ms Chen back" in first
    assert "Bring it to Ms Chen" not in first
    assert "Bring it to Ms Chen" in html


def test_a_waiting_message_is_shown_once_with_the_ring_of_its_answer(
    lake_house: House, browse: Browse
) -> None:
    first = message(lake_house, "When is breakfast?", "a@x.example")
    second = message(lake_house, "A quiet room, please", "b@x.example")
    html = page(browse(lake_house, "carol"))
    assert "Answer a" in html
    assert html.count("When is breakfast?") == 1
    assert html.count("A quiet room, please") == 1
    assert html.count("data-made=") == 2
    assert f"/messages/{first.public_id}/answer" in html
    assert f"/messages/{second.public_id}/complaint" in html


def test_a_broken_promise_says_who_was_told(lake_house: House, browse: Browse) -> None:
    touch = message(lake_house, "Hello?", "a@x.example")
    with within(lake_house.id):
        Promise.objects.filter(touch=touch).update(state="broken", ring_at=None)
        promise = Promise.objects.get(touch=touch)
        Ring.objects.create(
            organization_id=lake_house.id,
            promise=promise,
            kind="due",
            at=promise.due_at,
            told=[lake_house.people["bob"].id],
        )
    assert "Bob has been told." in page(browse(lake_house, "carol"))


def test_one_tap_makes_a_message_a_case(lake_house: House, browse: Browse) -> None:
    touch, carol = message(lake_house, "The room is cold", "a@x.example"), browse(lake_house, "carol")
    answer = tapped(carol, f"/messages/{touch.public_id}/complaint")
    with within(lake_house.id):
        case = Case.objects.get()
        assert (case.title, case.touch_id) == ("The room is cold", touch.id)
        assert not Touch.objects.get().waiting
        assert list(Promise.objects.filter(settled_at=None).values_list("kind", flat=True)) == ["progress"]
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"/cases/{case.public_id}")
    again = tapped(carol, f"/messages/{touch.public_id}/complaint")
    assert again.status_code == 409
    with within(lake_house.id):
        assert Case.objects.count() == 1


def test_an_answer_is_kept_and_keeps_the_promise(lake_house: House, browse: Browse) -> None:
    touch, carol = message(lake_house, "When is breakfast?", "a@x.example"), browse(lake_house, "carol")
    url = f"/messages/{touch.public_id}/answer"
    assert "When is breakfast?" in carol.get(url).content.decode()
    empty = carol.post(url, {"text": "", "channel": "email"})
    assert empty.status_code == 422
    assert 'id="id_text_error"' in empty.content.decode()
    answered = carol.post(url, {"text": "From seven.", "channel": "email"})
    assert (answered.status_code, answered["Location"]) == (302, "/")
    with within(lake_house.id):
        assert Promise.objects.get().state == "kept"
        ours = Touch.objects.get(direction="out")
        assert (ours.text, ours.channel, ours.customer_id) == ("From seven.", "email", touch.customer_id)
    assert carol.post(url, {"text": "Again", "channel": "email"}).status_code == 409


def test_who_is_on_duty_and_what_was_learned(lake_house: House, browse: Browse) -> None:
    customer = factories.customer(lake_house)
    with acting(lake_house, "bob") as (bob, now):
        know.add_note(bob, customer, text="likes her tea hot", kind="preference", now=now)
        Duty.objects.create(
            organization_id=lake_house.id,
            staff=lake_house.people["bob"],
            place=lake_house.place,
            started_at=now,
        )
    html = page(browse(lake_house, "carol"))
    assert "likes her tea hot" in html
    assert "On duty: Bob" in html
    assert "I am on now" in html


def test_duty_is_one_tap_there_and_back(lake_house: House, browse: Browse) -> None:
    carol, bob = browse(lake_house, "carol"), browse(lake_house, "bob")
    assert "Nobody is on duty." in page(carol)
    place = f"live:place-{lake_house.place.public_id}"
    assert told(tapped(carol, "/duty", {"on": "1"})) == {place: None}
    assert "Done for today" in page(carol)
    assert "On duty: Carol" in page(bob)
    assert "I am on now" in page(bob)
    assert told(tapped(bob, "/duty", {"on": "1"})) == {place: None}
    assert "On duty: Carol · Bob" in page(carol)
    assert told(tapped(carol, "/duty", {"on": "0"})) == {place: None}
    assert "On duty: Bob" in page(carol)
    assert journal(lake_house) == ["duty.started", "duty.started", "duty.ended"]


def test_who_is_on_duty_elsewhere_reads_where(lake_house: House, browse: Browse) -> None:
    alice = browse(lake_house, "alice")
    alice.post("/place", {"place": lake_house.places[1].public_id})
    tapped(alice, "/duty", {"on": "1"})
    alice.post("/place", {"place": lake_house.place.public_id})
    html = page(alice)
    assert "You are on duty at Boat House." in html
    assert "Nobody is on duty." in html
    tapped(alice, "/duty", {"on": "1"})
    assert "On duty: Alice" in page(alice)
    assert "You are on duty at" not in page(alice)
    assert journal(lake_house) == ["duty.started", "duty.ended", "duty.started"]


def at_the_place(house: House, hour: int, minute: int = 0) -> datetime:
    """A Monday on the wall clock of the place (Asia/Taipei)."""
    return datetime(2026, 11, 23, hour, minute, tzinfo=house.place.zone)


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (6, ["Closed, opens", "07:00"]),
        (21, ["Open until", "22:00"]),
        (23, ["Closed, opens", "tomorrow 07:00"]),
    ],
)
def test_it_says_until_when_by_the_clock_of_the_place(
    hour: int, words: list[str], lake_house: House, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = at_the_place(lake_house, hour)
    with acting(lake_house, "bob") as (bob, _now):
        week = [(day, time(7), time(22)) for day in range(7)]
        set_week(bob, lake_house.place, week, now=now)
    monkeypatch.setattr("rugui.desk.views.today.this_moment", lambda: now.astimezone(UTC))
    shift = page(browse(lake_house, "carol")).split('class="shift')[1].split("</div>")[0]
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", shift))
    assert " ".join(words) in said
    changes = {6: (23, 7), 21: (23, 22), 23: (24, 0)}[hour]
    renews = datetime(2026, 11, changes[0], changes[1], tzinfo=lake_house.place.zone)
    assert f'data-renew-at="{int(renews.timestamp() * 1000)}"' in shift


def test_a_holiday_is_called_by_its_name(
    lake_house: House, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = at_the_place(lake_house, 0, 5)
    with acting(lake_house, "bob") as (bob, _now):
        set_week(bob, lake_house.place, [(day, time(7), time(22)) for day in range(7)], now=now)
        set_special_day(bob, lake_house.place, now.date(), "Founder's Day", [], now=now)
    monkeypatch.setattr("rugui.desk.views.today.this_moment", lambda: now.astimezone(UTC))
    html = page(browse(lake_house, "carol"))
    assert "Founder&#x27;s Day · " in html
    assert "tomorrow 07:00" in html


def test_without_opening_hours_only_who_sets_them_reads_of_it(lake_house: House, browse: Browse) -> None:
    assert "No opening hours yet" in page(browse(lake_house, "bob"))
    carol = page(browse(lake_house, "carol"))
    assert [words for words in ("opening hours", "Open until", "Open now", "Closed") if words in carol] == []


@pytest.mark.parametrize("many", [1, 3])
def test_the_number_of_queries_does_not_grow(many: int, lake_house: House, browse: Browse) -> None:
    for number in range(many):
        visit(lake_house, f"Guest {number}", need="feathers")
        message(lake_house, "Hello", f"{number}@x.example")
        message(lake_house, "Cold", f"{number}@y.example", complaint=True)
    # session, person, coming in · two visits, needs, cases, promises, clocks, messages, notes, this shift · calls, surprises, pairs, last words in cases, what was heard
    assert queries(browse(lake_house, "carol"), "/") == 18


def test_only_the_parts_that_changed_are_sent_again(lake_house: House, browse: Browse) -> None:
    carol = browse(lake_house, "carol")
    html = page(carol)
    marks = {
        name: html.split(f'class="part-mark" name="{name}" value="')[1].split('"')[0]
        for name in (
            "now",
            "calls",
            "waiting",
            "promises",
            "cases",
            "surprises",
            "expected",
            "here",
            "learned",
            "shift",
        )
    }
    assert carol.get("/today/parts", marks, headers=HTMX).content == b""
    visit(lake_house)
    changed = carol.get("/today/parts", marks, headers=HTMX).content.decode()
    assert [name for name in marks if f'id="part-{name}"' in changed] == ["now", "expected"]


def test_an_arrival_is_told_on_every_page_but_the_one_that_knows(lake_house: House, browse: Browse) -> None:
    expected, carol, bob = visit(lake_house), browse(lake_house, "carol"), browse(lake_house, "bob")
    tapped(carol, f"/visits/{expected.public_id}/arrive")
    assert carol.get("/arrivals", headers=HTMX).content.decode().strip() == ""
    seen = bob.get("/arrivals", headers=HTMX).content.decode()
    assert "Ms Chen is here." in seen
    assert f"/customers/{expected.customer.public_id}" in seen
    dismissed = seen.split("/arrivals?after=")[1].split('"')[0]
    assert bob.get("/arrivals", {"after": dismissed}, headers=HTMX).content.decode().strip() == ""


def test_a_complaint_is_told_once_and_as_a_complaint(lake_house: House, browse: Browse) -> None:
    message(lake_house, "Cold", "a@x.example", complaint=True)
    seen = browse(lake_house, "bob").get("/arrivals", headers=HTMX).content.decode()
    assert seen.count('class="banner') == 1
    assert "a has a complaint." in seen
    with within(lake_house.id):
        assert f"/cases/{Case.objects.get().public_id}" in seen


def test_other_places_and_other_houses_hear_nothing(
    lake_house: House, other_house: House, browse: Browse
) -> None:
    message(lake_house, "Cold", "a@x.example", complaint=True)
    for house, name in ((lake_house, "dan"), (other_house, "mallory")):
        assert browse(house, name).get("/arrivals", headers=HTMX).content.decode().strip() == ""
        assert "Cold" not in page(browse(house, name))


def test_an_analyst_is_offered_nothing_to_change(lake_house: House, browse: Browse) -> None:
    visit(lake_house)
    message(lake_house, "Hello", "a@x.example")
    erin = browse(lake_house, "erin")
    erin.post("/place", {"place": lake_house.place.public_id})
    html = page(erin)
    assert "Hello" in html
    assert [
        action for action in ("/arrive", "/complaint", "/messages/new", "/duty") if f'{action}"' in html
    ] == []


def test_whoever_is_on_the_card_or_the_case_already_is_not_told_of_it(
    lake_house: House, browse: Browse
) -> None:
    message = Message("email", "It is cold.", [("email", "ito@x.example")], complaint=True)
    with acting(lake_house, "alice") as (alice, now):
        received = receive(alice, lake_house.place, message, now=now)
    assert received.case is not None
    bob = browse(lake_house, "bob")
    for page in (received.customer, received.case):
        kind = "customers" if page is received.customer else "cases"
        here = HTMX | {"HX-Current-URL": f"http://testserver/{kind}/{page.public_id}"}
        assert bob.get("/arrivals", headers=here).content.decode().strip() == ""
    elsewhere = HTMX | {"HX-Current-URL": "http://testserver/promises"}
    assert "has a complaint" in bob.get("/arrivals", headers=elsewhere).content.decode()


def test_beside_a_message_it_asks_is_it_and_one_tap_says_it(lake_house: House, browse: Browse) -> None:
    """Somebody likely and not sure: "yes" makes one card of the two, "somebody else" is remembered."""
    asked = []
    for number in range(2):
        with acting(lake_house, "alice") as (alice, now):
            known, new = (
                know.add_customer(alice, name=name, region="TW", now=now)
                for name in (f"Ana Silva {number}", f"A. Silva {number}")
            )
            receive_from(alice, lake_house.place, new, Message("chat", f"Hello {number}", ()), now=now)
            asked += linking.suggest(new, [Likely(known, 0.6, ())], now=now)
    carol = browse(lake_house, "carol")
    html = page(carol)
    assert html.count("Is it Ana Silva 0?") == html.count("Is it Ana Silva 1?") == 1
    for pair, answer in zip(asked, ("same", "distinct"), strict=True):
        assert f"/pairs/{pair.public_id}/{answer}" in html
        assert carol.post(f"/pairs/{pair.public_id}/{answer}", headers=HTMX).status_code == 204
    assert "Is it" not in page(carol)
    with within(lake_house.id):
        assert dict(Touch.objects.values_list("text", "customer__name")) == {
            "Hello 0": "Ana Silva 0",
            "Hello 1": "A. Silva 1",
        }


def test_who_may_share_a_family_telephone_is_compared_first(lake_house: House, browse: Browse) -> None:
    with acting(lake_house, "carol") as (actor, now):
        identity = know.GivenIdentity("phone", "0912 345 678")
        know.add_customer(actor, name="Chen Yu-ting", identities=[identity], region="TW", now=now)
        letter = Message("chat", "Hello", [("phone", "0912345678")], name="Lin Xiao-ming")
        sender = receive(actor, lake_house.place, letter, now=now).customer
        pair = linking.questions_of({sender.id})[sender.id]
    carol = browse(lake_house, "carol")
    assert "Is it Chen Yu-ting?" in page(carol)
    answer = carol.post(f"/pairs/{pair.public_id}/same", headers=HTMX)
    assert answer["HX-Redirect"] == f"/customers/{pair.low.public_id}/merge/{pair.high.public_id}"


def test_an_analyst_is_not_asked_who_it_is(lake_house: House, browse: Browse) -> None:
    with acting(lake_house, "carol") as (actor, now):
        identity = know.GivenIdentity("phone", "0912 345 678")
        know.add_customer(actor, name="Chen Yu-ting", identities=[identity], region="TW", now=now)
        receive(
            actor,
            lake_house.place,
            Message("chat", "Hello", [("phone", "0912345678")], name="Lin Xiao-ming"),
            now=now,
        )
    assert "Is it" not in page(browse(lake_house, "erin"))
