"""Setting up Django, in the commands that need it and not before."""

from __future__ import annotations

import os

from ..config import DatabaseRole, config


def setup(role: DatabaseRole) -> None:
    """Configures Django for this process, acting in the database as `role`."""
    os.environ["RUGUI_DATABASE_ROLE"] = role
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rugui.settings")
    config.cache_clear()
    import django

    django.setup()
