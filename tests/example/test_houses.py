"""The example houses: believable at any hour, plainly made up, the same every time."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import phonenumbers
import pytest
from django.db.models import F

from rugui.core.models import JournalEntry
from rugui.core.tenancy import within
from rugui.desk import queries as desk
from rugui.example import build as example
from rugui.example.trades import TRADES
from rugui.house.access import house_actor
from rugui.house.models import Assignment, Organization, Place, SpecialDay, User
from rugui.know.models import Customer, Note
from rugui.promise.models import Promise
from rugui.promise.queries import running
from rugui.recover.models import Case, CaseMessage
from rugui.serve.models import Purchase, Touch, Visit
from rugui.team import queries as team

from ..factories import NOON

LANGUAGES = ("en", "zh-hant", "zh-hans")
HOUSES = [(trade, language) for trade in TRADES for language in LANGUAGES]
every_house = pytest.mark.parametrize(("trade", "language"), HOUSES)
RESERVED = re.compile(r"@(?:[a-z0-9-]+\.)*example(?:\.com|\.org|\.net)$")
ZONES = {
    "en": ("Europe/London", "GBP", "GB"),
    "zh-hant": ("Asia/Taipei", "TWD", "TW"),
    "zh-hans": ("Asia/Shanghai", "CNY", "CN"),
}


def texts(value: Any) -> Iterator[str]:
    """Every text anywhere in a house's content."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("path", sorted(example.CONTENT.iterdir()), ids=lambda path: path.name)
def test_every_file_is_a_house_on_offer_with_words_everywhere(path: Any) -> None:
    trade, language, ending = path.name.split(".")
    assert ((trade, language) in HOUSES, ending) == (True, "toml")
    told = tomllib.loads(path.read_text(), parse_float=Decimal)
    assert [text for text in texts(told) if not text.strip() or text != text.strip()] == []
    house = told["house"]
    assert (house["timezone"], house["currency"], house["region"]) == ZONES[language]
    assert house["trade"] == trade
    assert re.search({"en": r"example", "zh-hant": "範例", "zh-hans": "示例"}[language], house["name"])
    assert 12 <= len(told["customers"]) <= 16
    keys = [customer["key"] for customer in told["customers"]]
    assert len(set(keys)) == len(keys)


@every_house
def test_its_people_can_be_reached_by_nobody(trade: str, language: str) -> None:
    region = ZONES[language][2]
    for customer in example.content(trade, language)["customers"]:
        if "email" in customer:
            assert RESERVED.search(customer["email"]), customer["email"]
        number = phonenumbers.parse(customer["phone"], region)
        assert phonenumbers.is_possible_number(number), customer["phone"]
        national = str(number.national_number)
        if region == "GB":  # libphonenumber calls the numbers kept for drama invalid, being nobody's
            assert national.startswith("7700900")
        else:
            assert phonenumbers.is_valid_number(number), customer["phone"]
            assert national.startswith({"TW": "990000", "CN": "1349000"}[region])


@pytest.mark.django_db
@every_house
def test_a_house_is_full_of_life(trade: str, language: str) -> None:
    organization = example.build(trade, language, now=NOON)
    assert (organization.trade, organization.language) == (trade, language)
    with within(organization.id):
        place = Place.objects.get()
        seen = desk.today(house_actor(organization.id), place, now=NOON)
        sections = {
            "expected": len(seen.expected) >= 3,
            "here": len(seen.here) >= 2,
            "waiting": len(seen.waiting) >= 2,
            "promises": len(seen.promises) >= 6,
            "cases": len(seen.cases) == 1,
            "learned": len(seen.learned) >= 4,
            "on duty": len(seen.shift.on_duty) == 2,
        }
        assert [name for name, enough in sections.items() if not enough] == []
        assert seen.needs
        assert set(Note.Kind.values) == set(Note.objects.values_list("kind", flat=True))
        assert {"said", "seen", "bought"} <= set(Note.objects.values_list("source", flat=True))
        assert Purchase.objects.filter(kind="refund", refund_of__amount__gte=F("amount")).count() >= 1
        assert len(set(Touch.objects.values_list("channel", flat=True))) >= 4
        assert set(Touch.objects.values_list("direction", flat=True)) == {"in", "out"}
        assert Visit.objects.filter(state="left").count() + Purchase.objects.count() >= 10
        assert SpecialDay.objects.filter(date__gt=NOON.date()).count() >= 2
        today, yesterday = (
            NOON.astimezone(place.zone).date(),
            (NOON - timedelta(days=1)).astimezone(place.zone).date(),
        )
        for day in (today, yesterday):
            start, end = team.day_bounds(place, day)
            learned = Note.objects.filter(learned_at__gte=start, learned_at__lt=end)
            assert set(learned.values_list("author__name", flat=True)) == {
                each.name for each in seen.shift.on_duty
            }


@pytest.mark.django_db
@every_house
def test_its_line_up_tells_the_lessons_of_yesterday(trade: str, language: str) -> None:
    told = example.content(trade, language)["past_cases"]
    organization = example.build(trade, language, now=NOON)
    with within(organization.id):
        agenda = team.line_up(house_actor(Place.objects.get().organization_id), Place.objects.get(), now=NOON)
        assert sorted(case.lesson for case in agenda.lessons) == sorted(case["lesson"] for case in told)
        assert {case["about_customer"] for case in told} <= {note.text for note in agenda.learned}
        assert {case.state for case in agenda.lessons} == {Case.State.CLOSED}


