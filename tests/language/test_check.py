"""The coach beside composers: marks on a draft, silence, what came of marks, and rules that somebody does not want to hear."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rugui.core.errors import InputError
from rugui.core.tenancy import within
from rugui.know import actions as know
from rugui.language import checking, packs, silencing
from rugui.language.models import CoachTally, SilencedRule
from rugui.promise import actions as promises
from rugui.serve.actions import record_touch

from .. import factories
from ..recover.help import acting, opened
from .help import in_use, rule

pytestmark = pytest.mark.django_db

DRAFT = "You failed to attach the receipt. We will answer shortly."


def marks(client: Any, text: str, **fields: str) -> list[dict[str, Any]]:
    answer = client.post(reverse("words-check"), {"text": text, **fields})
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["marks"]
    return found


def rules(client: Any, text: str, **fields: str) -> list[str]:
    return [mark["rule"] for mark in marks(client, text, **fields)]


def test_a_draft_is_marked_with_the_reason_and_better_words(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    first = marks(browse(lake_house, "carol"), f"😀 {DRAFT}")[0]
    assert (first["rule"], first["severity"], first["words"]) == ("en.you-failed", "error", "You failed to")
    assert first["start"] == 3, "places are counted as browsers count"
    assert first["why"]
    assert first["ways"][0]["text"]


def test_the_houses_own_rules_count_at_once_and_for_this_house_only(
    lake_house: factories.House, other_house: factories.House, browse: factories.Browse
) -> None:
    carol = browse(lake_house, "carol")
    assert rules(carol, "Kind regards, Carol") == []
    in_use(lake_house, rule())
    found = marks(carol, "Kind regards, Carol")
    assert [mark["rule"] for mark in found] == ["en.kind-regards"]
    assert found[0]["ways"][0]["text"] == "Yours, Carol", "the writer's name is filled in"
    assert rules(browse(other_house, "mallory"), "Kind regards, Carol") == []


def test_a_check_asks_one_question_once_the_rules_are_ready(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    carol = browse(lake_house, "carol")
    in_use(
        lake_house, rule(), rule("second", tokens=["warm greetings"], examples={"match": ["Warm greetings"]})
    )
    marks(carol, DRAFT)
    with CaptureQueriesContext(connection) as asked:
        marks(carol, DRAFT * 20)
    said = [each["sql"] for each in asked.captured_queries]
    reads = [
        sql for sql in said if sql.startswith("SELECT") and "set_config('rugui.organization', ''" not in sql
    ]
    assert len(reads) == 4, reads  # session, user, house, and which rules hold
    in_use(lake_house, rule("third", tokens=["best of luck"], examples={"match": ["Best of luck"]}))
    assert rules(carol, "Best of luck and kind regards") == ["en.third", "en.kind-regards"]


def test_a_silenced_rule_is_silent_for_oneself_only(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    carol = browse(lake_house, "carol")
    assert carol.post(reverse("words-silence"), {"rule": "en.you-failed"}).status_code == 204
    assert carol.post(reverse("words-silence"), {"rule": "en.no-such"}).status_code == 204
    assert "en.you-failed" not in rules(carol, DRAFT)
    assert "en.you-failed" in rules(browse(lake_house, "alice"), DRAFT)
    with within(lake_house.id):
        assert list(SilencedRule.objects.values_list("rule", flat=True)) == ["en.you-failed"]
    page = browse(lake_house, "carol").get(reverse("my-words")).content.decode()
    assert "You failed to attach the receipt." in page
    assert "You failed to attach" not in browse(lake_house, "alice").get(reverse("my-words")).content.decode()
    carol = browse(lake_house, "carol")
    carol.post(reverse("words-silence"), {"rule": "en.you-failed", "again": "1"})
    assert "en.you-failed" in rules(carol, DRAFT)


def test_what_came_of_marks_is_counted_for_the_house_and_without_a_name(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    carol = browse(lake_house, "carol")
    for _each in range(2):
        sent = {"shown": ["en.you-failed", "en.invented"], "left": "en.you-failed", "meaning": "en.shortly"}
        assert carol.post(reverse("words-answered"), sent).status_code == 204
    with within(lake_house.id):
        counts = {(row.rule, row.kind): row.count for row in CoachTally.objects.all()}
    assert counts[("en.you-failed", "shown")] == 2
    assert counts[("en.you-failed", "left")] == 2
    assert not any(rule == "en.invented" for rule, _kind in counts)
    assert {field.name for field in CoachTally._meta.fields} == {
        "id",
        "organization",
        "rule",
        "day",
        "kind",
        "count",
    }
    page = browse(lake_house, "alice").get(reverse("house-voice")).content.decode()
    assert "marked 2 times" in page
    assert "Carol" not in page


def test_a_rule_that_is_mostly_called_wrong_falls_silent_the_next_day(lake_house: factories.House) -> None:
    with acting(lake_house, "carol") as (actor, moment):
        today = moment.date()
        assert _found(actor, today)
        for _each in range(12):
            from rugui.language import actions

            actions.count(actor, [("en.you-failed", CoachTally.Kind.MEANING)], today=today)
        assert _found(actor, today), "within the day rules stay as they are"
        assert not _found(actor, today + timedelta(days=1))


def _found(actor: Any, today: Any) -> bool:
    context = checking.Context(certain=checking.CERTAIN)
    return any(
        mark.rule == "en.you-failed" for mark in checking.check(actor, DRAFT, context, today=today).marks
    )


def test_looking_only_is_not_writing(lake_house: factories.House, browse: factories.Browse) -> None:
    erin = browse(lake_house, "erin")
    assert erin.post(reverse("words-check"), {"text": DRAFT}).status_code == 403
    assert erin.post(reverse("words-answered"), {"taken": "en.you-failed"}).status_code == 403


def test_silence_is_advised_after_two_messages_without_an_answer(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    customer = factories.customer(lake_house)
    carol = browse(lake_house, "carol")

    def hush() -> list[str]:
        answer = carol.post(reverse("words-check"), {"text": "", "customer": customer.public_id})
        found: list[str] = answer.json()["silence"]
        return found

    assert hush() == []
    with acting(lake_house, "carol") as (actor, moment):
        for minutes in (50, 40):
            record_touch(
                actor, customer, channel="email", direction="out", text="Are you there?", place=lake_house.place,
                now=moment - timedelta(minutes=minutes),
            )  # fmt: skip
    assert hush() == ["This would be the third message in a row without an answer from them."]
    with acting(lake_house, "carol") as (actor, moment):
        promises.give(
            actor, customer, lake_house.place, kind="call_back", text="Call", due_at=moment + timedelta(minutes=20),
            owner_id=actor.staff_id, now=moment,
        )  # fmt: skip
    assert hush() == [], "a promise that is due soon must be kept"


def test_a_rule_for_some_moods_holds_only_while_the_reader_is_in_one(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    customer = factories.customer(lake_house)
    in_use(lake_house, rule(moods=["upset"]))
    carol = browse(lake_house, "carol")

    def answer(**fields: Any) -> dict[str, Any]:
        read: dict[str, Any] = carol.post(
            reverse("words-check"), {"text": "Kind regards, Carol", **fields}
        ).json()
        return {"mood": read.get("mood"), "marked": [mark["rule"] for mark in read["marks"]]}

    assert answer(mood="upset") == {"mood": None, "marked": ["en.kind-regards"]}
    assert answer(mood="happy") == {"mood": None, "marked": []}
    assert answer(customer=customer.public_id)["mood"] == "", "nobody has seen how they are"
    with acting(lake_house, "carol") as (actor, moment):
        know.add_note(actor, customer, text="furious about the wait", kind="mood", now=moment)
    assert answer(customer=customer.public_id) == {"mood": "upset", "marked": ["en.kind-regards"]}


@pytest.mark.parametrize(
    ("quiet", "said"),
    [
        ("always", ["They have asked not to hear from us."]),
        ("2999-01-01", ["They have asked not to be disturbed now."]),
        ("2020-01-01", []),
        ("", []),
    ],
)
def test_silence_is_advised_to_whom_they_asked_not_to_disturb(
    lake_house: factories.House, quiet: str, said: list[str]
) -> None:
    customer = factories.customer(lake_house)
    with acting(lake_house, "carol") as (actor, moment):
        know.edit_customer(actor, customer, quiet=quiet, now=moment)
        found = silencing.advice(actor, customer, now=moment)
        assert [silencing.in_words(each) for each in found] == said


def test_a_day_of_quiet_is_the_days_of_the_house(lake_house: factories.House) -> None:
    customer = factories.customer(lake_house)
    with acting(lake_house, "carol") as (actor, moment):
        local = moment.astimezone(lake_house.place.zone)
        know.edit_customer(actor, customer, quiet=local.date().isoformat(), now=moment)
        (found,) = silencing.advice(actor, customer, now=moment)
        assert found.until is not None
        assert found.until.astimezone(lake_house.place.zone).date() == local.date()
        for wrong in ("soon", "2026-2-3", "20261224"):
            with pytest.raises(InputError):
                know.edit_customer(actor, customer, quiet=wrong, now=moment)


def test_nothing_is_held_back_while_a_case_runs(lake_house: factories.House) -> None:
    customer = factories.customer(lake_house)
    case = opened(lake_house, customer)
    with acting(lake_house, "carol") as (actor, moment):
        from rugui.recover import actions as recover

        for _each in range(3):
            recover.write_to_customer(actor, case, text="On it.", now=moment)
        assert silencing.advice(actor, customer, now=moment) == ()


def test_every_composer_has_the_coach(lake_house: factories.House, browse: factories.Browse) -> None:
    customer = factories.customer(lake_house)
    case = opened(lake_house, customer)
    with acting(lake_house, "carol") as (actor, moment):
        touch = record_touch(
            actor, customer, channel="email", direction="in", text="Where is it?", place=lake_house.place, waiting=True,
            now=moment,
        )  # fmt: skip
    carol = browse(lake_house, "carol")
    hx = {"HX-Request": "true"}
    for address, fields in (
        (reverse("case", args=[case.id]), ["write-text"]),
        (reverse("case-review", args=[case.id]), ["id_review-understood"]),
        (
            reverse("case-more", args=[case.id]),
            [f"id_choices-{name}" for name in ("first", "second", "third")],
        ),
        (reverse("message-answer", args=[touch.id]), ["id_text"]),
    ):
        page = carol.get(
            address, headers=hx if "case-" in address or "/more" in address or "/review" in address else {}
        )
        for field in fields:
            assert f'data-coach="{field}"' in page.content.decode(), address


def test_what_the_first_draft_would_wait_for_is_made_ready_without_asking_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(packs, "_folder", lambda: tmp_path)
    for each in (packs.starter, packs._starters_written, packs.starter_bodies, checking._starter):
        each.cache_clear()
    assert not packs.are_kept()
    with django_assert_num_queries(0):
        checking.warm()
    assert packs.are_kept()
    first = packs._starters_written()
    packs._starters_written.cache_clear()
    assert packs._starters_written() == first == packs._written_packs()
    assert set(packs.starter_bodies()) == set(packs.starter())
