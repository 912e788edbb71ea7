"""What can be done to what we know: one verb each, journalled in the same transaction."""

from ..claims import About
from .checking import confirm_note, end_note, take_back_check
from .consents import record_consent, take_back, withdraw_consent
from .customers import GivenIdentity, add_customer, add_identity, edit_customer, remove_identity
from .looking import note_search, note_view
from .notes import add_note, correct_note, restore_note, withdraw_note

__all__ = [
    "About",
    "GivenIdentity",
    "add_customer",
    "add_identity",
    "add_note",
    "confirm_note",
    "correct_note",
    "edit_customer",
    "end_note",
    "note_search",
    "note_view",
    "record_consent",
    "remove_identity",
    "restore_note",
    "take_back",
    "take_back_check",
    "withdraw_consent",
    "withdraw_note",
]
