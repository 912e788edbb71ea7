"""The register of what is held: kinds, what each is for, who sees it, how long it stays, and what of it is due to go.

A kind says which rows are its own and since when they count. Kinds do not overlap, so a row goes by one period only.
What somebody still waits for never goes: an unanswered message, a running promise, an open case, a visit to come.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from ..connect.models import Call, ImportRun, RejectedRow
from ..core.models import IdempotentReply, JournalEntry
from ..know.models import Consent, Customer, Note, Surprise
from ..promise.models import Promise
from ..recover.models import Case
from ..serve.models import Purchase, Touch, Visit
from .models import Keeping

Basis = Keeping.Basis
UNUSED_AFTER = timedelta(days=365)
LONGEST_MONTHS = 240
_LOOKS = ("card.viewed", "customer.exported")
_OVER = (Visit.State.LEFT, Visit.State.MISSED, Visit.State.CANCELLED)
_GUESSES = (Note.Source.INFERRED, Note.Source.ACQUIRED)
_PEOPLE = (Note.Kind.PERSON, Note.Kind.DATE)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of what is held. `rows` are all that can ever go, with `since`: the moment from which it counts."""

    code: str
    name: str | LazyText
    what: str | LazyText
    purpose: str | LazyText
    seen_by: str | LazyText
    basis: str
    proposed: int | None
    """Months that an owner is offered to begin with; None as long as the card."""
    rows: Callable[[], QuerySet[Any]]
    since: str | LazyText
    """From when it counts, in words."""
    customer: str | None = "customer_id"
    """Which column says whose it is; None for rows of nobody."""
    keeps_row: bool = False
    """Whether the row stays and only lets go of the person."""


_SERVING = _(
    "Whoever serves; analysts do not see what needs consent, and a note kept to oneself only its author."
)
_ALL = _("Every member of staff, at every place.")
_AT_PLACE = _("Members of staff of the place where it happened.")


def _notes(**only: Any) -> QuerySet[Any]:
    rows = Note.objects.filter(withdrawn_at=None, **only)
    dated: QuerySet[Any] = rows.annotate(since=Coalesce("confirmed_at", "learned_at"))
    return dated


def _told(*kinds: str) -> QuerySet[Any]:
    return _notes(kind__in=kinds).exclude(source__in=_GUESSES)


def _other_notes() -> QuerySet[Any]:
    return _notes().exclude(source__in=_GUESSES).exclude(kind__in=[Note.Kind.NEED, Note.Kind.MOOD, *_PEOPLE])


def _since(rows: QuerySet[Any], column: str) -> QuerySet[Any]:
    dated: QuerySet[Any] = rows.annotate(since=F(column))
    return dated


def note_kind(kind: str, source: str, *, withdrawn: bool) -> str:
    """Which of the kinds a note is of."""
    if withdrawn:
        return "withdrawn"
    if source in _GUESSES:
        return "guess"
    if kind in _PEOPLE:
        return "people"
    return kind if kind in {Note.Kind.NEED, Note.Kind.MOOD} else "note"


def _messages() -> QuerySet[Touch]:
    return _since(Touch.objects.filter(waiting=False), "at")


def _visits() -> QuerySet[Visit]:
    return Visit.objects.filter(state__in=_OVER).annotate(since=Coalesce("left_at", "expected_at"))


def _promises() -> QuerySet[Promise]:
    rows = Promise.objects.filter(case=None, settled_at__isnull=False).exclude(state=Promise.State.OPEN)
    return _since(rows, "settled_at")


def _cases() -> QuerySet[Case]:
    """Closed ones with nothing still promised about them."""
    running = Promise.objects.filter(case=OuterRef("pk"), settled_at=None)
    return _since(Case.objects.filter(state=Case.State.CLOSED).exclude(Exists(running)), "closed_at")


def _surprises() -> QuerySet[Surprise]:
    over = [Surprise.State.DECLINED, Surprise.State.DROPPED, Surprise.State.LAPSED]
    ended = ~Q(outcome="") | Q(state__in=over)
    return _since(Surprise.objects.filter(ended), "proposed_at")


