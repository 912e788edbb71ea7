"""What is believed before a house has learned anything of its own.

Nobody has published how long a guest goes on liking black coffee. These are judgements, to the nearest "months" or
"years" and rather short than long: asking once too often costs a sentence, serving last year's taste costs the gesture.
A house's own re-confirmations take their place topic by topic (learning.py).
"""

from __future__ import annotations

TRUST = {"said": 0.95, "imported": 0.85, "bought": 0.75, "seen": 0.7, "inferred": 0.45, "acquired": 0.4}
"""How likely a claim is true on the day it is made, by how we know."""
CONFIRMED = 0.95
"""Asked and answered is as good as said."""

HOUR = 1 / 24
NEVER = float("inf")
BY_KIND = {
    "need": NEVER,
    "date": NEVER,
    "mood": 3 * HOUR,
    "goal": 30.0,
    "wish": 180.0,
    "preference": 730.0,
    "fact": 900.0,
    "person": 1825.0,
}
"""Half-lives in days where the topic says nothing."""
BY_TOPIC = {
    "temperature": 365.0,
    "newspaper": 365.0,
    "wake-up": 365.0,
    "budget": 180.0,
    "size": 540.0,
    "perfume": 540.0,
    "room": 540.0,
    "seat": 540.0,
    "wine": 540.0,
    "coffee": 730.0,
    "tea": 730.0,
    "music": 730.0,
    "sport": 730.0,
    "job": 900.0,
    "pillow": 1095.0,
    "hobby": 1095.0,
    "smoking": 1095.0,
    "address": 1460.0,
    "diet": 1460.0,
}
SITUATIONAL = 2.0
"""Days for what was so once: it explains this visit, and says little of the next."""
WEIGHT = 2.0
"""How many answers of the house's own a prior half-life weighs."""
