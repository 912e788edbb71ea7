"""A surprise from the plan to how they took it, and the second person that a risky one needs."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from rugui.core.errors import ChangedMeanwhile, InputError, NotAllowed
from rugui.core.models import JournalEntry
from rugui.core.tenancy import within
from rugui.know import actions as know
from rugui.know import jobs, surprise
from rugui.know.models import Customer, Surprise
from rugui.know.surprise import TOPIC_WORDS, Plan

from .. import factories
from ..desk.help import acting, queries
from ..factories import NOON, Browse, House

pytestmark = pytest.mark.django_db
WINE = {"gesture": "a bottle of wine", "planned_on": "2026-09-04", "audience": "alone"}


def sober(house: House) -> Customer:
    customer, actor = factories.customer(house), house.actor("carol")
    with within(house.id):
        know.add_note(actor, customer, text="speaks at Alcoholics Anonymous", now=NOON)
    return customer


def plan(gesture: str = "a bottle of wine", **fields: object) -> Plan:
    return Plan(gesture, NOON.date(), "alone", **fields)  # type: ignore[arg-type]


def test_a_risky_one_waits_for_a_second_person_who_has_seen_the_reasons(lake_house: House) -> None:
    customer = sober(lake_house)
    carol, bob = lake_house.actor("carol"), lake_house.actor("bob")
    with within(lake_house.id):
        made = surprise.propose(carol, customer, lake_house.place, plan(), now=NOON)
        assert made.state == "waiting"
        seen = surprise.check(bob, customer, surprise.plan_of(made), now=NOON)
        assert [(each.code, each.source, each.about) for each in seen.reasons] == [
            ("abstains", "speaks at Alcoholics Anonymous", "wine")
        ]
        with pytest.raises(NotAllowed, match="second person"):
            surprise.decide(carol, made, approve=True, seen=seen.digest, now=NOON)
        know.add_note(carol, customer, text="allergic to alcohol", kind="need", now=NOON)
        with pytest.raises(ChangedMeanwhile):
            surprise.decide(bob, made, approve=True, seen=seen.digest, now=NOON)
        again = surprise.check(bob, customer, surprise.plan_of(made), now=NOON)
        surprise.decide(bob, made, approve=True, seen=again.digest, now=NOON)
        with pytest.raises(ChangedMeanwhile):
            surprise.decide(bob, made, approve=False, seen="", now=NOON)
        kept = Surprise.objects.get()
        assert (kept.state, kept.decided_by_id) == ("approved", bob.staff_id)
        entries = JournalEntry.objects.filter(kind__startswith="surprise.").order_by("id")
        assert list(entries.values_list("kind", "payload")) == [
            ("surprise.proposed", {"reasons": ["abstains"]}),
            ("surprise.asked", {}),
            ("surprise.approved", {}),
        ]


def test_the_database_itself_wants_two_people(lake_house: House) -> None:
    from django.db import IntegrityError, transaction

    customer = sober(lake_house)
    with within(lake_house.id):
        made = surprise.propose(lake_house.actor("carol"), customer, lake_house.place, plan(), now=NOON)
        with pytest.raises(IntegrityError), transaction.atomic():
            Surprise.objects.filter(id=made.id).update(state="approved", decided_by_id=made.proposed_by_id)


def test_what_made_them_uneasy_speaks_against_the_next(lake_house: House) -> None:
    customer, actor = factories.customer(lake_house), lake_house.actor("carol")
    with within(lake_house.id):
        made = surprise.propose(actor, customer, lake_house.place, plan("a band at the door"), now=NOON)
        assert made.state == "clear"
        surprise.note_outcome(actor, made, "uneasy", now=NOON + timedelta(hours=1))
        found = surprise.check(actor, customer, plan("a trumpet at breakfast"), now=NOON)
        assert [(each.code, each.source) for each in found.reasons] == [("uneasy", "a band at the door")]


def test_the_needs_of_others_who_will_be_there_are_read(lake_house: House) -> None:
    customer, friend = factories.customer(lake_house), factories.customer(lake_house, "Mr Ito")
    actor = lake_house.actor("carol")
    with within(lake_house.id):
        know.add_note(actor, friend, text="peanut allergy", kind="need", now=NOON)
        found = surprise.check(actor, customer, plan("peanut brittle", others=(friend,)), now=NOON)
        assert [(each.code, each.source) for each in found.reasons] == [("other_need", "peanut allergy")]


def test_a_colleagues_keeper_note_is_no_reason_that_others_can_read(lake_house: House) -> None:
    customer = factories.customer(lake_house)
    with within(lake_house.id):
        about = know.About(discretion="keeper")
        know.add_note(lake_house.actor("carol"), customer, text="sober since May", about=about, now=NOON)
        of = {
            who: surprise.check(lake_house.actor(who), customer, plan(), now=NOON).risky
            for who in ("carol", "bob", "alice")
        }
    assert of == {"carol": True, "bob": False, "alice": False}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (plan(" "), "gesture"),
        (Plan("tea", NOON.date(), "world"), "audience"),
        (plan(topics=("gold",)), "topics"),
    ],
)
def test_what_is_no_plan_is_refused_by_field(wrong: Plan, field: str, lake_house: House) -> None:
    customer = factories.customer(lake_house)
    with within(lake_house.id), pytest.raises(InputError) as refused:
        surprise.check(lake_house.actor("carol"), customer, wrong, now=NOON)
    assert list(refused.value.fields) == [field]


def test_every_topic_of_the_engine_can_be_chosen() -> None:
    from rugui.engines.surprise import TOPICS

    assert set(TOPICS) == set(TOPIC_WORDS)


def test_the_page_checks_first_then_keeps_then_asks_the_second_person(
    lake_house: House, browse: Browse
) -> None:
    customer = sober(lake_house)
    carol, bob = browse(lake_house, "carol"), browse(lake_house, "bob")
    at = f"/customers/{customer.public_id}/surprise"
    assert at in carol.get(f"/customers/{customer.public_id}").content.decode()
    page = carol.post(at, WINE).content.decode()
    assert "They may keep away from it: wine" in page
    assert "Ask a second person" in page
    made = carol.post(at, {**WINE, "keep": "1"})
    assert made.status_code == 302
    own = carol.get(made["Location"]).content.decode()
    assert "you proposed it yourself" in own
    assert 'value="approve"' not in own
    assert "4 Sep 2026" in own
    assert made["Location"] in bob.get(at).content.decode()
    second = bob.get(made["Location"]).content.decode()
    seen = second.split('name="seen" value="')[1].split('"')[0]
    assert carol.post(f"{made['Location']}/decide", {"decision": "approve", "seen": seen}).status_code == 403
    assert bob.post(f"{made['Location']}/decide", {"decision": "approve", "seen": seen}).status_code == 302
    assert carol.post(f"{made['Location']}/outcome", {"outcome": "delighted"}).status_code == 302
    assert "delighted" in carol.get(made["Location"]).content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_takes_nine_queries(many: int, lake_house: House, browse: Browse) -> None:
    customer = sober(lake_house)
    with acting(lake_house, "carol") as (actor, now):
        for number in range(many):
            know.add_note(actor, customer, text=f"likes wine {number}", kind="preference", now=now)
            made = surprise.propose(actor, customer, lake_house.place, plan(), now=now)
    # session, person, coming in · surprise, others there, half-lives, notes, earlier ones
    assert queries(browse(lake_house, "bob"), f"/surprises/{made.public_id}") == 7


def test_what_waits_is_told_on_the_screens_of_the_others_and_stands_on_today(
    lake_house: House, browse: Browse
) -> None:
    customer = sober(lake_house)
    with acting(lake_house, "carol") as (carol, moment):
        made = surprise.propose(carol, customer, lake_house.place, _ahead(moment), now=moment)
    htmx = {"HX-Request": "true"}
    told = browse(lake_house, "bob").get("/arrivals", headers=htmx).content.decode()
    assert "A surprise for Ms Chen waits for a second person." in told
    assert f"/surprises/{made.public_id}" in told
    for name in ("carol", "dan", "erin"):
        assert (
            "A surprise for" not in browse(lake_house, name).get("/arrivals", headers=htmx).content.decode()
        )
    for name, sees in (("bob", True), ("carol", True), ("dan", False)):
        page = browse(lake_house, name).get("/").content.decode()
        assert (f"/surprises/{made.public_id}" in page) == sees
    with acting(lake_house, "bob") as (bob, moment):
        surprise.decide(bob, made, approve=False, seen="", now=moment)
    assert f"/surprises/{made.public_id}" not in browse(lake_house, "bob").get("/").content.decode()


def _ahead(moment: datetime, days: int = 5) -> Plan:
    return Plan("a bottle of wine", (moment + timedelta(days=days)).date(), "alone")


@pytest.mark.parametrize(("days", "hours"), [(5, 48), (1, 36), (0, 12), (-1, 1)])
def test_it_waits_two_days_but_not_past_its_own_day(days: int, hours: int, lake_house: House) -> None:
    """At noon in Taipei; planned for days ahead."""
    customer, noon = sober(lake_house), NOON.replace(hour=4)
    with within(lake_house.id):
        made = surprise.propose(
            lake_house.actor("carol"), customer, lake_house.place, _ahead(noon, days), now=noon
        )
        assert made.answer_by == noon + timedelta(hours=hours)


def test_nobody_looks_in_time_and_it_is_not_to_be_done(lake_house: House, browse: Browse) -> None:
    customer = sober(lake_house)
    with acting(lake_house, "carol") as (carol, moment):
        made = surprise.propose(carol, customer, lake_house.place, _ahead(moment), now=moment)
        assert made.answer_by is not None
        assert not surprise.lapse(lake_house.id, made.id, now=made.answer_by - timedelta(seconds=1))
        Surprise.objects.update(answer_by=moment - timedelta(seconds=1))
    jobs.lapse_surprise(lake_house.id, made.id)
    jobs.lapse_surprise(lake_house.id, made.id)
    htmx = {"HX-Request": "true"}
    assert (
        "It is not to be done." in browse(lake_house, "carol").get("/arrivals", headers=htmx).content.decode()
    )
    assert (
        "It is not to be done."
        not in browse(lake_house, "bob").get("/arrivals", headers=htmx).content.decode()
    )
    with acting(lake_house, "bob") as (bob, moment):
        found = Surprise.objects.select_related("place", "customer").get()
        assert (found.state, found.decided_by_id) == ("lapsed", None)
        assert JournalEntry.objects.filter(kind="surprise.lapsed").count() == 1
        with pytest.raises(ChangedMeanwhile):
            surprise.decide(
                bob,
                found,
                approve=True,
                seen=surprise.check(bob, customer, surprise.plan_of(found), now=moment).digest,
                now=moment,
            )
        surprise.ask_again(bob, found, now=moment)
        with pytest.raises(ChangedMeanwhile):
            surprise.ask_again(bob, found, now=moment)
        found.refresh_from_db()
        assert found.state == "waiting"
        assert found.answer_by is not None
        assert found.answer_by > moment


def test_its_day_has_passed_and_it_is_not_asked_again(lake_house: House) -> None:
    customer = sober(lake_house)
    with acting(lake_house, "carol") as (carol, moment):
        made = surprise.propose(carol, customer, lake_house.place, _ahead(moment, -2), now=moment)
        Surprise.objects.update(state="lapsed")
        made.refresh_from_db()
        with pytest.raises(ChangedMeanwhile, match="Its day has passed"):
            surprise.ask_again(carol, made, now=moment)
