"""From the keys of a rule, as written, to a `Rule`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .fields import Fields
from .patterns import Pattern
from .rules import (
    CATEGORIES,
    CHANNELS,
    MOODS,
    OCCASIONS,
    PLACES_OF_WORDS,
    Examples,
    Kind,
    Problem,
    Rule,
    Scope,
    Severity,
    Step,
    Token,
)  # fmt: skip

KEYS = (
    "id", "extends", "category", "severity", "level", "message", "why", "rather", "tokens", "raw", "swap", "exceptions", "near", "unless",
    "when", "occasions", "channels", "moods", "regions", "not_inside", "edges", "ignorecase", "nonword", "scope", "replaces", "certainty",
    "examples", "disabled", "link", "owner", "source", "token", "max", "min", "from", "first", "second", "match", "style", "either", "name",
    "spares", "sensed",
)  # fmt: skip
VALE_ONLY = (
    "action", "append", "vocab", "limit", "description", "indicators", "threshold", "prefix", "alpha", "capitalize", "pos", "author",
    "code", "license", "feed", "ignore",
)  # fmt: skip
TIED = {
    Kind.EXISTENCE: "tokens", Kind.SUBSTITUTION: "swap", Kind.OCCURRENCE: "token", Kind.REPETITION: "tokens", Kind.SEQUENCE: "tokens",
    Kind.CONDITIONAL: "first", Kind.CAPITALIZATION: "match", Kind.CONSISTENCY: "either", Kind.PRESENCE: "tokens",
    Kind.SENSE: "category",
}  # fmt: skip
_CASES = ("$title", "$sentence", "$lower", "$upper")


@dataclass(frozen=True, slots=True)
class Around:
    """What the pack says for all of its rules. `vale`: a rule file of Vale's, with its defaults and without our demands."""

    pack: str
    file: str
    languages: tuple[str, ...]
    categories: tuple[str, ...] = ()
    occasions: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    vale: bool = False


def rule(
    raw: Mapping[str, Any], around: Around, problems: list[Problem], warnings: list[Problem]
) -> Rule | None:
    """None when something is wrong with it, which is then in `problems`."""
    before = len(problems)
    fields = Fields(raw, around.file, str(raw.get("id") or "?"), problems)
    fields.unknown((*KEYS, *VALE_ONLY))
    if raw.get("disabled"):
        return None
    kind = Kind(fields.choice("extends", list(Kind), Kind.EXISTENCE))
    base = _base(fields, around, kind)
    ignorecase = fields.flag("ignorecase", default=not around.vale)
    built = _with_kind(base, fields, around, ignorecase)
    if len(problems) > before:
        return None
    return _anchored(built, fields, around, warnings)


def _base(fields: Fields, around: Around, kind: Kind) -> Rule:
    languages = around.languages
    needed = not around.vale
    level = fields.choice("level", list(Severity), Severity.WARNING if around.vale else Severity.SUGGESTION)
    severity = fields.choice("severity", list(Severity), level)
    fields.text("id", needed=True)
    if needed and not fields.raw.get("rather") and "swap" not in fields.raw:
        fields.wrong("rather", "it is missing", "at least one better way to say it")
    category = fields.choice("category", (*CATEGORIES, *around.categories), "style" if around.vale else "")
    if not category:
        fields.wrong("category", "it is missing", "one of " + ", ".join(CATEGORIES))
    edges = fields.choice("edges", ("word", "any"), "")
    return Rule(
        id=f"{around.pack}.{fields.rule}",
        kind=kind,
        category=category,
        severity=Severity(severity),
        message=fields.wording("message", languages, needed=around.vale),
        why=fields.wording("why", languages, needed=needed),
        rather=fields.wordings("rather", languages),
        near=fields.conditions("near"),
        unless=fields.conditions("unless"),
        occasions=fields.choices("occasions", (*OCCASIONS, *around.occasions)),
        channels=fields.choices("channels", (*CHANNELS, *around.channels)),
        moods=fields.choices("moods", (*MOODS, *around.moods)),
        regions=frozenset(fields.texts("regions")),
        not_inside=fields.choices("not_inside", PLACES_OF_WORDS)
        if "not_inside" in fields.raw
        else frozenset(PLACES_OF_WORDS),
        edges="any" if fields.flag("nonword", default=False) else edges,
        scope=_scope(fields),
        replaces=fields.choice("replaces", ("mark", "sentence", "nothing"), ""),
        certainty=fields.share("certainty"),
        examples=_examples(fields, needed=needed),
        link=fields.text("link"),
        languages=languages,
        spared=fields.flag("spares", default=False),
        sensed=fields.flag("sensed", default=False),
    )


