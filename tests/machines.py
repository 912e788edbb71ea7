"""How often the machines of hypothesis run: each run is fifty steps, and after every step everything is compared."""

from __future__ import annotations

import os
from contextlib import suppress

from django.db import connection, transaction
from hypothesis.stateful import RuleBasedStateMachine

from rugui.core.tenancy import within

from . import factories

RUNS = int(os.environ.get("RUGUI_MACHINE_RUNS", "200" if os.environ.get("CI") else "25"))
"""Two thousand are the full number (`RUGUI_MACHINE_RUNS=2000`), a tenth of them a change must pass, and a few are a check by the way."""
STEPS = 50


class HouseMachine(RuleBasedStateMachine):
    """A machine in a house. Everything happens in a transaction that the end of a run takes back."""

    house: factories.House

    def __init__(self) -> None:
        super().__init__()
        self._atomic, self._within = transaction.atomic(), within(self.house.id)
        self._atomic.__enter__()
        self._within.__enter__()

    def teardown(self) -> None:
        try:
            if not connection.needs_rollback:  # a run that broke has said why already
                with connection.cursor() as cursor:  # what is asked at the end of a transaction
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        finally:
            transaction.set_rollback(True)
            with suppress(Exception):
                self._within.__exit__(None, None, None)
            self._atomic.__exit__(None, None, None)
