"""How long claims of a topic hold, learned from how often they still held when somebody asked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from . import priors

STEPS = 400
REACH = 6.0
"""How far (in natural logarithms) the true rate may lie from the prior's: a factor of four hundred."""
SHORTEST = 1 / 24


@dataclass(frozen=True, slots=True)
class Check:
    """A claim was asked about `days` after it was last believed, and still held or did not."""

    days: float
    held: bool


@dataclass(frozen=True, slots=True)
class Estimate:
    """A half-life in days: the middle of what is likely, and between which it lies nine times in ten."""

    days: float
    low: float
    high: float
    checks: int


def learn_half_life(checks: Sequence[Check], prior_days: float) -> Estimate:
    """The half-life after these checks.

    Claims cease at a constant rate; the rate has a gamma prior whose mean is that of `prior_days`, of weight two. That it
    held after t days has the likelihood exp(-rate*t); that it did not, 1 - exp(-rate*t), because nobody knows when it
    changed. That is no conjugate pair, so the posterior is summed on a grid of the rate's logarithm.
    """
    if not 0 < prior_days < priors.NEVER:
        raise ValueError("A half-life that is learned begins with one that is finite.")
    mean = math.log(2) / prior_days
    held = sum(max(check.days, SHORTEST) for check in checks if check.held)
    lost = [max(check.days, SHORTEST) for check in checks if not check.held]
    logs = [math.log(mean) + REACH * (2 * step / (STEPS - 1) - 1) for step in range(STEPS)]
    weights = [_log_posterior(math.exp(each), mean, held, lost) for each in logs]
    highest = max(weights)
    mass = [math.exp(weight - highest) for weight in weights]
    total = sum(mass)
    half = [math.log(2) / math.exp(each) for each in logs]
    return Estimate(
        _quantile(half, mass, total, 0.5),
        _quantile(half, mass, total, 0.95),
        _quantile(half, mass, total, 0.05),
        len(checks),
    )


def _log_posterior(rate: float, mean: float, held: float, lost: Sequence[float]) -> float:
    """Per step of the logarithm, so the gamma density's exponent is the weight and not one less."""
    prior = priors.WEIGHT * math.log(rate) - priors.WEIGHT * rate / mean
    return prior - rate * held + sum(math.log(-math.expm1(-rate * days)) for days in lost)


def _quantile(half: Sequence[float], mass: Sequence[float], total: float, share: float) -> float:
    """The half-life below whose rate lies `share` of the mass. Rates rise, so half-lives fall."""
    seen = 0.0
    for days, each in zip(half, mass, strict=True):
        seen += each
        if seen >= share * total:
            return days
    return half[-1]