def _scope(fields: Fields) -> Scope:
    """Vale's scopes of markup come down to headings and the rest."""
    value = fields.raw.get("scope", "sentence")
    first = str(value[0] if isinstance(value, list) and value else value).split(".")[0].split("&")[0].strip()
    if first in ("heading", "paragraph", "sentence"):
        return Scope(first)
    if first in ("text", "raw", "summary"):
        return Scope.TEXT
    if first.startswith("~") or first in (
        "list",
        "table",
        "blockquote",
        "alt",
        "code",
        "comment",
        "link",
        "strong",
        "emphasis",
    ):
        return Scope.SENTENCE
    fields.wrong("scope", f"{value!r} is not known", "sentence, paragraph or text")
    return Scope.SENTENCE


def _examples(fields: Fields, *, needed: bool) -> Examples:
    raw = fields.raw.get("examples", {})
    if not isinstance(raw, dict):
        fields.wrong("examples", "this is no mapping", "match and pass, each a list of texts")
        return Examples()
    inner = Fields(raw, fields.file, fields.rule, fields.problems)
    inner.unknown(("match", "pass"))
    found = Examples(inner.texts("match"), inner.texts("pass"))
    if needed and not found.match:
        fields.wrong(
            "examples",
            "there is no example that the rule marks",
            "examples: {match: [a text], pass: [another]}",
        )
    return found


def _with_kind(base: Rule, fields: Fields, around: Around, ignorecase: bool) -> Rule:
    tied = TIED[base.kind]
    if not fields.raw.get(tied) and not (tied == "tokens" and fields.raw.get("raw")):
        fields.wrong(tied, f"a rule of kind {base.kind} needs it", f"{tied}: what it looks for")
        return base
    edges = base.edges != "any"
    listed = fields.raw.get("exceptions")
    whole = base._replace(
        exceptions=fields.patterns("exceptions", ignorecase=ignorecase, edges=edges) if listed else (),
        words=frozenset(fields.texts("exceptions"))
        if base.kind in (Kind.CAPITALIZATION, Kind.CONDITIONAL)
        else frozenset(),
    )
    return _KINDS[base.kind](whole, fields, around, ignorecase)


def _existence(base: Rule, fields: Fields, around: Around, ignorecase: bool) -> Rule:
    edges = base.edges != "any"
    tokens = list(_tokens(fields, "tokens", around, ignorecase, edges))
    if "raw" in fields.raw:
        joined = "".join(fields.texts("raw")) + fields.text("append") * bool(fields.raw.get("append"))
        raw = fields.pattern("raw", joined, ignorecase=ignorecase, edges=False)
        tokens += [Token(raw, _script(around))] if raw else []
    return base._replace(tokens=tuple(tokens))


def _presence(base: Rule, fields: Fields, around: Around, ignorecase: bool) -> Rule:
    if not fields.raw.get("when") and not base.occasions:
        fields.wrong(
            "when", "nothing asks for what must be present", "when: words that ask for it, or occasions"
        )
    when = fields.patterns("when", ignorecase=ignorecase) if "when" in fields.raw else ()
    scope = base.scope if "scope" in fields.raw else Scope.TEXT
    return _existence(base, fields, around, ignorecase)._replace(
        when=when,
        scope=scope,
        least=fields.number("from", 0) or 0,
    )


def _sense(base: Rule, fields: Fields, around: Around, ignorecase: bool) -> Rule:
    """It is learned for each category, and looks for no words of its own. What it says is advice."""
    return base._replace(replaces=base.replaces or "nothing")


def _tokens(fields: Fields, key: str, around: Around, ignorecase: bool, edges: bool) -> list[Token]:
    value = fields.raw.get(key, [])
    per_language = value if isinstance(value, dict) else {"shared": value}
    found = []
    for language, sources in per_language.items():
        if language not in ("shared", *around.languages):
            fields.wrong(
                key, f"{language!r} is no language of this pack", " or ".join(("shared", *around.languages))
            )
            continue
        script = _script(around) if language == "shared" else str(language)
        found += [
            Token(each, script) for each in fields.patterns(key, sources, ignorecase=ignorecase, edges=edges)
        ]
    return found


def _script(around: Around) -> str:
    """A pack in one Chinese script looks only at that one; English words are looked for everywhere."""
    only = around.languages[0] if len(around.languages) == 1 else ""
    return only if only.startswith("zh") else ""


def _substitution(base: Rule, fields: Fields, around: Around, ignorecase: bool) -> Rule:
    swap = fields.raw["swap"]
    pairs = {key: value for each in swap for key, value in each.items()} if isinstance(swap, list) else swap
    if not isinstance(pairs, dict):
        fields.wrong("swap", "this is no mapping", "what is written: what to write instead")
        return base
    edges, tokens = base.edges != "any", []
    for source, better in pairs.items():
        language = str(source) if isinstance(better, dict) else ""
        inner = better if isinstance(better, dict) else {source: better}
        for old, new in inner.items():
            made = fields.pattern("swap", str(old), ignorecase=ignorecase, edges=edges)
            if made:
                tokens.append(
                    Token(made, language if language != "shared" else _script(around), _parted(str(new)))
                )
    return base._replace(tokens=tuple(tokens), replaces=base.replaces or "mark")