def _imports() -> QuerySet[ImportRun]:
    ended = [ImportRun.State.DONE, ImportRun.State.FAILED]
    rejected = Exists(RejectedRow.objects.filter(run=OuterRef("pk")))
    rows = ImportRun.objects.filter(rejected | ~Q(trial={}), state__in=ended, finished_at__isnull=False)
    return _since(rows, "finished_at")


def _calls() -> QuerySet[Call]:
    return _since(Call.objects.filter(state__in=[Call.State.ENDED, Call.State.MISSED]), "ended_at")


def _cards() -> QuerySet[Customer]:
    """People with whom nothing is going on. When they were last heard of is asked by `due`, not told here."""
    of = OuterRef("pk")
    busy = [
        Visit.objects.filter(customer=of).exclude(state__in=_OVER),
        Touch.objects.filter(customer=of, waiting=True),
        Promise.objects.filter(customer=of, settled_at=None),
        Case.objects.filter(customer=of).exclude(state=Case.State.CLOSED),
    ]
    rows = _since(Customer.objects.filter(merged_into=None), "created_at")
    for each in busy:
        rows = rows.exclude(Exists(each))
    return rows


KINDS: tuple[Kind, ...] = (
    Kind("card", _("Cards of people who no longer come"), _("Name, how to reach them, and with it everything else on the card."),
         _("To know who it is who has come back."), _ALL, Basis.CONTRACT, 60, _cards, _("since they were last heard of"), "id"),
    Kind("need", _("Needs"), _("Allergies, access, diet: what must be seen to."), _("To keep them from harm."), _SERVING, Basis.CONTRACT,
         None, lambda: _told(Note.Kind.NEED), _("since it was said or confirmed")),
    Kind("note", _("What matters to them"), _("Preferences, goals, wishes, facts, how they wish to be addressed."), _("To serve them well."),
         _SERVING, Basis.INTEREST, 36, _other_notes, _("since it was said or confirmed")),
    Kind("people", _("Their people and days"), _("Partners, children, pets, birthdays, anniversaries."), _("To serve them well."), _SERVING,
         Basis.INTEREST, 36, lambda: _told(*_PEOPLE), _("since it was said or confirmed")),
    Kind("mood", _("Moods"), _("How they were during a visit."), _("To meet them as they are on that day."), _SERVING, Basis.INTEREST, 1,
         lambda: _told(Note.Kind.MOOD), _("since it was seen")),
    Kind("guess", _("Guesses and bought-in data"), _("What they have never told us."), _("To prepare, never to be said."), _SERVING,
         Basis.INTEREST, 12, lambda: _notes(source__in=_GUESSES), _("since it was written down or confirmed")),
    Kind("withdrawn", _("Notes no longer used"), _("What was withdrawn, or what they objected to."), _("To show that it is not used."),
         _("Whoever serves, in the history of the card."), Basis.LEGAL, 12,
         lambda: _since(Note.objects.filter(withdrawn_at__isnull=False), "withdrawn_at"), _("since it was withdrawn")),
    Kind("consent", _("Consents taken back"), _("The wording they had agreed to, and when."), _("To prove that they were asked."),
         _("Whoever serves."), Basis.LEGAL, 36,
         lambda: _since(Consent.objects.filter(withdrawn_at__isnull=False), "withdrawn_at"), _("since it was taken back")),
    Kind("message", _("Messages and talks"), _("What they wrote or said, and what we answered."), _("To go on where we stopped."), _AT_PLACE,
         Basis.CONTRACT, 24, _messages, _("since it was said")),
    Kind("visit", _("Visits"), _("When they came, where, for what."), _("To know how often they come, and what they came for."), _AT_PLACE,
         Basis.CONTRACT, 60, _visits, _("since they left")),
    Kind("purchase", _("Purchases and refunds"), _("What they bought; amount and day stay in the books without their name."),
         _("For the books, and to know what they like."), _AT_PLACE, Basis.LEGAL, 120,
         lambda: _since(Purchase.objects.filter(customer__isnull=False), "at"), _("since the day of the purchase"), keeps_row=True),
    Kind("promise", _("Promises"), _("What was promised, and whether it was kept."), _("To keep our word."), _AT_PLACE, Basis.CONTRACT, 36,
         _promises, _("since it was settled")),
    Kind("case", _("Cases"), _("What went wrong, what was said and done about it."), _("To put it right, and not to fail them again."),
         _AT_PLACE, Basis.CONTRACT, 60, _cases, _("since it was closed")),
    Kind("surprise", _("Surprises"), _("What was planned for them, and how they took it."), _("Not to do twice what made them uneasy."),
         _AT_PLACE, Basis.INTEREST, 36, _surprises, _("since it was planned")),
    Kind("call", _("Telephone calls"), _("Which number called when, and who answered."), _("To call back whoever was missed."), _AT_PLACE,
         Basis.CONTRACT, 6, _calls, _("since it ended")),
    Kind("import", _("Files that came in"), _("Rejected lines and what a trial run found."), _("To mend what could not be read."),
         _("Managers and owners."), Basis.INTEREST, 3, _imports, _("since the import ended"), None, keeps_row=True),
    Kind("reply", _("Answers kept for a retry"), _("What a program was answered, in case it asks again."), _("So that nothing is done twice."),
         _("Nobody; only the program that asked."), Basis.INTEREST, 1,
         lambda: _since(IdempotentReply.objects.all(), "created_at"), _("since it was answered"), None),
)  # fmt: skip
BY_CODE = {kind.code: kind for kind in KINDS}


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and time so many calendar months earlier; the last day of a shorter month."""
    whole = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(whole, 12)
    day = moment.day
    while True:
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            day -= 1


def months_after(moment: datetime, months: int) -> datetime:
    return months_before(moment, -months)


def due(kind: Kind, months: int, *, now: datetime) -> QuerySet[Any]:
    """The rows that have been kept for so long. Must be asked within the organization, as the house."""
    before = months_before(now.astimezone(UTC), months)
    rows = kind.rows().filter(since__lt=before)
    return _unheard_of(rows, before) if kind.code == "card" else rows


def _unheard_of(rows: QuerySet[Any], since: datetime) -> QuerySet[Any]:
    """Cards of whom nothing has been heard, seen, bought or said since then."""
    of = OuterRef("pk")
    signs: list[QuerySet[Any]] = [
        Visit.objects.filter(Q(expected_at__gte=since) | Q(left_at__gte=since), customer=of),
        Touch.objects.filter(customer=of, at__gte=since),
        Purchase.objects.filter(customer=of, at__gte=since),
        Note.objects.filter(Q(learned_at__gte=since) | Q(confirmed_at__gte=since), customer=of),
        Promise.objects.filter(customer=of, made_at__gte=since),
        Case.objects.filter(Q(opened_at__gte=since) | Q(closed_at__gte=since), customer=of),
    ]
    for each in signs:
        rows = rows.exclude(Exists(each))
    return rows


def unused(kind: Kind, *, now: datetime) -> QuerySet[Any]:
    """Rows older than a year of people whose card nobody has opened, who have not come, written or bought for a year."""
    since = now - UNUSED_AFTER
    rows = kind.rows().filter(since__lt=since)
    if kind.customer is None or kind.code == "card":
        return rows.none()
    of = OuterRef(kind.customer)
    seen: list[QuerySet[Any]] = [
        JournalEntry.objects.filter(organization_id=OuterRef("organization_id"), customer_id=of, kind__in=_LOOKS, at__gte=since),
        Visit.objects.filter(customer_id=of, expected_at__gte=since),
        Touch.objects.filter(customer_id=of, at__gte=since),
        Purchase.objects.filter(customer_id=of, at__gte=since),
    ]  # fmt: skip
    for each in seen:
        rows = rows.exclude(Exists(each))
    return rows


def decided() -> dict[str, Keeping]:
    """By kind what an owner has decided. One query."""
    return {row.kind: row for row in Keeping.objects.select_related("decided_by")}
