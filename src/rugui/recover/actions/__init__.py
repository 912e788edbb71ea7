"""The steps of recovery, who sees to it, and the clock that runs until it is right.

Apologise, review together, fix and report, the extra, document, share, follow up. Steps may be walked in the order that
life brings; a case closes only when each was walked, or left out with a reason.
"""

from .choosing import (
    LONGEST_CHOICE,
    MOST_CHOICES,
    WHEN_CHOSEN,
    Offered,
    ask_for_a_person,
    choose,
    not_solved,
    offer_choices,
    withdraw_choices,
)
from .common import LONGEST_TEXT
from .ending import close, reopen, undo_close
from .going_up import Rule, confirm_alarm, dismiss_alarm, money_known, raise_alarm, rules, set_rule
from .link import LINK_LIVES, revoke_link, share_link
from .opening import LONGEST_TITLE, Opened, open_case, open_whole
from .owning import (
    HAND_OVER_WAITS,
    LONGEST_ANSWER,
    accept,
    decline,
    hand_over,
    take_case,
    withdraw_hand_over,
)
from .sharing import hear_lessons, read_lesson, share
from .steps import (
    LONGEST_LINE,
    MAY_BE_SKIPPED,
    Findings,
    apologise,
    delight,
    document,
    report_progress,
    review_together,
    skip,
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
    "HAND_OVER_WAITS",
    "LINK_LIVES",
    "LONGEST_ANSWER",
    "LONGEST_CHOICE",
    "LONGEST_GUEST_TEXT",
    "LONGEST_LINE",
    "LONGEST_TEXT",
    "LONGEST_TITLE",
    "MAY_BE_SKIPPED",
    "MOST_CHOICES",
    "WHEN_CHOSEN",
    "Findings",
    "Offered",
    "Opened",
    "Rule",
    "accept",
    "apologise",
    "ask_for_a_person",
    "choose",
    "close",
    "confirm_alarm",
    "customer_writes",
    "decline",
    "delight",
    "dismiss_alarm",
    "document",
    "hand_over",
    "hear_lessons",
    "money_known",
    "not_solved",
    "offer_choices",
    "open_case",
    "open_whole",
    "raise_alarm",
    "read_lesson",
    "reopen",
    "report_progress",
    "review_together",
    "revoke_link",
    "rules",
    "set_rule",
    "share",
    "share_link",
    "skip",
    "solve",
    "step_mark",
    "take_case",
    "take_in",
    "talk",
    "thread_for",
    "undo_close",
    "withdraw_choices",
    "withdraw_hand_over",
    "write_to_customer",
]
