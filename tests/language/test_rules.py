"""The house's rules: proposed, put to use, taken back, brought and taken along as files, by two editors at once."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from rugui.core.errors import ChangedMeanwhile, InputError, NotAllowed, NotFound
from rugui.core.tenancy import within
from rugui.engines.coach import Coach, Problem, Source, load, starters
from rugui.language import access, actions, files, packs, queries, words
from rugui.language.actions import Change
from rugui.language.models import LexiconProposal, LexiconVersion
from rugui.serve.actions import record_touch

from .. import factories
from ..recover.help import HX, acting, journal, text
from ..recover.help import queries as counted
from .help import BODY, FORM, in_use, rule

pytestmark = pytest.mark.django_db


def own(house: factories.House) -> Any:
    with within(house.id):
        return queries.own(queries.current())


def marks(house: factories.House, words: str) -> list[str]:
    return [mark.rule for mark in Coach(packs.packs_of(own(house))).read(words)]


def test_a_rule_of_the_house_is_written_in_a_plain_form_and_holds_at_once(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    alice = browse(lake_house, "alice")
    assert alice.post(reverse("words-new"), FORM).status_code == 302
    assert marks(lake_house, "Best wishes from the lake") == ["en.kind-regards"]
    assert "Kind regards, the desk" in text(alice.get(reverse("words") + "?language=en"))
    assert journal(lake_house)[-2:] == ["words.proposed", "words.approved"]
    page = alice.get(reverse("words-rule", args=["en.kind-regards"])).content.decode()
    assert "kind regards\nbest wishes</textarea>" in page


def test_words_that_look_like_patterns_are_taken_as_they_stand(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    form = {**FORM, "words": "is that all?", "marks": "Is that all?"}
    browse(lake_house, "alice").post(reverse("words-new"), form)
    assert own(lake_house)["en"][0]["tokens"] == ["is that all\\?"]
    page = browse(lake_house, "alice").get(reverse("words-rule", args=["en.is-that-all"])).content.decode()
    assert ">\nis that all?</textarea>" in page


def test_a_starter_rule_is_changed_key_by_key_and_brought_back(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    alice, address = browse(lake_house, "alice"), reverse("words-rule", args=["en.you-failed"])
    page = alice.get(address).content.decode()
    fields = {name: value for name, value in _form(page).items() if value is not None}
    assert alice.post(address, {**fields, "why": "It hurts.", "do": "use"}).status_code == 302
    assert own(lake_house) == {"en": [{"id": "you-failed", "why": "It hurts."}]}
    again = alice.get(address).content.decode()
    assert alice.post(address, {"do": "drop", "seen": _form(again)["seen"]}).status_code == 302
    assert own(lake_house) == {}


def test_a_starter_rule_is_switched_off(lake_house: factories.House) -> None:
    sentence = "You failed to attach the receipt."
    assert "en.you-failed" in marks(lake_house, sentence)
    in_use(lake_house, Change("en", "you-failed", {"id": "you-failed", "disabled": True}))
    assert "en.you-failed" not in marks(lake_house, sentence)
    with within(lake_house.id):
        assert packs.known(queries.own(queries.current()))["en.you-failed"].off


def test_what_a_rule_would_have_marked_is_said_while_it_is_typed(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    customer = factories.customer(lake_house)
    with acting(lake_house, "carol") as (actor, moment):
        for words in ("Thank you. Kind regards, Carol", "See you at six.", "KIND REGARDS"):
            record_touch(
                actor, customer, channel="email", direction="out", text=words, place=lake_house.place, now=moment
            )  # fmt: skip
    sent = {**FORM, "sample": "With kind regards!", "marks": ""}
    page = browse(lake_house, "bob").post(reverse("words-try"), sent, headers=HX).content.decode()
    assert "With <mark>kind regards</mark>!" in page
    assert "Of the latest 3 replies it would have marked 2." in page
    assert "Thank you. <mark>Kind regards</mark>, Carol" in page
    with within(lake_house.id):
        assert not LexiconProposal.objects.exists()


def test_a_manager_proposes_and_who_leads_every_place_decides(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    bob, alice = browse(lake_house, "bob"), None
    assert bob.post(reverse("words-new"), FORM).status_code == 302
    assert own(lake_house) == {}
    with acting(lake_house, "bob") as (actor, moment):
        proposal = LexiconProposal.objects.get()
        with pytest.raises(NotAllowed):
            actions.approve(actor, proposal, now=moment)
    address = reverse("words-decide", args=[proposal.id])
    assert bob.post(address, {"do": "approve"}).status_code == 403
    alice = browse(lake_house, "alice")
    page = alice.get(reverse("words-proposal", args=[proposal.id])).content.decode()
    assert "kind regards" in page
    assert alice.post(address, {"do": "approve"}).status_code == 302
    assert marks(lake_house, "Kind regards") == ["en.kind-regards"]
    assert alice.post(address, {"do": "decline"}).status_code == 409


def test_of_a_rule_to_be_switched_off_it_is_told_what_it_marks_now(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    customer = factories.customer(lake_house)
    with acting(lake_house, "carol") as (actor, moment):
        for words in ("You failed to attach the receipt.", "All is well."):
            record_touch(
                actor, customer, channel="email", direction="out", text=words, place=lake_house.place, now=moment
            )  # fmt: skip
    with acting(lake_house, "bob") as (actor, moment):
        off = Change("en", "you-failed", {"id": "you-failed", "disabled": True})
        proposal = actions.propose(actor, [off], now=moment)
    page = text(browse(lake_house, "alice").get(reverse("words-proposal", args=[proposal.id])))
    assert "In the latest 2 replies, what is to be switched off marks 1." in page
    assert "would have marked" not in page
    assert "You failed to attach the receipt. en.you-failed" in page


def test_two_editors_at_once_do_not_write_over_one_another(lake_house: factories.House) -> None:
    in_use(lake_house, rule())
    with acting(lake_house, "alice") as (actor, moment):
        seen = packs.digest(packs.body_of(queries.own(queries.current()), "en", "kind-regards"))
        first = actions.propose(actor, [rule(why="One.")], now=moment)
        second = actions.propose(actor, [rule(why="Two.")], now=moment)
        actions.approve(actor, first, now=moment)
        with pytest.raises(ChangedMeanwhile, match=r"en\.kind-regards"):
            actions.approve(actor, second, now=moment)
        with pytest.raises(ChangedMeanwhile):
            actions.propose(actor, [Change("en", "kind-regards", {**BODY}, seen)], now=moment)
    with within(lake_house.id):
        assert LexiconProposal.objects.get(id=second.id).state == "proposed"
        assert own(lake_house)["en"][0]["why"] == "One."


def test_going_back_to_a_version_makes_a_new_one(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    in_use(lake_house, rule())
    in_use(lake_house, rule(why="Other."), rule("second"))
    alice = browse(lake_house, "alice")
    page = text(alice.get(reverse("words-version", args=[1])))
    assert "changes · en.kind-regards" in page
    assert "goes away, or back to how it came · en.second" in page
    assert alice.post(reverse("words-restore", args=[1])).status_code == 302
    with within(lake_house.id):
        newest = queries.current()
        assert newest is not None
        assert (newest.number, newest.restores) == (3, 1)
        assert newest.rules == LexiconVersion.objects.get(number=1).rules
    assert alice.post(reverse("words-restore", args=[1])).status_code == 409
    assert browse(lake_house, "bob").post(reverse("words-restore", args=[2])).status_code == 403


def test_a_rule_that_fails_its_own_sentence_is_refused_beside_its_field(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    alice = browse(lake_house, "alice")
    page = alice.post(reverse("words-new"), {**FORM, "marks": "Hello."})
    assert page.status_code == 422
    assert "It does not mark this sentence: Hello." in text(page)
    assert "has no fixed words" in text(
        alice.post(reverse("words-new"), {**FORM, "words": r"\w+", "patterns": "on", "marks": "a"})
    )
    assert own(lake_house) == {}


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (Problem("f", "r", "category", "'tim' is not known", "perhaps time"), "category：這裡不能寫「tim」。可以寫：time。"),
        (Problem("f", "r", "disabled", "'x' is neither true nor false", "true or false"), "disabled：這裡不能寫「x」。"),
        (Problem("f", "r", "tokens", "the pattern 'a*' matches nothing at all", "x"), "樣式「a*」可能什麼字都不含。請至少寫一個詞。"),
        (Problem("f", "r", "why", "it is missing", "a text"), "少了：why。"),
        (Problem("f", "r", "colour", "this key is not known", "leave it out"), "規則裡沒有 colour 這一項。"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_rule_is_said_in_the_readers_language(problem: Problem, said: str) -> None:
    with override("zh-hant"):
        assert words.said(problem) == said


def test_whatever_the_form_may_have_wrong_is_said_in_the_readers_language() -> None:
    """Each thing that the engine refuses in a rule of the form has words of its own."""
    wrong: list[dict[str, Any]] = [
        {"tokens": ["x(("]}, {"tokens": ["a*"]}, {"tokens": ["{nothing} here"]}, {"tokens": ["\\w+"]}, {"category": "tim"},
        {"severity": "loud"}, {"examples": {}}, {"examples": {"match": ["No."]}}, {"why": ""}, {"rather": []}, {"occasions": ["x"]},
        {"tokens": 3}, {"exceptions": [None]}, {"colour": "x"}, {"why": "\x00"}, {"near": {"within": "far", "tokens": ["x"]}},
    ]  # fmt: skip
    with override("zh-hant"):
        for change in wrong:
            found = packs.problems_of("en", {**BODY, "id": "it", **change})
            assert found, change
            for problem in found:
                assert problem.what not in words.said(problem), problem


def test_the_page_of_a_starter_rule_leads_with_reasons_and_folds_its_pattern(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    page = browse(lake_house, "alice").get(reverse("words-rule", args=["en.you-failed"])).content.decode()
    order = [
        page.index(each)
        for each in (
            'id="id_why"',
            'id="id_marks"',
            'id="id_instead"',
            "The pattern as written",
            'id="id_words"',
        )
    ]
    assert order == sorted(order)
    assert "Of ten of its marks about" in page


GOOD = """
id: x
name: Ours
language: en
version: "1"
owner: us
source: us
defaults: {severity: error}
rules:
  - {id: ta, category: familiar, why: Too short., rather: [Thank you], tokens: [ta very much], examples: {match: [Ta very much!]}}
  - {id: bad, category: nonsense, why: x, rather: [y], tokens: [zz top], examples: {match: [zz top]}}
  - {id: you-failed, severity: warning}
