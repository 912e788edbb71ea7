"""The pages and the API as one WSGI application. `rugui web` serves it."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rugui.settings")
application = get_wsgi_application()
