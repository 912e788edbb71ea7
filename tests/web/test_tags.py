"""Tags and filters of every page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from rugui.core import phrases
from rugui.core.money import Money
from rugui.web import tags

NOW = datetime(2026, 9, 3, 12, 0, tzinfo=UTC)


@dataclass
class Promise:
    made_at: datetime
    due_at: datetime
    state: str = "open"
    settled_at: datetime | None = None


def promise(made: int, due: int, state: str = "open", settled: int | None = None) -> Promise:
    """Minutes from now."""
    at = [None if minutes is None else NOW + timedelta(minutes=minutes) for minutes in (made, due, settled)]
    return Promise(at[0], at[1], state, at[2])  # type: ignore[arg-type]


def render(text: str, **context: object) -> str:
    return Template(text).render(Context({"now": NOW, **context}))


@pytest.mark.parametrize(
    ("what", "phase", "words"),
    [
        (promise(-5, 15), "calm", "15 minutes left"),
        (promise(-15, 5), "soon", "5 minutes left"),
        (promise(-60, 120), "calm", "2 hours left"),
        (promise(-60, 60 * 24 * 3), "calm", "3 days left"),
        (promise(-20, 0), "soon", "less than a minute left"),
        (promise(-21, -1), "broken", "1 minute late"),
        (promise(-40, -20, "kept", -30), "kept", "kept, 10 minutes early"),
        (promise(-40, -20, "kept", -20), "kept", "kept"),
        (promise(-40, -20, "broken"), "broken", "broken"),
        (promise(-40, -20, "broken", -10), "broken", "done 10 minutes late"),
        (promise(-40, -20, "renegotiated", -30), "over", "renegotiated"),
        (promise(-40, -20, "withdrawn", -30), "over", "withdrawn"),
    ],
)
def test_a_ring_says_how_a_promise_stands(what: Promise, phase: str, words: str) -> None:
    html = render("{% ring promise %}", promise=what)
    assert f'data-phase="{phase}"' in html
    assert f'role="timer" aria-live="off">{words}</span>' in html


def test_a_ring_is_drawn_without_script() -> None:
    html = render("{% ring promise %}", promise=promise(-15, 5))
    assert 'stroke-dashoffset="75.0"' in html
    assert f'data-due="{int((NOW + timedelta(minutes=5)).timestamp() * 1000)}"' in html


def test_a_big_ring_shows_minutes_and_seconds_to_those_who_see() -> None:
    assert '<span class="ring-clock" aria-hidden="true">05:00</span>' in render(
        '{% ring promise "big" %}', promise=promise(-15, 5)
    )
    assert "ring-clock" not in render('{% ring promise "big" %}', promise=promise(-40, -20, "kept", -30))


def test_money_is_written_as_people_of_the_language_write_it() -> None:
    assert render("{{ amount|money:'EUR' }}", amount=1250) == "€12.50"
    assert render("{{ amount|money }}", amount=Money(300, "JPY")) == "¥300"
    with translation.override("zh-hant"):
        assert render("{{ amount|money }}", amount=Money(35000, "TWD")) == "$350"


def test_an_icon_alone_is_silent_and_with_a_label_speaks() -> None:
    assert (
        render('{% icon "need" %}')
        == '<svg class="icon" aria-hidden="true"><use href="/static/img/icons.svg#need"/></svg>'
    )
    assert render('{% icon "need" label %}', label="<Need>").endswith(
        '<span class="unseen">&lt;Need&gt;</span>'
    )


def test_every_drawing_that_a_page_names_is_in_the_sprite() -> None:
    import re
    from pathlib import Path

    import rugui

    package = Path(rugui.__file__).parent
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (package / "web/static/img/icons.svg").read_text()))
    named = {
        name
        for path in package.rglob("*.html")
        for name in re.findall(r'\{% icon "([^"]+)"', path.read_text())
    }
    assert named - drawn == set()


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana Ruiz", "AR"),
        ("Ben", "B"),
        ("陳玉婷", "婷"),
        ("Juan de la Cruz", "JC"),
        ("Ben (example)", "B"),
        ("小安（示範）", "安"),
        ("", ""),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert tags.initials(name) == letters


def test_lang_names_the_script() -> None:
    assert [tags.lang(code) for code in ("en", "zh-hant", "zh-hans", "", None)] == [
        "en",
        "zh-Hant",
        "zh-Hans",
        "en",
        "en",
    ]


class Form(forms.Form):
    name = forms.CharField(label="Name", help_text="As <they> gave it.")
    email = forms.EmailField(label="E-mail", required=False)
    way = forms.ChoiceField(label="Way", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="Agreed", required=False)
    token = forms.CharField(widget=forms.HiddenInput)


def test_a_field_ties_label_help_and_error_to_its_control() -> None:
    html = render("{% field form.name %}", form=Form({}))
    assert '<label for="id_name">Name</label>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert '<span class="field-help" id="id_name_helptext">As &lt;they&gt; gave it.</span>' in html
    assert 'id="id_name_error"' in html
    assert "<span>This field is required.</span>" in html
    assert 'aria-invalid="true"' in html


def test_a_field_that_may_stay_empty_says_so() -> None:
    assert '<label for="id_email">E-mail <span class="optional">(optional)</span></label>' in render(
        "{% field form.email %}", form=Form()
    )


def test_choices_are_a_group_and_a_tick_is_beside_its_label() -> None:
    assert "<fieldset" in render("{% field form.way %}", form=Form())
    assert "<legend>Way</legend>" in render("{% field form.way %}", form=Form())
    assert render("{% field form.agreed %}", form=Form()).startswith(
        '<div class="field is-check"><label for="id_agreed"><input'
    )


def test_a_hidden_field_is_only_itself() -> None:
    assert render("{% field form.token %}", form=Form()) == '<input type="hidden" name="token" id="id_token">'


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Seen: Ana, Ben &amp; Co"),
        ("zh-hant", "Seen：Ana、Ben &amp; Co"),
        ("zh-hans", "Seen：Ana、Ben &amp; Co"),
    ],
)
def test_lists_and_headings_have_the_marks_of_the_readers_language(language: str, said: str) -> None:
    with translation.override(language):
        assert render("Seen{% colon %}{{ names|listed }}", names=["Ana", "Ben & Co"]) == said


SENTENCES = [
    (["It is so.", "Because.", ""], "It is so. Because."),
    (["是這樣。", "因為。"], "是這樣。因為。"),
    (["好！", "Good.", "好嗎？", "好"], "好！Good. 好嗎？好"),
    (["", "One"], "One"),
    ([""], ""),
]
"""What is said, and how it stands together; the browser holds scripts to the same."""


@pytest.mark.parametrize(("said", "whole"), SENTENCES)
def test_no_blank_stands_behind_a_chinese_stop(said: list[str], whole: str) -> None:
    assert phrases.sentences(*said) == whole


@pytest.mark.parametrize(
    ("language", "said"), [("en", "“A &amp; B”"), ("zh-hant", "「A &amp; B」"), ("zh-hans", "“A &amp; B”")]
)
def test_what_somebody_said_has_the_quotation_marks_of_the_readers_language(language: str, said: str) -> None:
    with translation.override(language):
        assert render("{{ words|quoted }}", words="A & B") == said


def test_sentences_are_escaped() -> None:
    assert render("{% sentences one two %}", one="<b>。", two="b") == "&lt;b&gt;。b"
