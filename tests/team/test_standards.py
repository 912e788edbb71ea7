"""The house standards: begun with, decided by who leads, said by version, read by the coach."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from rugui.core.errors import ChangedMeanwhile, InputError, NotAllowed
from rugui.core.phrases import LANGUAGES
from rugui.core.tenancy import within
from rugui.language import checking
from rugui.team.standards import actions, queries, saying
from rugui.team.standards.actions import Said
from rugui.team.standards.models import Moment, Standard

from .. import factories
from ..factories import NOON
from ..recover.help import queries as asked
from ..recover.help import text

pytestmark = pytest.mark.django_db

GREET = {"en": Said("Say their name.", "Welcome, {name}.")}


def made(house: factories.House, moment: str = "arrival", who: str = "alice", **more: Any) -> Standard:
    with within(house.id):
        return actions.add(house.actor(who), moment, more.pop("words", GREET), now=NOON, **more)


def test_the_starter_standards_speak_three_languages_at_every_moment() -> None:
    told = actions.starter()
    assert {moment for moment, _words in told} == set(Moment.values)
    for moment, words in told:
        assert set(words) == {code for code, _name in LANGUAGES}
        assert all(0 < len(said.text) <= actions.LONGEST_TEXT for said in words.values())
        assert {bool(said.say) for said in words.values()} in ({True}, {False}), moment
        assert not any(actions.unknown_slot(said.say) for said in words.values())
        slots = {
            tuple(sorted(slot for slot in actions.SLOTS if "{" + slot + "}" in said.say))
            for said in words.values()
        }
        assert len(slots) == 1, (moment, words)
    per_moment = [sum(moment == each for each, _words in told) for moment in Moment.values]
    assert max(per_moment) <= 4


def test_the_coach_has_nothing_against_the_starter_standards(lake_house: factories.House) -> None:
    with within(lake_house.id):
        reader = saying.reader(lake_house.actor("alice"), today=NOON.date())
        for moment, words in actions.starter():
            for code, said in words.items():
                assert saying.remarks(reader, moment, said.say, code) == [], said


def test_words_that_the_coach_marks_are_told_with_better_ones(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    checking.warm()
    blunt = made(
        lake_house,
        "phone_hold",
        words={"en": Said("Ask first.", "Hold please."), "zh-hant": Said("先問", "您等一下，不要掛。")},
    )
    alice = browse(lake_house, "alice")
    page = text(alice.get(reverse("standard", args=[blunt.id])))
    assert "The coach would mark" in page
    assert "Hold please" in page
    assert "The coach would mark the words of 1 standard." in text(alice.get(reverse("standards")))
    assert "The coach" not in text(browse(lake_house, "carol").get(reverse("standards")))


def test_an_owner_begins_once_and_everybody_reads_them_in_their_language(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    alice, carol = browse(lake_house, "alice"), browse(lake_house, "carol")
    assert "Whoever leads every place can begin." in text(carol.get(reverse("standards")))
    assert alice.post(reverse("standards-begin")).status_code == 302
    assert alice.post(reverse("standards-begin")).status_code == 409
    assert "Take them there; do not point." in text(carol.get(reverse("standards")))
    lake_house.people["carol"].user.language = "zh-hant"
    lake_house.people["carol"].user.save()
    with translation.override("zh-hant"):
        assert "親自帶過去，不用手指方向。" in carol.get(reverse("standards")).content.decode()
    with within(lake_house.id):
        assert Standard.objects.count() == len(actions.starter())


def test_a_place_says_one_otherwise_and_elsewhere_nothing_changes(lake_house: factories.House) -> None:
    here, there = lake_house.places
    general, second = made(lake_house), made(lake_house, words={"en": Said("Look up.")})
    own = made(lake_house, who="bob", words={"en": Said("Ring the bell.")}, place=here, instead_of=general)
    with within(lake_house.id):
        assert [each.told("en").text for each in queries.holding(here.id)] == ["Ring the bell.", "Look up."]
        assert [each.told("en").text for each in queries.holding(there.id)] == ["Say their name.", "Look up."]
        with pytest.raises(InputError, match="otherwise there already"):
            actions.add(lake_house.actor("bob"), "arrival", GREET, place=here, instead_of=general, now=NOON)
        actions.retire(lake_house.actor("bob"), own, now=NOON)
        assert [each.standard.id for each in queries.holding(here.id)] == [general.id, second.id]


def test_a_manager_decides_only_where_they_lead(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    general, elsewhere = made(lake_house), made(lake_house, place=lake_house.places[1])
    bob = browse(lake_house, "bob")
    assert bob.get(reverse("standard", args=[elsewhere.id])).status_code == 404
    assert bob.get(reverse("standard", args=[general.id])).status_code == 200
    assert bob.post(reverse("standard", args=[general.id]), {"text_en": "Mine", "seen": 1}).status_code == 403
    fields = {"moment": "arrival", "place": "all", "text_en": "Bow."}
    assert bob.post(reverse("standard-new"), fields).status_code == 422
    assert (
        bob.post(reverse("standard-new"), {**fields, "place": lake_house.place.public_id}).status_code == 302
    )
    assert browse(lake_house, "carol").get(reverse("standard-new")).status_code == 403
    with within(lake_house.id), pytest.raises(NotAllowed):
        actions.begin(lake_house.actor("bob"), now=NOON)


def test_a_change_makes_a_version_and_nobodys_change_is_written_over(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    standard = made(lake_house)
    alice = lake_house.actor("alice")
    with within(lake_house.id):
        actions.change(alice, standard, {"en": Said("Say it twice.")}, seen=1, now=NOON)
        actions.change(alice, standard, {"en": Said("Say it twice.")}, seen=2, now=NOON)  # nothing new
        assert standard.version == 2
        with pytest.raises(ChangedMeanwhile):
            actions.change(alice, standard, {"en": Said("Late.")}, seen=1, now=NOON)
        assert [(each.number, each.words["en"].text) for each in queries.versions(standard)] == [
            (2, "Say it twice."), (1, "Say their name."),
        ]  # fmt: skip
    page = text(browse(lake_house, "alice").get(reverse("standard", args=[standard.id])))
    assert "How it was said before" in page
    assert "Say their name." in page


@pytest.mark.parametrize(
    ("words", "field", "said"),
    [
        ({"en": Said("")}, "text", "in at least one language"),
        ({"en": Said("x" * 201)}, "text_en", "under 200"),
        ({"en": Said("Bow.", "Hello {nmae}.")}, "say_en", "{nmae} is not known"),
        ({"en": Said("Bow."), "zh-hans": Said("", "您好")}, "text_zh-hans", "the standard itself"),
        ({"en": Said("Bow.\nAgain.")}, "text_en", "in one line"),
    ],
)
def test_what_cannot_be_a_standard_is_said_by_field(
    lake_house: factories.House, words: actions.Words, field: str, said: str
) -> None:
    with translation.override("en"), within(lake_house.id), pytest.raises(InputError) as refused:
        actions.add(lake_house.actor("alice"), "arrival", words, now=NOON)
    assert said in str(refused.value.fields[field])


def test_words_are_filled_in_and_read_well_where_a_name_is_missing() -> None:
    assert (
        saying.filled("Welcome, {name}. This is {me}.", {"name": "Ms Chen", "me": "Ana"})
        == "Welcome, Ms Chen. This is Ana."
    )
    assert saying.filled("Welcome, {name}.", {}) == "Welcome."
    assert saying.filled("{name}, how good to hear from you.", {}) == "How good to hear from you."
    assert saying.filled("{name}，歡迎您來。", {}) == "歡迎您來。"


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_however_many_there_are(
    lake_house: factories.House, browse: factories.Browse, count: int
) -> None:
    for number in range(count):
        made(lake_house, words={"en": Said(f"Do {number}.")})
    carol = browse(lake_house, "carol")
    carol.get(reverse("standards"))
    assert asked(carol, reverse("standards")) == 4


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_however_many_standards_the_coach_reads(
    lake_house: factories.House, browse: factories.Browse, count: int
) -> None:
    checking.warm()
    for number in range(count):
        words = {code: Said(f"Do {number}.", f"Welcome, {{name}}. {number}") for code, _name in LANGUAGES}
        made(lake_house, words=words)
    assert asked(browse(lake_house, "alice"), reverse("standards")) == 6
