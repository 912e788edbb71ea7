"""The four steps of recovery, and the clock that runs until it is right.

Apologise, review together, fix and report, document. Steps may be walked in the order that life brings;
a case closes only when all four were done.
"""

from .common import LONGEST_TEXT, PROGRESS_MINUTES
from .ending import close, reopen, undo_close
from .link import LINK_LIVES, revoke_link, share_link
from .opening import LONGEST_TITLE, Opened, open_case, open_whole, take_case
from .steps import (
    LONGEST_LINE,
    Findings,
    apologise,
    document,
    report_progress,
    review_together,
    solve,
    step_mark,
)
from .talk import (
    GUEST_MESSAGES,
    LONGEST_GUEST_TEXT,
    customer_writes,
    take_in,
    talk,
    thread_for,
    write_to_customer,
)

__all__ = [
    "GUEST_MESSAGES",
    "LINK_LIVES",
    "LONGEST_GUEST_TEXT",
    "LONGEST_LINE",
    "LONGEST_TEXT",
    "LONGEST_TITLE",
    "PROGRESS_MINUTES",
    "Findings",
    "Opened",
    "apologise",
    "close",
    "customer_writes",
    "document",
    "open_case",
    "open_whole",
    "reopen",
    "report_progress",
    "review_together",
    "revoke_link",
    "share_link",
    "solve",
    "step_mark",
    "take_case",
    "take_in",
    "talk",
    "thread_for",
    "undo_close",
    "write_to_customer",
]
