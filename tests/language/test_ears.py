"""The house listens: what customers write is heard as it arrives, and one tap sets right what was misheard."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from rugui.connect.inbox import Message, receive
from rugui.core.errors import ChangedMeanwhile, InputError, NotAllowed, NotFound
from rugui.core.tenancy import within
from rugui.engines.hearing import shipped
from rugui.language.ears import actions, listening, queries, words
from rugui.language.ears.models import HeardMessage, HearingCorrection
from rugui.serve import actions as serve
from rugui.serve.models import Touch

from .. import factories
from ..desk.help import journal, tapped, told
from ..desk.help import queries as counted
from ..factories import Browse, House
from ..recover.help import acting

pytestmark = pytest.mark.django_db

LEAK = "Water is pouring from the ceiling, come right now, this is unacceptable!"


def came(house: House, text: str, sender: str = "a@x.example") -> Touch:
    with acting(house, "carol") as (actor, now):
        return receive(actor, house.place, Message("email", text, [("email", sender)]), now=now).touch


def heard(house: House, touch: Touch) -> HeardMessage:
    with within(house.id):
        return HeardMessage.objects.get(touch_id=touch.id)


def chips(house: House, touch: Touch) -> list[str]:
    with within(house.id):
        return [chip.text for chip in queries.seen([touch.id])[touch.id].chips]


def test_a_message_is_heard_as_it_arrives_and_says_how_sure_it_is(lake_house: House) -> None:
    row = heard(lake_house, came(lake_house, LEAK))
    assert row.acts[:1] == ["complaint"]
    assert row.urgency == "now"
    assert row.language == "en"
    assert 0.65 <= row.chances["complaint"] < 1
    assert row.ear == f"{shipped().version}/0.0/0.0"


def test_what_is_below_the_threshold_is_not_said(lake_house: House) -> None:
    row = heard(lake_house, came(lake_house, "Blue."))
    for answer in (*row.acts, *row.elements):
        assert row.chances[answer] >= listening.SHOWN
    assert set(row.chances) >= {"complaint", "request", "praise", "question"}


def test_names_days_and_sums_are_found(lake_house: House) -> None:
    row = heard(lake_house, came(lake_house, "Could Carol call me tomorrow at 3 pm about the 80 dollars?"))
    assert {(each["kind"], each["words"]) for each in row.found} >= {
        ("colleague", "Carol"),
        ("amount", "80 dollars"),
    }
    assert any(each["kind"] in {"day", "moment"} for each in row.found)


def test_what_we_say_is_not_heard(lake_house: House) -> None:
    customer = factories.customer(lake_house, "Chen")
    with acting(lake_house, "carol") as (actor, now):
        said: dict[str, Any] = {"channel": "phone", "place": lake_house.place, "now": now}
        serve.record_touch(actor, customer, direction="out", text="It is broken, sorry!", **said)
        serve.record_touch(actor, customer, direction="in", text="", **said)
        assert HeardMessage.objects.count() == 0


def test_one_tap_sets_it_right_and_the_ear_learns(lake_house: House, browse: Browse) -> None:
    first, carol = came(lake_house, "The blue lamp blinks again"), browse(lake_house, "carol")
    second = came(lake_house, "The blue lamp blinks", "b@x.example")
    before = heard(lake_house, second).chances["complaint"]
    answer = tapped(carol, f"/messages/{first.public_id}/heard", {"what": "complaint", "answer": "yes"})
    assert answer.status_code == 204
    assert told(answer)["toast"]["text"] == "It is a complaint"
    assert "A complaint" in chips(lake_house, first)
    assert heard(lake_house, second).chances["complaint"] > before
    assert heard(lake_house, second).ear.endswith(f"/1.{_only(lake_house).id}/0.0")
    assert journal(lake_house)[-1] == "hearing.corrected"


def test_taking_it_back_makes_the_ear_as_if_it_had_never_been(lake_house: House, browse: Browse) -> None:
    touch, carol = came(lake_house, "The blue lamp blinks again"), browse(lake_house, "carol")
    before = heard(lake_house, touch)
    answer = tapped(carol, f"/messages/{touch.public_id}/heard", {"what": "complaint", "answer": "yes"})
    undone = tapped(carol, told(answer)["toast"]["undo"])
    assert undone.status_code == 204
    after = heard(lake_house, touch)
    assert (after.acts, after.chances, after.ear) == (before.acts, before.chances, before.ear)
    assert journal(lake_house)[-1] == "hearing.withdrawn"
    assert tapped(carol, told(answer)["toast"]["undo"]).status_code == 409


def test_a_second_answer_takes_the_place_of_the_first(lake_house: House) -> None:
    touch = came(lake_house, "The blue lamp blinks again")
    with acting(lake_house, "carol") as (actor, now):
        actions.correct(actor, touch, what="mood", answer="angry", now=now)
        actions.correct(actor, touch, what="mood", answer="tired", now=now)
        held = HearingCorrection.objects.filter(withdrawn_at=None)
        assert [each.answer for each in held] == ["tired"]
        assert HearingCorrection.objects.count() == 2
    assert heard(lake_house, touch).mood == "tired"


def test_of_one_question_one_answer_holds_whatever_the_program_does(lake_house: House) -> None:
    touch = came(lake_house, "Hello")
    one = {
        "organization_id": lake_house.id,
        "touch": touch,
        "what": "mood",
        "answer": "calm",
        "made_at": touch.at,
    }
    with within(lake_house.id):
        HearingCorrection.objects.create(**one)
        with pytest.raises(IntegrityError), transaction.atomic():
            HearingCorrection.objects.create(**one)


def test_a_question_that_is_not_asked_is_refused_by_name(lake_house: House) -> None:
    touch = came(lake_house, "Hello")
    with acting(lake_house, "carol") as (actor, now):
        for what, answer, field in (
            ("colour", "yes", "what"),
            ("topic-99", "yes", "what"),
            ("mood", "blue", "answer"),
        ):
            with pytest.raises(InputError) as refused:
                actions.correct(actor, touch, what=what, answer=answer, now=now)
            assert set(refused.value.fields) == {field}


def test_who_only_looks_and_who_is_elsewhere_correct_nothing(lake_house: House) -> None:
    touch = came(lake_house, "Hello")
    for name, refusal in (("erin", NotAllowed), ("dan", NotFound)):
        with acting(lake_house, name) as (actor, now), pytest.raises(refusal):
            actions.correct(actor, touch, what="complaint", answer="yes", now=now)


def test_an_ear_is_one_houses_alone(lake_house: House, other_house: House) -> None:
    touch = came(lake_house, "The blue lamp blinks again")
    with acting(lake_house, "carol") as (actor, now):
        actions.correct(actor, touch, what="complaint", answer="yes", now=now)
    with acting(other_house, "mallory") as (actor, now):
        message = Message("email", "The blue lamp blinks again", [("email", "a@x.example")])
        theirs = receive(actor, other_house.place, message, now=now).touch
    assert heard(other_house, theirs).ear.endswith("/0.0/0.0")
    with within(other_house.id):
        assert HearingCorrection.objects.count() == 0


def test_what_was_corrected_goes_with_the_message(lake_house: House) -> None:
    touch = came(lake_house, "The blue lamp blinks again")
    with acting(lake_house, "carol") as (actor, now):
        actions.correct(actor, touch, what="complaint", answer="yes", now=now)
        Touch.objects.get(id=touch.id).promises.all().delete()
        Touch.objects.filter(id=touch.id).delete()
        assert HearingCorrection.objects.count() == HeardMessage.objects.count() == 0
        assert listening.ear_of(lake_house.id).mark.endswith("/0.0/0.0")


def test_a_topic_of_the_house_is_heard_by_its_words_and_learned_from_corrections(lake_house: House) -> None:
    with acting(lake_house, "bob") as (actor, now):
        topic = actions.add_topic(actor, name="Parking", words=["car park", "停車"], now=now)
    named, unnamed = (
        came(lake_house, "Is the car park open?"),
        came(lake_house, "Where do we leave the van?", "b@x.example"),
    )
    assert heard(lake_house, named).topics == [topic.id]
    assert "Perhaps about Parking" in chips(lake_house, named) or "Probably about Parking" in chips(
        lake_house, named
    )
    assert heard(lake_house, unnamed).topics == []
    with acting(lake_house, "carol") as (actor, now):
        actions.correct(actor, unnamed, what=f"topic-{topic.id}", answer="yes", now=now)
    assert heard(lake_house, came(lake_house, "Where can we leave the van?", "c@x.example")).topics == [
        topic.id
    ]
    with acting(lake_house, "bob") as (actor, now):
        actions.end_topic(actor, topic, now=now)
        with pytest.raises(ChangedMeanwhile):
            actions.end_topic(actor, topic, now=now)
    assert heard(lake_house, came(lake_house, "Is the car park open?", "d@x.example")).topics == []


def test_topics_are_for_who_leads_and_have_one_name(lake_house: House) -> None:
    with acting(lake_house, "carol") as (actor, now), pytest.raises(NotAllowed):
        actions.add_topic(actor, name="Boat", now=now)
    with acting(lake_house, "bob") as (actor, now):
        actions.add_topic(actor, name="Boat", now=now)
        for name, listed, field in (
            ("Boat", [], "name"),
            (" ", [], "name"),
            ("Lake", ["x" * 41], "words"),
            ("Lake", ["x"] * 13, "words"),
        ):
            with pytest.raises(InputError) as refused:
                actions.add_topic(actor, name=name, words=listed, now=now)
            assert set(refused.value.fields) == {field}


def test_a_complaint_that_was_missed_teaches_the_ear_by_its_case(lake_house: House, browse: Browse) -> None:
    touch = came(lake_house, "Blue.")
    browse(lake_house, "carol").post(f"/messages/{touch.public_id}/complaint")
    with within(lake_house.id):
        assert [(each.what, each.answer) for each in HearingCorrection.objects.all()] == [
            ("complaint", "yes")
        ]
    assert "complaint" in heard(lake_house, touch).acts


def test_today_shows_it_quietly_and_the_urgent_first(lake_house: House, browse: Browse) -> None:
    for number in range(3):
        came(lake_house, "Good morning", f"{number}@x.example")
    came(lake_house, LEAK, "z@x.example")
    html = browse(lake_house, "carol").get("/").content.decode()
    section = html.split('id="part-waiting"')[1]
    assert section.index("Water is pouring") < section.index("Good morning")
    assert 'class="chip is-heard is-pressing"' in section
    assert "Open a case" in section


def test_a_request_becomes_a_promise_with_its_words(lake_house: House, browse: Browse) -> None:
    touch = came(lake_house, "Could you please send two more towels to room 12?")
    assert "request" in heard(lake_house, touch).acts
    carol = browse(lake_house, "carol")
    answer = carol.get(f"/messages/{touch.public_id}/answer").content.decode()
    address = f"/customers/{touch.customer.public_id}/promise?touch={touch.public_id}"
    assert address in answer
    assert "Make it a promise" in answer
    page = carol.get(address).content.decode()
    assert 'value="Could you please send two more towels to room 12?"' in page


@pytest.mark.parametrize("many", [1, 3])
def test_the_number_of_queries_does_not_grow(many: int, lake_house: House, browse: Browse) -> None:
    made = [came(lake_house, LEAK, f"{number}@x.example") for number in range(many)]
    with acting(lake_house, "carol") as (actor, now):
        for touch in made:
            actions.correct(actor, touch, what="question", answer="yes", now=now)
    assert counted(browse(lake_house, "carol"), f"/messages/{made[0].public_id}/heard") == 7
    assert counted(browse(lake_house, "bob"), "/house/ears") == 5
    with acting(lake_house, "carol") as (actor, now):
        listening.ear_of(lake_house.id)
        with CaptureQueriesContext(connection) as asked:
            listening.keep(lake_house.id, made, now=now)
    # whose ear, names, what people said, what was heard
    assert len([each for each in asked if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]) == 4


def test_the_list_takes_back_and_only_shows_what_one_sees(lake_house: House, browse: Browse) -> None:
    touch = came(lake_house, "The blue lamp blinks again")
    with acting(lake_house, "carol") as (actor, now):
        made = actions.correct(actor, touch, what="complaint", answer="yes", now=now)
    bob = browse(lake_house, "bob")
    assert "The blue lamp blinks again" in bob.get("/house/ears").content.decode()
    answer = bob.post(f"/messages/heard/{made.public_id}/withdraw", {"from": "ears"})
    assert (answer.status_code, answer["Location"]) == (302, "/house/ears")
    assert "The blue lamp blinks again" not in bob.get("/house/ears").content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_every_answer_has_words_in_every_language(language: str) -> None:
    with translation.override(language):
        said = [words.act(act, chance) for act in words.ACTS for chance in (0.65, 0.8, 0.95, 1)]
        said += [
            words.about(name, chance) for name in words.ELEMENTS.values() for chance in (0.65, 0.8, 0.95, 1)
        ]
        said += [
            words.state(name, chance)
            for name in [*words.MOODS.values(), *words.URGENCIES.values()]
            for chance in (0.65, 0.8, 0.95, 1)
        ]
        said += [
            words.told(what, answer, {}) for what, answers in actions.ANSWERS.items() for answer in answers
        ]
    assert len(set(said)) == len(said)
    if language != "en":
        assert not [each for each in said if each.isascii()]


def test_a_hundred_corrections_make_an_ear_in_a_moment(lake_house: House) -> None:
    import time

    touch = came(lake_house, LEAK)
    with within(lake_house.id):
        HearingCorrection.objects.bulk_create(
            HearingCorrection(
                organization_id=lake_house.id, touch_id=_copy(lake_house, touch, number).id, what="complaint", answer="no", made_at=touch.at
            )
            for number in range(100)
        )  # fmt: skip
        begun = time.process_time()
        listening.ear_of(lake_house.id)
        first, begun = time.process_time() - begun, time.process_time()
        listening.ear_of(lake_house.id)
        again = time.process_time() - begun
    assert first < 1.5
    assert again < 0.05


def _copy(house: House, touch: Touch, number: int) -> Touch:
    return Touch.objects.create(
        organization_id=house.id, customer_id=touch.customer_id, place_id=touch.place_id, channel="email", direction="in",
        text=f"{touch.text} {number}", at=touch.at,
    )  # fmt: skip


def _only(house: House) -> HearingCorrection:
    with within(house.id):
        return HearingCorrection.objects.get(withdrawn_at=None)
