"""Meaning: what says one thing in other words lies close together, words never met are read in pieces, files hold what was written."""

from __future__ import annotations

import io
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rugui.engines.meaning import Meaning, shipped
from rugui.engines.meaning.sentence import LONGEST

TWICE = [
    ("Where can I leave my car?", "Is there parking for guests?"),
    ("The shower is ice cold", "There's no hot water in the bathroom"),
    ("I was charged twice", "You billed me two times for one stay"),
    ("My parcel never arrived", "The package still hasn't been delivered"),
    ("Can I bring my dog?", "Do you allow pets?"),
    ("What time is breakfast?", "When do you start serving in the morning?"),
    ("The waiter was rude to us", "Your server spoke to us without any manners"),
    ("Thank you for a wonderful evening", "We had a lovely night, many thanks"),
    ("I'd like to cancel my booking", "Please call off my reservation"),
    ("My daughter is allergic to nuts", "Our girl cannot eat peanuts"),
    ("The music next door kept us awake", "We could not sleep for the noise"),
    ("Do you have a vegetarian menu?", "What can you cook without meat?"),
]


def test_what_says_the_same_in_other_words_lies_close() -> None:
    meaning = shipped()
    near = meaning.of_all([one for one, _ in TWICE]) @ meaning.of_all([other for _, other in TWICE]).T
    right = (near.argmax(1) == np.arange(len(TWICE))).sum() + (near.argmax(0) == np.arange(len(TWICE))).sum()
    assert right >= 18  # of 24, where chance would find two


def test_a_meaning_is_of_length_one_and_of_nothing_where_no_word_is_known() -> None:
    meaning = shipped()
    assert meaning.of("Lovely people").shape == (meaning.size,)
    assert np.linalg.norm(meaning.of("Lovely people")) == pytest.approx(1, abs=1e-5)
    for empty in ("", "房間很乾淨", "?!… 👍"):
        assert not meaning.of(empty).any()


def test_width_case_and_apostrophes_do_not_matter() -> None:
    meaning = shipped()
    assert (meaning.of("I CAN’T ＦＩＮＤ it") == meaning.of("i can't find it")).all()


def test_a_word_without_a_vector_is_read_in_pieces() -> None:
    meaning = shipped()
    assert "unsinkables" not in meaning.pieces
    read = [meaning.pieces[at] for at in meaning.units("unsinkables")]
    assert len(read) > 1
    assert "".join(read).replace("##", "") == "unsinkables"


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_has_a_meaning_of_finite_numbers(text: str) -> None:
    made = shipped().of(text)
    assert np.isfinite(made).all()
    assert np.linalg.norm(made) <= 1 + 1e-5


def test_a_long_text_is_read_so_far_and_no_further() -> None:
    meaning = shipped()
    assert len(meaning.units("very good " * 1_000)) == LONGEST
    begun = time.process_time()
    assert len(meaning.units("q" * 4_000)) == LONGEST
    assert time.process_time() - begun < 1.0


def test_a_file_holds_what_was_written_and_nothing_else_is_taken() -> None:
    meaning = shipped()
    again = Meaning.from_bytes(meaning.to_bytes())
    assert again.pieces == meaning.pieces
    assert np.abs(again.of("Where is my parcel?") - meaning.of("Where is my parcel?")).max() < 0.02
    file = io.BytesIO()
    np.savez(file, format=np.array(9))
    with pytest.raises(ValueError, match="format 9"):
        Meaning.from_bytes(file.getvalue())


def test_it_is_small() -> None:
    assert len(shipped().to_bytes()) < 2_200_000
