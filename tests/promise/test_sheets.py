"""The sheets of how a day's promises were kept say what the promises say, whatever happens to them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import reverse

from rugui.core.tenancy import within
from rugui.core.time import now as this_moment
from rugui.own.erase import erase
from rugui.promise import actions, jobs, kept, sheets
from rugui.promise.models import DaySheet, Promise
from rugui.promise.sought import EARLY, Sought

from .. import factories
from ..factories import Browse, House
from .test_kept import ended

pytestmark = pytest.mark.django_db
Row = tuple[Any, ...]


def from_sheets(house: House, now: datetime, **narrowed: Any) -> Counter[Row]:
    """What the sheets (and rows where there are none) say of each promise that counts, up to `now`."""
    places = tuple(place.id for place in house.places)
    wanted = Sought(places, since=now - timedelta(days=60), until=now, led=places, **narrowed)
    found = sheets.read(wanted)
    columns = zip(
        found.due, found.place, found.kind, found.channel, found.owner, found.took, found.became, strict=True
    )
    return Counter(
        (
            int(due),
            int(place),
            sheets.KINDS[kind],
            sheets.CHANNELS[channel],
            int(owner),
            int(took),
            int(became),
        )
        for due, place, kind, channel, owner, took, became in columns
    )


def from_rows(house: House, now: datetime) -> Counter[Row]:
    """The same by reading each promise and thinking about it."""
    rows = Promise.objects.filter(due_at__gte=now - timedelta(days=60), due_at__lt=now)
    return Counter(
        _row(row)
        for row in rows
        if row.state not in {"open", "withdrawn"} and row.kind not in {"leave", "story"}
    )


def _row(row: Promise) -> Row:
    done, told = row.settled_at, row.told_at
    became = {"kept": sheets.KEPT, "broken": sheets.BROKEN, "renegotiated": 0}[row.state]
    if row.state == "kept" and done is not None and done <= row.due_at - (row.due_at - row.made_at) / EARLY:
        became |= sheets.BEFORE
    if row.state == "broken" and done is not None:
        became |= sheets.LATE
    if told is not None and row.state != "renegotiated":
        became |= sheets.TOLD
        became |= sheets.BEATEN if done is not None and done <= told else 0
    took = sheets.NEVER if done is None else -int(-(done - row.made_at).total_seconds() // 1)
    return int(row.due_at.timestamp()), row.place_id, row.kind, row.channel, row.owner_id or 0, took, became


def same(house: House, now: datetime) -> int:
    """How many promises count, by sheets and by rows alike."""
    with within(house.id):
        rows = from_rows(house, now)
        assert from_sheets(house, now) == rows
    return rows.total()


def stale(house: House) -> int:
    with within(house.id):
        return DaySheet.objects.filter(packed=None).count()


@pytest.fixture
def house(lake_house: House) -> House:
    """Forty days of promises, and their sheets."""
    ms_chen = factories.customer(lake_house)
    for days in range(1, 41):
        ended(lake_house, ms_chen, "kept", days=days, told=20, kind="answer")
        ended(
            lake_house,
            ms_chen,
            "broken",
            days=days,
            minutes=None if days % 2 else 90,
            place=days % 2,
            by="dan",
            told=20,
        )
        ended(lake_house, ms_chen, "renegotiated", days=days, priority="urgent")
    ended(lake_house, ms_chen, "withdrawn", days=5)
    ended(lake_house, ms_chen, "kept", days=5, kind="story")
    nobodys = ended(lake_house, ms_chen, "kept", days=5)
    with within(lake_house.id):
        Promise.objects.filter(id=nobodys.id).update(owner=None, channel="")
    sheets.write(lake_house.id, now=this_moment())
    return lake_house


def one(house: House, **which: Any) -> Promise:
    return Promise.objects.select_related("place", "customer").filter(**which).order_by("due_at")[0]


def test_sheets_say_what_the_promises_say(house: House) -> None:
    assert same(house, this_moment()) == 121
    with within(house.id):
        assert DaySheet.objects.filter(packed__isnull=False).count() == 2 * (sheets.YEAR + 1)
        wanted = from_sheets(
            house,
            this_moment(),
            kind="answer",
            channel="chat",
            priority="normal",
            owner_id=house.people["carol"].id,
        )
        assert wanted.total() == 40


def test_they_are_read_instead_of_the_promises(house: House) -> None:
    """Seen by changing promises behind the back of the triggers, as nobody but the owner of the tables can."""
    with within(house.id):
        DaySheet.objects.exclude(packed=b"").update(packed=b"")
        assert (
            from_sheets(house, this_moment()).total() <= 6
        )  # today, and yesterday where it has not ended in UTC


CHANGES: dict[str, Any] = {
    "done late": lambda house, now: actions.keep(house.actor("alice"), one(house, state="broken", settled_at=None), now=now),
    "taken by another": lambda house, now: Promise.objects.filter(id=one(house, state="kept").id).update(owner=house.people["bob"]),
    "put off": lambda house, now: Promise.objects.filter(id=one(house, state="kept").id).update(
        due_at=one(house, state="kept").due_at + timedelta(days=3)
    ),
    "moved to another place": lambda house, now: Promise.objects.filter(id=one(house, state="kept").id).update(place=house.places[1]),
    "told another time": lambda house, now: Promise.objects.filter(id=one(house, state="kept").id).update(told_at=None),
    "open again": lambda house, now: Promise.objects.filter(id=one(house, state="broken").id).update(state="open", ring_at=now),
    "one more, of long ago": lambda house, now: ended(house, one(house, state="kept").customer, "broken", days=20),
    "deleted": lambda house, now: one(house, state="kept").delete(),
    "its keeper gone": lambda house, now: house.people["dan"].delete(),
    "many at once": lambda house, now: Promise.objects.filter(state="kept").update(state="broken"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_is_counted_at_once(house: House, change: str) -> None:
    now = this_moment()
    with within(house.id):
        before = from_sheets(house, now)
        CHANGES[change](house, now)
    assert stale(house) > 0
    same(house, now)
    with within(house.id):
        assert from_sheets(house, now) != before
    sheets.write(house.id, now=now)
    assert stale(house) == 0
    same(house, now)


def test_undoing_and_erasing_are_counted_too(house: House) -> None:
    now = this_moment()
    with within(house.id):
        late = one(house, state="broken", settled_at=None)
        actions.keep(house.actor("alice"), late, now=now)
    sheets.write(house.id, now=now)
    with within(house.id):
        late.refresh_from_db()
        actions.undo(house.actor("alice"), late, now=now)
    assert same(house, now) == 121
    with within(house.id):
        erase(house.actor("alice"), late.customer, now=now)
    assert same(house, now) == 0


def test_what_says_nothing_new_leaves_sheets_alone(house: House) -> None:
    with within(house.id):
        Promise.objects.update(text="Towels")
        actions.give(
            house.actor("carol"),
            one(house, state="kept").customer,
            house.place,
            kind="call_back",
            now=this_moment(),
        )
    assert stale(house) == 0


def test_what_is_taken_back_leaves_no_mark(house: House) -> None:
    with within(house.id), transaction.atomic():
        Promise.objects.filter(state="kept").update(state="broken")
        assert DaySheet.objects.filter(packed=None).exists()
        transaction.set_rollback(True)
    assert stale(house) == 0
    same(house, this_moment())


def test_a_sheet_of_another_form_is_none(house: House) -> None:
    with within(house.id):
        DaySheet.objects.update(form=7, packed=b"0123456789abcdef")
    same(house, this_moment())
    assert sheets.write(house.id, now=this_moment()) == 2 * (sheets.YEAR + 1)
    same(house, this_moment())


def test_written_twice_they_are_written_once_and_old_ones_go(house: House) -> None:
    assert sheets.write(house.id, now=this_moment()) == 0
    tomorrow = this_moment() + timedelta(days=1)
    assert sheets.write(house.id, now=tomorrow) == 2
    with within(house.id):
        assert DaySheet.objects.count() == 2 * (sheets.YEAR + 1)
    same(house, this_moment())


def test_very_many_looked_at_have_sheets_made(
    house: House, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, and every night from then on."""
    with within(house.id):
        DaySheet.objects.all().delete()
    address = f"{reverse('promises-kept')}?place=all"
    browse(house, "alice").get(address)
    assert asked() == 0
    monkeypatch.setattr(sheets, "WORTH", 20)
    for _time in range(2):
        page = browse(house, "alice").get(address)
    assert asked() == 1
    jobs.write_sheets(organization_id=house.id)
    assert asked() == 2
    again = browse(house, "alice").get(address)
    assert again.context["found"] == page.context["found"]


def asked() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'promise.write_sheets'")
        return int(cursor.fetchone()[0])


def test_one_house_is_counted_by_its_own_sheets_only(house: House, other_house: House) -> None:
    with within(other_house.id):
        assert DaySheet.objects.count() == 0
        theirs = Sought(
            tuple(place.id for place in house.places),
            since=datetime(2020, 1, 1, tzinfo=UTC),
            until=this_moment(),
        )
        assert len(sheets.read(theirs)) == 0


def test_a_day_counts_only_from_when_the_period_begins(house: House) -> None:
    """A period begins with a day of the place, in the middle of one of UTC."""
    place, now = (house.place.id,), this_moment()
    with within(house.id):
        for hours in range(0, 60, 7):
            since = (now - timedelta(days=10, hours=hours)).replace(minute=30, second=0, microsecond=0)
            found = sheets.read(Sought(place, since=since, until=now, led=place))
            rows = Promise.objects.filter(
                place_id=place[0],
                due_at__gte=since,
                due_at__lt=now,
                state__in=["kept", "broken", "renegotiated"],
            )
            assert len(found) == rows.exclude(kind="story").count()
            assert kept.kept(Sought(place, led=place), found, [since]).every.ended == len(found)
