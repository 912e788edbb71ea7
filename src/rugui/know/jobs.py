"""Work on cards that nobody waits for."""

from __future__ import annotations

from procrastinate.contrib.django import app

from ..core import tenancy
from . import lineage
from .pairs import Merge


@app.task(name="know.bring_home")
def bring_home(organization_id: int, merge_id: int) -> None:
    """What somebody was writing to the source card while it was merged follows it to the survivor."""
    with tenancy.within(organization_id):
        merge = Merge.objects.filter(id=merge_id, undone_at=None).first()
        if merge is not None:
            lineage.bring_home(organization_id, merge.id, merge.source_id)
