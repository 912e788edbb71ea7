"""What worked before with like customers, honestly: nothing is said before there is evidence.

A gesture that delighted counts 1, one that was fine a half, one that made uneasy or was declined 0. For a remedy and a kind
of injustice the belief is a Beta distribution, in three steps that each lean on the one before: the form's prior from the
literature (weak), all outcomes of the form in the house, and the remedy's own outcomes with like failures. Until a remedy and
its rivals have `ENOUGH` outcomes nothing is drawn, and the order is that of fit alone. After that Thompson sampling draws one
number from each belief: what is uncertain is tried now and then, what works leads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

WORTH = {"delighted": 1.0, "fine": 0.5, "uneasy": 0.0, "declined": 0.0}
ENOUGH = 20
"""Outcomes in the house before anything is drawn."""
LEANS = 8.0
"""How many outcomes the wider belief weighs in the narrower one."""
PRIORS: dict[tuple[str, str], float] = {
    ("redo", "outcome"): 0.62, ("refund", "outcome"): 0.60, ("credit", "outcome"): 0.58, ("upgrade", "outcome"): 0.60,
    ("gift", "outcome"): 0.52, ("treat", "outcome"): 0.52, ("service", "outcome"): 0.55, ("personal", "outcome"): 0.50,
    ("redo", "process"): 0.52, ("refund", "process"): 0.52, ("credit", "process"): 0.60, ("upgrade", "process"): 0.55,
    ("gift", "process"): 0.52, ("treat", "process"): 0.54, ("service", "process"): 0.60, ("personal", "process"): 0.55,
    ("redo", "treatment"): 0.42, ("refund", "treatment"): 0.44, ("credit", "treatment"): 0.44, ("upgrade", "treatment"): 0.48,
    ("gift", "treatment"): 0.50, ("treat", "treatment"): 0.48, ("service", "treatment"): 0.48, ("personal", "treatment"): 0.66,
}  # fmt: skip
"""How well a form is taken for a kind of injustice: small differences in the directions that studies report, not their sizes."""
PRIOR_WEIGHS = 4.0


@dataclass(frozen=True, slots=True)
class Record:
    """One remedy that was given before, and how it was taken."""

    remedy: int
    form: str
    injustice: str
    element: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is believed of one remedy with like failures."""

    outcomes: int
    """Of this remedy, with failures like this one."""
    well: int
    """Of those: delighted or fine."""
    in_house: int
    """Outcomes in the house, of anything."""
    mean: float
    low: float
    high: float
    """Nine times in ten the truth lies between; from the same belief."""
    alpha: float
    beta: float

    @property
    def learns(self) -> bool:
        return self.in_house >= ENOUGH

    def draw(self, random: Random) -> float:
        return random.betavariate(self.alpha, self.beta)


def like(record: Record, injustice: str, element: str) -> bool:
    """Whether an earlier failure was like this one: the same injustice, or, where it is not known, the same element."""
    if injustice and record.injustice:
        return record.injustice == injustice
    return bool(element) and record.element == element


def evidence(remedy: int, form: str, injustice: str, element: str, records: Sequence[Record]) -> Evidence:
    """The belief about a remedy, from the records of the house."""
    prior = PRIORS.get((form, injustice), 0.5)
    broad = _mean(
        prior, PRIOR_WEIGHS, (each for each in records if each.form == form and each.remedy != remedy)
    )
    own = [each for each in records if each.remedy == remedy and like(each, injustice, element)]
    gained = sum(WORTH[each.outcome] for each in own)
    alpha, beta = LEANS * broad + gained, LEANS * (1 - broad) + len(own) - gained
    low, high = interval(alpha, beta)
    well = sum(1 for each in own if WORTH[each.outcome] > 0)
    return Evidence(len(own), well, len(records), alpha / (alpha + beta), low, high, alpha, beta)


def _mean(prior: float, weighs: float, records: Iterable[Record]) -> float:
    found = [WORTH[each.outcome] for each in records]
    return (weighs * prior + sum(found)) / (weighs + len(found))


def interval(alpha: float, beta: float, *, level: float = 0.9, steps: int = 400) -> tuple[float, float]:
    """The middle `level` of a Beta distribution, by adding up its density; exact to the width of a step."""
    from math import exp, lgamma, log

    whole = lgamma(alpha + beta) - lgamma(alpha) - lgamma(beta)
    grid = [(index + 0.5) / steps for index in range(steps)]
    density = [exp(whole + (alpha - 1) * log(x) + (beta - 1) * log(1 - x)) for x in grid]
    total, tail, added = sum(density), (1 - level) / 2, 0.0
    low = high = None
    for x, mass in zip(grid, density, strict=True):
        added += mass / total
        if low is None and added >= tail:
            low = x
        if high is None and added >= 1 - tail:
            high = x
    return low or 0.0, high or 1.0
