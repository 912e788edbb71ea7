"""What stands out: exact, and rarely by chance, however many questions are asked."""

from __future__ import annotations

from math import comb
from random import Random

import pytest

from rugui.engines.unusual import Counted, draws, look, share, step_up, together


@pytest.mark.parametrize(
    ("hits", "drawn", "special", "total"), [(3, 10, 5, 30), (0, 4, 2, 9), (5, 5, 5, 12), (2, 8, 9, 10)]
)
def test_the_tail_is_exact(hits: int, drawn: int, special: int, total: int) -> None:
    ways = sum(
        comb(special, each) * comb(total - special, drawn - each)
        for each in range(hits, min(drawn, special) + 1)
        if 0 <= drawn - each <= total - special
    )
    assert draws(hits, drawn, special, total) == pytest.approx(ways / comb(total, drawn))


def test_the_step_up_is_that_of_the_paper() -> None:
    chances = [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1.0]  # fmt: skip
    assert step_up(chances, 0.05) == 4  # Benjamini and Hochberg 1995, their example
    assert step_up([], 0.05) == 0


def test_somebody_who_does_it_far_more_often_stands_out_and_two_of_two_do_not() -> None:
    asked = [share(("a",), Counted(20, 12), Counted(200, 10)), share(("b",), Counted(2, 2), Counted(218, 20))]
    shown = {each.question.key: each.unusual for each in look(asked)}
    assert shown == {("a",): True, ("b",): False}


def test_a_pair_that_meets_far_too_often_stands_out() -> None:
    [shown] = look([together(("carol", "chen"), 9, 12, 10, 300)])
    assert shown.unusual
    [fine] = look([together(("carol", "chen"), 2, 60, 10, 300)])
    assert not fine.unusual


def test_where_nothing_is_wrong_hardly_ever_anything_is_shown() -> None:
    """Ten people of the same habits, three questions each: in at most five of a hundred houses is anybody shown."""
    random, alarms, houses = Random(5), 0, 600
    for _house in range(houses):
        asked = []
        for kind, rate in (("near", 0.1), ("untold", 0.3), ("hours", 0.05)):
            counts = [
                Counted(n, sum(random.random() < rate for _each in range(n)))
                for n in (5, 8, 12, 20, 20, 30, 40, 40, 60, 80)
            ]
            total, special = sum(each.total for each in counts), sum(each.special for each in counts)
            asked += [
                share((kind, str(index)), own, Counted(total - own.total, special - own.special))
                for index, own in enumerate(counts)
            ]
        alarms += any(each.unusual for each in look(asked))
    assert alarms / houses <= 0.05
