"""How often the time told is beaten: houses with days, channels, loads and habits that change, simulated.

    python -m benchmarks.acknowledge           twenty houses of each kind, 3,000 answers each
    python -m benchmarks.acknowledge --quick   two of each

Each answer is told a time from the ones before it only, and then takes as long as it takes. Peers that state a time state
a fixed one; the same houses are therefore told the .95 quantile of their first 200 answers for ever, for comparison.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

import numpy as np

from rugui.engines.acknowledge import History, Like, Limits, band_of, level_after, round_up, time_kept

from .common import report

LIMITS = Limits(300, 4 * 3600)
WARM_UP = 100
KINDS = ("none", "sudden", "slow", "seasons")


@dataclass(frozen=True)
class Figures:
    beaten: float
    """Share of the times told that were kept or beaten, after the first hundred."""
    median_told: float
    fixed_beaten: float
    worst_hundred: float
    """The share in the worst hundred answers in a row."""


def simulate(drift: str, *, cases: int, seed: int) -> Figures:
    """One house. `drift`: none, sudden (twice as slow from the middle on), slow (doubling over time), seasons."""
    pick = np.random.default_rng(seed)
    at = np.cumsum(pick.exponential(3600, cases))
    hour = ((at / 3600) % 24).astype(int)
    channel = pick.choice(4, cases, p=[0.5, 0.25, 0.15, 0.1])
    load = np.minimum(pick.poisson(2.5, cases), 15)
    band = np.array([band_of(each) for each in hour])
    pace = np.array([1.0, 0.6, 2.0, 3.0])[channel] * np.where(band == 0, 3.0, 1.0) * (1 + 0.12 * load)
    took = pick.lognormal(np.log(600), 0.6, cases) * pace * _change(drift, at)
    told, beaten = np.zeros(cases), np.zeros(cases, dtype=bool)
    for index in range(cases):
        known = np.flatnonzero(at[:index] + took[:index] <= at[index])[-1000:]
        past = History(took[known], at[index] - at[known], channel[known], band[known], load[known])
        level = level_after(beaten[known][known >= 20])
        like = Like(int(channel[index]), int(band[index]), int(load[index]))
        told[index] = round_up(time_kept(past, like, LIMITS, level=level).seconds)
        beaten[index] = took[index] <= told[index]
    after = beaten[WARM_UP:]
    worst = (
        np.convolve(after, np.ones(100), "valid").min() / 100 if after.size >= 100 else float(after.mean())
    )
    fixed = float((took[200:] <= np.quantile(took[:200], 0.95)).mean())
    return Figures(float(after.mean()), float(np.median(told[WARM_UP:])), fixed, float(worst))


def _change(drift: str, at: np.ndarray) -> np.ndarray:
    share = at / at[-1]
    if drift == "sudden":
        return np.where(share > 0.5, 2.0, 1.0)
    if drift == "slow":
        return 1.0 + share
    return 1 + 0.5 * np.sin(share * 6 * np.pi) if drift == "seasons" else np.ones_like(at)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="two houses of each kind")
    quick = parser.parse_args().quick
    houses, cases = (2, 600) if quick else (20, 3000)
    began, result = time.monotonic(), {}
    for drift in KINDS:
        found = [simulate(drift, cases=cases, seed=seed) for seed in range(houses)]
        shares = [each.beaten for each in found]
        result[drift] = {
            "beaten": round(float(np.mean(shares)), 4),
            "lowest_house": round(min(shares), 4),
            "worst_hundred_in_a_row": round(min(each.worst_hundred for each in found), 2),
            "told_minutes_median": round(float(np.median([each.median_told for each in found])) / 60),
            "fixed_time_beaten": round(float(np.mean([each.fixed_beaten for each in found])), 4),
        }
    report(
        "acknowledge",
        {"houses": houses, "answers": cases, **result, "took_s": round(time.monotonic() - began)},
    )


if __name__ == "__main__":
    main()
