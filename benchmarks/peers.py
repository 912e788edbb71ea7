"""The peers that benchmarks measure beside us, installed once into `build/peers` from their own published packages."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from rugui.core import postgres

from . import common

PEERS = Path(__file__).parent.parent / "build" / "peers"
HELPDESK = ["django-helpdesk==2.6.1", "django==5.2.*", "psycopg[binary]>=3.3", "granian>=2.8"]

SETTINGS = """
import os
SECRET_KEY = "only-for-measuring"
DEBUG = False
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
    "django.contrib.messages", "django.contrib.staticfiles", "django.contrib.sites", "django.contrib.humanize",
    "rest_framework", "helpdesk",
]
SITE_ID = 1
HELPDESK_TEAMS_MODE_ENABLED = False
HELPDESK_ACTIVATE_API_ENDPOINT = True
HELPDESK_USE_CDN = False
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware", "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware", "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "peer_urls"
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.debug", "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth", "django.contrib.messages.context_processors.messages",
    ]},
}]
DATABASES = {"default": {
    "ENGINE": "django.db.backends.postgresql", "NAME": "helpdesk", "USER": os.environ["PEER_USER"],
    "HOST": os.environ["PEER_SOCKET"], "PORT": os.environ["PEER_PORT"], "CONN_MAX_AGE": None,
}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
MEDIA_ROOT = os.environ["PEER_FOLDER"]
USE_TZ = True
"""
URLS = """
from django.contrib import admin
from django.urls import include, path
urlpatterns = [path("admin/", admin.site.urls), path("", include("helpdesk.urls"))]
"""
WSGI = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "peer_settings"
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
"""
PREPARE = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "peer_settings"
import django; django.setup()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
call_command("migrate", verbosity=0)
from helpdesk.models import Queue
user = get_user_model().objects.create_superuser("alice", "alice@example.com", "x")
queue = Queue.objects.create(title="Front desk", slug="desk")
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(session.session_key, queue.pk, user.pk)
"""
FILL = """
INSERT INTO helpdesk_ticket (title, queue_id, created, modified, submitter_email, status, on_hold, description,
        resolution, priority, secret_key, assigned_to_id)
    SELECT 'Complaint ' || n, %(queue)s, now() - random() * interval '300 days', now(), 'guest' || n || '@example.com',
        CASE WHEN n %% 50 = 0 THEN 1 ELSE 3 END, false, 'They wrote about number ' || n, '', 3, md5(n::text), %(user)s
    FROM generate_series(1, %(tickets)s) n;
INSERT INTO helpdesk_followup (ticket_id, date, title, comment, public, user_id, new_status, message_id)
    SELECT id, created, 'Comment', 'It happened again', true, %(user)s, NULL, '' FROM helpdesk_ticket, generate_series(1, 3);
"""

Measure = Callable[..., dict[str, float]]
AT_MOST_GET, AT_MOST_LIST, AT_MOST = 2, 4, 24
"""How often the peer is asked for a ticket by its API, for a page of its list, and for anything else."""


def environment_of(name: str, requirements: list[str]) -> Path:
    """The Python of a peer's own virtual environment, made when it is not there yet."""
    folder = PEERS / name
    python = folder / "bin" / "python"
    stamp = folder / "installed.json"
    if not stamp.exists() or json.loads(stamp.read_text()) != requirements:
        uv = str(Path(sys.executable).parent / "uv")
        subprocess.run(
            [uv, "venv", "--clear", "--quiet", "--python", sys.executable, str(folder)], check=True
        )
        subprocess.run(
            [uv, "pip", "install", "--quiet", "--python", str(python), *requirements],
            check=True,
            stdout=sys.stderr,
        )
        stamp.write_text(json.dumps(requirements))
    return python


def helpdesk(*, tickets: int, requests: int, measure: Measure) -> dict[str, Any]:
    """The four requests on django-helpdesk with `tickets` tickets of three follow-ups each."""
    from .serve import say, served

    python = environment_of("django-helpdesk", HELPDESK)
    port = common.free_port()
    with common.temporary_database(extra="-c shared_buffers=512MB -c max_wal_size=8GB") as folder:
        say(f"Filling django-helpdesk with {tickets:,} tickets.")
        site = folder / "site"
        site.mkdir()
        for name, text in {"peer_settings": SETTINGS, "peer_urls": URLS, "peer_wsgi": WSGI}.items():
            (site / f"{name}.py").write_text(text)
        with common.connect(folder) as connection:
            connection.execute("CREATE DATABASE helpdesk")
        environment = {
            **os.environ,
            "PEER_SOCKET": str(postgres.socket_folder(folder)),
            "PEER_PORT": str(postgres.PORT),
            "PEER_USER": postgres.OWNER,
            "PEER_FOLDER": str(site),
            "PYTHONPATH": str(site),
        }
        made = subprocess.run(
            [str(python), "-c", PREPARE], env=environment, check=True, text=True, stdout=subprocess.PIPE
        )
        session, queue, user = made.stdout.split()
        first = _fill(folder, queue=int(queue), user=int(user), tickets=tickets)
        command = [
            str(python.parent / "granian"),
            "--interface",
            "wsgi",
            "--port",
            str(port),
            "--workers",
            "2",
            "peer_wsgi:application",
        ]
        with served(command, environment, f"http://127.0.0.1:{port}/login/", cwd=site) as web:
            trees = [web, common.postmaster(folder)]
            return _ask_helpdesk(
                f"http://127.0.0.1:{port}", session, int(queue), first, tickets, trees, requests, measure
            )


def _fill(folder: Path, *, queue: int, user: int, tickets: int) -> int:
    with psycopg.connect(
        host=str(postgres.socket_folder(folder)),
        port=postgres.PORT,
        dbname="helpdesk",
        user=postgres.OWNER,
        autocommit=True,
    ) as connection:
        values = {"queue": queue, "user": user, "tickets": tickets}
        for statement in FILL.strip().split(";\n"):
            if statement.strip():
                psycopg.ClientCursor(connection).execute(statement, values)  # type: ignore[arg-type]
        connection.execute("VACUUM ANALYZE")
        row = connection.execute("SELECT min(id) FROM helpdesk_ticket").fetchone()
        assert row is not None
        return int(row[0])


def _ask_helpdesk(
    base: str,
    session: str,
    queue: int,
    first: int,
    tickets: int,
    trees: list[Any],
    requests: int,
    measure: Measure,
) -> dict[str, Any]:
    cookie = {"Cookie": f"sessionid={session}; csrftoken=x{'0' * 31}", "X-CSRFToken": f"x{'0' * 31}"}
    chance = random.Random(7)
    one = lambda: chance.randrange(first, first + tickets)  # noqa: E731
    with urllib.request.urlopen(urllib.request.Request(f"{base}/tickets/", headers=cookie)) as answer:
        page = answer.read().decode()
    found = re.search(r"/datatables_ticket_list/[\w=+/-]*", page)
    assert found is not None, "the ticket list does not say where its rows are"
    rows = f"{base}{found.group()}?draw=1&start=0&length=25&order[0][column]=5&order[0][dir]=desc"

    def ask(path: str, body: dict[str, Any] | None = None) -> urllib.request.Request:
        data = json.dumps(body).encode() if body else None
        return urllib.request.Request(path, data, cookie | {"Content-Type": "application/json"})

    ticket = {
        "title": "Room cold",
        "queue": queue,
        "description": "Cold.",
        "submitter_email": "guest@example.com",
        "priority": 3,
    }
    requests = min(requests, AT_MOST)
    few = min(AT_MOST_LIST, max(3, requests // 10))
    page_of_list = measure(lambda: ask(f"{base}/tickets/"), trees, few, warm_up=2)
    its_rows = measure(lambda: ask(rows), trees, few, warm_up=1)
    return {
        "page_of_one": measure(lambda: ask(f"{base}/tickets/{one()}/"), trees, requests),
        "page_of_list": page_of_list
        | {
            "cpu_ms": round(page_of_list["cpu_ms"] + its_rows["cpu_ms"], 2),
            "rows_cpu_ms": its_rows["cpu_ms"],
        },
        "open_by_api": measure(lambda: ask(f"{base}/api/tickets/", ticket), trees, requests, warm_up=3),
        # It reads every ticket to answer for one, half a minute of a processor at 100,000: a few are enough to know.
        "get_by_api": measure(lambda: ask(f"{base}/api/tickets/{one()}/"), trees, AT_MOST_GET, warm_up=0),
    }
