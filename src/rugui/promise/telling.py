"""What the customer is told: a time that we nearly always beat, learned from how long answers took at this place."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from babel.dates import format_datetime
from django.utils import translation
from django.utils.translation import gettext as _

from ..core import ready
from ..engines.acknowledge import History, Like, Limits, Told, band_of, level_after, round_up, time_kept
from ..house.models import Place
from ..serve.models import Touch
from .models import Promise
from .words import LOCALES

SINCE = timedelta(days=180)
FLOOR = 300.0
THIN, FULL = 2, 8
"""Told at most so many times our own time: while little is known, and at all."""
CHANNELS = {channel: number for number, channel in enumerate(Touch.Channel.values)}
HISTORY = """
SELECT made_at, settled_at, channel, coalesce(load, 0), told_at
FROM rugui_promise
WHERE organization_id = %s AND place_id = %s AND kind IN ('answer', 'next_answer') AND made_at >= %s
    AND settled_at IS NOT NULL AND state IN ('kept', 'broken')
ORDER BY made_at DESC LIMIT 1000
"""


def told_at(place: Place, *, channel: str, load: int, due_at: datetime, now: datetime) -> datetime:
    """The time to tell whoever wrote just now. One query."""
    own = max(60.0, (due_at - now).total_seconds())
    told = learned(place, channel=channel, load=load, own=own, now=now)
    seconds = THIN * own if told.thin else told.seconds
    return now + timedelta(seconds=round_up(max(seconds, FLOOR)))


def learned(place: Place, *, channel: str, load: int, own: float, now: datetime) -> Told:
    """What the history of the place says, in seconds."""
    rows = ready.fetch(HISTORY, [place.organization_id, place.id, now - SINCE])
    rows.reverse()
    history = History(
        np.array([(settled - made).total_seconds() for made, settled, *_rest in rows], dtype=float),
        np.array([(now - made).total_seconds() for made, *_rest in rows], dtype=float),
        np.array([CHANNELS.get(row[2], -1) for row in rows], dtype=np.int64),
        np.array([band_of(row[0].astimezone(place.zone).hour) for row in rows], dtype=np.int64),
        np.array([row[3] for row in rows], dtype=np.int64),
    )
    beaten = np.array([row[1] <= row[4] for row in rows if row[4] is not None], dtype=bool)
    like = Like(CHANNELS.get(channel, -1), band_of(now.astimezone(place.zone).hour), load)
    return time_kept(history, like, Limits(FLOOR, FULL * own), level=level_after(beaten))


def acknowledgement(promise: Promise, language: str) -> str:
    """What one may say to the customer at once, in their language; nothing where the rule tells nothing."""
    if promise.told_at is None:
        return ""
    code = language if language in LOCALES else "en"
    with translation.override(code):
        local = promise.told_at.astimezone(promise.place.zone)
        time = format_datetime(local, "EEEE HH:mm", locale=LOCALES[code])
        return _("Thank you, we have your message. You have our answer by %(time)s.") % {"time": time}
