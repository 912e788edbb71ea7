"""The API page's examples, sent one after the other as somebody reading would, and answered as they are shown."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest
from django.test import Client

from ..api.conftest import Caller
from ..factories import House
from .pages import DOCS, FENCE, Page, told

API = Page(DOCS / "api.md")
KEPT = {"/api/v1/customers": ("CUSTOMER", "id"), "/api/v1/messages": ("CASE", "case")}
"""Which part of which answer the reader is told to keep under which name."""


class Reader:
    """Somebody who types what the page says."""

    def __init__(self, token: str) -> None:
        self.known = {"HOUSE": "", "TOKEN": token}
        self.sent: list[tuple[str, str]] = []

    def type(self, command: str) -> Any:
        address, method, headers, body = request_of(self.filled(command))
        self.sent.append((method, address))
        answer = Client(headers=headers).generic(method, address, body or "", content_type="application/json")
        name, part = KEPT.get(address, ("", ""))
        if method == "POST" and name and answer.status_code == 201:
            self.known.setdefault(name, answer.json()[part])
        return answer

    def filled(self, command: str) -> str:
        for name, value in self.known.items():
            command = command.replace(f"${name}", value)
        return command


def request_of(command: str) -> tuple[str, str, dict[str, str], str | None]:
    """What a curl command sends: address, method, headers, body."""
    words = iter(shlex.split(command)[1:])
    address, method, body, headers = "", None, None, {}
    for word in words:
        match word:
            case "-s":
                continue
            case "-X":
                method = next(words)
            case "-d":
                body = next(words)
            case "-H":
                name, value = next(words).split(": ", 1)
                headers[name] = value
            case _:
                address = word
    return address, method or ("POST" if body else "GET"), headers, body


def shown(example: str) -> tuple[int, str, Any]:
    """Status, media type and content of an answer on the page."""
    head, body = example.split("\n\n", 1)
    status = re.match(r"HTTP/1\.1 (\d+) ", head)
    media = re.search(r"^Content-Type: (\S+)$", head, re.MULTILINE)
    assert status
    assert media
    return int(status[1]), media[1], json.loads(body)


def differences(said: Any, answered: Any, where: str = "") -> list[str]:
    """Where the answer is not as the page says. A "…" on the page stands for anything."""
    if said in ("…", ["…"]):
        return []
    if isinstance(said, dict) and isinstance(answered, dict) and said.keys() == answered.keys():
        return [found for key in said for found in differences(said[key], answered[key], f"{where}.{key}")]
    if isinstance(said, list) and isinstance(answered, list) and len(said) == len(answered):
        pairs = enumerate(zip(said, answered, strict=True))
        return [found for n, pair in pairs for found in differences(*pair, f"{where}.{n}")]
    return [] if said == answered else [f"{where}: {answered!r}"]


@pytest.mark.django_db
def test_each_call_is_answered_as_the_page_shows(lake_house: House, carol: Caller) -> None:
    reader = Reader(f"rugui_{carol.secret}")
    answer, wrong, compared = None, [], 0
    for language, text in FENCE.findall(API.text):
        if language == "console":
            for command in told(text):
                if command.startswith("curl "):
                    answer = reader.type(command)
                    failed = answer.status_code >= 300 and answer.status_code != 422
                    wrong += [f"{command}: {answer.content.decode()}"] if failed else []
        elif language == "http":
            status, media, content = shown(text)
            assert answer is not None
            assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (status, media)
            wrong += differences(content, answer.json())
            compared += 1
    assert wrong == []
    assert compared == 11
    assert len(reader.sent) == 17


def test_what_differs_from_the_page_is_noticed() -> None:
    assert differences({"a": "…", "b": [1, 2]}, {"a": 7, "b": [1, 3]}) == [".b.1: 3"]
    assert differences({"a": 1}, {"a": 1, "b": 2}) == [": {'a': 1, 'b': 2}"]


def test_the_page_names_every_scope_and_no_other() -> None:
    from rugui.house.words import SCOPE_SUBJECTS

    sentence = re.search(r"Scopes are a subject and a verb: (.+?), each with", API.text, re.DOTALL)
    assert sentence
    assert re.findall(r"`(\w+)`", sentence[1]) == list(SCOPE_SUBJECTS)


@pytest.fixture
def carol(lake_house: House) -> Caller:
    return Caller(lake_house, "carol")
