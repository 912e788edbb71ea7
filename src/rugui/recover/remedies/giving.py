"""Giving a remedy, taking it back, and the story that is owed for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from ...core.errors import ChangedMeanwhile, InputError, NotAllowed, NotFound, Text
from ...core.journal import record
from ...core.money import Money
from ...core.phrases import REQUIRED, choose_one, too_long
from ...house.access import Actor
from ...promise import actions as promises
from ...promise.models import Promise
from ..actions.common import case_event, hold, must_not_be_closed, step_done
from ..models import Case, CaseStep
from ..trust import books, limits
from ..trust.models import Leave, Part
from .models import Given, Injustice, Remedy, Weighing

LONGEST_NAME = 200
LONGEST_STORY = 2000
STORY_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Gift:
    """What is given: from the catalogue, or something else in somebody's own words."""

    part: str
    name: str
    amount: Money
    form: str = ""
    remedy: Remedy | None = None
    paid: books.Paid | None = None
    chosen: bool = False
    """By the customer, on their page."""


def of_remedy(remedy: Remedy, *, language: str = "", chosen: bool = False) -> Gift:
    """A remedy of the catalogue at its usual cost."""
    amount = Money(remedy.cost, remedy.currency)
    return Gift(remedy.part, remedy.called(language), amount, remedy.form, remedy, chosen=chosen)


def may_give(actor: Actor, place_id: int, remedy: Remedy) -> bool:
    """Whether the actor's role there is the one that the remedy asks for, or a higher one."""
    role = actor.role_at(place_id)
    ranks = list(limits.ROLES)
    return actor.is_house or (role in ranks and ranks.index(role) >= ranks.index(remedy.role))  # type: ignore[arg-type]


def give(
    actor: Actor, case: Case, gift: Gift, *, now: datetime, leave: Leave | None = None, story: bool = True
) -> Given:
    """Gives it now. Raises `OverLimitError` where the actor's trust does not reach: then a leader can be asked.

    `leave` is a question that was granted; the house pays, in the name of who asked. No `story` is owed for what one
    decision gives to many.
    """
    must_not_be_closed(actor, case)
    check(actor, case, gift, leave=leave)
    entry = None
    if gift.amount.amount:
        entry = books.post(
            actor, case, part=gift.part, amount=gift.amount, paid=gift.paid, leave=leave, now=now
        )
    by = leave.asked_by_id if leave else actor.staff_id
    given = Given.objects.create(
        organization_id=case.organization_id,
        case=case,
        remedy=gift.remedy,
        part=gift.part,
        form=gift.form,
        name=gift.name.strip(),
        cost=gift.amount.amount,
        currency=gift.amount.currency,
        by_id=by,
        at=now,
        chosen=gift.chosen,
        entry=entry,
        promise=_story(actor, case, by, now) if story else None,
    )
    if (
        gift.part == Part.EXTRA
        and not CaseStep.objects.filter(case=case, step=CaseStep.Step.DELIGHT).exists()
    ):
        step_done(actor, case, CaseStep.Step.DELIGHT, gift.name, now)
    record(actor, now, case_event("remedy.given", case, given.id, part=str(gift.part), form=gift.form,
                                  remedy=gift.remedy.id if gift.remedy else None))  # fmt: skip
    return given


def check(actor: Actor, case: Case, gift: Gift, *, leave: Leave | None = None) -> None:
    """Refuses what cannot be given, naming the field."""
    problems: dict[str, Text] = {}
    if gift.part not in Part.values:
        problems["part"] = choose_one(Part.values)
    if not gift.name.strip():
        problems["name"] = REQUIRED
    elif len(gift.name.strip()) > LONGEST_NAME:
        problems["name"] = too_long(LONGEST_NAME)
    currency = books.currency_of(case.organization_id)
    if not 0 <= gift.amount.amount <= limits.LARGEST:
        problems["amount"] = _("Write an amount that is not below nothing.")
    elif gift.amount.currency != currency:
        problems["currency"] = _("The books are kept in %(currency)s: say the rate as well.") % {
            "currency": currency
        }
    if problems:
        raise InputError(problems)
    remedy = gift.remedy
    if remedy is not None and leave is None:
        if remedy.withdrawn_at is not None or (remedy.place_id or case.place_id) != case.place_id:
            raise NotFound
        if not may_give(actor, case.place_id, remedy):
            raise NotAllowed(_("This one is given by a manager. Ask one."))


