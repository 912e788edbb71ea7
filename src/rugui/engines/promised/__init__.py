"""A time promised in a member of staff's own words: the sentence, and by when.

>>> from datetime import datetime
>>> [one.due.isoformat() for one in promised("I'll ring you before noon.", datetime(2026, 9, 16, 10, 40))]
['2026-09-16T12:00:00']
"""

from .read import DAY_ENDS, Promised, promised

__all__ = ["DAY_ENDS", "Promised", "promised"]
