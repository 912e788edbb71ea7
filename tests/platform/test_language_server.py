"""The language server, spoken to as an editor does, over its standard input and output."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from .test_language_command import PACK

URI = "file:///draft.txt"
TEXT = "Dear 😀.\nPlease, you must pay."
Talk = Callable[[LanguageClient, "asyncio.Queue[types.PublishDiagnosticsParams]"], Coroutine[Any, Any, None]]


def spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, talk: Talk) -> None:
    """Starts a server with the pack, and lets `talk` be the editor."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "house.yaml").write_text(PACK, "utf-8")

    async def editor() -> None:
        client = LanguageClient("editor", "1")
        told: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            told.put_nowait(params)

        await client.start_io(
            sys.executable,
            "-m",
            "rugui.cli",
            "language",
            "serve",
            "--no-starters",
            "--rules",
            str(tmp_path / "house.yaml"),
        )
        await client.initialize_async(types.InitializeParams(capabilities=types.ClientCapabilities()))
        client.initialized(types.InitializedParams())
        try:
            await talk(client, told)
        finally:
            await client.shutdown_async(None)
            client.exit(None)
            await client.stop()

    asyncio.run(asyncio.wait_for(editor(), 60))


def opened(client: LanguageClient) -> None:
    item = types.TextDocumentItem(URI, "plaintext", 1, TEXT)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))


def applied(text: str, edits: list[types.TextEdit]) -> str:
    """As an editor applies them: lines and UTF-16 columns."""
    lines = [line.encode("utf-16-le") for line in text.split("\n")]
    for edit in edits:
        start, end = edit.range.start, edit.range.end
        assert start.line == end.line
        line = lines[start.line]
        lines[start.line] = (
            line[: start.character * 2] + edit.new_text.encode("utf-16-le") + line[end.character * 2 :]
        )
    return "\n".join(line.decode("utf-16-le") for line in lines)


async def fixes(client: LanguageClient, marked: types.Diagnostic) -> list[types.CodeAction | types.Command]:
    params = types.CodeActionParams(
        types.TextDocumentIdentifier(URI), marked.range, types.CodeActionContext(diagnostics=[marked])
    )
    answered = await client.text_document_code_action_async(params)
    return list(answered or [])


def test_an_editor_opens_is_told_and_takes_the_better_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def talk(client: LanguageClient, told: asyncio.Queue[types.PublishDiagnosticsParams]) -> None:
        opened(client)
        (marked,) = (await told.get()).diagnostics
        assert (marked.code, marked.source, marked.severity) == (
            "house.must",
            "rugui",
            types.DiagnosticSeverity.Warning,
        )
        assert marked.range == types.Range(types.Position(1, 8), types.Position(1, 16))
        better = (await fixes(client, marked))[0]
        assert isinstance(better, types.CodeAction)
        assert better.edit is not None
        assert better.edit.changes is not None
        text = applied(TEXT, list(better.edit.changes[URI]))
        assert text == "Dear 😀.\nPlease, may I ask you to pay."
        change = types.TextDocumentContentChangeWholeDocument(text)
        client.text_document_did_change(
            types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(2, URI), [change])
        )
        assert not (await told.get()).diagnostics

    spoken(tmp_path, monkeypatch, talk)


def test_an_emoji_before_the_words_moves_no_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def talk(client: LanguageClient, told: asyncio.Queue[types.PublishDiagnosticsParams]) -> None:
        opened(client)
        await told.get()
        insert = types.TextDocumentContentChangePartial(
            types.Range(types.Position(1, 0), types.Position(1, 0)), "😀😀 "
        )
        client.text_document_did_change(
            types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(2, URI), [insert])
        )
        (marked,) = (await told.get()).diagnostics
        assert marked.range.start == types.Position(1, 13)

    spoken(tmp_path, monkeypatch, talk)


def test_words_that_the_writer_keeps_are_not_marked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def talk(client: LanguageClient, told: asyncio.Queue[types.PublishDiagnosticsParams]) -> None:
        opened(client)
        (marked,) = (await told.get()).diagnostics
        keep = (await fixes(client, marked))[-1]
        assert isinstance(keep, types.Command)
        await client.workspace_execute_command_async(types.ExecuteCommandParams(keep.command, keep.arguments))
        assert not (await told.get()).diagnostics

    spoken(tmp_path, monkeypatch, talk)
