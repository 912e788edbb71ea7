"""Every table of the house, for Django to find. The rooms define them."""

from .connect.models import ImportRun, RejectedRow
from .core.models import Heartbeat, IdempotentReply, Installation, JournalEntry, Key
from .desk.models import TakenLine
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
from .know.models import (
    ClaimCheck,
    Consent,
    Customer,
    HalfLife,
    Identity,
    NameKey,
    NameSlip,
    NameWord,
    Note,
    Surprise,
)
from .know.pairs import CardPair, DuplicateSearch, Merge, MovedRow
from .own.models import Erasure
from .promise.models import Promise, Ring
from .recover.models import Case, CaseMessage, CaseStep, CaseTalk
from .serve.models import Purchase, Touch, Visit

__all__ = [
    "Assignment",
    "CardPair",
    "Case",
    "CaseMessage",
    "CaseStep",
    "CaseTalk",
    "ClaimCheck",
    "Consent",
    "Customer",
    "DuplicateSearch",
    "Duty",
    "Erasure",
    "HalfLife",
    "Heartbeat",
    "IdempotentReply",
    "Identity",
    "ImportRun",
    "Installation",
    "Invitation",
    "JournalEntry",
    "Key",
    "Merge",
    "MovedRow",
    "NameKey",
    "NameSlip",
    "NameWord",
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
    "TakenLine",
    "Touch",
    "User",
    "Visit",
]
