"""Every table of the house, for Django to find. The rooms define them."""

from .connect.models import ImportRun, RejectedRow
from .core.models import Heartbeat, IdempotentReply, Installation, JournalEntry, Key
from .house.models import (
    Assignment,
    Duty,
    Invitation,
    OpeningHours,
    Organization,
    Place,
    SpecialDay,
    Staff,
    User,
)
from .know.models import ClaimCheck, Consent, Customer, HalfLife, Identity, NameKey, Note, Surprise
from .promise.models import Promise, Ring
from .recover.models import Case, CaseMessage, CaseStep, CaseTalk
from .serve.models import Purchase, Touch, Visit

__all__ = [
    "Assignment",
    "Case",
    "CaseMessage",
    "CaseStep",
    "CaseTalk",
    "ClaimCheck",
    "Consent",
    "Customer",
    "Duty",
    "HalfLife",
    "Heartbeat",
    "IdempotentReply",
    "Identity",
    "ImportRun",
    "Installation",
    "Invitation",
    "JournalEntry",
    "Key",
    "NameKey",
    "Note",
    "OpeningHours",
    "Organization",
    "Place",
    "Promise",
    "Purchase",
    "RejectedRow",
    "Ring",
    "SpecialDay",
    "Staff",
    "Surprise",
    "Touch",
    "User",
    "Visit",
]
