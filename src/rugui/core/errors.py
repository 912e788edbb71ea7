"""What can go wrong in an action, in terms that a page and the API can both show."""

from __future__ import annotations

from django.utils.functional import Promise as LazyText

from .phrases import CHANGED_MEANWHILE, NOT_FOUND

Text = str | LazyText


class HouseError(Exception):
    """An action was refused; `message` says why in the user's language."""

    status = 400

    def __init__(self, message: Text) -> None:
        super().__init__(str(message))
        self.message = message


class InputError(HouseError):
    """Some fields cannot be taken as they are. `fields` maps each to what was wrong and what would be right."""

    status = 422

    def __init__(self, fields: dict[str, Text]) -> None:
        super().__init__(" ".join(str(message) for message in fields.values()))
        self.fields = fields


class NotFound(HouseError):
    """Not there, or not this person's to see: the two are never told apart."""

    status = 404

    def __init__(self) -> None:
        super().__init__(NOT_FOUND)


class NotAllowed(HouseError):
    """Seen, but not theirs to change."""

    status = 403


class ChangedMeanwhile(HouseError):
    """A conditional change found the row in another state than it asked for."""

    status = 409

    def __init__(self, message: Text = CHANGED_MEANWHILE) -> None:
        super().__init__(message)
