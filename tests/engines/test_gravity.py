"""Words that may mean something grave: proposed where they stand, never where they are denied."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rugui.engines.gravity import KINDS, signs
from rugui.engines.gravity.read import CERTAINTY

SENTENCES = Path(__file__).parents[2] / "benchmarks" / "labelled" / "gravity" / "sentences.tsv"


def counts(part: str) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """By kind: rightly proposed, wrongly proposed, missed."""
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["part"] == part:
                meant, found = set(row["kinds"].split()), {sign.kind for sign in signs(row["sentence"])}
                right.update(meant & found)
                wrong.update(found - meant)
                missed.update(meant - found)
    return right, wrong, missed


@pytest.mark.parametrize("kind", KINDS)
def test_its_certainty_is_what_was_measured_on_sentences_that_were_kept_apart(kind: str) -> None:
    right, wrong, missed = counts("kept")
    assert CERTAINTY[kind] == round(right[kind] / (right[kind] + wrong[kind] + 1), 2)
    assert right[kind] / (right[kind] + missed[kind]) >= 0.85
    assert counts("seen")[1][kind] == 0


@pytest.mark.parametrize(
    "text",
    [
        "Nobody was hurt.", "I almost slipped on the step.", "We are not going to sue.", "沒有受傷", "差点摔倒", "不會告你們",
        "", "The room was cold.",
    ],
)  # fmt: skip
def test_what_is_denied_or_ordinary_proposes_nothing(text: str) -> None:
    assert signs(text) == []


def test_each_kind_is_proposed_once_where_it_is_said_first() -> None:
    text = "My lawyer will call. My lawyer will write. My son was hurt."
    assert [(sign.kind, text[sign.begins : sign.ends]) for sign in signs(text)] == [
        ("legal", "My lawyer"), ("injury", "My son was hurt"), ("minor", "My son"),
    ]  # fmt: skip


@given(st.text(max_size=400))
def test_any_text_is_read_and_every_sign_stands_in_it(text: str) -> None:
    for sign in signs(text):
        assert 0 <= sign.begins < sign.ends <= len(text)
        assert 0 < sign.certainty < 1
