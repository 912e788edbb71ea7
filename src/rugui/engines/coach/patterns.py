"""What a pattern says: its fixed words, for the automaton, and the regular expression behind them.

A pattern that comes down to a few phrases is those phrases. Any other needs an *anchor*: words of which one stands in
whatever it matches. The automaton finds the anchor, and only then the expression is asked.
"""

from __future__ import annotations

import re
import re._parser as sre  # type: ignore[import-not-found]  # the standard library's own, without stubs
from functools import cache, lru_cache
from itertools import product
from typing import Any, NamedTuple

from . import fold
from .expressions import MACROS

PHRASES = 128
"""As many phrases as a pattern may come down to; beyond it, an anchor and an expression."""
ANCHORS = 64
WORD = "A-Za-z0-9_"
BEGINS = f"(?<![{WORD}](?=[{WORD}]))"
ENDS = f"(?!(?<=[{WORD}])[{WORD}])"
_BOUNDARY = f"(?:(?<![{WORD}])(?=[{WORD}])|(?<=[{WORD}])(?![{WORD}]))"
_CLASSES = {
    "L": "[^\\W\\d_]",
    "Lu": "[A-Z]",
    "Ll": "[a-z]",
    "N": "\\d",
    "Nd": "\\d",
    "Han": "[\u3400-\u9fff]",
    "P": "[^\\w\\s]",
}
_META = frozenset(".^$*+?{}[]\\|()")
_FLAGS = re.compile(r"\(\?([ims]+)\)")
_PROPERTY = re.compile(r"\\p\{(\w+)\}")
_MACRO = re.compile(r"\{([a-z]+)\}")


class PatternError(ValueError):
    """A pattern that cannot be used; `right` says what would be."""

    def __init__(self, what: str, right: str) -> None:
        super().__init__(what)
        self.what, self.right = what, right


class Pattern(NamedTuple):
    source: str
    expression: str
    """For `re`, on folded text, with the edges it asks for."""
    phrases: tuple[str, ...]
    """Folded: all that it can match (`whole`), or else words of which one stands in every match; empty without an anchor."""
    whole: bool
    groups: bool
    """It catches words for a better way."""
    ignorecase: bool
    witness: str | None
    """A text that it matches, folded; None where that cannot be told by looking."""
    reach: int
    """So many characters at most stand in a match before one of `phrases`."""

    def compiled(self) -> re.Pattern[str]:
        return compiled(self.expression, self.ignorecase)


@cache
def compiled(expression: str, ignorecase: bool) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE if ignorecase else 0)


@lru_cache(maxsize=8192)
def pattern(source: str, *, ignorecase: bool = True, edges: bool = True) -> Pattern:
    """Raises PatternError for what is no regular expression, or matches the empty text."""
    if found := _FLAGS.match(source):
        ignorecase, source = ignorecase or "i" in found[1], source[found.end() :]
    looked, expression = _prepared(source)
    try:
        tree = sre.parse(looked)
        wrapped = f"{BEGINS}(?:{expression}){ENDS}" if edges else expression
        if "(?" in expression.replace("(?:", "").replace(
            "(?P<", ""
        ):  # what parses and still does not compile looks around
            re.compile(wrapped)
    except (re.error, OverflowError, RecursionError) as error:
        raise PatternError(f"the pattern {source!r} cannot be read: {error}", _hint(source)) from None
    if tree.getwidth()[0] == 0:
        raise PatternError(f"the pattern {source!r} matches nothing at all", "name at least one word")
    nodes = _without_edges(list(tree))
    said = _expand(nodes, PHRASES)
    if said is not None and all(said):
        phrases, whole, reach = said, True, 0
    else:
        phrases, reach = _anchors(nodes) or ([], 0)
        whole = False
    return Pattern(
        source,
        wrapped,
        tuple(dict.fromkeys(fold.folded(each) for each in phrases)),
        whole,
        tree.state.groups > 1,
        ignorecase,
        (fold.plain(said[0]) if whole and said else _witness(nodes)),
        reach,
    )


def _hint(source: str) -> str:
    if re.search(r"(?<!\\)[(\[]", source):
        return "close every bracket; write \\( for a bracket that is meant"
    return "write \\ before . * + ? ( ) [ ] { } | ^ $ that are meant as they stand"


def _prepared(source: str) -> tuple[str, str]:
    """The pattern with its characters folded, once to look at and once to run: there \\b knows that 字 and a are apart."""
    looked, run, at, inside = [], [], 0, False
    while at < len(source):
        character, here = source[at], source[at:]
        step = 1
        shown = ran = character
        if found := _PROPERTY.match(here):
            shown = ran = _property(found[1], source)
            step = found.end()
        elif character == "\\":
            shown = ran = source[at : at + 2]
            step = 2
            if shown == "\\b" and not inside:
                ran = _BOUNDARY
        elif not inside and (found := _MACRO.match(here)):
            shown = ran = _macro(found[1])
            step = found.end()
        elif character > "\x7f" and not (inside and "-" in source[max(at - 1, 0) : at + 2]):
            shown = ran = fold.plain(character)
            if shown in _META or (inside and shown == "-"):
                shown = ran = "\\" + shown
        inside = character == "[" or (inside and character != "]")
        looked.append(shown)
        run.append(ran)
        at += step
    return "".join(looked), "".join(run)


def _property(name: str, source: str) -> str:
    if name not in _CLASSES:
        raise PatternError(f"\\p{{{name}}} in {source!r} is not known", "one of " + ", ".join(_CLASSES))
    return _CLASSES[name]


def _macro(name: str) -> str:
    if name not in MACROS:
        raise PatternError(
            f"{{{name}}} is not known", "one of " + ", ".join(f"{{{each}}}" for each in MACROS)
        )
    return f"(?:{MACROS[name]})"


