"""What the customer knows of a promise: what it is and the time that they were told, in their language."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from rugui.core.tenancy import within
from rugui.promise import waiting
from rugui.promise.heard import Heard, by_what_they_heard, said
from rugui.promise.models import Promise
from rugui.recover import actions as recover

from ..factories import NOON, House
from ..recover.help import acting, given, opened, text

TAIPEI = ZoneInfo("Asia/Taipei")  # noon in UTC is eight in the evening


def of(
    kind: str = "answer",
    *,
    told: timedelta | None = timedelta(hours=1),
    state: str = "open",
    **fields: object,
) -> Heard:
    values = {"settled_at": None, "paused_at": None, "waits_for": "", **fields}
    return Heard(kind, NOON, None if told is None else NOON + told, state, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "told", "sentence"),
    [
        ("en", timedelta(hours=1), "You have our answer by today at 21:00 (Taipei time)."),
        ("en", timedelta(hours=13), "You have our answer by tomorrow at 09:00 (Taipei time)."),
        ("en", timedelta(days=3), "You have our answer by Sunday, 6 September, 20:00 (Taipei time)."),
        ("zh-hant", timedelta(hours=1), "最晚今天 21:00（台北時間），您會收到我們的答覆。"),
        ("zh-hans", timedelta(days=3), "最晚9月6日星期日 20:00（台北时间），您会收到我们的答复。"),
    ],
)
def test_it_is_a_sentence_in_their_language_with_whose_time_it_is(
    language: str, told: timedelta, sentence: str
) -> None:
    with translation.override(language):
        assert said(of(told=told), TAIPEI, now=NOON) == sentence


@pytest.mark.parametrize("kind", [kind for kind in Promise.Kind.values if kind not in Promise.AMONG_US])
@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_every_kind_has_its_words_with_a_time_and_without(kind: str, language: str) -> None:
    with translation.override(language):
        by, sometime = said(of(kind), TAIPEI, now=NOON), said(of(kind, told=None), TAIPEI, now=NOON)
    assert "21:00" in by
    assert sometime
    assert "21:00" not in sometime


@pytest.mark.parametrize(
    ("state", "settled", "minutes", "seen"),
    [
        ("open", None, 30, "open"),
        ("broken", None, 30, "open"),  # past our own time, not past theirs
        ("broken", None, 61, "broken"),
        ("broken", 50, 80, "kept"),
        ("broken", 70, 80, "broken"),
        ("kept", 50, 80, "kept"),
        ("renegotiated", 50, 80, "renegotiated"),
    ],
)
def test_it_is_broken_for_them_when_the_time_that_they_were_told_is_past(
    state: str, settled: int | None, minutes: int, seen: str
) -> None:
    done = None if settled is None else NOON + timedelta(minutes=settled)
    known = of(state=state, settled_at=done)
    assert by_what_they_heard(known, NOON + timedelta(minutes=minutes)).state == seen


def test_what_waits_says_for_what_and_what_is_broken_says_sorry() -> None:
    assert "what you send or bring" in said(of(paused_at=NOON, waits_for="thing"), TAIPEI, now=NOON)
    late = by_what_they_heard(of(), NOON + timedelta(hours=2))
    assert said(late, TAIPEI, now=NOON + timedelta(hours=2)).endswith("did not keep it. We are sorry.")


@pytest.mark.django_db
def test_the_page_of_their_case_says_the_time_told_and_never_our_own(
    lake_house: House, client: Client
) -> None:
    case = opened(lake_house)
    told, ours = datetime(2031, 5, 6, 3, 4, tzinfo=TAIPEI), datetime(2031, 5, 6, 1, 2, tzinfo=TAIPEI)
    with acting(lake_house, "carol") as (carol, moment):
        secret = recover.share_link(carol, case, now=moment)
        Promise.objects.filter(case=case).update(told_at=told, due_at=ours, ring_at=ours)
        extra = given(lake_house, case.customer, kind="solution", case_id=case.id)
        waiting.pause(carol, extra, waits_for="thing", now=moment)
    page = client.get(reverse("guest-case", args=[secret]))
    assert "by Tuesday, 6 May, 03:04 (Taipei time)" in text(page)
    assert "01:02" not in text(page)
    assert str(int(ours.timestamp() * 1000)) not in page.content.decode()
    assert "We wait for what you send or bring us" in text(page)


@pytest.mark.django_db
def test_the_database_does_not_give_our_own_time_to_the_customers_role(lake_house: House) -> None:
    from django.db import ProgrammingError

    from rugui.recover.access import Guest, as_guest

    case = opened(lake_house)
    with pytest.raises(ProgrammingError, match="permission denied"), as_guest(Guest(lake_house.id, case.id)):
        list(Promise.objects.values_list("due_at", flat=True))


@pytest.mark.django_db
def test_a_time_that_was_agreed_is_the_one_that_they_were_told(lake_house: House) -> None:
    promise = given(lake_house, kind="other")
    assert promise.told_at == promise.due_at
    follow_up = given(lake_house, kind="follow_up")
    assert follow_up.told_at is None
    with within(lake_house.id):
        waiting_one = given(lake_house, kind="solution")
        waiting.pause(lake_house.actor("carol"), waiting_one, now=waiting_one.made_at)
        waiting.resume(lake_house.actor("carol"), waiting_one, now=waiting_one.made_at + timedelta(hours=2))
    assert waiting_one.told_at == waiting_one.due_at
