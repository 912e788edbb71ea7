"""The book of the erased, beside the database: so that a backup from before does not bring them back.

One line an erased card in `erased.jsonl` of the data folder: its public id and the moment. A public id means something
only under the key of the installation that made it, so the book can do nothing to anybody else's backup.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from ..config import config
from ..core import tenancy
from ..core.ids import UnknownId, row_id
from ..house.access import house_actor
from ..house.models import Organization
from ..know.models import Customer

NAME = "erased.jsonl"


def path() -> Path:
    return config().data_folder / NAME


def write(public_ids: Iterable[str], at: datetime) -> None:
    """Adds these; on the disk when this returns."""
    lines = "".join(json.dumps({"customer": each, "at": at.isoformat()}) + "\n" for each in public_ids)
    path().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())


def apply_again() -> int:
    """Erases whoever is in the book and, after a restore, in the database again. How many. Run by the owner."""
    return sum(
        apply_again_in(each)
        for each in list(Organization.objects.order_by("id").values_list("id", flat=True))
    )


def apply_again_in(organization_id: int) -> int:
    """The same for one house, by anybody."""
    from .erase import erase

    if not path().exists():
        return 0
    erased = 0
    for entry in map(json.loads, path().read_text().splitlines()):
        with suppress(UnknownId), tenancy.within(organization_id):
            number = row_id("customer", entry["customer"])
            customer = Customer.objects.filter(id=number, organization_id=organization_id).first()
            if customer is not None:
                at = datetime.fromisoformat(entry["at"])
                erase(house_actor(organization_id), customer, now=at, written=True)
                erased += 1
    return erased