def take_back(actor: Actor, given: Given, *, now: datetime) -> None:
    """It was a mistake, or was not wanted: the books get a reversal, and no story is owed."""
    case = given.case
    hold(actor, case)
    if given.part == Part.CHARGE:
        raise InputError({"part": _("A waived charge stays waived: it was paid back in the books.")})
    if given.by_id != actor.staff_id and not actor.leads(case.place_id):
        raise NotAllowed(_("Only who gave it, or a leader, takes it back."))
    if not Given.objects.filter(id=given.id, undone_at=None).update(undone_at=now):
        raise ChangedMeanwhile
    given.undone_at = now
    if given.entry is not None:
        books.reverse(actor, case, given.entry, now=now)
    if given.promise is not None:
        promises.settle_colleague(actor, given.promise, now=now, wanted=False)
        _pass_on_story(actor, given, now)
    record(actor, now, case_event("remedy.taken_back", case, given.id))


def tell(actor: Actor, given: Given, *, story: str, outcome: str, now: datetime) -> None:
    """The story, in about three sentences, and how the customer took it. Whoever gave it tells it, once or again."""
    actor.must_serve(given.case.place_id)
    problems: dict[str, Text] = {}
    if not story.strip():
        problems["story"] = REQUIRED
    elif len(story.strip()) > LONGEST_STORY:
        problems["story"] = too_long(LONGEST_STORY)
    if outcome not in Given.Outcome.values:
        problems["outcome"] = choose_one(Given.Outcome.values)
    if problems:
        raise InputError(problems)
    if given.by_id != actor.must_be_staff():
        raise NotAllowed(_("The story is told by who gave it."))
    fields = {"story": story.strip(), "outcome": outcome, "told_at": now}
    if not Given.objects.filter(id=given.id, undone_at=None).update(**fields):
        raise ChangedMeanwhile
    for name, value in fields.items():
        setattr(given, name, value)
    same = Given.objects.filter(case_id=given.case_id, by_id=given.by_id, undone_at=None, told_at=None)
    same.update(outcome=outcome)
    if given.promise is not None:
        promises.settle_colleague(actor, given.promise, now=now)
    record(actor, now, case_event("story.told", given.case, given.id, outcome=outcome))


def told_since(place_id: int, since: datetime, *, limit: int = 5) -> list[Given]:
    """Stories told at a place since a moment, those that delighted first: the line-up's."""
    rows = Given.objects.filter(case__place_id=place_id, told_at__gte=since, undone_at=None)
    best = sorted(rows.select_related("by", "case__customer").order_by("-told_at")[:50], key=_how_well)
    return best[:limit]


def _how_well(row: Given) -> int:
    return list(Given.Outcome.values).index(row.outcome)


def weigh(
    actor: Actor, case: Case, *, now: datetime, injustice: str | None = None, severity: int | None = None
) -> Weighing:
    """What somebody heard them feel; None leaves as it was, "" and 0 say that it is not known."""
    actor.must_serve(case.place_id)
    problems: dict[str, Text] = {}
    if injustice is not None and injustice not in {"", *Injustice.values}:
        problems["injustice"] = choose_one(Injustice.values)
    if severity is not None and not 0 <= severity <= 3:
        problems["severity"] = choose_one("0123")
    if problems:
        raise InputError(problems)
    fields: dict[str, object] = {"by_id": actor.staff_id, "at": now}
    if injustice is not None:
        fields["injustice"] = injustice
    if severity is not None:
        fields["severity"] = severity or None
    return _weighed(actor, case, fields, now)


def _weighed(actor: Actor, case: Case, fields: dict[str, object], now: datetime) -> Weighing:
    values = {"organization_id": case.organization_id, **fields}
    row, _new = Weighing.objects.update_or_create(case=case, defaults=values)
    record(actor, now, case_event("case.weighed", case))
    return row


def _story(actor: Actor, case: Case, by: int | None, now: datetime) -> Promise | None:
    """A story is owed once for all that somebody gives in a case. The house's own hands owe none."""
    if by is None or Given.objects.filter(case=case, by_id=by, told_at=None, promise__settled_at=None,
                                          promise__isnull=False, undone_at=None).exists():  # fmt: skip
        return None
    return promises.owe_colleague(
        actor, case.customer, case.place, kind=Promise.Kind.STORY, due_at=now + STORY_WITHIN, owner_id=by,
        case_id=case.id, now=now,
    )  # fmt: skip


def _pass_on_story(actor: Actor, given: Given, now: datetime) -> None:
    """What else they gave in the case still has its story."""
    rest = Given.objects.filter(case_id=given.case_id, by_id=given.by_id, undone_at=None, told_at=None)
    if (other := rest.filter(promise=None).order_by("id").first()) is not None:
        other.promise = _story(actor, given.case, given.by_id, now)
        other.save(update_fields=["promise"])
