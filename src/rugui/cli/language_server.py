"""The coach as a language server: marks while somebody types in their own editor, better sentences as quick fixes."""

from __future__ import annotations

from importlib.metadata import version

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from ..engines.coach import Coach, Context, Mark, Session
from ..engines.coach.places import Lines

NOT_HERE = "rugui.notHere"
_SEVERITIES = {
    "suggestion": types.DiagnosticSeverity.Information,
    "warning": types.DiagnosticSeverity.Warning,
    "error": types.DiagnosticSeverity.Error,
}


class Server(LanguageServer):
    """One session of the coach per open document."""

    def __init__(self, coach: Coach, context: Context) -> None:
        super().__init__("rugui", version("rugui"))
        self.coach, self.context = coach, context
        self.sessions: dict[str, Session] = {}
        self.waived: set[tuple[str, str, str]] = set()
        """(document, rule, words) that the writer wants to keep."""

    def marks(self, uri: str) -> list[Mark]:
        text = self.workspace.get_text_document(uri).source
        session = self.sessions.setdefault(uri, Session(self.coach, self.context))
        return [
            each
            for each in session.read(text)
            if (uri, each.rule, text[each.start : each.end]) not in self.waived
        ]

    def tell(self, uri: str) -> None:
        document = self.workspace.get_text_document(uri)
        lines = Lines(document.source)
        found = [self._diagnostic(mark, lines) for mark in self.marks(uri)]
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, version=document.version, diagnostics=found)
        )

    def _diagnostic(self, mark: Mark, lines: Lines) -> types.Diagnostic:
        said = mark.message if mark.message == mark.why else f"{mark.message}\n{mark.why}"
        return types.Diagnostic(
            self.range(lines, mark.start, mark.end),
            said,
            severity=_SEVERITIES[mark.severity],
            code=mark.rule,
            code_description=types.CodeDescription(mark.link) if mark.link else None,
            source="rugui",
        )

    def range(self, lines: Lines, start: int, end: int) -> types.Range:
        return types.Range(self._position(lines, start), self._position(lines, end))

    def _position(self, lines: Lines, offset: int) -> types.Position:
        """In the units that the editor and we have agreed on."""
        line, column = lines.at(offset)
        unit = self.server_capabilities.position_encoding
        if unit == types.PositionEncodingKind.Utf8:
            begins = lines.starts[line]
            column = len(lines.text[begins : begins + column].encode("utf-8", "surrogatepass"))
        elif unit != types.PositionEncodingKind.Utf32:
            column = lines.at16(offset)[1]
        return types.Position(line, column)

    def actions(self, uri: str, asked: types.Range) -> list[types.CodeAction | types.Command]:
        """What can be done about the marks that touch a range."""
        lines = Lines(self.workspace.get_text_document(uri).source)
        result: list[types.CodeAction | types.Command] = []
        for mark in self.marks(uri):
            where = self.range(lines, mark.start, mark.end)
            if _behind(asked.start, where.end) or _behind(where.start, asked.end):
                continue
            said = self._diagnostic(mark, lines)
            for number, better in enumerate(each for each in mark.rather if not each.advice):
                edit = types.TextEdit(self.range(lines, better.start, better.end), better.text)
                result.append(
                    types.CodeAction(
                        better.text,
                        kind=types.CodeActionKind.QuickFix,
                        diagnostics=[said],
                        is_preferred=number == 0,
                        edit=types.WorkspaceEdit(changes={uri: [edit]}),
                    )
                )
            words = lines.text[mark.start : mark.end]
            result.append(types.Command("Not here", NOT_HERE, arguments=[uri, mark.rule, words]))
        return result


def _behind(one: types.Position, other: types.Position) -> bool:
    return (one.line, one.character) > (other.line, other.character)


def server(coach: Coach, context: Context) -> Server:
    """A server that answers; it still has to be started."""
    made = Server(coach, context)

    @made.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        made.tell(params.text_document.uri)

    @made.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        made.tell(params.text_document.uri)

    @made.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        made.sessions.pop(params.text_document.uri, None)
        made.text_document_publish_diagnostics(types.PublishDiagnosticsParams(params.text_document.uri, []))

    @made.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix]),
    )
    def actions(params: types.CodeActionParams) -> list[types.CodeAction | types.Command]:
        return made.actions(params.text_document.uri, params.range)

    @made.command(NOT_HERE)
    def not_here(uri: str, rule: str, words: str) -> None:
        made.waived.add((uri, rule, words))
        made.tell(uri)

    return made


def serve(coach: Coach, context: Context) -> None:
    """Answers on standard input and output until the editor goes."""
    server(coach, context).start_io()
