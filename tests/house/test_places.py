"""Places and their opening calendars; the organization; one's own account; duty."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rugui.core.errors import ChangedMeanwhile, InputError, NotAllowed, NotFound
from rugui.core.tenancy import within
from rugui.engines.calendar import Shift
from rugui.house import access, actions, queries
from rugui.house.models import Duty, Organization, Place, User

from ..factories import NOON, House
from .help import acting, journal

WEEK = [(0, time(7), time(14)), (0, time(17), time(1)), (4, time(18), time(3))]
CHRISTMAS = date(2026, 12, 25)


def test_an_owner_adds_a_place(lake_house: House) -> None:
    with acting(lake_house, "alice") as actor:
        made = actions.add_place(actor, actions.NewPlace("Mill", "Europe/Berlin", "DE"), now=NOON)
        assert [place.name for place in access.places(actor)] == ["Boat House", "Lake House", "Mill"]
    assert journal(lake_house) == [("place.made", made.id, {})]


@pytest.mark.parametrize("name", ["bob", "carol", "erin"])
def test_nobody_else_adds_a_place(lake_house: House, name: str) -> None:
    with pytest.raises(NotAllowed), acting(lake_house, name) as actor:
        actions.add_place(actor, actions.NewPlace("Mill", "Europe/Berlin", "DE"), now=NOON)


def test_two_places_cannot_share_a_name(lake_house: House) -> None:
    with (
        pytest.raises(InputError, match="already a place of this name"),
        acting(lake_house, "alice") as actor,
    ):
        actions.add_place(actor, actions.NewPlace("Boat House"), now=NOON)
    with (
        pytest.raises(InputError, match="already a place of this name"),
        acting(lake_house, "alice") as actor,
    ):
        actions.change_place(actor, lake_house.place, actions.NewPlace("Boat House"), now=NOON)


def test_a_manager_changes_their_place_and_the_journal_says_what(lake_house: House) -> None:
    new = actions.NewPlace("Lake House", "Asia/Tokyo", "JP")
    with acting(lake_house, "bob") as actor:
        assert actions.change_place(actor, lake_house.place, new, now=NOON).timezone == "Asia/Tokyo"
        actions.change_place(actor, lake_house.place, new, now=NOON)
    assert journal(lake_house) == [
        ("place.changed", lake_house.place.id, {"fields": ["timezone", "region"]}),
    ]


def test_a_place_out_of_sight_is_not_found(lake_house: House) -> None:
    with acting(lake_house, "bob") as actor:
        for act in (
            lambda: actions.change_place(actor, lake_house.places[1], actions.NewPlace("X"), now=NOON),
            lambda: actions.set_week(actor, lake_house.places[1], WEEK, now=NOON),
            lambda: actions.set_special_day(
                actor, lake_house.places[1], CHRISTMAS, "Christmas", [], now=NOON
            ),
            lambda: actions.remove_special_day(actor, lake_house.places[1], CHRISTMAS, now=NOON),
        ):
            with pytest.raises(NotFound):
                act()


def test_an_owner_changes_the_house(lake_house: House) -> None:
    wanted = {
        "name": "Lake Inn",
        "trade": "hotel",
        "customer_word": "guest",
        "currency": "TWD",
        "language": "zh-hant",
    }
    with acting(lake_house, "alice") as actor:
        actions.change_organization(actor, **wanted, now=NOON)
        standing = Organization.objects.get()
    assert {name: getattr(standing, name) for name in wanted} == wanted
    assert journal(lake_house) == [
        ("house.changed", lake_house.id, {"fields": ["name", "customer_word", "currency", "language"]})
    ]
    with pytest.raises(NotAllowed), acting(lake_house, "bob") as actor:
        actions.change_organization(actor, **wanted, now=NOON)


def test_a_week_is_kept_as_written(lake_house: House) -> None:
    with acting(lake_house, "bob") as actor:
        actions.set_week(actor, lake_house.place, WEEK, seen=[], now=NOON)
        week = queries.week(lake_house.place)
    assert week.days[0] == ((time(7), time(14)), (time(17), time(1)))
    assert week.days[4] == ((time(18), time(3)),)
    assert [len(day) for day in week.days] == [2, 0, 0, 0, 1, 0, 0]
    assert journal(lake_house) == [("place.hours_changed", lake_house.place.id, {"shifts": 3})]


def test_the_same_week_again_is_not_journaled(lake_house: House) -> None:
    with acting(lake_house, "bob") as actor:
        actions.set_week(actor, lake_house.place, WEEK, now=NOON)
        actions.set_week(actor, lake_house.place, list(reversed(WEEK)), now=NOON)
    assert len(journal(lake_house)) == 1


def test_a_week_changed_meanwhile_is_not_overwritten(lake_house: House) -> None:
    with acting(lake_house, "bob") as actor:
        actions.set_week(actor, lake_house.place, WEEK, seen=[], now=NOON)
        with pytest.raises(ChangedMeanwhile):
            actions.set_week(actor, lake_house.place, WEEK[:1], seen=[], now=NOON)
        assert queries.week(lake_house.place).days[4] == ((time(18), time(3)),)


def test_overlapping_shifts_are_refused(lake_house: House) -> None:
    with pytest.raises(InputError) as caught, acting(lake_house, "bob") as actor:
        actions.set_week(actor, lake_house.place, [*WEEK, (5, time(2), time(9))], now=NOON)
    assert caught.value.fields == {
        "week": "Two shifts overlap at 02:00. End the first one before the next begins."
    }


def test_a_special_day_replaces_the_week_until_it_is_removed(lake_house: House) -> None:
    place = lake_house.place
    with acting(lake_house, "bob") as actor:
        actions.set_special_day(
            actor, place, CHRISTMAS, "Christmas", [(time(9), time(12)), (time(14), time(18))], now=NOON
        )
        assert queries.week(place).special[0].shifts == ((time(9), time(12)), (time(14), time(18)))
        actions.set_special_day(actor, place, CHRISTMAS, "Christmas Day", [], now=NOON)
        assert queries.week(place).special == (queries.SpecialDate(CHRISTMAS, "Christmas Day", ()),)
        assert queries.week(place, since=CHRISTMAS + timedelta(days=1)).special == ()
        actions.remove_special_day(actor, place, CHRISTMAS, now=NOON)
        assert queries.week(place).special == ()
        with pytest.raises(NotFound):
            actions.remove_special_day(actor, place, CHRISTMAS, now=NOON)
    assert journal(lake_house) == [
        ("place.special_day_set", place.id, {"date": "2026-12-25", "shifts": 2}),
        ("place.special_day_set", place.id, {"date": "2026-12-25", "shifts": 0}),
        ("place.special_day_removed", place.id, {"date": "2026-12-25"}),
    ]


@pytest.mark.parametrize(
    ("name", "shifts", "field"),
    [("", [], "name"), ("x" * 81, [], "name"), ("X", [(time(9), time(12)), (time(11), time(13))], "hours")],
)
def test_a_special_day_needs_a_name_and_shifts_apart(
    lake_house: House, name: str, shifts: list[tuple[time, time]], field: str
) -> None:
    with pytest.raises(InputError) as caught, acting(lake_house, "bob") as actor:
        actions.set_special_day(actor, lake_house.place, CHRISTMAS, name, shifts, now=NOON)
    assert list(caught.value.fields) == [field]


def test_the_engine_is_given_the_calendar_in_two_queries(lake_house: House) -> None:
    with acting(lake_house, "bob") as actor:
        actions.set_week(actor, lake_house.place, WEEK, now=NOON)
        actions.set_special_day(actor, lake_house.place, CHRISTMAS, "Christmas", [], now=NOON)
        with CaptureQueriesContext(connection) as asked:
            calendar = queries.opening_calendar(lake_house.place)
    assert len(asked) == 2
    assert calendar.shifts_on(date(2026, 12, 21)) == (Shift(time(7), time(14)), Shift(time(17), time(1)))
    assert calendar.shifts_on(CHRISTMAS) == ()


def test_it_says_whether_a_place_is_open(lake_house: House) -> None:
    """In Taipei, eight hours ahead of UTC: Monday 21 December, open from 7 to 14 and from 17 to 1."""
    with acting(lake_house, "bob") as actor:
        assert queries.opening(lake_house.place, now=NOON) == queries.Opening(False, None)
        actions.set_week(actor, lake_house.place, WEEK, now=NOON)
        morning, afternoon = datetime(2026, 12, 21, 0, tzinfo=UTC), datetime(2026, 12, 21, 7, tzinfo=UTC)
        assert queries.opening(lake_house.place, now=morning) == queries.Opening(
            True, datetime(2026, 12, 21, 6, tzinfo=UTC), within_a_day=True
        )
        assert queries.opening(lake_house.place, now=afternoon) == queries.Opening(
            False, datetime(2026, 12, 21, 9, tzinfo=UTC), within_a_day=True
        )


def test_a_holiday_is_named_by_the_date_on_the_wall(lake_house: House) -> None:
    """Christmas begins in Taipei at four in the afternoon of Christmas Eve in UTC; the night shift before it still runs."""
    eve, closed, over = (
        datetime(2026, 12, 24, 15, 59, tzinfo=UTC),
        datetime(2026, 12, 24, 17, tzinfo=UTC),
        datetime(2026, 12, 25, 16, tzinfo=UTC),
    )
    saturday = datetime(2026, 12, 25, 23, tzinfo=UTC)
    night_ends = datetime(2026, 12, 24, 17, tzinfo=UTC)
    with acting(lake_house, "bob") as actor:
        every_day = [(day, time(7), time(14)) for day in range(7)]
        nights = [(day, time(17), time(1)) for day in range(7)]
        actions.set_week(actor, lake_house.place, [*every_day, *nights], now=NOON)
        actions.set_special_day(actor, lake_house.place, CHRISTMAS, "Christmas", [], now=NOON)
        for moment, expected in (
            (eve, queries.Opening(True, night_ends, "", True)),
            (eve + timedelta(minutes=1), queries.Opening(True, night_ends, "Christmas", True)),
            (closed, queries.Opening(False, saturday, "Christmas", False)),
            (over, queries.Opening(False, saturday, "", True)),
        ):
            assert queries.opening(lake_house.place, now=moment) == expected
            assert queries.shift(actor, lake_house.place, now=moment).opening == expected


def test_a_place_open_round_the_clock_is_simply_open(lake_house: House) -> None:
    with acting(lake_house, "bob") as actor:
        always = [(day, time(0), time(0)) for day in range(7)]
        actions.set_week(actor, lake_house.place, always, now=NOON)
        assert queries.shift(actor, lake_house.place, now=NOON).opening == queries.Opening(True, None)
        closing = NOON.date() + timedelta(days=3)
        actions.set_special_day(actor, lake_house.place, closing, "Works", [], now=NOON)
        assert queries.shift(actor, lake_house.place, now=NOON).opening == queries.Opening(
            True, datetime(2026, 9, 5, 16, tzinfo=UTC)
        )


def test_everything_about_this_shift_is_one_query(lake_house: House) -> None:
    with acting(lake_house, "bob") as actor:
        actions.set_week(actor, lake_house.place, WEEK, now=NOON)
    with acting(lake_house, "alice") as actor:
        actions.start_duty(actor, lake_house.places[1], now=NOON)
    for number, name in enumerate(("carol", "bob")):
        with acting(lake_house, name) as actor:
            actions.start_duty(actor, lake_house.place, now=NOON + timedelta(minutes=number))
    with acting(lake_house, "bob") as actor, CaptureQueriesContext(connection) as asked:
        seen = queries.shift(actor, lake_house.place, now=NOON + timedelta(hours=1))
    assert len(asked) == 1
    assert [each.name for each in seen.on_duty] == ["Carol", "Bob"]
    assert (seen.mine, seen.is_mine) == ("Lake House", True)
    with acting(lake_house, "alice") as actor:
        seen = queries.shift(actor, lake_house.place, now=NOON + timedelta(hours=1))
    assert [each.name for each in seen.on_duty] == ["Carol", "Bob"]
    assert (seen.mine, seen.is_mine) == ("Boat House", False)


def test_duty_begins_and_ends(lake_house: House) -> None:
    carol = lake_house.people["carol"].id
    with acting(lake_house, "carol") as actor:
        actions.start_duty(actor, lake_house.place, now=NOON)
        actions.start_duty(actor, lake_house.place, now=NOON + timedelta(hours=1))
        assert queries.on_duty(lake_house.place) == [queries.OnDuty(carol, "Carol", NOON)]
        duty = queries.duty_of(actor)
        assert duty is not None
        assert duty.place == lake_house.place
        assert actions.end_duty(actor, now=NOON + timedelta(hours=8)) is True
        assert actions.end_duty(actor, now=NOON + timedelta(hours=9)) is False
        assert queries.on_duty(lake_house.place) == []
        assert Duty.objects.get().ended_at == NOON + timedelta(hours=8)
    assert journal(lake_house) == [("duty.started", carol, {}), ("duty.ended", carol, {})]


def test_going_on_duty_elsewhere_ends_the_first(lake_house: House) -> None:
    with acting(lake_house, "alice") as actor:
        actions.start_duty(actor, lake_house.places[0], now=NOON)
        actions.start_duty(actor, lake_house.places[1], now=NOON + timedelta(hours=1))
        assert queries.on_duty(lake_house.places[0]) == []
        assert [each.name for each in queries.on_duty(lake_house.places[1])] == ["Alice"]
    assert [kind for kind, *_ in journal(lake_house)] == ["duty.started", "duty.ended", "duty.started"]


def test_who_is_on_duty_is_one_query_for_one_and_for_three(lake_house: House) -> None:
    for number, name in enumerate(("carol", "bob", "alice")):
        with acting(lake_house, name) as actor:
            actions.start_duty(actor, lake_house.place, now=NOON + timedelta(minutes=number))
            with CaptureQueriesContext(connection) as asked:
                listed = queries.on_duty(lake_house.place)
            assert len(asked) == 1
    assert [each.name for each in listed] == ["Carol", "Bob", "Alice"]


@pytest.mark.parametrize(("name", "place", "refusal"), [("erin", 0, NotAllowed), ("carol", 1, NotFound)])
def test_only_who_serves_here_goes_on_duty(
    lake_house: House, name: str, place: int, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal), acting(lake_house, name) as actor:
        actions.start_duty(actor, lake_house.places[place], now=NOON)


def test_the_house_itself_is_never_on_duty(lake_house: House) -> None:
    with pytest.raises(NotAllowed), within(lake_house.id):
        actions.start_duty(access.house_actor(lake_house.id), Place.objects.order_by("id")[0], now=NOON)


def test_one_changes_ones_own_name_and_language(lake_house: House) -> None:
    carol = lake_house.people["carol"]
    with acting(lake_house, "carol") as actor:
        actions.change_me(actor, name="Caroline", language="zh-hans", now=NOON)
        actions.change_me(actor, name="Caroline", language="zh-hans", now=NOON)
        carol.refresh_from_db()
    assert (carol.name, User.objects.get(id=carol.user_id).language) == ("Caroline", "zh-hans")
    assert journal(lake_house) == [("staff.changed", carol.id, {"fields": ["name", "language"]})]
    with pytest.raises(InputError) as caught, acting(lake_house, "carol") as actor:
        actions.change_me(actor, name=" ", language="fr", now=NOON)
    assert list(caught.value.fields) == ["name", "language"]
