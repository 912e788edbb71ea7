"""Work on promises that nobody waits for."""

from __future__ import annotations

import logging
from datetime import UTC, timedelta

from procrastinate.contrib.django import app

from ..core import tenancy
from ..core.jobs import ask_once
from ..core.time import now
from ..house.models import Place
from . import sheets

log = logging.getLogger("rugui.promise")


@app.task(name="promise.write_sheets")
def write_sheets(organization_id: int) -> None:
    """What became of the promises of the days gone by, packed. Each night from the first on, asked for before anything can fail."""
    every_night(organization_id)
    written = sheets.write(organization_id, now=now())
    log.info("sheets.written", extra={"organization": organization_id, "sheets": written})


def every_night(organization_id: int) -> None:
    """Has sheets written in the coming night; asked for twice it is done once."""
    with tenancy.within(organization_id):
        place = Place.objects.order_by("id").first()
        moment = now().astimezone(place.zone if place else UTC)
        night = moment.replace(hour=3, minute=40, second=0, microsecond=0)
        night += timedelta(days=0 if night > moment else 1)
        asked = write_sheets.configure(
            schedule_at=night, queueing_lock=f"promise.write_sheets.{organization_id}.night"
        )
        if not ask_once(asked, organization_id=organization_id):
            log.info("sheets.night_asked", extra={"organization": organization_id})


def sheets_soon(organization_id: int) -> None:
    """Somebody looks at so many promises that sheets are worth while: once, however many look before they are written."""
    asked = write_sheets.configure(queueing_lock=f"promise.write_sheets.{organization_id}")
    if not ask_once(asked, organization_id=organization_id):
        log.info("sheets.asked", extra={"organization": organization_id})
