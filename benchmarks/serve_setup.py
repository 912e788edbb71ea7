"""Makes the house that `benchmarks.serve` fills, and reads public ids from it. Prints one line of JSON.

Without arguments: found a house, sign its owner in, make an API token. `sample ORGANIZATION`: some public ids.
"""

from __future__ import annotations

import json
import random
import sys

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from rugui.core.ids import public_id  # noqa: E402
from rugui.core.tenancy import within  # noqa: E402
from rugui.core.time import now  # noqa: E402
from rugui.house import actions  # noqa: E402
from rugui.house.access import staff_actor  # noqa: E402
from rugui.know.models import Customer  # noqa: E402
from rugui.recover.models import Case  # noqa: E402


def found() -> dict[str, object]:
    made = actions.found_house(
        actions.NewPerson("Alice", "alice@example.com", "correct horse battery staple"),
        actions.NewOrganization("Full House"),
        actions.NewPlace("Full House", "Asia/Taipei", "TW"),
        now=now(),
    )
    user = made.staff.user
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["organization"] = made.organization.id
    session.save()
    with within(made.organization.id):
        actor = staff_actor(staff_id=made.staff.id)
        assert actor is not None
        scopes = ["cases:read", "cases:write", "customers:read"]
        token = actions.make_token(actor[0], label="benchmark", scopes=scopes, now=now())
    return {
        "session": session.session_key,
        "token": token.removeprefix("rugui_"),
        "organization_row": made.organization.id,
        "place_row": made.place.id,
        "place": public_id("place", made.place.id),
    }


def sample(organization_id: int) -> dict[str, list[str]]:
    chance = random.Random(7)
    with within(organization_id):
        customers = _some(chance, Customer.objects.order_by("id").values_list("id", flat=True))
        cases = _some(chance, Case.objects.order_by("id").values_list("id", flat=True))
    return {
        "customers": [public_id("customer", row) for row in customers],
        "cases": [public_id("case", row) for row in cases],
    }


def _some(chance: random.Random, rows: object) -> list[int]:
    first, last = rows.first(), rows.last()  # type: ignore[attr-defined]
    return [chance.randint(first, last) for _number in range(500)]


if __name__ == "__main__":
    print(json.dumps(sample(int(sys.argv[2])) if sys.argv[1:2] == ["sample"] else found()))
