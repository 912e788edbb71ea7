"""Whose a case is, and what goes up to somebody senior."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rugui.core.errors import ChangedMeanwhile, HouseError, InputError, NotAllowed
from rugui.core.money import Money
from rugui.core.tenancy import within
from rugui.house import actions as house_actions
from rugui.house.access import house_actor
from rugui.know.models import Customer
from rugui.promise.clock.ringing import HAND_OVERS
from rugui.recover import actions, queries
from rugui.recover.actions.going_up import SHIPPED
from rugui.recover.models import Case, CaseAlarm, HandOver

from .. import factories
from ..factories import NOON
from .help import acting, again, journal, opened

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def case(lake_house: factories.House) -> Case:
    return opened(lake_house)


def handing(house: factories.House, case: Case, to: str = "bob", *, by: str = "carol") -> HandOver:
    with within(house.id):
        row = Case.objects.select_related("customer", "place").get(id=case.id)
        return actions.hand_over(house.actor(by), row, to=house.people[to], note="I go home.", now=NOON)


def owner(house: factories.House, case: Case) -> str:
    with within(house.id):
        return Case.objects.select_related("owner").get(id=case.id).owner.name  # type: ignore[union-attr]


def test_it_stays_whose_it_was_until_the_other_accepts(lake_house: factories.House, case: Case) -> None:
    made = handing(lake_house, case)
    assert owner(lake_house, case) == "Carol"
    with within(lake_house.id):
        with pytest.raises(NotAllowed):
            actions.accept(lake_house.actor("alice"), made, now=NOON)
        actions.accept(lake_house.actor("bob"), made, now=NOON + MINUTE)
        assert {each.owner_id for each in queries.owed(case.id)} == {lake_house.people["bob"].id}
        with pytest.raises(ChangedMeanwhile):
            actions.accept(lake_house.actor("bob"), made, now=NOON + MINUTE)
    assert owner(lake_house, case) == "Bob"
    assert journal(lake_house)[-2:] == ["case.taken", "hand_over.accepted"]


def test_declined_it_stays_and_the_owner_is_told_why(lake_house: factories.House, case: Case) -> None:
    made = handing(lake_house, case)
    with within(lake_house.id):
        actions.decline(lake_house.actor("bob"), made, answer="On the boat.", now=NOON)
        last = queries.last_hand_over(case.id)
        assert last is not None
        assert (last.state, last.answer) == ("declined", "On the boat.")
    assert owner(lake_house, case) == "Carol"


def test_what_comes_back_can_be_handed_over_again(lake_house: factories.House, case: Case) -> None:
    made = handing(lake_house, case)
    with within(lake_house.id):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(HAND_OVERS, {"now": NOON + 3 * MINUTE})
        with pytest.raises(ChangedMeanwhile, match="ended already"):
            actions.accept(lake_house.actor("bob"), made, now=NOON + 3 * MINUTE)
    assert handing(lake_house, case).id != made.id


@pytest.mark.parametrize(
    ("by", "to", "note", "refusal"),
    [
        ("carol", "bob", " ", InputError),
        ("carol", "carol", "x", InputError),
        ("carol", "dan", "x", InputError),
        ("carol", "erin", "x", InputError),
        ("erin", "bob", "x", NotAllowed),
    ],
)
def test_who_cannot_hand_what_to_whom(
    lake_house: factories.House, case: Case, by: str, to: str, note: str, refusal: type[HouseError]
) -> None:
    with within(lake_house.id), pytest.raises(refusal):
        actions.hand_over(lake_house.actor(by), case, to=lake_house.people[to], note=note, now=NOON)


def test_only_its_owner_or_a_manager_hands_it_over_and_takes_that_back(
    lake_house: factories.House, case: Case
) -> None:
    with within(lake_house.id):
        actions.take_case(lake_house.actor("bob"), case, owner=lake_house.people["bob"], now=NOON)
    with pytest.raises(NotAllowed):
        handing(lake_house, case, "alice", by="carol")
    made = handing(lake_house, case, "carol", by="alice")
    with pytest.raises(ChangedMeanwhile, match="already"):
        handing(lake_house, case, "alice", by="bob")
    with within(lake_house.id):
        with pytest.raises(NotAllowed):
            actions.withdraw_hand_over(lake_house.actor("carol"), made, now=NOON)
        actions.withdraw_hand_over(lake_house.actor("bob"), made, now=NOON)


def test_who_takes_it_by_themselves_answers_what_waits(lake_house: factories.House, case: Case) -> None:
    made = handing(lake_house, case)
    with within(lake_house.id):
        row = Case.objects.get(id=case.id)
        actions.take_case(lake_house.actor("bob"), row, owner=lake_house.people["bob"], now=NOON)
    assert again(lake_house, made).state == "accepted"


def test_a_case_that_is_closed_is_no_longer_handed_over(lake_house: factories.House, case: Case) -> None:
    from .help import walked

    made = handing(lake_house, case)
    walked(lake_house, case)
    with acting(lake_house, "carol") as (carol, moment):
        actions.close(carol, case, now=moment)
    assert again(lake_house, made).state == "withdrawn"


def test_what_the_house_opens_belongs_to_the_contact_person_or_who_leads(lake_house: factories.House) -> None:
    carol, place = lake_house.people["carol"], lake_house.place
    known = factories.customer(lake_house, "Known", contact_person=carol)
    unknown = factories.customer(lake_house, "Unknown")
    with within(lake_house.id):
        hands = house_actor(lake_house.id)
        owners = [
            actions.open_case(hands, each, place, title="Cold", now=NOON).owner_id
            for each in (known, unknown)
        ]
    assert owners == [carol.id, lake_house.people["bob"].id]


def test_what_was_a_leaving_colleagues_goes_to_who_leads(lake_house: factories.House, case: Case) -> None:
    made = handing(lake_house, case)
    with within(lake_house.id):
        house_actions.disable_staff(lake_house.actor("alice"), lake_house.people["carol"], now=NOON)
    assert owner(lake_house, case) == "Bob"
    assert again(lake_house, made).state == "withdrawn"


# Going up


def alarms(house: factories.House, case: Case) -> list[tuple[str, str]]:
    with within(house.id):
        return [(each.kind, each.state) for each in queries.alarms(case.id)]


def asked(house: factories.House, case: Case) -> list[str]:
    """Who is being asked to take the case over."""
    with within(house.id):
        waiting = queries.waiting_hand_over(case.id)
    names = {staff.id: name for name, staff in house.people.items()}
    return sorted(names[each] for each in waiting.asked) if waiting else []


def test_words_only_propose_and_a_person_confirms(lake_house: factories.House) -> None:
    guest = factories.customer(lake_house)
    with acting(lake_house, "carol") as (carol, moment):
        hurt = actions.open_case(
            carol,
            guest,
            lake_house.place,
            title="Fall",
            complaint="I slipped and broke my wrist.",
            now=moment,
        )
    assert alarms(lake_house, hurt) == [("injury", "proposed")]
    assert asked(lake_house, hurt) == []
    with acting(lake_house, "carol") as (carol, moment):
        alarm = CaseAlarm.objects.get(case=hurt)
        assert alarm.certainty is not None
        assert 0.5 < alarm.certainty < 1
        actions.confirm_alarm(carol, hurt, alarm, now=moment)
        with pytest.raises(ChangedMeanwhile):
            actions.dismiss_alarm(carol, hurt, alarm, now=moment)
    assert asked(lake_house, hurt) == ["bob"]
    assert owner(lake_house, hurt) == "Carol"


def test_what_was_dismissed_is_not_proposed_again(lake_house: factories.House, case: Case) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        actions.review_together(carol, case, text="Her son slept.", now=moment)
        alarm = CaseAlarm.objects.get(case=case)
        actions.dismiss_alarm(carol, case, alarm, now=moment)
        actions.review_together(carol, case, text="Her son slept on.", now=moment)
    assert alarms(lake_house, case) == [("minor", "dismissed")]
    assert asked(lake_house, case) == []


@pytest.mark.parametrize(
    ("kind", "called"), [("injury", ["bob"]), ("discrimination", ["alice"]), ("legal", ["alice"])]
)
def test_a_tap_calls_whom_the_rule_says(
    lake_house: factories.House, case: Case, kind: str, called: list[str]
) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        for _twice in range(2):
            actions.raise_alarm(carol, case, kind=kind, now=moment)
    assert asked(lake_house, case) == called
    assert journal(lake_house).count("hand_over.asked") == 1


def test_those_on_duty_are_called_first_and_what_waits_gives_way(
    lake_house: factories.House, case: Case
) -> None:
    made = handing(lake_house, case)
    with acting(lake_house, "alice") as (alice, moment):
        house_actions.start_duty(alice, lake_house.place, now=moment)
        actions.raise_alarm(lake_house.actor("carol"), case, kind="injury", now=moment)
    assert asked(lake_house, case) == ["alice"]
    assert again(lake_house, made).state == "withdrawn"


def test_whoever_is_senior_enough_keeps_it(lake_house: factories.House) -> None:
    mine = opened(lake_house, by="alice")
    with acting(lake_house, "alice") as (alice, moment):
        actions.raise_alarm(alice, mine, kind="legal", now=moment)
    assert asked(lake_house, mine) == []


def test_documenting_it_as_grave_calls_too(lake_house: factories.House, case: Case) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        findings = actions.Findings("people", "rude", alarms=["discrimination"])
        actions.document(carol, case, findings, now=moment)
    assert alarms(lake_house, case) == [("discrimination", "confirmed")]
    assert asked(lake_house, case) == ["alice"]


@pytest.mark.parametrize(
    ("amount", "currency", "called"), [(50_000, "EUR", []), (50_001, "EUR", ["bob"]), (10**9, "TWD", [])]
)
def test_a_large_sum_goes_up(
    lake_house: factories.House, case: Case, amount: int, currency: str, called: list[str]
) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        actions.money_known(carol, case, Money(amount, currency), now=moment)
    assert asked(lake_house, case) == called


def test_the_owner_decides_otherwise(lake_house: factories.House, case: Case) -> None:
    with acting(lake_house, "alice") as (alice, moment):
        with pytest.raises(NotAllowed):
            actions.set_rule(lake_house.actor("bob"), kind="injury", level="owner", now=moment)
        for wrong in (
            {"kind": "war", "level": "owner"},
            {"kind": "money", "level": "owner"},
            {"kind": "injury", "level": "x"},
        ):
            with pytest.raises(InputError):
                actions.set_rule(alice, **wrong, now=moment)
        actions.set_rule(alice, kind="injury", level="nobody", now=moment)
        actions.set_rule(alice, kind="money", level="owner", over=100, now=moment)
        decided = {rule.kind: rule for rule in actions.rules(lake_house.organization)}
        assert {kind: rule.level for kind, rule in decided.items()} == {
            **SHIPPED,
            "injury": "nobody",
            "money": "owner",
        }
        actions.raise_alarm(alice, case, kind="injury", now=moment)
        assert asked(lake_house, case) == []
        actions.money_known(lake_house.actor("carol"), case, Money(101, "EUR"), now=moment)
    assert asked(lake_house, case) == ["alice"]


def test_the_new_owner_has_the_story(lake_house: factories.House, browse: factories.Browse) -> None:
    from django.urls import reverse

    from .help import text

    guest = factories.customer(lake_house)
    case = opened(lake_house, guest)
    with acting(lake_house, "carol") as (carol, moment):
        actions.review_together(
            carol, case, text="No heating since ten.", wanted="A quiet warm room.", now=moment
        )
        actions.report_progress(carol, case, text="Room 11 is warming.", now=moment)
    made = handing(lake_house, case)
    at = reverse("case", args=[case.id])
    page = text(browse(lake_house, "bob").get(at))
    for words in ("Carol asks you to take this over.", "The story so far", "I go home.", "I am cold.", "No heating since ten.",
                  "A quiet warm room.", "Room 11 is warming."):  # fmt: skip
        assert words in page
    assert "The story so far" not in text(browse(lake_house, "carol").get(at))
    assert isinstance(guest, Customer)
    today = text(browse(lake_house, "bob").get("/"))
    assert "Carol asks you to take this over." in today
    assert (
        browse(lake_house, "bob").post(reverse("hand-over-accept", args=[made.public_id])).status_code == 302
    )
    assert "The story so far" in text(browse(lake_house, "bob").get(at))
    assert owner(lake_house, case) == "Bob"
