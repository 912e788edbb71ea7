"""A time promised in a message's own words is offered, and one tap makes it a promise."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from rugui.core.tenancy import within
from rugui.promise.in_words import kind_of
from rugui.promise.models import Promise
from rugui.serve.actions import record_touch

from .. import factories
from ..recover.help import HX, acting

pytestmark = pytest.mark.django_db

LETTER = "Dear Ms Chen, I am sorry. I'll ring you in two hours. 明天中午前把發票寄給您。Would ten suit you?"


def offered(page: str) -> list[str]:
    return re.findall(r'name="in_words" value="([0-9a-f]+)"', page)


def test_each_sentence_that_promises_a_time_is_offered_with_its_words_marked(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    carol = browse(lake_house, "carol")
    address = reverse("promise-in-words")
    page = carol.post(f"{address}?field=text", {"text": LETTER}, headers=HX).content.decode()
    assert len(offered(page)) == 2
    assert "I&#x27;ll ring you <mark>in two hours</mark>." in page
    assert "checked" not in page
    first = offered(page)[0]
    again = carol.post(
        f"{address}?field=note", {"note": "Hello! " + LETTER, "in_words": first}, headers=HX
    ).content.decode()
    assert offered(again) == offered(page)
    assert f'value="{first}" checked' in again
    assert not carol.post(address, {"text": "We are open until nine."}, headers=HX).content.strip()


def test_what_was_ticked_is_promised_when_the_answer_is_kept(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    customer = factories.customer(lake_house)
    with acting(lake_house, "carol") as (actor, moment):
        touch = record_touch(
            actor, customer, channel="email", direction="in", text="Where is it?", place=lake_house.place, waiting=True,
            now=moment,
        )  # fmt: skip
    carol = browse(lake_house, "carol")
    address = reverse("message-answer", args=[touch.id])
    assert "promises/in-words?field=text" in carol.get(address).content.decode()
    page = carol.post(reverse("promise-in-words"), {"text": LETTER}, headers=HX).content.decode()
    sent = {"text": LETTER, "channel": "email", "in_words": [offered(page)[0], "0" * 18]}
    assert carol.post(address, sent).status_code == 302
    with within(lake_house.id):
        promise = Promise.objects.get()
    assert (promise.kind, promise.text, promise.channel) == (
        "call_back",
        "I'll ring you in two hours.",
        "email",
    )
    assert promise.owner_id == lake_house.people["carol"].id
    assert round((promise.due_at - promise.made_at).total_seconds() / 60) == 120


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [("I'll phone you by six.", "call_back"), ("下午給您回電", "call_back"), ("We will write to you by noon.", "follow_up"),
     ("明天送到您府上", "delivery"), ("It will be mended by Friday.", "other")],
)  # fmt: skip
def test_its_words_say_what_kind_it_is(sentence: str, kind: str) -> None:
    assert kind_of(sentence) == kind
