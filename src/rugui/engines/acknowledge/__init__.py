"""By when an answer will be there, so that it nearly always is: from how long like ones have taken at this place.

Pure: arrays in, seconds out. See docs/engines/acknowledge.md.
"""

from .learn import (
    BANDS,
    History,
    Like,
    Limits,
    Told,
    band_of,
    level_after,
    round_up,
    time_kept,
)

__all__ = ["BANDS", "History", "Like", "Limits", "Told", "band_of", "level_after", "round_up", "time_kept"]
