"""Words of a customer that may mean something too grave for whoever hears them first. It proposes; a person decides.

>>> [(sign.kind, sign.certainty) for sign in signs("I slipped on the wet floor and broke my wrist.")]
[('injury', 0.84)]
"""

from .read import KINDS, Sign, signs

__all__ = ["KINDS", "Sign", "signs"]
