"""Hearing what customers write: each message read for what it does, what it is about, how its writer feels and how soon it matters.

    from rugui.engines.hearing import hear

    heard = hear("The heating is broken and nobody answers the phone!")
    heard.act("complaint").chance   # 0.9…

`hear` listens with weights that come with the program, and with what a house has set right (`corrected`). `learn` knows nothing of any topic
or language: whoever has labelled messages gets an ear for just those labels, such as a house's own list of topics.
"""

from ..linear.heads import Heads
from ..linear.learning import calibration_error
from .ear import Ear, Guess, learn
from .found import Amount, Found
from .heard import ACTS, ELEMENTS, Heard, Said, hear, shipped
from .house import Correction, House, Topic, corrected
from .tongue import Tongue, tongue

__all__ = [
    "ACTS",
    "ELEMENTS",
    "Amount",
    "Correction",
    "Ear",
    "Found",
    "Guess",
    "Heads",
    "Heard",
    "House",
    "Said",
    "Tongue",
    "Topic",
    "calibration_error",
    "corrected",
    "hear",
    "learn",
    "shipped",
    "tongue",
]
