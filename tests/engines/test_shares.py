"""Shares with their intervals."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rugui.engines.shares import wilson


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (81, 263, 0.2553, 0.3662),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_it_is_what_others_have_published(hits: int, of: int, low: float, high: float) -> None:
    """R. G. Newcombe, Two-sided confidence intervals for the single proportion, 1998, table I (two of these), and by hand."""
    share = wilson(hits, of)
    assert (share.low, share.high) == (pytest.approx(low, abs=6e-5), pytest.approx(high, abs=6e-5))


@given(st.integers(0, 3000), st.integers(0, 3000), st.sampled_from([0.5, 0.8, 0.95, 0.999]))
def test_it_holds_the_share_and_stays_a_share(one: int, other: int, level: float) -> None:
    hits, of = min(one, other), max(one, other)
    share = wilson(hits, of, level=level)
    assert 0 <= share.low <= share.high <= 1
    if of:
        assert share.share is not None
        assert share.low <= share.share <= share.high
        mirrored = wilson(of - hits, of, level=level)
        assert mirrored.low == pytest.approx(1 - share.high, abs=1e-12)
    else:
        assert (share.share, share.low, share.high) == (None, 0.0, 1.0)


@pytest.mark.parametrize("of", [10, 30, 100])
@pytest.mark.parametrize("truth", [0.5, 0.8, 0.9, 0.95])
def test_it_covers_about_what_it_says(of: int, truth: float) -> None:
    covered = sum(
        comb(of, hits) * truth**hits * (1 - truth) ** (of - hits)
        for hits in range(of + 1)
        if wilson(hits, of).low <= truth <= wilson(hits, of).high
    )
    assert 0.89 <= covered <= 0.995


@pytest.mark.parametrize(("hits", "of", "level"), [(2, 1, 0.95), (-1, 1, 0.95), (1, 1, 1.0), (1, 1, 0.0)])
def test_impossible_counts_are_refused(hits: int, of: int, level: float) -> None:
    with pytest.raises(ValueError, match=r"of|level"):
        wilson(hits, of, level=level)
