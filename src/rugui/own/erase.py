"""A person leaves: everything of theirs goes, the books keep amounts and days, and a proof stays.

What goes with a card is read from the data model: every row that refers to a customer is deleted with it, and what
refers to those rows too. Purchases are let go of instead (`SET_NULL`): they stand in the books without a name. Beside
these go what is derived (name keys, words that nobody else has), links and answers kept for retries, jobs, lines and
files of imports that name the person, and their numbers, addresses and full name in whatever was written elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ..connect.imports import files
from ..connect.models import ImportRun, RejectedRow
from ..core import tenancy
from ..core.errors import ChangedMeanwhile, NotFound
from ..core.ids import public_id
from ..core.journal import Event, record
from ..core.models import IdempotentReply, Key
from ..engines.identity.keys import card_keys, variant_keys
from ..house.access import Actor
from ..know import keys as name_keys
from ..know import lineage
from ..know.models import Customer, NameKey
from ..promise.models import Promise
from ..recover.models import Case
from ..serve.models import Purchase, Touch
from . import book
from .models import Erasure
from .traces import Traces, take_out, traces

_PLACES_IN_LINE = 40
"""So often we step back for whoever is writing, for a quarter of a second each."""
State = ImportRun.State


def erase(actor: Actor, customer: Customer, *, now: datetime, written: bool = False) -> Erasure:
    """Removes a person, with every card that was merged into theirs. Done twice, it was done once.

    `written`: they stand in the book of the erased already (own/book.py).
    """
    actor.must_lead_somewhere()
    organization_id = actor.organization_id
    take_turns()
    done = Erasure.objects.filter(customer_id=customer.id, at__isnull=False).first()
    if done is not None:
        return done
    if not Customer.objects.filter(id=customer.id).exists():
        raise NotFound  # it went with the card into which it was merged
    root = lineage.root(customer.id)
    ids = lineage.lineage(root)
    with tenancy.as_the_house():
        found, names = traces(ids), [name for each in ids for name in lineage.names(each)]
        # What takes long comes before anybody has to wait for us.
        counts = Counter(_imports(organization_id, found, now))
        counts += Counter(_jobs(organization_id, found))
        counts += Counter(_replies(ids, found))
        counts += Counter(
            {f"{table}, named": rows for table, rows in take_out(organization_id, found).items()}
        )
        _hold(ids)
        counts["purchases kept"] = Purchase.objects.filter(customer_id__in=ids).update(about="")
        counts += Counter(_links(ids))
        counts += Counter(_rows(ids))
        counts += Counter(_vocabulary(organization_id, names))
    proof = _prove(actor, root, dict(sorted(counts.items())), now)
    for each in ids:
        record(actor, now, Event("customer.erased", customer_id=each, subject_id=proof.id))
    erased = [public_id("customer", each) for each in ids]
    if not written:
        transaction.on_commit(lambda: book.write(erased, now))
    return proof


def take_turns() -> None:
    """One erasure of the installation at a time. Each proof rests on the one before; and the tables that `_hold` locks
    are those of every house, to which an erasure has written already: two at once would wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('rugui.erase'))")


_LOCK = "LOCK TABLE rugui_identity, rugui_namekey, rugui_touch, rugui_purchase IN SHARE ROW EXCLUSIVE MODE"


def _hold(ids: list[int]) -> None:
    """A card may only go when nobody is writing to what points at it (core/references.py). Waiting in short turns
    instead of for as long as it takes, two who wait for each other both get on."""
    for turn in range(_PLACES_IN_LINE):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '250ms'")
                cursor.execute(_LOCK)
                cursor.execute("SET LOCAL lock_timeout = 0")
            break
        except OperationalError as error:
            if turn == _PLACES_IN_LINE - 1:
                raise ChangedMeanwhile(
                    _("The house is being written to without a pause. Please try again in a minute.")
                ) from error
            time.sleep(0.05)
    list(Customer.objects.select_for_update().filter(id__in=ids).order_by("id").values_list("id", flat=True))


def _rows(ids: list[int]) -> dict[str, int]:
    """Deletes the cards and all that refers to them."""
    gone = _delete("DELETE FROM rugui_namekey WHERE customer_id = ANY(%s)", ids)
    _all, by_table = Customer.objects.filter(id__in=ids).delete()
    return {"namekey": gone} | {
        label.rpartition(".")[2].lower(): rows for label, rows in by_table.items() if rows
    }


def _vocabulary(organization_id: int, names: list[str]) -> dict[str, int]:
    """Words of their names that nobody else has."""
    by = name_keys.mix(organization_id)
    words = {h ^ by: word for word, h in card_keys(names)[1].items()}
    lonely = words.keys() - set(NameKey.objects.filter(h__in=words).values_list("h", flat=True))
    lost = [words[h] for h in lonely]
    slips = {key ^ by for word in lost for key in variant_keys(word)}
    return {
        "nameslip": _delete("DELETE FROM rugui_nameslip WHERE h = ANY(%s) AND word = ANY(%s)", slips, lost),
        "nameword": _delete("DELETE FROM rugui_nameword WHERE h = ANY(%s)", lonely),
    }


