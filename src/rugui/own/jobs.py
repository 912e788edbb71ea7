"""Nights in which what has been kept long enough goes."""

from __future__ import annotations

import logging
from datetime import time

from procrastinate.contrib.django import app

from ..core import tenancy
from ..core.jobs import ask_once
from ..core.time import now
from ..house.access import house_actor
from ..house.nights import coming_night

log = logging.getLogger("rugui.own")


@app.task(name="own.clear")
def clear(organization_id: int) -> None:
    """One night of a house. The next one is asked for first, so that a night that fails is not the last."""
    from . import keeping

    every_night(organization_id)
    done = keeping.clear(organization_id, now=now())
    log.info("register.cleared", extra={"organization": organization_id, "rows": sum(done.gone.values())})


@app.task(name="own.drop_unused")
def drop_unused(organization_id: int, kind: str) -> None:
    """What nobody has needed for a year, of one kind, because an owner said so."""
    from . import keeping

    rows = keeping.drop_unused(organization_id, kind, now=now())
    with tenancy.within(organization_id):
        keeping.count(house_actor(organization_id), gone={kind: rows}, now=now())


def every_night(organization_id: int) -> None:
    """Asks for the coming night; asked for twice it is done once."""
    with tenancy.within(organization_id):
        night = coming_night(time(3, 10), now=now())
        asked = clear.configure(schedule_at=night, queueing_lock=f"own.clear.{organization_id}")
        if not ask_once(asked, organization_id=organization_id):
            log.info("register.night_asked", extra={"organization": organization_id})


def drop_soon(organization_id: int, kind: str) -> None:
    """Has a kind dropped where nobody has needed it; asked for twice it is done once."""
    asked = drop_unused.configure(queueing_lock=f"own.drop_unused.{organization_id}.{kind}")
    if not ask_once(asked, organization_id=organization_id, kind=kind):
        log.info("register.drop_asked", extra={"organization": organization_id})
