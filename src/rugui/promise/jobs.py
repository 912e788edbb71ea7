"""Work on promises that nobody waits for."""

from __future__ import annotations

import logging
from datetime import time

from procrastinate.contrib.django import app

from ..core import tenancy
from ..core.jobs import ask_once
from ..core.time import now
from ..house.nights import coming_night
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
        asked = write_sheets.configure(
            schedule_at=coming_night(time(3, 40), now=now()),
            queueing_lock=f"promise.write_sheets.{organization_id}.night",
        )
        if not ask_once(asked, organization_id=organization_id):
            log.info("sheets.night_asked", extra={"organization": organization_id})


def sheets_soon(organization_id: int) -> None:
    """Somebody looks at so many promises that sheets are worth while: once, however many look before they are written."""
    asked = write_sheets.configure(queueing_lock=f"promise.write_sheets.{organization_id}")
    if not ask_once(asked, organization_id=organization_id):
        log.info("sheets.asked", extra={"organization": organization_id})
