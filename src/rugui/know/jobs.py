"""Work on cards that nobody waits for."""

from __future__ import annotations

import logging
from datetime import time

from procrastinate.contrib.django import app

from ..core import tenancy
from ..core.errors import ChangedMeanwhile
from ..core.jobs import ask_once
from ..core.time import now
from ..house.access import house_actor
from ..house.nights import coming_night
from . import duplicates, keys, lineage
from .pairs import Merge

log = logging.getLogger("rugui.know")


@app.task(name="know.bring_home")
def bring_home(organization_id: int, merge_id: int) -> None:
    """What somebody was writing to the source card while it was merged follows it to the survivor."""
    with tenancy.within(organization_id):
        merge = Merge.objects.filter(id=merge_id, undone_at=None).first()
        if merge is not None:
            lineage.bring_home(organization_id, merge.id, merge.source_id)


@app.task(name="know.search_duplicates")
def search_duplicates(organization_id: int, search_id: int) -> None:
    """Looks through all cards. Killed in the middle it begins anew: until it writes, it has changed nothing."""
    try:
        duplicates.carry_out(organization_id, search_id)
    finally:
        every_night(organization_id)


@app.task(name="know.nightly_search")
def nightly_search(organization_id: int) -> None:
    """Looks through the cards of a house in its night. The search, when it ends, asks for the next night."""
    with tenancy.within(organization_id):
        try:
            duplicates.start(house_actor(organization_id), now=now())
        except ChangedMeanwhile:
            log.info("duplicates.held", extra={"organization": organization_id})


def every_night(organization_id: int) -> None:
    """Has the cards looked through again in the coming night; asked for twice it is done once."""
    with tenancy.within(organization_id):
        asked = nightly_search.configure(
            schedule_at=coming_night(time(2, 30), now=now()),
            queueing_lock=f"know.nightly_search.{organization_id}",
        )
        if not ask_once(asked, organization_id=organization_id):
            log.info("duplicates.night_asked", extra={"organization": organization_id})


@app.task(name="know.lapse_surprise")
def lapse_surprise(organization_id: int, surprise_id: int) -> None:
    """A risky surprise that no second person has looked at is not to be done."""
    from . import surprise  # which defers this job

    with tenancy.within(organization_id):
        if surprise.lapse(organization_id, surprise_id, now=now()):
            log.info("surprise.lapsed", extra={"organization": organization_id, "surprise": surprise_id})


@app.task(name="know.count_names")
def count_names(organization_id: int) -> None:
    """How many people have each word of a name: what rare names prove more by."""
    with tenancy.within(organization_id):
        keys.count(organization_id)


def count_names_soon(organization_id: int) -> None:
    """After an import, and now and then: once, however often it is asked for before it begins."""
    job = count_names.configure(queueing_lock=f"count_names.{organization_id}", schedule_in={"seconds": 5})
    ask_once(job, organization_id=organization_id)
