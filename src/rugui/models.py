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
from .recover.remedies.models import Given, Remedy, Weighing
from .recover.trust.models import (
    Leave,
    LedgerEntry,
    LedgerLine,
    TrustCase,
    TrustLimit,
    TrustMonth,
    TrustRule,
)
from .recover.worth.models import HeldCharge, MarginRate
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
    "Given",
    "HalfLife",
    "Heartbeat",
    "HeldCharge",
    "IdempotentReply",
    "Identity",
    "ImportRun",
    "Installation",
    "Invitation",
    "JournalEntry",
    "Key",
    "Leave",
    "LedgerEntry",
    "LedgerLine",
    "MarginRate",
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
    "Remedy",
    "Ring",
    "SpecialDay",
    "Staff",
    "Surprise",
    "TakenLine",
    "Touch",
    "TrustCase",
    "TrustLimit",
    "TrustMonth",
    "TrustRule",
    "User",
    "Visit",
    "Weighing",
]
