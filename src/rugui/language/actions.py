"""Changing the house's rules: proposed by who leads a place, put to use by who leads every place, taken back at any time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ..core.errors import ChangedMeanwhile, InputError, NotAllowed, Text
from ..core.journal import Event, record
from ..core.ready import run
from ..house.access import Actor
from ..house.models import Organization
from . import packs, queries, words
from .models import CoachTally, LexiconProposal, LexiconVersion, SilencedRule
from .packs import Body

LONGEST_NOTE = 200
LARGEST = 30_000
"""Characters of one rule."""
MOST_CHANGES = 2000
MOST_COUNTED = 50
"""Rules that one report about a draft may name."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_VALE_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}\.[A-Za-z0-9_-]{1,60}")


@dataclass(frozen=True, slots=True)
class Change:
    """A rule of a pack as it shall stand in a file; `body` None: back to the starter pack, or gone if it was the house's own.

    `seen`: the digest of what the house said about it when the editor was opened; None: as it stands now.
    """

    pack: str
    name: str
    body: Body | None
    seen: str | None = None

    @property
    def key(self) -> str:
        return f"{self.pack}.{self.name}"


def refused(change: Change) -> list[tuple[str, str]]:
    """(key of the rule, what is wrong) for a change that cannot be taken; nothing when it is in order."""
    if change.pack not in (*packs.PACKS, packs.VALE):
        return [("pack", _("There is no such pack: %(pack)s.") % {"pack": change.pack})]
    name = _VALE_NAME if change.pack == packs.VALE else _NAME
    if not name.fullmatch(change.name):
        return [("id", _("A rule's name has small letters, digits and -, at most 60."))]
    if change.body is None:
        return []
    if problems := packs.problems_of(change.pack, change.body):
        return [(each.key, words.said(each)) for each in problems]
    if len(packs.written(change.body)) > LARGEST:
        return [("tokens", _("This rule is too long: at most %(count)s characters.") % {"count": LARGEST})]
    return []


def propose(actor: Actor, changes: Sequence[Change], *, note: str = "", now: datetime) -> LexiconProposal:
    """Puts changes to whoever decides. Raises `InputError` naming the fields of the rules that are wrong."""
    actor.must_lead_somewhere()
    if not 1 <= len(changes) <= MOST_CHANGES:
        raise InputError({"rules": _("There is nothing to change.")})
    if len(note) > LONGEST_NOTE:
        raise InputError({"note": _("At most %(max)s characters.") % {"max": LONGEST_NOTE}})
    problems: dict[str, Text] = {}
    for change in changes:
        for key, said in refused(change):
            field = words.FIELDS.get(key, key or "words")
            problems[field] = f"{problems[field]} {said}" if field in problems else said
    if problems:
        raise InputError(problems)
    own = queries.own(queries.current())
    rows = []
    for change in changes:
        was = packs.digest(packs.body_of(own, change.pack, change.name))
        if change.seen is not None and change.seen != was:
            raise ChangedMeanwhile(_changed(change.key))
        rows.append({"pack": change.pack, "name": change.name, "body": change.body, "was": was})
    proposal = LexiconProposal.objects.create(
        organization_id=actor.organization_id, changes=rows, note=note, proposed_by_id=actor.staff_id, proposed_at=now
    )  # fmt: skip
    record(actor, now, Event("words.proposed", subject_id=proposal.id, payload={"rules": len(rows)}))
    return proposal


def _changed(key: str) -> str:
    return _(
        "Somebody has changed “%(rule)s” since. Open it again; what you wrote has not been put to use."
    ) % {"rule": key}


def approve(actor: Actor, proposal: LexiconProposal, *, now: datetime) -> LexiconVersion:
    """The changes hold from now on. Refused when one of the rules has been changed since it was proposed."""
    _must_decide(actor)
    with transaction.atomic():
        _hold(actor)
        _end(actor, proposal, LexiconProposal.State.APPROVED, now)
        standing = queries.current()
        own = queries.own(standing)
        for each in proposal.changes:
            if packs.digest(packs.body_of(own, each["pack"], each["name"])) != each["was"]:
                raise ChangedMeanwhile(_changed(f"{each['pack']}.{each['name']}"))
        rules = packs.changed(own, ((each["pack"], each["name"], each["body"]) for each in proposal.changes))
        version = _add(actor, standing, rules, proposal.note, now)
        record(
            actor,
            now,
            Event(
                "words.approved",
                subject_id=version.id,
                payload={"version": version.number, "rules": len(proposal.changes)},
            ),
        )
    return version


