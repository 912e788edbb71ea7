"""Hearing what customers write: messages sorted by what they say, with an honest chance for each answer.

    from rugui.engines.hearing import learn

    ear = learn(["the room was lovely", "房間很冷", …], ["praise", "complaint", …])
    ear.hear("lovely staff")        # Guess(label='praise', probability=0.9…, others=…)

`learn` knows nothing of any topic or language: whoever has labelled messages gets an ear for just those labels.
"""

from .ear import Ear, Guess, learn
from .learning import calibration_error

__all__ = ["Ear", "Guess", "calibration_error", "learn"]
