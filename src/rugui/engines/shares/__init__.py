"""Shares of a whole with how sure they are: `wilson(hits, of)`."""

from .wilson import Share, wilson

__all__ = ["Share", "wilson"]
