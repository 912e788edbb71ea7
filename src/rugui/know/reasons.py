"""Why somebody was recognised, in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from ..core.errors import Text
from ..engines.identity.recognise import Reason
from .pairs import CardPair

REASONS: dict[tuple[str, str], Text] = {
    ("name", "same"): _("same name"),
    ("name", "swapped"): _("same name in another order"),
    ("name", "script"): _("same name, spelt another way"),
    ("name", "nickname"): _("short form of the name"),
    ("name", "slip"): _("name one letter off"),
    ("name", "sound"): _("name sounds the same"),
    ("name", "part"): _("part of the name"),
    ("name", "close"): _("similar name"),
    ("name", "initials"): _("same initials"),
    ("name", "surname"): _("same surname"),
    ("name", "given"): _("same given name"),
    ("phone", "same"): _("same phone number"),
    ("phone", "digit"): _("phone number one digit off"),
    ("phone", "tail"): _("last digits of the phone number"),
    ("phone", "begins"): _("beginning of the phone number"),
    ("email", "same"): _("same e-mail address"),
    ("email", "slip"): _("e-mail address one letter off"),
    ("email", "local"): _("same e-mail name at another provider"),
    ("email", "close"): _("similar e-mail address"),
    ("email", "begins"): _("beginning of the e-mail address"),
    ("handle", "same"): _("same handle"),
    ("handle", "local"): _("same handle"),
    ("handle", "slip"): _("handle one letter off"),
    ("handle", "begins"): _("beginning of the handle"),
    ("card", "same"): _("same card number"),
    ("card", "local"): _("same card number"),
    ("card", "slip"): _("card number one digit off"),
    ("card", "tail"): _("last digits of the card number"),
    ("card", "begins"): _("beginning of the card number"),
}


def worded(reasons: Iterable[Reason]) -> list[Text]:
    """Each reason, as a few words."""
    return [REASONS[reason.field, reason.level] for reason in reasons]


def pair_reasons(pair: CardPair) -> list[Text]:
    """The reasons kept with a pair of cards, [[field, level], …], as far as they speak for one person."""
    return [REASONS[field, level] for field, level in pair.reasons if (field, level) in REASONS]
