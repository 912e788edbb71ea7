"""Notes as claims: what a new one does to the others, asking again, consent, moods, and what a card says of it all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from rugui.core.errors import ChangedMeanwhile, InputError, NotFound
from rugui.core.models import JournalEntry
from rugui.core.tenancy import within
from rugui.house.access import Actor
from rugui.know import access, recall
from rugui.know import actions as know
from rugui.know.actions import About
from rugui.know.claims import ConsentNeeded
from rugui.know.models import ClaimCheck, Consent, Customer, HalfLife, Note
from rugui.know.mood import mood_of
from rugui.serve import actions as serve

from .. import factories
from ..desk.help import HTMX, acting, queries, told
from ..factories import NOON, Browse, House

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@contextmanager
def carol(house: House) -> Iterator[tuple[Actor, Customer]]:
    customer, actor = factories.customer(house), house.actor("carol")
    with within(house.id):
        yield actor, customer


def write(actor: Actor, customer: Customer, text: str, now: datetime = NOON, **fields: Any) -> Note:
    plain = {name: fields.pop(name) for name in ("kind", "source", "place", "external_id") if name in fields}
    return know.add_note(actor, customer, text=text, now=now, about=About(**fields), **plain)


def leading(actor: Actor, customer: Customer, now: datetime = NOON) -> list[str]:
    return [each.note.text for each in recall.card_notes(actor, customer.id, now=now).leading]


def folded(actor: Actor, customer: Customer, now: datetime = NOON) -> list[str]:
    return [each.note.text for each in recall.card_notes(actor, customer.id, now=now).folded]


def test_a_contradiction_keeps_both_and_the_newest_leads(lake_house: House) -> None:
    with carol(lake_house) as (actor, customer):
        old = write(actor, customer, "black coffee", kind="preference", topic="coffee", polarity=1)
        new = write(
            actor, customer, "no coffee now", NOON + DAY, kind="preference", topic="coffee", polarity=-1
        )
        old.refresh_from_db()
        assert old.struck_by_id == new.id
        assert leading(actor, customer) == ["no coffee now"]
        assert folded(actor, customer) == ["black coffee"]
        know.withdraw_note(actor, new, now=NOON + DAY)
        assert leading(actor, customer) == ["black coffee"]
        know.restore_note(actor, new, now=NOON + DAY)
        assert leading(actor, customer) == ["no coffee now"]


def test_confirming_the_older_one_makes_it_lead_again(lake_house: House) -> None:
    with carol(lake_house) as (actor, customer):
        old = write(actor, customer, "firm pillow", kind="preference", topic="pillow", value="firm")
        write(actor, customer, "soft pillow", NOON + DAY, kind="preference", topic="pillow", value="soft")
        know.confirm_note(actor, access.note(actor, old.id), now=NOON + 2 * DAY)
        assert leading(actor, customer, NOON + 2 * DAY) == ["firm pillow"]
        assert folded(actor, customer, NOON + 2 * DAY) == ["soft pillow"]


def test_a_need_is_struck_by_nothing_and_leads_whatever_its_age(lake_house: House) -> None:
    with carol(lake_house) as (actor, customer):
        write(
            actor, customer, "no coffee: heart", NOON - 3000 * DAY, kind="need", topic="coffee", polarity=-1
        )
        write(actor, customer, "loves coffee", kind="preference", topic="coffee", polarity=1)
        for number in range(recall.LONGEST_CARD):
            write(actor, customer, f"fact {number}")
        assert leading(actor, customer)[0] == "no coffee: heart"
        assert len(leading(actor, customer)) == recall.LONGEST_CARD


def test_what_is_seen_once_becomes_standing_when_seen_again_another_day(lake_house: House) -> None:
    with carol(lake_house) as (actor, customer):
        first = write(
            actor, customer, "claps to the band", kind="preference", source="seen", topic="music", polarity=1
        )
        assert first.standing is False
        assert folded(actor, customer, NOON + 30 * DAY) == ["claps to the band"]
        again = write(
            actor,
            customer,
            "claps to the band",
            NOON + 30 * DAY,
            kind="preference",
            source="seen",
            topic="music",
            polarity=1,
        )
        first.refresh_from_db()
        assert (first.standing, again.standing) == (True, True)
        assert leading(actor, customer, NOON + 30 * DAY) == ["claps to the band"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"source": "inferred", "discretion": "open"}, "discretion"),
        ({"source": "acquired", "discretion": "open"}, "discretion"),
        ({"topic": "Black Coffee"}, "topic"),
        ({"topic": "a" * 41}, "topic"),
        ({"happens_on": "8 March"}, "happens_on"),
        ({"valid_from": date(2026, 9, 3), "valid_until": date(2026, 9, 2)}, "valid_until"),
        ({"polarity": 2}, "polarity"),
        ({"relation": "rival"}, "relation"),
        ({"sensitive": "shoe size"}, "sensitive"),
    ],
)
def test_what_cannot_be_so_is_refused_by_field(fields: dict[str, Any], wrong: str, lake_house: House) -> None:
    with carol(lake_house) as (actor, customer):
        with pytest.raises(InputError) as refused:
            write(actor, customer, "tea", **fields)
        assert list(refused.value.fields) == [wrong]
        assert Note.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "source", "discretion", "standing", "purpose"),
    [
        ("need", "seen", "open", True, "safety"),
        ("preference", "said", "open", True, "service"),
        ("preference", "seen", "open", False, "service"),
        ("fact", "inferred", "quiet", False, "service"),
        ("fact", "acquired", "quiet", False, "service"),
        ("mood", "said", "open", False, "service"),
    ],
)
def test_what_is_not_said_follows_from_kind_and_source(
    kind: str, source: str, discretion: str, standing: bool, purpose: str, lake_house: House
) -> None:
    with carol(lake_house) as (actor, customer):
        note = write(actor, customer, "so it is", kind=kind, source=source)
        assert (note.discretion, note.standing, note.purpose) == (discretion, standing, purpose)


def test_asking_again_teaches_the_half_life_and_can_be_taken_back(lake_house: House) -> None:
    with carol(lake_house) as (actor, customer):
        note = write(actor, customer, "black coffee", kind="preference", topic="coffee", polarity=1)
        then = NOON + 400 * DAY
        know.confirm_note(actor, access.note(actor, note.id), now=then)
        assert list(ClaimCheck.objects.values_list("topic", "held", "days")) == [("coffee", True, 400.0)]
        longer = HalfLife.objects.get(topic="coffee").days
        note.refresh_from_db()
        assert (note.confirmations, note.confirmed_at) == (1, then)
        know.take_back_check(actor, note, at=then, before=None, now=then)
        note.refresh_from_db()
        assert (note.confirmations, note.confirmed_at, ClaimCheck.objects.count()) == (0, None, 0)
        assert HalfLife.objects.get(topic="coffee").days < longer
        with pytest.raises(ChangedMeanwhile):
            know.take_back_check(actor, note, at=then, before=None, now=then)


def test_not_any_more_keeps_it_as_history_once(lake_house: House) -> None:
    with carol(lake_house) as (actor, customer):
        note = write(actor, customer, "black coffee", kind="preference", topic="coffee", polarity=1)
        know.end_note(actor, note, now=NOON + DAY)
        assert (leading(actor, customer, NOON + DAY), folded(actor, customer, NOON + DAY)) == (
            [],
            ["black coffee"],
        )
        with pytest.raises(ChangedMeanwhile):
            know.end_note(actor, access.note(actor, note.id), now=NOON + DAY)
        know.take_back_check(actor, access.note(actor, note.id), at=NOON + DAY, before=None, now=NOON + DAY)
        assert leading(actor, customer, NOON + DAY) == ["black coffee"]
        assert list(JournalEntry.objects.order_by("id").values_list("kind", flat=True)) == [
            "note.made",
            "note.ended",
            "note.resumed",
        ]


def test_a_stale_claim_is_offered_when_they_are_here_at_most_two_and_never_a_need(lake_house: House) -> None:
    with carol(lake_house) as (actor, customer):
        for topic in ("coffee", "tea", "music"):
            write(actor, customer, topic, NOON - 800 * DAY, kind="preference", topic=topic, polarity=1)
        write(actor, customer, "nuts", NOON - 800 * DAY, kind="need", topic="allergy")
        assert recall.card_notes(actor, customer.id, now=NOON).ask == []
        here = recall.card_notes(actor, customer.id, now=NOON, arrived_at=NOON).ask
        assert len(here) == 2
        know.confirm_note(actor, access.note(actor, here[0].id), now=NOON + timedelta(minutes=1))
        later = NOON + timedelta(minutes=2)
        assert len(recall.card_notes(actor, customer.id, now=later, arrived_at=NOON).ask) == 1


def test_a_sensitive_note_needs_consent_and_goes_when_it_is_taken_back(lake_house: House) -> None:
    with carol(lake_house) as (actor, customer):
        with pytest.raises(ConsentNeeded):
            write(actor, customer, "keeps Ramadan", sensitive="religion")
        given = know.record_consent(
            actor,
            customer,
            sensitive="religion",
            wording="May we note this?",
            language="en",
            how="spoken",
            now=NOON,
        )
        with pytest.raises(ConsentNeeded):
            write(actor, customer, "diabetic", sensitive="health")
        note = write(actor, customer, "keeps Ramadan", sensitive="religion")
        assert (note.consent_id, note.discretion) == (given.id, "quiet")
        assert know.withdraw_consent(actor, given, now=NOON + DAY) == 1
        assert leading(actor, customer, NOON + DAY) == []
        with pytest.raises(NotFound):
            access.note(actor, note.id)
        with pytest.raises(ChangedMeanwhile):
            know.withdraw_consent(actor, given, now=NOON + DAY)
        with pytest.raises(ConsentNeeded):
            write(actor, customer, "keeps Ramadan", sensitive="religion")


def test_for_a_child_a_parent_gives_it(lake_house: House) -> None:
    with carol(lake_house) as (actor, customer), pytest.raises(InputError, match="parent"):
        know.record_consent(
            actor, customer, sensitive="minors", wording="May we?", language="en", how="spoken", now=NOON
        )


def test_the_page_leads_from_a_refused_note_to_the_consent_and_back(
    lake_house: House, browse: Browse
) -> None:
    customer, client = factories.customer(lake_house, language="zh-hant"), browse(lake_house, "carol")
    at = f"/customers/{customer.public_id}"
    form = {"text": "diabetic", "kind": "fact", "source": "said", "sensitive": "health"}
    refused = client.post(f"{at}/notes/new", form)
    assert refused.status_code == 422
    assert f"{at}/consents?sensitive=health" in refused.content.decode()
    page = client.get(f"{at}/consents?sensitive=health").content.decode()
    assert "我們" in page  # asked in the customer's language
    answer = {"sensitive": "health", "wording": "May we?", "how": "written", "given_by": ""}
    assert client.post(f"{at}/consents", answer).status_code == 302
    assert client.post(f"{at}/notes/new", form).status_code == 302
    with within(lake_house.id):
        consent = Consent.objects.get()
        assert (consent.wording, consent.language, consent.how) == ("May we?", "zh-hant", "written")
        note = Note.objects.get()
    tools = client.get(f"/notes/{note.public_id}").content.decode()
    assert "With their consent of" in tools
    assert "Carol" in tools
    assert client.post(f"/consents/{consent.public_id}/withdraw").status_code == 302
    assert "diabetic" not in client.get(at).content.decode()
    assert client.get(f"/notes/{note.public_id}").status_code == 404


@pytest.mark.parametrize(
    ("text", "hours", "low", "upset"),
    [
        ("happy", 1, False, False),
        ("tired, long flight", 1, True, False),
        ("很生氣", 1, True, True),
        ("angry", 11, None, None),
    ],
)
def test_a_mood_is_asked_in_one_place_and_fades_within_hours(
    text: str, hours: int, low: bool | None, upset: bool | None, lake_house: House
) -> None:
    with carol(lake_house) as (actor, customer):
        write(actor, customer, text, kind="mood", source="seen")
        found = mood_of(actor, customer.id, now=NOON + timedelta(hours=hours))
        assert (found and found.low, found and found.upset) == (low, upset)
        if found is not None:
            assert (found.text, found.by, found.may_be_offered_more) == (text, "Carol", not low)


def test_the_card_says_calmly_how_sure_it_is_and_folds_what_is_over(
    lake_house: House, browse: Browse
) -> None:
    customer = factories.customer(lake_house)
    with acting(lake_house, "carol") as (actor, now):
        write(actor, customer, "tea with lemon", now, kind="preference", source="seen")
        write(actor, customer, "likes tulips", now, kind="preference", discretion="quiet")
        old = write(actor, customer, "firm pillow", now, kind="preference", topic="pillow", value="firm")
        write(actor, customer, "soft pillow", now, kind="preference", topic="pillow", value="soft")
        know.confirm_note(actor, access.note(actor, old.id), now=now)
    html = browse(lake_house, "dan").get(f"/customers/{customer.public_id}").content.decode()
    assert html.count("seen once") == 1
    assert html.count("confirmed in ") == 1
    assert html.count("do it, do not say it") == 1
    before, after = html.split("1 earlier note")
    assert "firm pillow" in before
    assert "<s>soft pillow</s>" in after


def test_one_tap_confirms_and_one_takes_it_back(lake_house: House, browse: Browse) -> None:
    customer, client = factories.customer(lake_house), browse(lake_house, "carol")
    with acting(lake_house, "carol") as (actor, now):
        note = write(actor, customer, "black coffee", now - 700 * DAY, kind="preference", topic="coffee")
        serve.expect_visit(actor, customer, lake_house.place, expected_at=now + timedelta(hours=1), now=now)
    assert "Is it still so?" in client.get(f"/customers/{customer.public_id}").content.decode()
    response = client.post(f"/notes/{note.public_id}/confirm", headers=HTMX)
    assert told(response)["toast"]["text"] == "Good: it is still so."
    assert "Is it still so?" not in client.get(f"/customers/{customer.public_id}").content.decode()
    assert client.post(told(response)["toast"]["undo"], headers=HTMX).status_code == 204
    assert "Is it still so?" in client.get(f"/customers/{customer.public_id}").content.decode()
    ended = client.post(f"/notes/{note.public_id}/end", headers=HTMX)
    assert "1 earlier note" in client.get(f"/customers/{customer.public_id}").content.decode()
    assert client.post(told(ended)["toast"]["undo"], headers=HTMX).status_code == 204
    assert client.post(f"/notes/{note.public_id}/check-undo?at=yesterday").status_code == 422


@pytest.mark.parametrize("many", [1, 3])
def test_opening_a_note_takes_four_queries(many: int, lake_house: House, browse: Browse) -> None:
    customer = factories.customer(lake_house)
    with acting(lake_house, "carol") as (actor, now):
        notes = [write(actor, customer, f"tea {number}", now, topic="tea") for number in range(many)]
    # session, person, coming in · the note with all that it names
    assert queries(browse(lake_house, "carol"), f"/notes/{notes[-1].public_id}") == 4


def test_deputy_sound_and_languages_are_on_the_card(lake_house: House, browse: Browse) -> None:
    customer, client = factories.customer(lake_house), browse(lake_house, "carol")
    form = {
        "name": "Ms Chen",
        "pronunciation": "chun",
        "languages": "ja en",
        "deputy": lake_house.people["dan"].public_id,
    }
    assert client.post(f"/customers/{customer.public_id}/edit", form).status_code == 302
    html = client.get(f"/customers/{customer.public_id}").content.decode()
    assert "say: chun" in html
    assert "deputy: Dan" in html
    assert (
        client.post(f"/customers/{customer.public_id}/edit", form | {"languages": "日本語"}).status_code
        == 422
    )
