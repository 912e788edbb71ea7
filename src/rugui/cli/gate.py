"""A gate at which a process waits, everything imported, until its parent lets it go on."""

from __future__ import annotations

import os
import sys
import time

VARIABLE = "RUGUI_GATE"

STARTED = time.time()
"""When this process began, as nearly as Python knows."""


class Gate:
    """The parent's side. Closing it without opening tells whoever waits to go away."""

    def __init__(self) -> None:
        self.exit, self._entrance = os.pipe()

    def environment(self) -> dict[str, str]:
        return {**os.environ, VARIABLE: str(self.exit)}

    def open(self) -> None:
        os.write(self._entrance, b".")

    def close(self) -> None:
        os.close(self._entrance)
        os.close(self.exit)


def wait() -> None:
    """The child's side: returns when the gate opens, or at once where there is none; exits when the parent has gone."""
    number = os.environ.pop(VARIABLE, None)
    if number is None:
        return
    let_in = os.read(int(number), 1)
    os.close(int(number))
    if not let_in:
        sys.exit(0)