def _delete(statement: str, *values: Iterable[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(each) for each in values])
        return int(cursor.rowcount)


def _links(ids: list[int]) -> dict[str, int]:
    cases = list(Case.objects.filter(customer_id__in=ids).values_list("id", flat=True))
    of_theirs = Q(kind=Key.Kind.OWN, subject_id__in=ids) | Q(kind=Key.Kind.CASE, subject_id__in=cases)
    return {"key": Key.objects.filter(of_theirs).delete()[0]}


def _replies(ids: list[int], found: Traces) -> dict[str, int]:
    """Answers kept for a retry: those about their card, their cases, messages and promises, or that name them."""
    public = [public_id("customer", each) for each in ids]
    for kind, model in (("case", Case), ("touch", Touch), ("promise", Promise)):
        rows = model._default_manager.filter(customer_id__in=ids).values_list("id", flat=True)
        public += [public_id(kind, each) for each in rows]
    about = "|".join([*public, *(f"(?:{each})" for each in found.reach)])
    return {"idempotentreply": IdempotentReply.objects.filter(body__iregex=about).delete()[0]}


def _jobs(organization_id: int, found: Traces) -> dict[str, int]:
    """Jobs whose orders name them. Ours hold numbers only; this is for those of an older version, or another's."""
    if not found.reach:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE (args->>'organization_id')::bigint = %s AND args::text ~* %s",
            [organization_id, "|".join(f"(?:{each})" for each in found.reach)],
        )
        return {"job": cursor.rowcount}


def _imports(organization_id: int, found: Traces, now: datetime) -> dict[str, int]:
    """Rejected lines, trial results and waiting files that name them."""
    named = [
        row.id
        for row in RejectedRow.objects.only("id", "cells", "values").iterator(chunk_size=2_000)
        if found.named_in("\n".join(_texts(row.cells) + _texts(row.values)))
    ]
    counts = {"rejectedrow": RejectedRow.objects.filter(id__in=named).delete()[0], "file": 0}
    for run in ImportRun.objects.order_by("id"):
        if found.named_in("\n".join(_texts(run.trial))):
            ImportRun.objects.filter(id=run.id).update(trial={})
        if _upload_names(run, found):
            if run.state in {State.RUNNING, State.TRYING}:
                raise ChangedMeanwhile(
                    _("An import that names this person is running. Please wait for its end.")
                )
            _drop(run, now)
            counts["file"] += 1
    return counts


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for key, each in value.items() for text in (str(key), *_texts(each))]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [str(value)]


def _upload_names(run: ImportRun, found: Traces) -> bool:
    path = Path(run.file_path)
    if path.parent != Path(settings.MEDIA_ROOT) / "imports" or not path.exists():
        return False
    encoding = run.settings.get("reading", {}).get("format", {}).get("encoding") or "utf-8"
    with path.open(encoding=encoding, errors="replace") as lines:
        return any(found.named_in(line) for line in lines)


def _drop(run: ImportRun, now: datetime) -> None:
    """The file goes at the end of the transaction. An import that had not read it whole cannot go on, and says why."""
    if run.state != State.DONE:
        why = "The file was removed, because a person in it was erased. Upload it anew without them."
        ImportRun.objects.filter(id=run.id).update(state=State.FAILED, error=why, finished_at=now)
    transaction.on_commit(lambda: files.discard(run))


def _prove(actor: Actor, customer_id: int, counts: dict[str, int], now: datetime) -> Erasure:
    """Seals it upon the one before. Whoever waited for their turn may have read the clock before that one did: the order of
    the moments is the order of the seals all the same."""
    sealed = Erasure.objects.filter(at__isnull=False).order_by("-at", "-id")
    last, before = sealed.values_list("at", "digest").first() or (None, "")
    at = now if last is None else max(now, last + timedelta(microseconds=1))
    fields = {"at": at, "staff_id": actor.staff_id, "counts": counts, "digest": ""}
    proof, _new = Erasure.objects.update_or_create(
        organization_id=actor.organization_id, customer_id=customer_id, defaults=fields
    )
    proof.digest = digest(proof, before)
    proof.save(update_fields=["digest"])
    return proof


def digest(proof: Erasure, before: str) -> str:
    """What a proof is sealed with. `before` is the seal of the one before it."""
    assert proof.at is not None
    said = [
        before,
        proof.organization_id,
        proof.customer_id,
        proof.at.isoformat(),
        proof.staff_id,
        proof.counts,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def unbroken() -> bool:
    """Whether every proof of the house is as it was sealed."""
    before = ""
    for proof in Erasure.objects.filter(at__isnull=False).order_by("at", "id"):
        if proof.digest != digest(proof, before):
            return False
        before = proof.digest
    return True
