"""Finding people. What their card says is read in recall.py."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from ..core import tenancy
from ..core.errors import Text
from ..core.ready import Ready
from ..engines.identities import normal_identity
from ..engines.identity.recognise import Reason
from ..house.models import Staff
from . import lineage
from .models import Customer, Identity
from .reasons import worded
from .recognise import Likely
from .recognise import recognise as look_up


@dataclass(frozen=True, slots=True)
class Found:
    """A customer that a search found, by what (an identity's kind, or "name"), how likely it is them, and why."""

    customer: Customer
    by: str
    matched: str
    probability: float = 0.0
    reasons: tuple[Reason, ...] = ()

    @property
    def why(self) -> list[Text]:
        return worded(self.reasons)


def find(text: str, *, region: str, limit: int = 20) -> list[Found]:
    """Customers by any mixture of identities and names, whole or as far as they are typed; the likeliest first."""
    organization_id = tenancy.current()
    if organization_id is None or not text.strip():
        return []
    likely = look_up(organization_id, text, regions=[region], limit=limit)
    return [_found(each) for each in likely]


def _found(likely: Likely) -> Found:
    first = next((each for each in likely.reasons if each.field != "name"), likely.reasons[0])
    return Found(likely.customer, first.field, first.value, likely.probability, likely.reasons)


def recognise(identities: Iterable[tuple[str, str]], *, region: str) -> list[Customer]:
    """Customers who have exactly one of these (kind, value) identities, oldest card first; each once."""
    wanted = [
        (kind, normal) for kind, value in identities if (normal := normal_identity(kind, value, region))
    ]
    if not wanted:
        return []
    rows = Identity.objects.filter(normal__in=[normal for _kind, normal in wanted]).select_related("customer")
    customers = {row.customer_id: row.customer for row in rows if (row.kind, row.normal) in wanted}
    return [customers[key] for key in sorted(customers)]


LAST = 2**62
"""Higher than any id."""


@cache
def _page(limit: int) -> Ready[Customer]:
    return Ready(
        lambda before: Customer.objects.filter(merged_into=None, id__lt=before).order_by("-id")[:limit]
    )


_IDENTITIES = Ready(
    lambda customer_id: Identity.objects.filter(customer_id=customer_id).order_by("kind", "id")
)


def identities(customer_id: int) -> list[Identity]:
    return _IDENTITIES(customer_id)


def customer_page(before: int | None, *, limit: int) -> list[Customer]:
    """Customers, the newest card first; `before` is the last id of the page before."""
    return _page(limit)(LAST if before is None else before)


def colleagues() -> list[Staff]:
    """Who may be somebody's contact person."""
    return list(Staff.objects.filter(active=True).order_by("name", "id"))


def by_external_id(external_id: str) -> list[int]:
    """The card that another system knows by this id, or the survivor of it."""
    found = Customer.objects.filter(external_id=external_id).values_list("id", flat=True)
    return [lineage.root(card_id) for card_id in found]