def _parted(better: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in better.split("|") if each.strip())


def _occurrence(base: Rule, fields: Fields, around: Around, ignorecase: bool) -> Rule:
    most, least = fields.number("max"), fields.number("min", 0)
    if most is None and not least:
        fields.wrong("max", "neither max nor min is given", "max: how often it may be there at most")
    token = fields.pattern("token", fields.text("token"), ignorecase=ignorecase, edges=False)
    return base._replace(tokens=(Token(token),) if token else (), most=most, least=least or 0)


def _repetition(base: Rule, fields: Fields, around: Around, ignorecase: bool) -> Rule:
    token = fields.pattern(
        "tokens", "|".join(f"(?:{each})" for each in fields.texts("tokens")), ignorecase=ignorecase
    )
    alpha = fields.flag("alpha", default=False)
    return base._replace(tokens=(Token(token),) if token else (), match="alpha" if alpha else "")


def _conditional(base: Rule, fields: Fields, around: Around, ignorecase: bool) -> Rule:
    made = {
        key: fields.pattern(key, fields.text(key, needed=True), ignorecase=ignorecase, edges=False)
        for key in ("first", "second")
    }
    return base._replace(**made)  # type: ignore[arg-type]  # a missing one is a problem by now


def _capitalization(base: Rule, fields: Fields, around: Around, ignorecase: bool) -> Rule:
    match = fields.text("match")
    own = None if match in _CASES else fields.pattern("match", match, ignorecase=ignorecase, edges=False)
    if match.startswith("$") and match not in _CASES:
        fields.wrong("match", f"{match!r} is not known", ", ".join(_CASES) + " or a pattern")
    scope = base.scope if "scope" in fields.raw else Scope.HEADING
    return base._replace(match=match, scope=scope, second=own)


def _consistency(base: Rule, fields: Fields, around: Around, ignorecase: bool) -> Rule:
    raw = fields.raw["either"]
    if not isinstance(raw, dict):
        fields.wrong("either", "this is no mapping", "one spelling: the other")
        return base
    made = [
        tuple(fields.pattern("either", str(each), ignorecase=ignorecase) for each in pair)
        for pair in raw.items()
    ]
    return base._replace(either=tuple((one, other) for one, other in made if one and other))


def _sequence(base: Rule, fields: Fields, around: Around, ignorecase: bool) -> Rule:
    steps = []
    for raw in fields.raw["tokens"] if isinstance(fields.raw["tokens"], list) else []:
        if not isinstance(raw, dict):
            fields.wrong(
                "tokens", f"{raw!r} is no mapping", "pattern or tag, with skip and negate where wanted"
            )
            continue
        inner = Fields(raw, fields.file, fields.rule, fields.problems)
        inner.unknown(("pattern", "tag", "skip", "negate"))
        made: Pattern | None = None
        if raw.get("pattern"):
            made = inner.pattern("pattern", inner.text("pattern"), ignorecase=ignorecase, edges=False)
        tags = frozenset(each for each in inner.text("tag").split("|") if each)
        steps.append(Step(made, tags, inner.number("skip", 0) or 0, inner.flag("negate", default=False)))
    return base._replace(steps=tuple(steps))


_KINDS = {
    Kind.EXISTENCE: _existence, Kind.SUBSTITUTION: _substitution, Kind.OCCURRENCE: _occurrence, Kind.REPETITION: _repetition,
    Kind.SEQUENCE: _sequence, Kind.CONDITIONAL: _conditional, Kind.CAPITALIZATION: _capitalization, Kind.CONSISTENCY: _consistency,
    Kind.PRESENCE: _presence, Kind.SENSE: _sense,
}  # fmt: skip


def _anchored(built: Rule, fields: Fields, around: Around, warnings: list[Problem]) -> Rule | None:
    """Refuses patterns that would have to be tried everywhere; warns of them in a file of Vale's."""
    if built.kind not in (Kind.EXISTENCE, Kind.SUBSTITUTION):
        return built
    for token in built.tokens:
        if token.pattern.phrases:
            continue
        what = f"the pattern {token.pattern.source!r} has no fixed words to be found by"
        right = "name at least two Latin letters or one Chinese character that always stand in it"
        problem = Problem(around.file, fields.rule, "tokens", what, right)
        if not around.vale:
            fields.problems.append(problem)
            return None
        warnings.append(problem._replace(right="it is tried on every sentence, which takes time"))
    return built
