"""The examples of rules are their tests; a token that can never match is told, with what swallows it."""

from __future__ import annotations

from collections.abc import Iterator

from .marks import Context, Mark
from .reading import Coach, language_of
from .rules import Kind, Pack, Problem, Rule, Token
from .sentences import sentences

TRIED = 8
"""Of the phrases that a token comes down to, as many are tried until one can match."""


def proved(pack: Pack, file: str, *, examples: bool = True) -> list[Problem]:
    """What the rules of `pack` do not do justice to."""
    problems: list[Problem] = []
    for rule in pack.whole_rules():
        name = rule.id.removeprefix(f"{pack.id}.")
        if examples:
            problems += [Problem(file, name, "examples", what, right) for what, right in _examples(rule)]
        problems += [Problem(file, name, "tokens", what, right) for what, right in _swallowed(rule)]
    return problems


def _read(rule: Rule, text: str, language: str = "") -> list[Mark]:
    coach = Coach([Pack("", {}, rule.languages, "", "", "", (rule,))])
    seen = language or language_of(text)
    if rule.languages and not any(each[:2] == seen[:2] for each in rule.languages):
        language = rule.languages[0]  # "SOP" alone looks like English, and is meant in a Chinese sentence
    return list(coach.read(text, Context(language=language, occasions=rule.occasions)))


def _examples(rule: Rule) -> Iterator[tuple[str, str]]:
    for text in rule.examples.match:
        if not _read(rule, text):
            yield f"it does not mark {text!r}", _why_not(rule, text)
    for text in rule.examples.passes:
        if marks := _read(rule, text):
            said = text[marks[0].start : marks[0].end]
            yield f"it marks {said!r} in {text!r}", "an exception, unless or near, or narrower tokens"


def _why_not(rule: Rule, text: str) -> str:
    if rule.kind is Kind.PRESENCE:
        return "what it asks for is there, or none of the words of when"
    without = (
        ("exceptions", "one of its exceptions stands there"),
        ("unless", "the words of unless stand close by"),
        ("near", "no words of near stand close by"),
    )
    for key, reason in without:
        if getattr(rule, key) and _read(rule._replace(**{key: ()}), text):  # type: ignore[arg-type]
            return reason
    if _read(rule._replace(edges="any"), text):
        return "the words there begin or end inside other words; edges: any would look there too"
    if _read(rule._replace(not_inside=frozenset()), text):
        return "the words there are a quotation, an address or code"
    if rule.tokens and all(token.language for token in rule.tokens):
        return "none of the tokens for the script of this text stands in it"
    return "none of the tokens stands in it"


def _swallowed(rule: Rule) -> Iterator[tuple[str, str]]:
    if rule.kind not in (Kind.EXISTENCE, Kind.SUBSTITUTION):
        return
    bare = rule._replace(near=(), unless=())
    for token in rule.tokens:
        pattern = token.pattern
        texts = pattern.phrases[:TRIED] if pattern.whole and pattern.ignorecase else (pattern.witness,)
        told = [text for text in texts if text and text == text.strip()]
        if told and not any(_found(bare, token, text) for text in told):
            yield f"the token {pattern.source!r} can never match", _swallows(bare, token, told[0])


def _found(rule: Rule, token: Token, text: str) -> bool:
    return bool(_read(rule._replace(tokens=(token,)), text, token.language))


def _swallows(rule: Rule, token: Token, text: str) -> str:
    if _found(rule._replace(exceptions=()), token, text):
        return "an exception of the same rule covers all of it"
    if _found(rule._replace(edges="any"), token, text):
        return "it begins or ends inside a word; edges: any would look there too"
    if _found(rule._replace(not_inside=frozenset()), token, text):
        return "it holds quotation marks, an address or code; see not_inside"
    if len(sentences(text)) > 1:
        return "it goes on over the end of a sentence; scope: paragraph reaches further"
    return "leave it out"