"""
VALE = b"extends: substitution\nmessage: Use '%s' instead of '%s'.\nswap:\n  utilize: use\n"


def test_files_come_in_rule_by_rule_and_what_is_wrong_comes_back_with_reasons(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    alice = browse(lake_house, "alice")
    sent = {
        "chosen": [SimpleUploadedFile("ours.yaml", GOOD.encode()), SimpleUploadedFile("Use.yml", VALE)],
        "do": "use",
    }
    page = alice.post(reverse("words-import"), sent)
    assert page.status_code == 422
    assert "bad" in text(page)
    assert "nonsense" in text(page)
    assert "3 rules were taken." in text(page)
    assert own(lake_house)["en"][0]["severity"] == "error"
    assert own(lake_house)["en"][1] == {"id": "you-failed", "severity": "warning"}
    assert marks(lake_house, "We utilize it.") == ["vale.Vale.Use"]
    file = alice.get(reverse("words-export", args=["en"])).content.decode()
    assert "nonsense" not in file
    (pack,) = load([Source("house.yaml", file)], starters(), prove=False)
    assert [mark.rule for mark in Coach([pack]).read("Ta very much!")] == ["house/en.ta"]
    with zipfile.ZipFile(io.BytesIO(alice.get(reverse("words-export", args=["vale"])).content)) as archive:
        assert archive.namelist() == ["Vale/Use.yml"]


def test_what_is_taken_along_comes_in_again_unchanged(lake_house: factories.House) -> None:
    in_use(lake_house, rule(), Change("zh", "you-did-not-say", None), rule("other"))
    before = own(lake_house)
    file = files.out(before, "en", house="Lake", version=1).encode()
    incoming = files.take([("en.yaml", file)], before, replace=True)
    assert not incoming.refusals
    assert {change.key: change.body for change in incoming.changes} == {
        f"en.{body['id']}": body for body in before["en"]
    }
    less = files.take([("en.yaml", file.split(b"- id: other")[0])], before, replace=True)
    assert [(each.key, each.body) for each in less.changes if each.body is None] == [("en.other", None)]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"a: [", "not YAML"),
        (b"- 1", "no file of rules"),
        (b"rules: []\nlanguage: fr", "must be en"),
        (b"rules: [{category: blame}]\nlanguage: en", "no `id`"),
    ],
)
def test_a_file_that_is_none_says_why(content: bytes, why: str) -> None:
    (refusal,) = files.take([("x.yaml", content)], {}).refusals
    assert why in refusal.why


def test_names_and_sizes_are_bounded(lake_house: factories.House) -> None:
    with acting(lake_house, "alice") as (actor, moment):
        for change in (
            Change("fr", "x", {**BODY}),
            Change("en", "../x", {**BODY}),
            rule("long", why="x" * 40_000),
        ):
            with pytest.raises(InputError):
                actions.propose(actor, [change], now=moment)
        with pytest.raises(InputError):
            actions.propose(actor, [], now=moment)


def test_another_house_sees_nothing_of_it(
    lake_house: factories.House, other_house: factories.House, browse: factories.Browse
) -> None:
    in_use(lake_house, rule())
    assert own(other_house) == {}
    with acting(lake_house, "bob") as (actor, moment):
        proposal = actions.propose(actor, [rule("second")], now=moment)
    with within(other_house.id), pytest.raises(NotFound):
        access.proposal(other_house.actor("mallory"), proposal.id)
    mallory = browse(other_house, "mallory")
    assert mallory.get(reverse("words-proposal", args=[proposal.id])).status_code == 404
    assert mallory.get(reverse("words-version", args=[1])).status_code == 404


def test_the_page_of_rules_asks_the_same_however_many_there_are(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    alice = browse(lake_house, "alice")
    in_use(lake_house, rule())
    assert counted(alice, reverse("words") + "?language=en") == 6
    in_use(lake_house, rule("second"), rule("third"))
    assert counted(alice, reverse("words") + "?language=en") == 6


def test_chinese_rules_are_written_once_for_both_scripts(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    form = {
        **FORM, "pack": "zh", "words": "順祝商祺\n简：此致敬礼", "instead": "祝好", "why": "像公文。", "marks": "順祝商祺！\n此致敬礼！这是给您的。",
    }  # fmt: skip
    assert browse(lake_house, "alice").post(reverse("words-new"), form).status_code == 302
    assert own(lake_house)["zh"][0]["tokens"] == {"shared": ["順祝商祺"], "zh-Hans": ["此致敬礼"]}
    assert "zh.rule" in marks(lake_house, "顺祝商祺，我们等您来。")


def _form(page: str) -> dict[str, Any]:
    """The fields of the form of a rule, as a browser would send them."""
    form = page.split('id="rule"')[1].split("</form>")[0]
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<textarea name="(\w+)".*?>\s*(.*?)</textarea>', form, re.DOTALL):
        found[name] = _unescaped(value)
    for tag in re.findall(r"<input [^>]*>", form):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if said.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        if "name" in said:
            found[said["name"]] = _unescaped(said.get("value", "" if said.get("type") == "hidden" else "on"))
    for name, options in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else None
    return found


def _unescaped(value: str) -> str:
    from html import unescape

    return unescape(value)
