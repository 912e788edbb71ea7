"""A hidden layer: it learns what no single number tells, follows the slope of its loss, and comes out the same each time."""

from __future__ import annotations

import numpy as np
import pytest

from rugui.engines.linear import hidden
from rugui.engines.linear.features import Floats, Ints
from rugui.engines.linear.hidden import Hidden
from rugui.engines.linear.learning import softmax


def _either_or(many: int, seed: int) -> tuple[Floats, Ints]:
    """Two numbers, right where just one of them is positive; and four that tell nothing."""
    draw = np.random.default_rng(seed)
    rows = draw.standard_normal((many, 6)).astype(np.float32)
    return rows, ((rows[:, 0] > 0) != (rows[:, 1] > 0)).astype(np.int64)


def test_it_learns_what_no_single_number_tells() -> None:
    rows, labels = _either_or(2_000, 1)
    asked, right = _either_or(500, 2)
    found = hidden.learned(rows, labels, 2).scores(asked).argmax(1)
    assert (found == right).mean() > 0.9


def test_the_same_rows_give_the_same_weights() -> None:
    rows, labels = _either_or(300, 3)
    for one, other in zip(hidden.learned(rows, labels, 2), hidden.learned(rows, labels, 2), strict=True):
        assert (one == other).all()


def test_its_slopes_are_those_of_the_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside differences of the mean log loss, with no unit left out."""
    monkeypatch.setattr(hidden, "LEFT_OUT", 0.0)
    draw = np.random.default_rng(4)
    rows, labels = _either_or(40, 5)
    weights = [
        draw.standard_normal(size).astype(np.float32) * 0.3 for size in ((6, 256), (256,), (256, 2), (2,))
    ]

    def loss() -> float:
        first, bends, last, biases = (each.astype(np.float64) for each in weights)
        chances = softmax(np.maximum(rows @ first + bends, 0) @ last + biases)
        return float(-np.log(chances[np.arange(40), labels]).mean())

    slopes = hidden._slopes(weights, rows, labels, draw)
    for each, slope in zip(weights, slopes, strict=True):
        at = tuple(draw.integers(size) for size in each.shape)
        before, step = each[at], 1e-2
        each[at] = before + step
        above = loss()
        each[at] = before - step
        below = loss()
        each[at] = before
        assert slope[at] == pytest.approx((above - below) / (2 * step), abs=2e-3)


def test_a_share_of_it_and_what_a_file_holds() -> None:
    rows, labels = _either_or(300, 6)
    made = hidden.learned(rows, labels, 2)
    assert np.allclose(made.quieter(0.25).scores(rows), made.scores(rows) / 4, atol=1e-5)
    again = Hidden.again(made.kept())
    assert np.abs(again.scores(rows) - made.scores(rows)).max() < 0.1