def _without_edges(nodes: list[Any]) -> list[Any]:
    """\\b at the outer ends says what is checked anyway."""
    while nodes and nodes[0] == (sre.AT, sre.AT_BOUNDARY):
        nodes = nodes[1:]
    while nodes and nodes[-1] == (sre.AT, sre.AT_BOUNDARY):
        nodes = nodes[:-1]
    return nodes


def _expand(nodes: list[Any], limit: int) -> list[str] | None:
    """Every text that the nodes match, or None when they are too many or cannot be told."""
    texts = [""]
    for node in nodes:
        more = _expand_one(node, limit)
        if more is None or len(texts) * len(more) > limit:
            return None
        texts = [before + after for before, after in product(texts, more)]
    return list(dict.fromkeys(texts))


def _expand_one(node: Any, limit: int) -> list[str] | None:
    kind, value = node
    if kind is sre.LITERAL:
        return [chr(value)]
    if kind is sre.IN:
        return _expand_class(value)
    if kind is sre.SUBPATTERN:
        _, add, remove, inner = value
        return None if add or remove else _expand(list(inner), limit)
    if kind is sre.BRANCH:
        several = [_expand(list(each), limit) for each in value[1]]
        if any(each is None for each in several):
            return None
        found = [text for each in several for text in each or []]
        return found if len(found) <= limit else None
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        least, most, inner = value
        if most > 3:
            return None
        once = _expand(list(inner), limit)
        if once is None or len(once) ** most > limit:
            return None
        return ["".join(each) for times in range(most, least - 1, -1) for each in product(once, repeat=times)]
    return None


def _expand_class(items: list[Any]) -> list[str] | None:
    found: list[str] = []
    for kind, value in items:
        if kind is sre.LITERAL:
            found.append(chr(value))
        elif kind is sre.RANGE and value[1] - value[0] < 10:
            found += map(chr, range(value[0], value[1] + 1))
        else:
            return None
    return found


def weight(phrase: str) -> int:
    """How much a phrase narrows down: a Chinese character as much as two Latin letters."""
    return sum(2 if each > "\u2e80" else each.isalnum() for each in phrase)


def _anchors(nodes: list[Any]) -> tuple[list[str], int] | None:
    """Of all sets of words of which one must stand in any match, the most telling; and what may stand before it at most."""
    candidates: list[tuple[list[str], int]] = []
    runs, began, width = [""], 0, 0
    for node in [*nodes, None]:
        more = _expand_one(node, ANCHORS) if node is not None else None
        if more is not None and len(runs) * len(more) <= ANCHORS:
            runs = [before + after for before, after in product(runs, more)]
            width += _widest(node)
            continue
        candidates.append((runs, began))
        runs, began = more if more is not None else [""], width
        if node is None:
            break
        if more is None and (inner := _inner_anchors(node)):
            candidates.append((inner[0], width + inner[1]))
        width += _widest(node)
        if more is None:
            began = width
    good = [
        each for each in candidates if len(each[0]) <= ANCHORS and min(map(weight, each[0]), default=0) >= 2
    ]
    return max(good, key=lambda each: (min(8, *map(weight, each[0])), -len(each[0])), default=None)


def _widest(node: Any) -> int:
    """How many characters a node matches at most."""
    try:
        return int(sre.SubPattern(sre.State(), [node]).getwidth()[1])
    except (IndexError, TypeError):  # it repeats what a group has caught
        return int(sre.MAXREPEAT)


def _inner_anchors(node: Any) -> tuple[list[str], int] | None:
    kind, value = node
    if kind is sre.SUBPATTERN:
        return None if value[1] or value[2] else _anchors(list(value[3]))
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        return _anchors(list(value[2])) if value[0] else None
    if kind is sre.BRANCH:
        several = [_anchors(list(each)) for each in value[1]]
        if all(several):
            found = [each for each in several if each]
            texts = dict.fromkeys(text for phrases, _reach in found for text in phrases)
            return list(texts), max(reach for _phrases, reach in found)
    return None


def _witness(nodes: list[Any]) -> str | None:
    parts = []
    for node in nodes:
        part = _witness_of(node)
        if part is None:
            return None
        parts.append(part)
    return fold.plain("".join(parts))


def _witness_of(node: Any) -> str | None:
    kind, value = node
    if kind is sre.LITERAL:
        return chr(value)
    if kind is sre.ANY:
        return " "
    if kind is sre.NOT_LITERAL:
        return _some(re.compile(f"[^{re.escape(chr(value))}]"))
    if kind is sre.IN:
        return _witness_of_class(value)
    if kind is sre.SUBPATTERN:
        return _witness(list(value[3]))
    if kind is sre.BRANCH:
        return _witness(list(value[1][0]))
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        once = _witness(list(value[2]))
        return None if once is None else once * value[0]
    return None


_CATEGORY = {
    sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_NOT_DIGIT: r"\D", sre.CATEGORY_SPACE: r"\s", sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w", sre.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip


def _witness_of_class(items: list[Any]) -> str | None:
    negated, inside = False, []
    for kind, value in items:
        if kind is sre.NEGATE:
            negated = True
        elif kind is sre.LITERAL:
            inside.append(re.escape(chr(value)))
        elif kind is sre.RANGE:
            inside.append(f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}")
        elif kind is sre.CATEGORY:
            inside.append(_CATEGORY[value])
    return _some(re.compile(f"[{'^' if negated else ''}{''.join(inside)}]"))


def _some(one: re.Pattern[str]) -> str | None:
    candidates = ["a", "1", " ", "字", "A", *map(chr, range(0x21, 0x7F)), *map(chr, range(0x4E00, 0x4F00))]
    return next((each for each in candidates if one.match(each)), None)
