"""Who hears what, what those who come back have missed, and who may not listen any more."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rugui.core.ids import IdCipher
from rugui.core.tickets import LIFETIME, Ticket
from rugui.live.hub import BEAT, GRACE, PER_PERSON, SLOW, Hub, Revoked, Stream, TooMany
from rugui.live.memory import PER_ORGANIZATION
from rugui.live.tail import Batch, Entry, Snapshot
from rugui.live.wire import MANY

IDS = IdCipher(bytes(16))
NOON = datetime(2026, 9, 3, 12, 0, tzinfo=UTC)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Paper:
    """A line that keeps what is written on it."""

    def __init__(self) -> None:
        self.written = b""
        self.stuck = 0
        self.closed = self.cut = False
        self.stream: Stream

    def write(self, data: bytes) -> None:
        assert not self.closed
        self.written += data

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.cut = True

    def get_write_buffer_size(self) -> int:
        return self.stuck

    def text(self) -> bytes:
        """What was written since last asked, out of its chunks."""
        rest, text, self.written = self.written, b"", b""
        while rest:
            size, _, rest = rest.partition(b"\r\n")
            text, rest = text + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
        return text


class Scene:
    """A hub whose journal the test writes by hand: every `write` is one transaction."""

    def __init__(self, limit: int = 100) -> None:
        self.clock = Clock()
        self.hub = Hub(limit, self.clock)
        self.transaction = 100
        self.hub.start(Batch(Snapshot(100, 100, ()), []), [], IDS)

    def open(self, ticket: Ticket, **since: Any) -> Paper:
        paper = Paper()
        paper.stream = self.hub.open(ticket, **since)
        paper.stream.begin(paper)
        return paper

    def write(self, *kinds: str, at: datetime = NOON, **of: Any) -> None:
        entries = [self.entry(kind, at, **of) for kind in kinds]
        self.deliver(entries)

    def entry(
        self,
        kind: str,
        at: datetime = NOON,
        *,
        organization: int = 1,
        place: int | None = None,
        customer: int | None = None,
        case: int | None = None,
        subject: int | None = None,
    ) -> Entry:
        self.transaction += 1
        return Entry(
            self.transaction, self.transaction, organization, kind, at, place, customer, case, subject
        )

    def deliver(self, entries: list[Entry], flooded: frozenset[int] = frozenset()) -> None:
        xmin = self.transaction + 1
        self.hub.deliver(Batch(Snapshot(xmin, xmin, ()), entries, flooded))


def ticket(
    person: int = 7,
    places: set[int] | None = None,
    *,
    organization: int = 1,
    case: int | None = None,
    issued: datetime = NOON,
) -> Ticket:
    if case is not None:
        return Ticket(organization, issued, case_id=case)
    return Ticket(organization, issued, staff_id=person, places=None if places is None else frozenset(places))


def heard(screen: Paper) -> list[tuple[str, dict[str, str]]]:
    """What has been written to a screen since last asked, without the greeting."""
    found = []
    for block in screen.text().decode().split("\n\n")[:-1]:
        lines = dict(line.partition(":")[::2] for line in block.split("\n"))
        if lines["event"].strip() != "hello":
            found.append((lines["event"].strip(), json.loads(lines["data"] or "{}")))
    return found


def kinds(events: list[tuple[str, dict[str, str]]]) -> list[str]:
    return [data.get("kind", name) for name, data in events]


def test_an_event_holds_the_kind_and_public_ids_only() -> None:
    scene = Scene()
    stream = scene.open(ticket())
    heard(stream)
    scene.write("note.made", place=1, customer=2, case=3, subject=4)
    assert heard(stream) == [
        (
            "change",
            {
                "kind": "note.made",
                "customer": IDS.public("customer", 2),
                "case": IDS.public("case", 3),
                "place": IDS.public("place", 1),
            },
        )
    ]


def test_staff_hear_of_their_places_and_of_the_whole_house() -> None:
    scene = Scene()
    here, everywhere = scene.open(ticket(7, {1})), scene.open(ticket(8))
    scene.write("visit.expected", place=1)
    scene.write("visit.arrived", place=2)
    scene.write("customer.changed")
    assert kinds(heard(here)) == ["visit.expected", "customer.changed"]
    assert kinds(heard(everywhere)) == ["visit.expected", "visit.arrived", "customer.changed"]


def test_somebody_without_a_place_hears_of_the_whole_house_only() -> None:
    scene = Scene()
    stream = scene.open(ticket(7, set()))
    scene.write("visit.expected", place=1)
    scene.write("house.changed")
    assert kinds(heard(stream)) == ["house.changed"]


def test_nobody_hears_of_another_organization() -> None:
    scene = Scene()
    mine, theirs = scene.open(ticket()), scene.open(ticket(organization=2))
    scene.write("note.made", organization=2)
    assert heard(mine) == []
    assert kinds(heard(theirs)) == ["note.made"]


def test_a_guest_hears_of_their_case_alone_and_never_of_talk() -> None:
    scene = Scene()
    guest = scene.open(ticket(case=5))
    scene.write(
        "talk.said",
        "case.taken",
        "case.documented",
        "note.made",
        "promise.given",
        case=5,
        customer=2,
        place=1,
    )
    scene.write("message.sent", case=6)
    scene.write("message.sent", case=5, organization=2)
    scene.write("case.opened")
    assert heard(guest) == [("change", {"kind": "promise.given", "case": IDS.public("case", 5)})]


def test_looking_is_not_told() -> None:
    scene = Scene()
    stream = scene.open(ticket())
    heard(stream)
    scene.write("card.viewed", "customer.searched", "house.exported", customer=2)
    assert heard(stream) == []


def test_the_same_thing_twice_in_one_batch_is_told_once() -> None:
    scene = Scene()
    stream = scene.open(ticket())
    scene.write("note.made", "note.made", "note.withdrawn", "note.made", customer=2)
    assert kinds(heard(stream)) == ["note.made", "note.withdrawn"]


def test_only_the_last_event_of_a_batch_carries_the_mark() -> None:
    scene = Scene()
    stream = scene.open(ticket())
    stream.text()
    scene.write("note.made", "note.withdrawn")
    first, second, rest = stream.text().split(b"\n\n")
    assert b"id:" not in first
    assert b"id: %d" % scene.hub.mark in second
    assert rest == b""


@pytest.mark.parametrize(("count", "told"), [(MANY, MANY), (MANY + 1, 1)])
def test_more_than_can_be_followed_becomes_one_reload(count: int, told: int) -> None:
    scene = Scene()
    stream = scene.open(ticket())
    heard(stream)
    scene.deliver([scene.entry("promise.broken", customer=number) for number in range(count)])
    events = heard(stream)
    assert len(events) == told
    assert events[-1][0] == ("change" if told > 1 else "reload")


def test_a_flooded_organization_is_told_to_reload_and_so_is_who_comes_back() -> None:
    scene = Scene()
    mine, theirs = scene.open(ticket()), scene.open(ticket(organization=2))
    heard(theirs)
    before = scene.hub.mark
    scene.transaction += 50_000
    scene.deliver([], frozenset({1}))
    assert heard(mine) == [("reload", {})]
    assert heard(theirs) == []
    assert heard(scene.open(ticket(), last=before)) == [("reload", {})]
    assert heard(scene.open(ticket(), last=scene.hub.mark)) == []


def test_who_comes_back_hears_what_they_missed_in_their_scope() -> None:
    scene = Scene()
    scene.write("note.made")
    mark = scene.hub.mark
    scene.write("visit.expected", place=1)
    scene.write("visit.expected", place=2)
    scene.write("note.made", organization=2)
    assert kinds(heard(scene.open(ticket(7, {1}), last=mark))) == ["visit.expected"]
    assert kinds(heard(scene.open(ticket(8), last=mark))) == ["visit.expected", "visit.expected"]
    assert heard(scene.open(ticket(9), last=scene.hub.mark)) == []


def test_a_mark_from_the_future_reloads() -> None:
    scene = Scene()
    assert heard(scene.open(ticket(), last=scene.hub.mark + 1)) == [("reload", {})]


def test_a_mark_older_than_ten_minutes_reloads() -> None:
    scene = Scene()
    scene.write("note.made")
    mark = scene.hub.mark
    scene.clock.now += 5
    scene.write("note.made")
    scene.clock.now += 598
    scene.hub.beat(60, NOON)
    assert kinds(heard(scene.open(ticket(), last=mark))) == ["note.made"]
    scene.clock.now += 5
    scene.hub.beat(60, NOON)
    assert heard(scene.open(ticket(), last=mark)) == [("reload", {})]
    assert heard(scene.open(ticket(), last=scene.hub.mark)) == []


def test_an_organization_that_moved_on_too_far_reloads_and_its_memory_is_bounded() -> None:
    scene = Scene()
    mark = scene.hub.mark
    scene.write("note.made")
    scene.deliver([scene.entry("note.made", customer=number) for number in range(PER_ORGANIZATION)])
    assert len(scene.hub._memory._entries[1]) == PER_ORGANIZATION
    assert heard(scene.open(ticket(), last=mark)) == [("reload", {})]


def test_a_new_page_hears_of_changes_since_it_was_asked_for() -> None:
    scene = Scene()
    scene.clock.now += 10
    scene.write("note.made")
    scene.clock.now += 3
    assert kinds(heard(scene.open(ticket(), age=2.5))) == ["note.made"]
    assert heard(scene.open(ticket(), age=0.5)) == []
    assert heard(scene.open(ticket(), age=100.0)) == [("reload", {})]


def test_an_entry_found_after_a_crash_reaches_even_those_whose_mark_is_past_it() -> None:
    scene = Scene()
    scene.write("note.made")
    mark = scene.hub.mark
    late = Entry(50, 9000, 1, "note.made", NOON, None, 1, None, None)
    stream = scene.open(ticket(), last=mark)
    known = scene.hub._memory.since(1, 0)
    assert known is not None
    scene.hub.deliver(Batch(Snapshot(mark, mark, ()), [late, *known]), after_a_break=True)
    assert len(heard(stream)) == 1
    assert len(heard(scene.open(ticket(), last=mark))) == 1


def test_a_restored_journal_reloads_every_screen() -> None:
    scene = Scene()
    stream = scene.open(ticket())
    heard(stream)
    scene.hub.start(Batch(Snapshot(20, 20, ()), []), [], IDS)
    assert scene.hub.mark == 20
    assert heard(stream) == [("reload", {})]


@pytest.mark.parametrize(
    "kind", ["staff.disabled", "staff.role_changed", "staff.places_changed", "staff.removed"]
)
def test_losing_rights_ends_the_streams_and_voids_the_ticket(kind: str) -> None:
    scene = Scene()
    mine, other = scene.open(ticket(7)), scene.open(ticket(8))
    same_number_elsewhere = scene.open(ticket(7, organization=2))
    scene.write(kind, subject=7, at=NOON)
    assert mine.closed
    assert not other.closed
    assert not same_number_elsewhere.closed
    with pytest.raises(Revoked):
        scene.open(ticket(7, issued=NOON + GRACE - timedelta(seconds=1)))
    assert not scene.open(ticket(7, issued=NOON + GRACE)).closed


@pytest.mark.parametrize("kind", ["link.made", "link.revoked"])
def test_revoking_a_link_ends_the_customers_page_only(kind: str) -> None:
    scene = Scene()
    guest, colleague = scene.open(ticket(case=5)), scene.open(ticket(5))
    scene.write(kind, case=5)
    assert guest.closed
    assert not colleague.closed
    with pytest.raises(Revoked):
        scene.open(ticket(case=5))


def test_rights_lost_before_the_process_started_still_count() -> None:
    hub, scene = Hub(10), Scene()
    hub.start(Batch(Snapshot(100, 100, ()), []), [scene.entry("staff.disabled", subject=7)], IDS)
    with pytest.raises(Revoked):
        hub.open(ticket(7))


def test_one_person_has_so_many_streams_and_all_together_so_many() -> None:
    scene = Scene(limit=PER_PERSON + 1)
    streams = [scene.open(ticket(7)) for _ in range(PER_PERSON)]
    with pytest.raises(TooMany) as one:
        scene.open(ticket(7))
    assert one.value.everybody is False
    scene.open(ticket(8))
    with pytest.raises(TooMany) as all_of_them:
        scene.open(ticket(9))
    assert all_of_them.value.everybody is True
    scene.hub.close(streams[0].stream)
    assert scene.hub.count == PER_PERSON
    assert not scene.open(ticket(7)).closed


def test_closed_streams_leave_nothing_behind() -> None:
    scene = Scene()
    for screen in [scene.open(ticket(person)) for person in (7, 7, 8)]:
        scene.hub.close(screen.stream)
    assert (scene.hub.count, scene.hub._holders, dict(scene.hub._scopes)) == (0, {}, {})
    assert all(not slot for slot in scene.hub._slots)


def test_a_screen_that_takes_nothing_is_told_to_reload_once_it_does() -> None:
    scene = Scene()
    stream = scene.open(ticket())
    heard(stream)
    stream.stuck = SLOW + 1
    scene.write("note.made")
    scene.write("note.made")
    assert heard(stream) == []
    stream.stuck = 0
    scene.write("note.made")
    assert heard(stream) == [("reload", {})]
    scene.write("note.made")
    assert kinds(heard(stream)) == ["note.made"]


def test_what_is_told_before_the_answer_has_begun_waits_for_it() -> None:
    scene = Scene()
    stream, paper = scene.hub.open(ticket()), Paper()
    scene.write("note.made")
    stream.begin(paper)
    assert kinds(heard(paper)) == ["note.made"]


def test_a_stream_that_ended_before_its_answer_had_begun_is_hung_up_on() -> None:
    scene = Scene()
    stream, paper = scene.hub.open(ticket(7)), Paper()
    scene.write("staff.disabled", subject=7)
    stream.begin(paper)
    assert paper.closed


def test_a_dead_line_is_cut_rather_than_closed() -> None:
    scene = Scene()
    stream = scene.open(ticket(7))
    stream.stuck = SLOW + 1
    scene.hub.end_all()
    assert stream.cut


def test_every_stream_gets_a_sign_of_life_in_its_turn_and_ends_with_its_ticket() -> None:
    scene = Scene()
    streams = [scene.open(ticket(person)) for person in range(BEAT)]
    for stream in streams:
        heard(stream)
    for tick in range(1, BEAT + 1):
        scene.hub.beat(tick, NOON)
    assert [kinds(heard(stream)) for stream in streams] == [["beat"]] * BEAT
    for tick in range(1, BEAT + 1):
        scene.hub.beat(tick, NOON + LIFETIME)
    assert [stream.closed for stream in streams] == [True] * BEAT
