"""Reads what is about to be sent to a customer, and marks what a good house would not say (docs/engines/coach.md)."""

from __future__ import annotations

from .files import Source as Source
from .files import load as load
from .files import sources as sources
from .files import starters as starters
from .marks import Better as Better
from .marks import Context as Context
from .marks import Mark as Mark
from .reading import Coach as Coach
from .reading import language_of as language_of
from .rules import Pack as Pack
from .rules import PackError as PackError
from .rules import Problem as Problem
from .rules import Rule as Rule
from .session import Session as Session
