"""Path converters for public ids: import this module in a urls.py, then write `<customer:customer_id>`.

A foreign or invented id does not match at all, so it is "not found" before any view or query.
"""

from __future__ import annotations

from django.urls import register_converter

from .ids import converter

KINDS = (
    "call",
    "cardpair",
    "case",
    "casealarm",
    "consent",
    "courtesy",
    "customer",
    "given",
    "hearingcorrection",
    "heldcharge",
    "identity",
    "handover",
    "hit",
    "housetopic",
    "importrun",
    "incident",
    "incidenttask",
    "invitation",
    "key",
    "leave",
    "lexiconproposal",
    "merge",
    "note",
    "observation",
    "place",
    "practice",
    "promise",
    "promisepolicy",
    "purchase",
    "remedy",
    "specialday",
    "staff",
    "standard",
    "surprise",
    "touch",
    "visit",
)
"""Model names, as `HouseModel.public_id` uses them."""

for _kind in KINDS:
    register_converter(converter(_kind), _kind)
