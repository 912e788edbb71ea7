"""Two people who act in the same moment, each on a connection of their own (the fixture `committed_house`)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.db import connection

from rugui.core.errors import ChangedMeanwhile
from rugui.core.tenancy import within

from . import factories


def at_once(house: factories.House, first: Callable[[], object], second: Callable[[], object]) -> list[str]:
    """Runs `first`, and `second` while the first has not committed; returns what became of each."""
    done, outcome = threading.Event(), ["", ""]

    def run(number: int, act: Callable[[], object], pause: float) -> None:
        try:
            with within(house.id):
                act()
                done.set()
                time.sleep(pause)
            outcome[number] = "done"
        except ChangedMeanwhile:
            outcome[number] = "changed meanwhile"
        except Exception as error:  # noqa: BLE001  the thread's only way to say what went wrong
            outcome[number] = repr(error)
        finally:
            done.set()
            connection.close()

    ahead = threading.Thread(target=run, args=(0, first, 0.4))
    behind = threading.Thread(target=run, args=(1, second, 0))
    ahead.start()
    done.wait(120)
    behind.start()
    ahead.join(120)
    behind.join(120)
    return outcome
