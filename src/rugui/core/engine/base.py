"""The database backend of the settings: Django's own, with a cheaper look at a connection that was in use a moment ago.

Django asks `SELECT 1` at the beginning of every request (`CONN_HEALTH_CHECKS`). A server that ends a connection says
so, or at least closes it; either way there is something to read on a connection on which nothing was asked. So while
a connection is in steady use, looking at its socket is enough. After a silence it is asked as before: what lies
between may have forgotten the connection without a word.
"""

from __future__ import annotations

import select
import time

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

SILENCE = 5.0
"""For how many seconds after an answer a connection is believed to be there as long as nothing was said on it."""


class DatabaseWrapper(base.DatabaseWrapper):
    _answered_at = float("-inf")

    def is_usable(self) -> bool:
        moment = time.monotonic()
        trusted = moment - self._answered_at < SILENCE and not self.errors_occurred
        usable = (trusted and self._is_quiet()) or bool(super().is_usable())
        self._answered_at = moment if usable else float("-inf")
        return usable

    def _is_quiet(self) -> bool:
        """Whether the connection is open, between transactions, and nothing has come in unasked: no farewell, no end."""
        if self.connection is None or self.connection.closed:
            return False
        if self.connection.info.transaction_status != TransactionStatus.IDLE:
            return False
        look = select.poll()
        look.register(self.connection.fileno(), select.POLLIN)
        return not look.poll(0)

    def close(self) -> None:
        self._answered_at = float("-inf")
        super().close()
