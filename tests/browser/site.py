"""The program on a database of its own: pages from a thread, other processes as they really are."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError

from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client
from playwright.sync_api import BrowserContext

from rugui.config import config
from rugui.core import postgres
from rugui.web.middleware import FirstRun

from .. import factories


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadedWSGIServer):
    """Closing it waits for the requests under way, because their database is dropped next."""

    daemon_threads = False

    def __init__(self, *arguments: Any) -> None:
        self._lines: set[socket.socket] = set()
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._lines.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._lines.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        for line in list(self._lines):
            with suppress(OSError):  # closed meanwhile
                line.shutdown(
                    socket.SHUT_RD
                )  # a browser keeps its lines open: nothing more comes on this one
        super().server_close()


class Site:
    """A running house. `house` is the Lake House of the other tests, unless furnished otherwise; its people can sign in."""

    house: factories.House

    def __init__(
        self,
        folder: Path,
        database: str,
        furnish: Callable[[], factories.House] | None = factories.lake_house,
    ) -> None:
        self._folder, self._database = folder, database
        self._server = _Server(("127.0.0.1", 0), _QuietHandler)
        self._server.set_app(get_wsgi_application())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self.live_port = _free_port()
        if furnish is not None:
            self.house = furnish()

    @property
    def url(self) -> str:
        return f"http://localhost:{self._server.server_address[1]}"

    def session_of(self, person: str) -> str:
        """The session key of somebody who has just signed in."""
        client = factories.Browse()(self.house, person)
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def sign_in(self, context: BrowserContext, person: str) -> None:
        """Lets this browser continue as one of the people of the house."""
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": self.session_of(person), "url": self.url}]
        )

    def client(self, person: str) -> Client:
        """A test client on the same database, signed in."""
        return factories.Browse()(self.house, person)

    def stop_pages(self) -> None:
        """From now on nothing answers at the address of the pages."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(60)

    def start_pages(self) -> None:
        """The pages are answered again, at the same address."""
        self._server = _Server(self._server.server_address, _QuietHandler)
        self._server.set_app(get_wsgi_application())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def _environment(self) -> dict[str, str]:
        socket_folder = postgres.socket_folder(self._folder)
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("RUGUI_")},
            "DATABASE_URL": f"postgresql:///{self._database}?host={socket_folder}&user={postgres.OWNER}",
            "RUGUI_DATA_FOLDER": str(self._folder),
            "RUGUI_SECRET_KEY": config().secret,
            "RUGUI_BASE_URL": self.url,
            "RUGUI_LIVE_PORT": str(self.live_port),
        }

    def run(self, *arguments: str) -> str:
        """What a command of the program says when it is given on this database. It must succeed."""
        command = [sys.executable, "-m", "rugui.cli", *arguments]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *names: str) -> None:
        """Starts the program's other processes on this database, unless they run: "live", "clock", "worker"."""
        for name in [name for name in names if name not in self._children]:
            command = [sys.executable, "-m", "rugui.cli", name]
            self._children[name] = subprocess.Popen(command, env=self._environment, stderr=subprocess.DEVNULL)
        if "live" in names:
            self._wait_for(f"http://127.0.0.1:{self.live_port}/live/health")

    def kill(self, name: str) -> None:
        """Ends one of the started processes as `kill -9` does."""
        child = self._children.pop(name)
        child.kill()
        child.wait(90)

    @staticmethod
    def _wait_for(url: str, seconds: float = 240) -> None:
        end = time.monotonic() + seconds
        while True:
            try:
                with urllib.request.urlopen(url, timeout=10):
                    return
            except (URLError, OSError):
                assert time.monotonic() < end, f"nothing answers at {url}"
                time.sleep(0.05)

    @contextmanager
    def serving(self) -> Iterator[Site]:
        self._thread.start()
        try:
            yield self
        finally:
            for child in self._children.values():
                child.terminate()
            for child in self._children.values():
                child.wait(90)
            self._server.shutdown()
            self._server.server_close()
            self._thread.join(60)


@contextmanager
def on_database(folder: Path, name: str) -> Iterator[None]:
    """Points Django at another database, for every thread, until the end."""
    connection = connections["default"]
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    FirstRun._done = False
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        FirstRun._done = False


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
