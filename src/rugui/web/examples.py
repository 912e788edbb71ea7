"""Invented people and promises for the component page; nothing here touches the database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from ..core import time
from ..core.money import Money

COLOURS = [
    "paper",
    "raised",
    "sunken",
    "ink",
    "quiet-ink",
    "faint-line",
    "lantern",
    "jade",
    "amber",
    "vermilion",
    "indigo",
]
SPRITE = Path(__file__).parent / "static" / "img" / "icons.svg"


@dataclass(frozen=True, slots=True)
class ExamplePromise:
    made_at: datetime
    due_at: datetime
    state: str = "open"
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExampleNote:
    kind: str
    text: object
    source: str
    learned_at: datetime
    author: str = "Ana"
    get_kind_display: object = ""
    get_source_display: object = ""


class ExampleForm(forms.Form):
    """One field of each look."""

    name = forms.CharField(label=_("Name"), help_text=_("As they gave it."))
    email = forms.EmailField(label=_("E-mail"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=[("phone", _("Phone")), ("email", _("E-mail"))])
    wish = forms.ChoiceField(
        label=_("What would make it right?"),
        choices=[("room", _("Another room")), ("quiet", _("Being left in peace"))],
        widget=forms.RadioSelect,
    )
    story = forms.CharField(
        label=_("What happened?"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    agreed = forms.BooleanField(label=_("They agreed"), required=False)


def components() -> dict[str, Any]:
    """The context of the component page."""
    now = time.now()

    def promise(made: float, due: float, state: str = "open", settled: float | None = None) -> ExamplePromise:
        """Minutes from now."""
        settled_at = None if settled is None else now + timedelta(minutes=settled)
        return ExamplePromise(
            now + timedelta(minutes=made), now + timedelta(minutes=due, seconds=20), state, settled_at
        )

    def note(kind: str, text: object, source: str, said: object, days: float, label: object) -> ExampleNote:
        return ExampleNote(kind, text, source, now - timedelta(days=days), "Ana", label, said)

    return {
        "now": now,
        "zone": ZoneInfo("Asia/Taipei"),
        "colours": COLOURS,
        "icon_names": re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()),
        "rings": [
            promise(-6, 14),
            promise(-14, 6),
            promise(-17, 3),
            promise(-34, -14),
            promise(-60, -40, "kept", -52),
            promise(-60, -40, "broken", -31),
            promise(-60, -40, "renegotiated", -50),
        ],
        "running": promise(-14, 6),
        "case_clock": promise(-8, 12),
        "broken": promise(-34, -14),
        "notes": [
            note("need", _("feathers"), "said", _("said so"), 120, _("Need")),
            note("preference", _("black coffee before breakfast"), "seen", _("seen"), 40, _("Preference")),
            note("goal", _("here to finish a book"), "said", _("said so"), 2, _("Goal")),
            note("person", _("daughter Mei, seven"), "said", _("said so"), 120, _("Person")),
            note("date", _("birthday 8 March"), "imported", _("imported"), 300, _("Date")),
            note("wish", _("the corner table by the lake"), "bought", _("bought"), 90, _("Wish")),
            note("mood", _("tired, long flight"), "seen", _("seen"), 0.1, _("Mood")),
            note("fact", _("seems to prefer the stairs"), "inferred", _("inferred"), 30, _("Fact")),
        ],
        "moments": [
            now,
            now - timedelta(days=1),
            now + timedelta(days=1),
            now - timedelta(days=4),
            now - timedelta(days=60),
            now - timedelta(days=700),
        ],
        "money": [Money(1250, "EUR"), Money(35000, "TWD"), Money(300, "JPY")],
        "earlier": now - timedelta(minutes=52),
        "long_ago": now - timedelta(days=120),
        "later": now + timedelta(minutes=90),
        "form": ExampleForm({"email": "chen@", "channel": "phone", "wish": "room", "story": "", "name": ""}),
    }
