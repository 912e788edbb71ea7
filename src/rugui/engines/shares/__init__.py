"""Shares of a whole with how sure they are: `wilson(hits, of)`; `score_interval` where the whole is an effective number."""

from .wilson import Share, score_interval, wilson

__all__ = ["Share", "score_interval", "wilson"]
