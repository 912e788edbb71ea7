"""Sessions in the database, as Django keeps them, read by a query made ready: every page begins with it."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from ..core.ready import Ready

_SESSION = Ready(lambda key, moment: Session.objects.filter(session_key=key, expire_date__gt=moment))


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        found = _SESSION.first(str(self.session_key), timezone.now())
        if found is None:
            self._session_key = None
        return found
