"""Recovery cases: a failure, the steps to put it right, what was said, who sees to it, and what was learned."""

from .case import Case, CaseStep, LessonRead
from .choices import CaseChoice
from .owning import CaseAlarm, HandOver, SeniorityRule
from .words import CaseMessage, CaseTalk

__all__ = [
    "Case",
    "CaseAlarm",
    "CaseChoice",
    "CaseMessage",
    "CaseStep",
    "CaseTalk",
    "HandOver",
    "LessonRead",
    "SeniorityRule",
]