HOURS = [
    ("en", datetime(2026, 9, 2, 23, 5, tzinfo=UTC)),  # 00:05 of the next day in London
    ("en", datetime(2026, 3, 29, 0, 30, tzinfo=UTC)),  # half an hour before the clocks go forward
    ("en", datetime(2026, 3, 29, 22, 58, tzinfo=UTC)),  # two minutes to midnight on that day
    ("en", datetime(2026, 10, 25, 1, 15, tzinfo=UTC)),  # the hour that comes twice
    ("en", datetime(2026, 12, 31, 23, 45, tzinfo=UTC)),
    ("zh-hant", datetime(2026, 9, 3, 16, 5, tzinfo=UTC)),  # 00:05 in Taipei
    ("zh-hant", datetime(2026, 9, 3, 1, 0, tzinfo=UTC)),  # 09:00
    ("zh-hans", datetime(2026, 9, 3, 15, 45, tzinfo=UTC)),  # 23:45 in Shanghai
    ("zh-hans", datetime(2028, 2, 29, 7, 0, tzinfo=UTC)),  # mid-afternoon, between the shifts of a restaurant
]


@pytest.mark.django_db
@pytest.mark.parametrize("trade", TRADES)
@pytest.mark.parametrize(("language", "moment"), HOURS, ids=str)
def test_it_is_alive_at_any_hour(trade: str, language: str, moment: datetime) -> None:
    organization = example.build(trade, language, now=moment)
    with within(organization.id):
        place = Place.objects.get()
        seen = desk.today(house_actor(organization.id), place, now=moment)
        parts = (
            seen.expected,
            seen.here,
            seen.waiting,
            seen.promises,
            seen.cases,
            seen.learned,
            seen.shift.on_duty,
        )
        assert [len(part) > 0 for part in parts] == [True] * 7
        day = moment.astimezone(place.zone).date()
        assert {visit.expected_at.astimezone(place.zone).date() for visit in seen.expected} == {day}
        moments = [visit.expected_at for visit in seen.expected]
        assert len(set(moments)) == len(moments)
        assert {each.minute % 5 for each in moments} == {0}
        assert team.line_up(house_actor(place.organization_id), place, now=moment).lessons
        assert not JournalEntry.objects.filter(at__gt=moment).exists()
        assert not CaseMessage.objects.filter(at__gt=moment).exists()
        assert not Note.objects.filter(learned_at__lt=F("customer__created_at")).exists()
        assert not Visit.objects.filter(left_at__lt=F("arrived_at")).exists()


@pytest.mark.django_db
@every_house
def test_nothing_breaks_in_its_first_minutes(trade: str, language: str) -> None:
    organization = example.build(trade, language, now=NOON)
    with within(organization.id):
        promises = running(Place.objects.get().id)
        assert {promise.state for promise in promises} == {Promise.State.OPEN}
        assert min(promise.due_at for promise in promises) > NOON + timedelta(minutes=5)
        assert min(promise.ring_at for promise in promises if promise.ring_at) > NOON
        warned = [
            promise
            for promise in promises
            if promise.warn_at and promise.warn_at < NOON + timedelta(minutes=3)
        ]
        assert len(warned) >= 1  # one is about to call for attention
        clock = next(promise for promise in promises if promise.kind == Promise.Kind.PROGRESS)
        assert clock.renews is not None
        assert clock.renews.state == Promise.State.KEPT
        assert not Promise.objects.filter(state=Promise.State.BROKEN).exists()


def picture(organization: Organization) -> list[Any]:
    """What a house is, without row numbers."""
    with within(organization.id):
        return [
            list(Customer.objects.order_by("id").values_list("name", "address_as", "created_at")),
            list(Note.objects.order_by("id").values_list("kind", "text", "learned_at", "author__name")),
            list(Visit.objects.order_by("id").values_list("about", "state", "expected_at", "left_at")),
            list(Touch.objects.order_by("id").values_list("channel", "text", "at", "waiting")),
            list(Purchase.objects.order_by("id").values_list("about", "amount", "at")),
            list(Promise.objects.order_by("id").values_list("kind", "text", "made_at", "due_at", "state")),
            list(JournalEntry.objects.order_by("id").values_list("kind", "at")),
        ]


@pytest.mark.django_db
def test_it_is_the_same_every_time() -> None:
    first = example.build("hotel", "en", now=NOON)
    User.objects.filter(email__startswith="colleague").update(email=F("id"))  # as if the first were elsewhere
    assert picture(example.build("hotel", "en", now=NOON)) == picture(first)


@pytest.mark.django_db
def test_it_is_not_built_twice_but_beside_others() -> None:
    first = example.build("hotel", "en", now=NOON)
    with pytest.raises(example.AlreadyBuiltError, match="hotel, en"):
        example.build("hotel", "en", now=NOON + timedelta(days=1))
    others = [example.build("restaurant", "en", now=NOON), example.build("hotel", "zh-hant", now=NOON)]
    assert len({first.id, *(other.id for other in others)}) == 3


@pytest.mark.django_db
def test_its_colleagues_cannot_sign_in() -> None:
    organization = example.build("webshop", "en", now=NOON)
    with within(organization.id):
        users = User.objects.filter(staff__organization=organization)
        assert [user.has_usable_password() for user in users] == [False] * 3
        assert sorted(Assignment.objects.values_list("role", flat=True)) == ["manager", "staff", "staff"]
