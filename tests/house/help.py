"""What the tests of the house room share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from rugui.core import keys
from rugui.core.models import JournalEntry, Key
from rugui.core.tenancy import within
from rugui.house import actions
from rugui.house.access import Actor
from rugui.house.models import Invitation

from .. import factories

PASSWORD = "correct horse battery"


@contextmanager
def acting(house: factories.House, name: str) -> Iterator[Actor]:
    """As somebody of the house, inside its transaction."""
    actor = house.actor(name)
    with within(house.id):
        yield actor


def journal(house: factories.House) -> list[tuple[str, int | None, dict[str, object]]]:
    """Kind, subject and payload of every entry of the house, in order."""
    with within(house.id):
        return list(JournalEntry.objects.order_by("id").values_list("kind", "subject_id", "payload"))


def invited(
    house: factories.House,
    *,
    email: str = "fay@lake.example",
    role: str = "staff",
    place: int | None = 0,
    by: str = "alice",
    now: datetime = factories.NOON,
) -> actions.Invited:
    with acting(house, by) as actor:
        place_id = None if place is None else house.places[place].id
        return actions.invite(actor, email=email, name="Fay", role=role, place_id=place_id, now=now)


def found(secret: str, kind: Key.Kind, now: datetime = factories.NOON) -> Key:
    key = keys.find(secret, kind, now=now)
    assert key is not None
    return key


def standing(house: factories.House) -> list[Invitation]:
    with within(house.id):
        return list(Invitation.objects.filter(accepted_at=None, withdrawn_at=None).order_by("id"))
