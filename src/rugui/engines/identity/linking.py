"""From which probability on a message is linked by itself, or asked about, learned from what people confirmed and refused.

The house states how many false links it bears (one in a thousand). The shipped probabilities are corrected by two
numbers, a slope and a shift on the scale of log-odds, fitted to the house's own decisions; while these are few, the
fit stays close to no correction. What is then at least one minus the stated rate is linked, so that among all linked
no more than the stated share is expected to be false. The same rate says from where on it is worth asking: whoever
fears a false link more is asked about less likely people too. `measured` says how the rule would have done on what
people have decided, with the interval of Wilson (1927), which says something sensible about few decisions and about none
that was wrong.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..shares import wilson

MISSED = 200
"""A false link is as bad as not having asked about so many people who were somebody known. At one false link in a
thousand people are asked about from a corrected probability of a fifth on."""
LEAST_ASKED, MOST_ASKED = 0.05, 0.5
"""Whatever the rate, it is not worth asking below the one, and always worth it above the other."""
SLOPE_FIRM, SHIFT_FIRM = 60.0, 8.0
"""How firmly the shipped probabilities are believed, in decisions or so."""
MOST = 16.0
"""Log-odds beyond which nothing is told apart."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Somebody said whether a suggestion was right."""

    probability: float
    same: bool


@dataclass(frozen=True, slots=True)
class Calibration:
    slope: float = 1.0
    shift: float = 0.0
    decisions: int = 0

    def corrected(self, probability: float) -> float:
        return _chance(self.slope * _odds(probability) + self.shift)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """On the shipped scale: linked from `link` on, asked about from `suggest` on."""

    link: float
    suggest: float


@dataclass(frozen=True, slots=True)
class Measured:
    """How many of the decided pairs would have been linked, and how many of those were two people."""

    links: int
    false: int

    @property
    def interval(self) -> tuple[float, float]:
        """Between which shares the true rate of false links lies, by these decisions alone."""
        found = wilson(self.false, self.links)
        return found.low, found.high


def measured(decisions: Iterable[Decision], limits: Thresholds) -> Measured:
    """What these thresholds would have linked of what people have decided."""
    linked = [each.same for each in decisions if each.probability >= limits.link]
    return Measured(len(linked), linked.count(False))


def calibrate(decisions: Iterable[Decision]) -> Calibration:
    """Slope and shift by Newton's method, held to 1 and 0 by the priors."""
    rows: Sequence[tuple[float, bool]] = [(_odds(each.probability), each.same) for each in decisions]
    slope, shift = 1.0, 0.0
    for _round in range(25):
        g_slope, g_shift = SLOPE_FIRM * (slope - 1), SHIFT_FIRM * shift
        h_ss, h_st, h_tt = SLOPE_FIRM, 0.0, SHIFT_FIRM
        for odds, same in rows:
            chance = _chance(slope * odds + shift)
            error, weight = chance - same, chance * (1 - chance)
            g_slope += error * odds
            g_shift += error
            h_ss += weight * odds * odds
            h_st += weight * odds
            h_tt += weight
        determinant = h_ss * h_tt - h_st * h_st
        step_slope = (h_tt * g_slope - h_st * g_shift) / determinant
        step_shift = (h_ss * g_shift - h_st * g_slope) / determinant
        slope, shift = max(0.1, slope - step_slope), shift - step_shift
        if abs(step_slope) + abs(step_shift) < 1e-9:
            break
    return Calibration(slope, shift, len(rows))


def thresholds(calibration: Calibration, false_link_rate: float) -> Thresholds:
    """Where on the shipped scale the corrected probability reaches what the house asks for."""
    link = _chance((_odds(1 - false_link_rate) - calibration.shift) / calibration.slope)
    asked = min(max(MISSED * false_link_rate, LEAST_ASKED), MOST_ASKED)
    suggest = _chance((_odds(asked) - calibration.shift) / calibration.slope)
    return Thresholds(link, min(suggest, link))


def _odds(probability: float) -> float:
    inside = min(max(probability, 1e-7), 1 - 1e-7)
    return max(-MOST, min(MOST, math.log(inside / (1 - inside))))


def _chance(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-MOST * 2, min(MOST * 2, odds))))
