"""Which organization a transaction works for.

PostgreSQL's row-level security shows a transaction only the rows of the organization that it has
named (core/rowsecurity.py). `within()` opens the transaction and names it. Outside of it, every
table of the house is empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from django.db import Error, connection, transaction

_current: ContextVar[int | None] = ContextVar("organization", default=None)


def current() -> int | None:
    """The organization that this thread's transaction works for."""
    return _current.get()


@contextmanager
def within(organization_id: int) -> Iterator[None]:
    """One transaction for one organization. Nesting is allowed for the same one only."""
    if (outer := _current.get()) is not None and outer != organization_id:
        raise RuntimeError("A transaction of one organization cannot turn to another.")
    with transaction.atomic(), named(organization_id):
        yield


@contextmanager
def named(organization_id: int, *, already: bool = False) -> Iterator[None]:
    """Names the organization in a transaction that is already open; `already` when the database has been told."""
    if (outer := _current.get()) is not None:
        if outer != organization_id:
            raise RuntimeError("A transaction of one organization cannot turn to another.")
        yield
        return
    token = _current.set(organization_id)
    try:
        if not already:
            _say("rugui.organization", str(organization_id))
        yield
        if not connection.needs_rollback and connection.savepoint_ids:
            # A transaction around ours goes on: leave nothing open, and nobody there.
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('rugui.organization', '', true), set_config('rugui.staff', '', true)"
                )
    finally:
        _current.reset(token)


@contextmanager
def as_the_house() -> Iterator[None]:
    """A stretch of a member of staff's transaction that also reaches what only others may read.

    For what is done to everything of a customer, whoever asks for it: merging cards, withdrawing a consent, erasing,
    handing out a customer's own data. Nothing read inside may be shown to the member of staff.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('rugui.staff', true), set_config('rugui.staff', '', true)")
        (member, _none) = cursor.fetchone()
    try:
        yield
    except BaseException:
        # After an error of the database nothing can be said any more, and the rollback brings the member of staff back.
        with suppress(Error):
            _say("rugui.staff", member or "")
        raise
    if not connection.needs_rollback:
        _say("rugui.staff", member or "")


@contextmanager
def with_key(secret_hash: bytes) -> Iterator[None]:
    """One transaction in which row-level security also shows the key that has this hash."""
    with transaction.atomic(savepoint=False):
        _say("rugui.key", secret_hash.hex())  # ends with the transaction; shows only what is known already
        yield


@contextmanager
def as_user(user_id: int) -> Iterator[None]:
    """One transaction in which row-level security also shows the staff rows of this user, in every organization."""
    with transaction.atomic():
        _say("rugui.user", str(user_id))
        yield
        _say("rugui.user", "")


@contextmanager
def as_guest(organization_id: int, case_id: int) -> Iterator[None]:
    """One transaction as the customer of one case: the role `rugui_guest` sees that case's own page and no more."""
    with within(organization_id), connection.cursor() as cursor:
        _say("rugui.case", str(case_id))
        cursor.execute("SET LOCAL ROLE rugui_guest")
        yield
        # After an error the rollback takes the role back; statements would only be refused.
        cursor.execute("RESET ROLE")
        _say("rugui.case", "")


@contextmanager
def as_customer(organization_id: int, customer_id: int) -> Iterator[None]:
    """One transaction as one customer: the role `rugui_own` sees what is theirs and no more."""
    with within(organization_id), connection.cursor() as cursor:
        _say("rugui.customer", str(customer_id))
        cursor.execute("SET LOCAL ROLE rugui_own")
        yield
        cursor.execute("RESET ROLE")
        _say("rugui.customer", "")


def new_organization_id() -> int:
    """Draws the number of an organization about to be created, so that `within()` can name it first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('rugui_organization', 'id'))")
        return int(cursor.fetchone()[0])


def _say(setting: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [setting, value])
