"""The phone without a network: what it carries, and that each of its lines is taken once, whatever the network did."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from rugui.core.tenancy import within
from rugui.desk.models import TakenLine
from rugui.know import actions as know
from rugui.know import merge
from rugui.know.models import Consent, Customer, Note
from rugui.promise import actions as promises
from rugui.promise.models import Promise
from rugui.serve import actions as serve

from .. import factories
from ..factories import Browse, House
from .help import acting, journal, queries, tapped

pytestmark = pytest.mark.django_db


def expect(house: House, name: str, *, need: str = "", here: bool = False) -> Customer:
    with acting(house, "carol") as (actor, now):
        customer = know.add_customer(
            actor, name=name, identities=[know.GivenIdentity("phone", "0912 345 678")], region="TW", now=now
        )
        visit = serve.expect_visit(
            actor, customer, house.place, expected_at=now + timedelta(seconds=1), about="Room 12", now=now
        )
        if here:
            serve.arrive(actor, visit, now=now)
        if need:
            know.add_note(actor, customer, text=need, kind=Note.Kind.NEED, place=house.place, now=now)
        know.add_note(actor, customer, text="likes tea", kind=Note.Kind.PREFERENCE, now=now)
        promises.give(
            actor,
            customer,
            house.place,
            kind=Promise.Kind.CALL_BACK,
            due_at=now + timedelta(hours=1),
            now=now,
        )
    return customer


def day(client: Client, known: str = "") -> dict[str, Any]:
    answer = client.get("/offline/day", {"known": known} if known else {})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    return answer.json()


def line(customer: Customer | None, text: str, **more: Any) -> dict[str, Any]:
    said = int(timezone.now().timestamp() * 1000)
    given = {"key": str(uuid4()), "phone": str(UUID(int=7)), "sequence": 1, "said_at": said, "text": text}
    return {**given, "customer": customer.public_id if customer else "", **more}


def send(client: Client, *lines: dict[str, Any]) -> list[dict[str, Any]]:
    answer = client.post("/offline/lines", json.dumps({"lines": lines}), content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()["lines"]


def kept(house: House) -> list[tuple[str, str]]:
    with within(house.id):
        return list(Note.objects.order_by("learned_at", "id").values_list("text", "kind"))


@pytest.mark.parametrize("many", [1, 3])
def test_a_phone_carries_todays_arrivals_and_their_cards_in_one_request(
    many: int, lake_house: House, browse: Browse
) -> None:
    for number in range(many):
        expect(lake_house, f"Guest {number}", need="no nuts", here=number == 2)
    carol = browse(lake_house, "carol")
    found = day(carol)["day"]
    assert [visit["here"] for visit in found["visits"]] == [False, False, True][:many]
    card = found["cards"][found["visits"][0]["customer"]]
    assert (card["called"], card["needs"]) == ("Guest 0", ["no nuts"])
    assert [(note["kind"], note["text"]) for note in card["notes"]] == [("preference", "likes tea")]
    assert [row["line"] for row in card["owed"]] == ["Call Guest 0 back"]
    assert [row["value"] for row in card["reach"]] == ["0912 345 678"]
    digest = day(carol)["digest"]
    assert queries(carol, f"/offline/day?known={digest}") == 10
    assert queries(carol, "/offline/day") == 11


def test_what_it_has_already_is_not_sent_again_nor_journalled(lake_house: House, browse: Browse) -> None:
    expect(lake_house, "Ms Chen")
    carol = browse(lake_house, "carol")
    first = day(carol)
    again = day(carol, first["digest"])
    assert "day" not in again
    assert journal(lake_house).count("arrivals.viewed") == 1
    assert (again["hours"], again["who"]) == (12, lake_house.people["carol"].public_id)


def test_it_carries_no_more_than_its_reader_may_read(lake_house: House, browse: Browse) -> None:
    customer = expect(lake_house, "Ms Chen")
    with acting(lake_house, "bob") as (actor, now):
        about = know.About(discretion=Note.Discretion.KEEPER)
        know.add_note(actor, customer, text="between us", about=about, now=now)
    for person in ("bob", "carol", "erin"):
        assert "between us" not in json.dumps(day(browse(lake_house, person)))
    assert day(browse(lake_house, "erin"))["day"]["may_write"] is False
    assert day(browse(lake_house, "dan"))["day"]["visits"] == []


def test_a_line_is_read_and_kept_as_the_capture_bar_would(lake_house: House, browse: Browse) -> None:
    customer, carol = factories.customer(lake_house), browse(lake_house, "carol")
    said = timezone.now() - timedelta(hours=2)
    sent = line(customer, "likes black coffee", said_at=int(said.timestamp() * 1000))
    answer = send(carol, sent)[0]
    assert (answer["outcome"], answer["called"], answer["moved"]) == ("kept", "Ms Chen", False)
    assert answer["notes"] == [{"kind": "Preference", "text": "likes black coffee"}]
    assert send(carol, sent)[0] == answer
    with within(lake_house.id):
        note = Note.objects.get()
        assert abs(note.learned_at - said) < timedelta(milliseconds=1)
        assert note.author_id == lake_house.people["carol"].id
    assert send(carol, line(customer, "need: quiet, and tea at six"))[0]["notes"][0]["kind"] == "Need"


def test_what_a_wrong_clock_says_is_kept_within_a_week(lake_house: House, browse: Browse) -> None:
    customer, carol = factories.customer(lake_house), browse(lake_house, "carol")
    before = datetime.now(UTC)
    send(
        carol,
        line(customer, "from the past", said_at=0),
        line(customer, "from beyond", said_at=9_000_000_000_000),
    )
    with within(lake_house.id):
        past, beyond = Note.objects.order_by("id")
    assert timedelta(days=6, hours=23) < before - past.learned_at < timedelta(days=7)
    assert before < beyond.learned_at < datetime.now(UTC)


def test_a_line_about_a_merged_card_follows_it_and_says_so(lake_house: House, browse: Browse) -> None:
    gone, other = factories.customer(lake_house, "Chen, A."), factories.customer(lake_house, "Ms Chen")
    with acting(lake_house, "alice") as (actor, now):
        merge.merge(actor, gone, other, reason="same", now=now)
    answer = send(browse(lake_house, "carol"), line(gone, "likes tea"))[0]
    assert (answer["outcome"], answer["moved"], answer["customer"]) == ("kept", True, other.public_id)
    with within(lake_house.id):
        assert Note.objects.get().customer_id == other.id


def test_a_line_about_a_card_that_is_gone_waits_for_a_decision(lake_house: House, browse: Browse) -> None:
    customer, other = factories.customer(lake_house), factories.customer(lake_house, "Mr Ito")
    nobody = customer.public_id
    with within(lake_house.id):
        customer.delete()
    carol, sent = browse(lake_house, "carol"), line(None, "likes tea")
    assert [send(carol, {**sent, "customer": who})[0]["outcome"] for who in (nobody, "")] == ["gone", "gone"]
    assert kept(lake_house) == []
    assert send(carol, {**sent, "customer": other.public_id})[0]["outcome"] == "kept"
    assert kept(lake_house) == [("likes tea", "preference")]


def test_what_needs_consent_is_asked_and_kept_once_when_they_agree(lake_house: House, browse: Browse) -> None:
    customer, carol = factories.customer(lake_house), browse(lake_house, "carol")
    sent = line(customer, "likes tea, diabetic")
    answer = send(carol, sent)[0]
    assert answer["outcome"] == "ask"
    assert [(ask["part"], ask["text"], ask["what"]) for ask in answer["asks"]] == [(1, "diabetic", "Health")]
    assert send(carol, sent)[0] == answer
    agreed = line(customer, "likes tea, diabetic", part=1)
    assert [send(carol, agreed)[0]["outcome"] for _ in range(2)] == ["kept", "kept"]
    assert kept(lake_house) == [("likes tea", "preference"), ("diabetic", "need")]
    with within(lake_house.id):
        assert Consent.objects.count() == 1


def test_a_key_of_somebody_else_opens_nothing(lake_house: House, browse: Browse) -> None:
    customer = factories.customer(lake_house)
    sent = line(customer, "likes tea")
    send(browse(lake_house, "carol"), sent)
    assert send(browse(lake_house, "dan"), sent)[0]["outcome"] == "gone"
    assert kept(lake_house) == [("likes tea", "preference")]


@pytest.mark.parametrize("body", ["", "[]", '{"lines": []}', '{"lines": [1]}', '{"lines": [{"key": "x"}]}'])
def test_nonsense_is_refused(body: str, lake_house: House, browse: Browse) -> None:
    answer = browse(lake_house, "carol").post("/offline/lines", body, content_type="application/json")
    assert answer.status_code == 422


def test_one_line_that_cannot_be_taken_holds_up_no_other(lake_house: House, browse: Browse) -> None:
    customer = factories.customer(lake_house)
    sent = [line(customer, "likes tea"), line(customer, " "), line(None, "x"), line(customer, "likes jazz")]
    outcomes = [each["outcome"] for each in send(browse(lake_house, "carol"), *sent)]
    assert outcomes == ["kept", "refused", "gone", "kept"]
    assert [text for text, _kind in kept(lake_house)] == ["likes tea", "likes jazz"]


def test_a_line_that_is_too_long_is_refused_whole_and_says_why(lake_house: House, browse: Browse) -> None:
    customer = factories.customer(lake_house)
    (answer,) = send(browse(lake_house, "carol"), line(customer, "tea " * 126))
    assert answer["outcome"] == "refused"
    assert answer["why"] == "Please keep it to 500 letters."
    assert kept(lake_house) == []


def test_the_capture_bars_line_is_taken_once_by_its_key(lake_house: House, browse: Browse) -> None:
    """The answer to the page was lost, and the phone sends the line again."""
    customer, carol = factories.customer(lake_house), browse(lake_house, "carol")
    key = str(uuid4())
    form = {"text": "likes tea", "customer": customer.public_id, "key": key}
    first = tapped(carol, "/capture", form).content.decode()
    assert tapped(carol, "/capture", form).content.decode() == first
    assert send(carol, line(customer, "likes tea", key=key))[0]["outcome"] == "kept"
    assert kept(lake_house) == [("likes tea", "preference")]


class Phone:
    """Sends its lines over a network that loses requests and answers, doubles and reorders them."""

    def __init__(self, client: Client, customer: Customer, number: int, dice: random.Random) -> None:
        self.client, self.dice = client, dice
        began = int((timezone.now() - timedelta(hours=1)).timestamp() * 1000)
        self.waiting = [
            line(customer, f"phone {number} line {at:03}", phone=str(UUID(int=number + 1)), sequence=at + 1, said_at=began + at)
            for at in range(200)
        ]  # fmt: skip
        self.late: list[list[dict[str, Any]]] = []
        self.heard: dict[str, str] = {}

    def go(self) -> None:
        batch = self.waiting[: self.dice.randint(1, 20)]
        fate = self.dice.random()
        if fate < 0.25:
            return  # lost on the way there
        if fate < 0.45:
            self.late.append(batch)  # on its way, while the phone has given up and tries again
            return
        if self.late and fate < 0.6:
            send(self.client, *self.late.pop(self.dice.randrange(len(self.late))))
            return
        answers = send(self.client, *(self.dice.sample(batch, len(batch)) if fate < 0.75 else batch))
        if self.dice.random() < 0.3:
            return  # lost on the way back
        self.heard |= {answer["key"]: answer["outcome"] for answer in answers}
        self.waiting = [each for each in self.waiting if each["key"] not in self.heard]


@pytest.mark.parametrize("seed", [1, 2026, 48611])
def test_200_lines_of_3_phones_are_taken_once_each_in_order(
    seed: int, lake_house: House, browse: Browse
) -> None:
    dice, customer = random.Random(seed), factories.customer(lake_house)
    people = ("carol", "bob", "alice")
    phones = [Phone(browse(lake_house, who), customer, at, dice) for at, who in enumerate(people)]
    while any(phone.waiting for phone in phones):
        dice.choice([phone for phone in phones if phone.waiting]).go()
    for phone in phones:
        for late in phone.late:
            send(phone.client, *late)  # what was still on its way arrives at last
        assert set(phone.heard.values()) == {"kept"}
    with within(lake_house.id):
        texts = list(Note.objects.order_by("learned_at", "id").values_list("text", flat=True))
        assert TakenLine.objects.count() == 600
    for number in range(3):
        own = [text for text in texts if text.startswith(f"phone {number} ")]
        assert own == [f"phone {number} line {at:03}" for at in range(200)]
    assert len(texts) == 600


def test_the_page_holds_nothing_of_the_house_and_the_worker_every_file(lake_house: House) -> None:
    expect(lake_house, "Ms Chen")
    stranger = Client()
    page = stranger.get("/offline", {"language": "zh-hant"})
    assert (page.status_code, page["Content-Language"]) == (200, "zh-hant")
    assert "Chen" not in page.content.decode()
    assert "csrf" not in page.content.decode().lower()
    worker = stranger.get("/sw.js")
    assert (worker["Content-Type"], worker["Cache-Control"]) == ("text/javascript; charset=utf-8", "no-cache")
    assert "worker-src 'self'" in worker["Content-Security-Policy"]
    for name in ("/static/js/offline-page.js", "/static/css/tokens.css", "/static/img/icons.svg"):
        assert name in worker.content.decode()
