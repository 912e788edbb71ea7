"""Reading the keys of a rule: each either what it should be, or a problem that says what was wrong and what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from . import fold
from .patterns import Pattern, PatternError, pattern
from .rules import Condition, Problem, Side, Spare


class Fields:
    """One rule (or the header) being read. Whatever is wrong is added to `problems`; reading goes on."""

    def __init__(self, raw: Mapping[str, Any], file: str, rule: str, problems: list[Problem]) -> None:
        self.raw, self.file, self.rule, self.problems = raw, file, rule, problems

    def wrong(self, key: str, what: str, right: str) -> None:
        self.problems.append(Problem(self.file, self.rule, key, what, right))

    def unknown(self, known: Iterable[str]) -> None:
        for key in self.raw.keys() - set(known):
            close = get_close_matches(str(key), list(known), 1)
            self.wrong(str(key), "this key is not known", f"perhaps {close[0]}" if close else "leave it out")

    def text(self, key: str, default: str = "", *, needed: bool = False) -> str:
        value = self.raw.get(key, default)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.wrong(key, "this is no text", "one text, in quotes if it looks like something else")
            return default
        if needed and not str(value).strip():
            self.wrong(key, "it is missing", "a text")
        return str(value)

    def flag(self, key: str, default: bool) -> bool:
        value = self.raw.get(key, default)
        if not isinstance(value, bool):
            self.wrong(key, f"{value!r} is neither true nor false", "true or false")
            return default
        return value

    def number(self, key: str, default: int | None = None) -> int | None:
        value = self.raw.get(key, default)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            self.wrong(key, f"{value!r} is no whole number", "a whole number from 0")
            return default
        return value

    def share(self, key: str) -> float:
        value = self.raw.get(key, 0.0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            self.wrong(key, f"{value!r} is no share", "a number from 0 to 1")
            return 0.0
        return float(value)

    def choice(self, key: str, choices: Iterable[str], default: str) -> str:
        value = self.text(key, default)
        if value not in set(choices) | {default}:
            close = get_close_matches(value, list(choices), 1)
            self.wrong(
                key,
                f"{value!r} is not known",
                f"perhaps {close[0]}" if close else "one of " + ", ".join(choices),
            )
            return default
        return value

    def texts(self, key: str, value: Any = None) -> tuple[str, ...]:
        value = self.raw.get(key, []) if value is None else value
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list):
            self.wrong(key, "this is no list", "a list of texts")
            return ()
        for each in value:
            if isinstance(each, bool) or not isinstance(each, str | int | float) or not str(each).strip():
                self.wrong(
                    key,
                    f"{each!r} is no text",
                    "texts, in quotes if they look like something else (yes, no, null, 1:2)",
                )
        return tuple(str(each) for each in value if isinstance(each, str | int | float))

    def choices(self, key: str, known: Iterable[str]) -> frozenset[str]:
        values = self.texts(key)
        for value in values:
            if value not in known:
                close = get_close_matches(value, list(known), 1)
                right = f"perhaps {close[0]}" if close else "one of " + ", ".join(known)
                self.wrong(key, f"{value!r} is not known", right)
        return frozenset(values)

    def wordings(self, key: str, languages: tuple[str, ...], value: Any = None) -> dict[str, tuple[str, ...]]:
        """Texts per language: as given, or given once and for 简体 made from 繁體."""
        value = self.raw.get(key, []) if value is None else value
        if isinstance(value, dict):
            if strange := [each for each in value if each not in (*languages, "en", "zh-Hant", "zh-Hans")]:
                self.wrong(key, f"{strange[0]!r} is no language of this pack", " or ".join(languages))
            elif missing := [each for each in languages if each not in value]:
                self.wrong(
                    key,
                    f"nothing is said for {missing[0]}",
                    "a text for each language of the pack, or one for all",
                )
            return {str(language): self.texts(key, each) for language, each in value.items()}
        texts = self.texts(key, value)
        if set(languages) != {"zh-Hant", "zh-Hans"}:
            return dict.fromkeys(languages, texts)
        if strange := [each for text in texts for each in text if each in fold.only_simplified()]:
            self.wrong(
                key,
                f"{strange[0]} is 简体, and 繁體 cannot be made from it",
                "write it in 繁體, or give zh-Hant and zh-Hans",
            )
        return {"zh-Hant": texts, "zh-Hans": tuple(each.translate(fold.simplified()) for each in texts)}

    def wording(self, key: str, languages: tuple[str, ...], *, needed: bool = False) -> dict[str, str]:
        if not (value := self.raw.get(key)):
            if needed:
                self.wrong(key, "it is missing", "a sentence or two")
            return {}
        if isinstance(value, list):
            self.wrong(key, "this is a list", "one text, or one per language")
            return {}
        return {
            language: texts[0] for language, texts in self.wordings(key, languages, value).items() if texts
        }

    def pattern(
        self, key: str, source: str, *, ignorecase: bool = True, edges: bool = True
    ) -> Pattern | None:
        try:
            return pattern(source, ignorecase=ignorecase, edges=edges)
        except PatternError as error:
            self.wrong(key, error.what, error.right)
            return None

    def patterns(
        self, key: str, value: Any = None, *, ignorecase: bool = True, edges: bool = True
    ) -> tuple[Pattern, ...]:
        found = (
            self.pattern(key, each, ignorecase=ignorecase, edges=edges) for each in self.texts(key, value)
        )
        return tuple(each for each in found if each)

    def conditions(self, key: str) -> tuple[Condition, ...]:
        value = self.raw.get(key)
        if not value:
            return ()
        if isinstance(value, list) and all(isinstance(each, dict) for each in value):
            return tuple(self._condition(key, each) for each in value)
        return (self._condition(key, value if isinstance(value, dict) else {"tokens": value}),)

    def spares(self, key: str, categories: Iterable[str]) -> tuple[Spare, ...]:
        """As conditions, each perhaps for some categories of rules only."""
        value = self.raw.get(key) or []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.wrong(
                key, "this is no list of conditions", "a list, each with tokens, side, within, categories"
            )
            return ()
        return tuple(
            Spare(
                self._condition(key, {name: said for name, said in each.items() if name != "categories"}),
                Fields(each, self.file, self.rule, self.problems).choices("categories", categories),
            )
            for each in value
        )

    def _condition(self, key: str, raw: dict[str, Any]) -> Condition:
        inner = Fields(raw, self.file, self.rule, self.problems)
        inner.unknown(("tokens", "side", "within"))
        if not raw.get("tokens"):
            self.wrong(key, "it has no tokens", "a list of tokens, or tokens, side and within")
        sentences, characters = self._within(key, raw.get("within", "sentence"))
        return Condition(
            inner.patterns("tokens"), Side(inner.choice("side", list(Side), "both")), sentences, characters
        )

    def _within(self, key: str, value: Any) -> tuple[int, int]:
        """(sentences, characters); both 0 is the whole text."""
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return 0, value
        if value in ("sentence", "text"):
            return (1 if value == "sentence" else 0), 0
        number, _, word = str(value).partition(" ")
        if number.isdecimal() and word in ("sentence", "sentences") and int(number) > 0:
            return int(number), 0
        self.wrong(
            key,
            f"within {value!r} is not understood",
            'sentence, "2 sentences", text, or a number of characters',
        )
        return 1, 0