def change_at_once(
    actor: Actor, changes: Sequence[Change], *, note: str = "", now: datetime
) -> LexiconVersion:
    """Proposes and puts to use in one step, by who may decide."""
    _must_decide(actor)
    with transaction.atomic():
        return approve(actor, propose(actor, changes, note=note, now=now), now=now)


def decline(actor: Actor, proposal: LexiconProposal, *, now: datetime) -> None:
    """Not put to use. Whoever proposed it may take it back."""
    mine = actor.staff_id is not None and proposal.proposed_by_id == actor.staff_id
    if not mine:
        _must_decide(actor)
    state = LexiconProposal.State.WITHDRAWN if mine else LexiconProposal.State.DECLINED
    with transaction.atomic():
        _end(actor, proposal, state, now)
        record(actor, now, Event(f"words.{state.value}", subject_id=proposal.id))


def restore(actor: Actor, version: LexiconVersion, *, now: datetime) -> LexiconVersion:
    """The rules as they were in an earlier version hold again, as a new version."""
    _must_decide(actor)
    with transaction.atomic():
        _hold(actor)
        standing = queries.current()
        if standing is None or standing.number == version.number or standing.rules == version.rules:
            raise ChangedMeanwhile(_("These are the rules that hold now."))
        made = _add(actor, standing, version.rules, "", now, restores=version.number)
        payload = {"version": made.number, "restores": version.number}
        record(actor, now, Event("words.restored", subject_id=made.id, payload=payload))
    return made


def _must_decide(actor: Actor) -> None:
    if not actor.leads(None):
        raise NotAllowed(_("What holds everywhere is decided by who leads every place."))


def _hold(actor: Actor) -> None:
    """One change of the rules after the other: the numbers of versions have no gaps, and no change is lost."""
    Organization.objects.select_for_update(no_key=True).only("id").get(id=actor.organization_id)


def _end(actor: Actor, proposal: LexiconProposal, state: LexiconProposal.State, now: datetime) -> None:
    waiting = LexiconProposal.objects.filter(id=proposal.id, state=LexiconProposal.State.PROPOSED)
    if not waiting.update(state=state, decided_by_id=actor.staff_id, decided_at=now):
        raise ChangedMeanwhile(_("This has been decided already."))


def _add(
    actor: Actor,
    standing: LexiconVersion | None,
    rules: Mapping[str, Sequence[Body]],
    note: str,
    now: datetime,
    *,
    restores: int | None = None,
) -> LexiconVersion:
    return LexiconVersion.objects.create(
        organization_id=actor.organization_id, number=standing.number + 1 if standing else 1, rules=rules,
        note=note, made_at=now, made_by_id=actor.staff_id, restores=restores,
    )  # fmt: skip


_COUNT = (
    "INSERT INTO rugui_coachtally (organization_id, rule, day, kind, count) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT (organization_id, rule, day, kind) DO UPDATE SET count = rugui_coachtally.count + excluded.count"
)


def count(actor: Actor, said: Sequence[tuple[str, CoachTally.Kind]], *, today: date) -> None:
    """Notes for the house, not for a person, what came of marks: (rule, what). Not journalled: the journal says who.

    Rows are written in one order, so that two reports at once never wait for one another.
    """
    actor.must_serve(None)
    for rule, kind in sorted(set(said[:MOST_COUNTED])):
        run(_COUNT, [actor.organization_id, rule, today, kind.value, 1])


def silence(actor: Actor, rule: str, *, now: datetime) -> None:
    """This colleague does not hear from a rule again. Theirs alone, so it is not journalled either."""
    SilencedRule.objects.get_or_create(
        staff_id=actor.must_be_staff(), rule=rule,
        defaults={"organization_id": actor.organization_id, "at": now},
    )  # fmt: skip


def hear_again(actor: Actor, rule: str) -> None:
    SilencedRule.objects.filter(staff_id=actor.must_be_staff(), rule=rule).delete()
