"""How promises were kept: the shares with their intervals, whose they are to see, and the way to the rows."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from rugui.core.tenancy import within
from rugui.core.time import now as this_moment
from rugui.know.models import Customer
from rugui.promise.models import Promise
from rugui.serve.models import Visit

from .. import factories
from ..factories import Browse, House
from ..recover.help import queries, text

pytestmark = pytest.mark.django_db


def ended(
    house: House, customer: Customer, state: str, *, minutes: int | None = 10, place: int = 0, by: str = "carol", days: int = 1,
    told: int | None = None, **fields: Any,
) -> Promise:  # fmt: skip
    """A promise for half an hour that fell due some days ago, and was settled so many minutes after it was given."""
    made_at = this_moment() - timedelta(days=days)
    with within(house.id):
        return Promise.objects.create(
            organization=house.organization, place=house.places[place], customer=customer, owner=house.people[by], state=state,
            made_at=made_at, due_at=made_at + timedelta(minutes=30), ring_at=None, channel="chat",
            settled_at=None if minutes is None else made_at + timedelta(minutes=minutes),
            told_at=None if told is None else made_at + timedelta(minutes=told),
            **{"kind": "call_back", **fields},
        )  # fmt: skip


@pytest.fixture
def month(lake_house: House) -> House:
    """Seven kept, five of them early; one broken and done, one broken and owed; one put off; and what does not count."""
    ms_chen = factories.customer(lake_house)
    for _each in range(5):
        ended(lake_house, ms_chen, "kept", told=20)
    ended(lake_house, ms_chen, "kept", minutes=29, by="bob", kind="answer", told=20)
    ended(lake_house, ms_chen, "kept", minutes=29, kind="answer")
    ended(lake_house, ms_chen, "broken", minutes=90, kind="answer", told=20)
    ended(lake_house, ms_chen, "broken", minutes=None, kind="delivery")
    ended(lake_house, ms_chen, "renegotiated")
    ended(lake_house, ms_chen, "withdrawn")
    ended(lake_house, ms_chen, "kept", kind="story")
    ended(lake_house, ms_chen, "kept", days=40)
    ended(lake_house, ms_chen, "broken", place=1, by="dan")
    ahead = ended(lake_house, ms_chen, "kept")
    with within(lake_house.id):  # kept before its moment, which is still to come
        Promise.objects.filter(id=ahead.id).update(due_at=this_moment() + timedelta(hours=1))
    return lake_house


def lines(response: Any) -> dict[tuple[str, str], dict[str, str]]:
    """The file, by what it is by and of whom."""
    content = response.content.decode().removeprefix("\ufeff")
    return {(row["by"], row["name"]): row for row in csv.DictReader(io.StringIO(content))}


def test_it_counts_what_fell_due_and_says_how_sure_each_share_is(month: House, browse: Browse) -> None:
    page = text(browse(month, "carol").get(reverse("promises-kept")))
    assert "70% of 10 promises that fell due were kept (40–89%)" in page
    assert "71% (36–92%) of 7 times told were beaten" in page.replace("  ", " ")
    found = lines(browse(month, "bob").get(reverse("promises-kept-file")))
    every = found["all", ""]
    assert [every[name] for name in ("ended", "kept", "early", "renegotiated", "broken", "late")] == [
        "10", "7", "5", "1", "2", "1",
    ]  # fmt: skip
    assert (every["kept_low"], every["kept_high"]) == ("0.3968", "0.8922")
    assert found["kind", "delivery"]["broken"] == "1"
    assert found["person", "Bob"]["kept"] == "1"


@pytest.mark.parametrize("shows", ["ended", "kept", "early", "broken", "renegotiated", "told", "told-missed"])
def test_each_number_leads_to_exactly_its_rows(month: House, browse: Browse, shows: str) -> None:
    client = browse(month, "bob")
    page = client.get(reverse("promises-kept")).context["found"].every
    wanted = {"told": page.told, "told-missed": page.told - page.beaten}.get(
        shows, getattr(page, shows, None)
    )
    rows = client.get(f"{reverse('promises')}?state={shows}").context["rows"]
    assert len(rows) == wanted
    assert wanted


def test_links_of_the_tables_lead_to_as_many_rows_as_they_say(month: House, browse: Browse) -> None:
    client = browse(month, "alice")
    page = client.get(f"{reverse('promises-kept')}?place=all")
    followed = 0
    for group in page.context["groups"]:
        for line in group.lines:
            for cell in (line.ended, line.kept, line.early, line.renegotiated, line.broken):
                if cell.address:
                    assert len(client.get(cell.address).context["rows"]) == cell.count, cell.address
                    followed += 1
    assert followed > 15


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("alice", {"Bob", "Carol"}),
        ("bob", {"Bob", "Carol"}),
        ("carol", {"Carol", "others (for themselves and their managers)"}),
        ("erin", {"others (for themselves and their managers)"}),
    ],
)
def test_how_a_person_keeps_promises_is_for_them_and_their_managers(
    month: House, browse: Browse, who: str, seen: set[str]
) -> None:
    client, here, bobs = browse(month, who), month.place.public_id, month.people["bob"].public_id
    found = lines(client.get(f"{reverse('promises-kept-file')}?place={here}"))
    assert {name for by, name in found if by == "person"} == seen
    may = who in {"alice", "bob"}
    kept = f"state=kept&place={here}"
    assert len(client.get(f"{reverse('promises')}?{kept}&who={bobs}").context["rows"]) == may
    assert len(rows_of(client.get(f"{reverse('promises-file')}?{kept}&who={bobs}"))) == may
    owners = {row["owner"] for row in rows_of(client.get(f"{reverse('promises-file')}?{kept}"))}
    assert owners == ({"Bob", "Carol"} if may else {"Carol", ""} if who == "carol" else {""})


def rows_of(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode().removeprefix("\ufeff"))))


def test_only_places_that_one_sees_are_counted(month: House, browse: Browse) -> None:
    for who, count in (("alice", 11), ("carol", 10), ("dan", 1)):
        assert (
            browse(month, who).get(f"{reverse('promises-kept')}?place=all").context["found"].every.ended
            == count
        )
    there = month.places[1].public_id
    assert (
        browse(month, "carol").get(f"{reverse('promises-kept')}?place={there}").context["found"].every.ended
        == 10
    )


def test_another_house_sees_nothing(month: House, other_house: House, browse: Browse) -> None:
    page = browse(other_house, "mallory").get(f"{reverse('promises-kept')}?place=all")
    assert page.context["found"].every.ended == 0
    assert "Nothing fell due" in text(page)


def test_how_soon_a_person_answers_first(month: House, browse: Browse) -> None:
    first = browse(month, "carol").get(reverse("promises-kept")).context["first"]
    (name, each, soon), (channel, *_rest) = first
    assert (name, each.answers, each.half, each.most) == ("All", 3, 29 * 60, 90 * 60)
    assert (soon.text, soon.range, channel) == ("67%", "21–94%", "Chat")


def test_what_was_never_answered_is_later_than_everything(month: House, browse: Browse) -> None:
    ended(month, factories.customer(month, "Mr Ito"), "broken", minutes=None, kind="answer")
    page = browse(month, "carol").get(reverse("promises-kept"))
    assert page.context["first"][0][1].most == float("inf")
    assert "not yet" in text(page)


def test_how_late_appointments_really_begin(month: House, browse: Browse) -> None:
    at = this_moment().replace(microsecond=0) - timedelta(days=1)
    with within(month.id):
        for number, (came, began, told) in enumerate(
            [(-5, 2, None), (10, 12, None), (-5, 20, -60), (0, 40, None)]
        ):
            Visit.objects.create(
                organization=month.organization, place=month.place, customer=factories_customer(month, number), kind="appointment",
                state="left", expected_at=at, arrived_at=at + timedelta(minutes=came), begun_at=at + timedelta(minutes=began),
                delay_told_at=None if told is None else at + timedelta(minutes=told), left_at=at + timedelta(hours=2), created_at=at,
            )  # fmt: skip
    page = text(browse(month, "carol").get(reverse("promises-kept")))
    assert "50% (15–85%) of 4 appointments began on time" in page
    assert "Half began within 2 minutes after their time, nine in ten within 40 minutes." in page
    assert "Of 2 that began late, 50% were told before they came." in page


def factories_customer(house: House, number: int) -> Customer:
    return Customer.objects.create(
        organization=house.organization, name=f"Guest {number}", created_at=factories.NOON
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_often_for_many_as_for_one(lake_house: House, browse: Browse, count: int) -> None:
    for number in range(count):
        ended(
            lake_house,
            factories.customer(lake_house, f"Guest {number}"),
            "kept",
            kind=["answer", "delivery", "other"][number],
        )
    client = browse(lake_house, "bob")
    assert queries(client, reverse("promises-kept")) == 7
    assert queries(client, reverse("promises-kept-file")) == 5
    assert queries(client, f"{reverse('promises')}?state=kept") == 5
    assert queries(client, f"{reverse('promises-file')}?state=kept") == 4


def test_a_period_begins_with_a_day_of_the_place(lake_house: House) -> None:
    from rugui.promise.sought import PERIODS, period, steps

    taipei = lake_house.place.zone
    moment = datetime(2026, 9, 3, 20, 0, tzinfo=taipei)
    for days, (count, _name) in PERIODS.items():
        since, until = period(days, taipei, moment)
        starts = steps(days, taipei, moment)
        assert starts[0] == since
        assert len(starts) == count
        assert (until, since.hour, (moment.date() - since.date()).days) == (moment, 0, days - 1)


def test_mangled_filters_are_left_out(month: House, browse: Browse) -> None:
    client = browse(month, "carol")
    for query in (
        "days=9999999999999999999999",
        "days=x",
        "place=x",
        "who=x",
        "kind=x&channel=x&priority=x&state=x",
        "after=x",
    ):
        assert client.get(f"{reverse('promises-kept')}?{query}").context["found"].every.ended == 10
        assert client.get(f"{reverse('promises')}?{query}").status_code == 200
        assert client.get(f"{reverse('promises-file')}?{query}").status_code == 200


def test_a_file_runs_nothing_in_a_spreadsheet(month: House, browse: Browse) -> None:
    with within(month.id):
        Promise.objects.filter(kind="delivery").update(text='=HYPERLINK("x")')
    file = browse(month, "carol").get(f"{reverse('promises-file')}?state=broken").content.decode()
    assert "'=HYPERLINK" in file
    assert not re.search(r"(^|,|\")=HYPERLINK", file)
