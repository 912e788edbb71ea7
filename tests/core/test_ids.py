"""Public ids: names that say nothing, fit one kind only, and cannot be made up."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rugui.core.ids import IdCipher, UnknownId

ROWS = st.integers(min_value=0, max_value=2**63 - 1)
OURS, THEIRS = IdCipher(bytes(range(16))), IdCipher(bytes(16))


@given(ROWS)
def test_it_leads_back_to_its_row(row: int) -> None:
    assert OURS.row("customer", OURS.public("customer", row)) == row


@given(ROWS)
def test_it_is_of_one_kind_and_one_installation(row: int) -> None:
    public = OURS.public("customer", row)
    for cipher, kind in ((OURS, "case"), (THEIRS, "customer")):
        with pytest.raises(UnknownId):
            cipher.row(kind, public)


@given(st.text(max_size=40))
def test_nothing_made_up_is_one(text: str) -> None:
    with pytest.raises(UnknownId):
        OURS.row("customer", text)


@given(st.text("abcdefghijklmnopqrstuvwxyz234567ß", max_size=60))
def test_no_attempt_spoils_the_ids_after_it(text: str) -> None:
    with contextlib.suppress(UnknownId):
        OURS.row("customer", text)
    assert OURS.row("customer", OURS.public("customer", 7)) == 7


def test_another_spelling_of_it_is_not_one() -> None:
    public = OURS.public("customer", 7)
    assert len(public) == 26
    last = "abcdefghijklmnopqrstuvwxyz234567"
    others = [public[:-1] + letter for letter in last if letter != public[-1]]
    for other in [public.upper(), *others]:
        with pytest.raises(UnknownId):
            OURS.row("customer", other)
