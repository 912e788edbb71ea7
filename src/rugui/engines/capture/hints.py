"""What the second reading is told of a note: its words, what the lists found in them, what the rules made of it, and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ..identity.tables import hanzi
from .alike import chinese_words, classes_of, classes_of_chinese
from .days import Named
from .gazetteer import Entry, Match
from .look import Look
from .reading import Draft

Token = tuple[str, str]
"""A word, a Chinese character or a known phrase as it was typed (small, simplified), and what it stands for: itself, or its class."""


def hints_of(look: Look) -> list[str]:
    """What the lists found in one piece, and what its day and numbers are."""
    found = [*_of_things(look), *(f"act {act}" for _match, act in look.acts)]
    if look.act:
        found.append(f"lead {look.act}")
    for match in look.piece.matches:
        found += [f"{e.role} {e.value}" for e in match.entries if e.role not in {"thing", "act", "plain"}]
    start, end = look.start, look.end
    found += [f"number {ref.kind}" for ref, s, e in look.line.references if s < end and start < e]
    if look.days:
        found.append("day")
    for named, _s, end in look.named or ():
        found += [
            f"when {_when(named)}",
            f"when {_when(named)} {look.line.text[end : end + 1].strip().lower()}",
        ]
    if look.again or any(s < end and start < e for s, e in look.line.repeats):
        found.append("again")
    return found


def _when(named: Named) -> str:
    if named.now or named.weekday:
        return "now" if named.now else "weekday"
    day = named.day
    return (
        "week" if day.week is not None else "month" if day.day is None else "year" if named.repeats else "day"
    )


def _of_things(look: Look) -> Iterator[str]:
    for place, (_match, entry) in enumerate(look.things):
        yield f"thing {entry.topic}"
        yield f"level {entry.topic} {_level(entry)}"
        if place == 0:
            yield f"first {entry.topic}"
            yield f"first {look.act} {entry.topic}"
        if place == len(look.things) - 1:
            yield f"last {entry.topic}"


def _level(entry: Entry) -> str:
    return "faint" if entry.faint else "way" if entry.way else str(entry.rank // 10)


def tokens_of(look: Look) -> list[Token]:
    """One piece, word for word."""
    line, piece = look.line, look.piece
    starts = {match.first: match for match in piece.matches}
    made: list[Token] = []
    at = piece.first
    while at < piece.last:
        unit, match = line.row[at], starts.get(at)
        if at in line.taken:
            made.append(("#", _taken(look, unit.start)))
            while at + 1 < piece.last and at + 1 in line.taken and not line.row[at + 1].gap:
                at += 1
            at += 1
            continue
        last = match.last if match is not None else at + 1
        word = _plain("".join if unit.cjk else " ".join, [line.row[i].text for i in range(at, last)])
        made.append((word, _class(match, word, look) if match is not None else "0" if unit.number else word))
        at = last
    return made


def _plain(join: object, texts: Sequence[str]) -> str:
    return str(join(texts)).translate(hanzi().simple)  # type: ignore[operator]


def _taken(look: Look, start: int) -> str:
    for reference, s, e in look.line.references:
        if s <= start < e:
            return f"<{reference.kind}>"
    return "<again>" if any(s <= start < e for s, e in look.line.repeats) else "<day>"


def _class(match: Match, word: str, look: Look) -> str:
    found = {entry.role: entry for entry in reversed(match.entries)}
    for role, letter in (("act", "a"), ("relation", "r"), ("mood", "m"), ("language", "l"), ("address", "n")):
        if entry := found.get(role):
            return f"<{letter} {entry.act or entry.value}>"
    if thing := found.get("thing"):
        return f"<t {thing.topic}>" if not thing.faint else f"<f {thing.topic}>"
    if marker := found.get("marker"):
        return f"<k {marker.value}>"
    return word


def described(made: Draft, before: Draft | None, after: Draft | None) -> list[str]:
    """A note: what it says, and what its neighbours seem to be."""
    return [*said(made), *ruled(made), *beside(before, after)]


def said(made: Draft) -> list[str]:
    """Words with their neighbours, runs of letters, classes with their neighbours, first and last words."""
    words, kinds = [word for word, _ in made.tokens], [kind for _, kind in made.tokens]
    units = [unit for word in words for unit in _units(word)]
    found = [f"w {unit}" for unit in units]
    found += [f"2 {a} {b}" for a, b in pairwise(["^", *units, "$"])]
    found += [f"3 {a} {b} {c}" for a, b, c in zip(units, units[1:], units[2:], strict=False)]
    found += [f"4 {''.join(units[i : i + 4])}" for i in range(len(units) - 3) if len(units[i]) == 1]
    found += [f"c {kind}" for kind in kinds]
    found += [f"d {a} {b}" for a, b in pairwise(["^", *kinds, "$"])]
    found += [f"e {a} {b} {c}" for a, b, c in zip(kinds, kinds[1:], kinds[2:], strict=False)]
    found += [
        f"p {a} / {b}" for i, a in enumerate(kinds) if a[0] == "<" for b in kinds[i + 2 :] if b[0] == "<"
    ]
    for word, kind in made.tokens:
        found += [f"{kind} {word}"] if kind != word else []
        if word.isascii():
            found += _letters(word)
            found += [f"g {each}" for each in classes_of(word)]
        elif len(word) > 1:
            found += [f"g {each}" for each in classes_of_chinese(word)]
    lead = next((kind for kind in kinds if kind.startswith("<a ")), "")
    found += [f"v {lead} {each}" for word, kind in made.tokens if kind == word for each in classes_of(word)]
    for run in _runs(made.tokens):
        for word in chinese_words(run):
            classes = classes_of_chinese(word)
            found += [
                f"z {word}",
                *(f"g {each}" for each in classes),
                *(f"v {lead} {each}" for each in classes),
            ]
    return found


def _runs(tokens: Sequence[Token]) -> list[str]:
    """Chinese characters of which no list knows one, as far as they stand together."""
    row = "".join(
        word if kind == word and len(word) == 1 and word > "\u4dff" else " " for word, kind in tokens
    )
    return [run for run in row.split() if len(run) > 1]


def of_word(phrase: str) -> list[str]:
    """A phrase of the lists (its units with blanks between) as far as a note that has it shares hints with it."""
    units = phrase.split(" ")
    found = [f"w {unit}" for unit in units] + [f"2 {a} {b}" for a, b in pairwise(units)]
    found += [f"3 {a} {b} {c}" for a, b, c in zip(units, units[1:], units[2:], strict=False)]
    found += [f"4 {''.join(units[i : i + 4])}" for i in range(len(units) - 3) if len(units[i]) == 1]
    return found + [letters for unit in units if unit.isascii() for letters in _letters(unit)]


def _units(word: str) -> Sequence[str]:
    return word.split() if word.isascii() else list(word)


def _letters(word: str) -> list[str]:
    if len(word) < 4 or not word.isalpha():
        return []
    edged = f"^{word}$"
    return [f"l {edged[:4]}", f"l {edged[:5]}", f"l {edged[-4:]}", f"l {edged[-5:]}"] + [
        f"l {edged[i : i + 5]}" for i in range(1, len(edged) - 5)
    ]


def ruled(made: Draft) -> list[str]:
    """What the rules made of it, and what the lists found."""
    kind, topic = f"{made.kind.value} {made.polarity.value}", made.topic.value
    sure = int(made.topic.confidence * 10)
    relation = made.person.value.relation if made.person else "none"
    nothing = " of nothing" if made.nothing else ""
    found = [
        f"R {kind}{nothing}",
        f"R {topic} {sure}",
        f"R {topic}",
        f"R {kind} {topic}",
        f"R person {relation}",
    ]
    found += [
        f"R stands {made.standing.value}",
        f"R stands {made.standing.value} {kind}",
        f"R act {made.act}",
    ]
    found += [f"R act {made.act} {topic}", f"R person {made.person is not None} {kind}", f"R sure {sure}"]
    found += [f"R day {made.date is not None} {kind}"]
    return found + [f"H {hint}" for hint in made.hints]


def beside(before: Draft | None, after: Draft | None) -> list[str]:
    """What stands before and after it."""
    found = []
    for side, other in (("<", before), (">", after)):
        if other is None:
            found.append(f"{side} none")
            continue
        kind = f"{other.kind.value} {other.polarity.value}"
        found += [f"{side} {kind}", f"{side} {other.topic.value}", f"{side} {kind} {other.topic.value}"]
        if other.tokens:
            found.append(f"{side} {other.tokens[-1 if side == '<' else 0][1]}")
    return found


def of_pair(
    last: Draft, made: Draft, gap: int, one: bool, place: tuple[int, int], after: Draft | None
) -> list[str]:
    """What speaks for or against two neighbours being one note; `one` is what the rules think; `place` is of how many pieces."""
    one_, two = _brief(last), _brief(made)
    found = [
        f"one {one}",
        f"one {one} {gap}",
        f"gap {gap}",
        *(f"last {a}" for a in one_),
        *(f"made {b}" for b in two),
    ]
    found += [f"one {one} / {b}" for b in two] + [f"one {one} // {a}" for a in one_]
    found += [f"pair {a} / {b}" for a in one_ for b in two]
    found += [f"gap {gap} / {b}" for b in two]
    kinds, topics = made.kind.value == last.kind.value, made.topic.value == last.topic.value
    found += [
        f"same {topics} {kinds} {last.polarity.value * made.polarity.value}",
        f"same {topics}",
        f"same {kinds}",
    ]
    found.append(f"same {topics} {kinds} {gap} {one}")
    found += [
        f"long {min(len(made.tokens), 6)}",
        f"last long {min(len(last.tokens), 6)}",
        f"of {min(place[1], 5)}",
    ]
    found += [f"of {min(place[1], 5)} {min(place[0], 4)} {one}"]
    words = [kind for _, kind in made.tokens]
    raw = [unit for word, _ in made.tokens for unit in _units(word)]
    before = [kind for _, kind in last.tokens]
    found += [f"mw {word}" for word in raw] + [f"m2 {a} {b}" for a, b in pairwise(["^", *raw, "$"])]
    found += [f"mc {kind}" for kind in words] + [f"md {a} {b}" for a, b in pairwise(["^", *words, "$"])]
    found += [f"lc {kind}" for kind in before] + [f"ld {a} {b}" for a, b in pairwise(["^", *before, "$"])]
    found += [f"x {a} / {b}" for a in before[:1] + before[-1:] for b in words[:1] + words[-1:]]
    found += [f"m first {words[0] if words else ''} {gap}"]
    found += [f"mh {hint}" for hint in made.hints] + [f"lh {hint}" for hint in last.hints]
    if after is not None:
        found += [f"after {each}" for each in _brief(after)[:2]]
    found += [f"after {after is not None} {gap}", f"by {made.parted}", f"by {made.parted} {one}"]
    found += [f"by {made.parted} {b}" for b in (two[0], words[0] if words else "")]
    found.append(f"person {last.person is not None} {made.person is not None} {made.own_subject}")
    return found


Opinion = tuple[str, float, str, float]
"""The likeliest kind and topic of a note, each with its chance."""


def of_opinions(last: Opinion, made: Opinion, both: Opinion) -> list[str]:
    """What the models think of the two as notes of their own, and of what they would be together."""
    found = []
    for name, (kind, likely, topic, sure) in (("last", last), ("made", made), ("both", both)):
        found += [f"o {name} {kind}", f"o {name} {topic}", f"o {name} sure {int(likely * 5)} {int(sure * 5)}"]
        found += [f"o {name} {kind} {int(likely * 3)}", f"o {name} sure {int(likely * sure * 8)}"]
    same = f"{last[0] == made[0]} {last[2] == made[2]}"
    found += [
        f"o same {same}",
        f"o both {both[0] == last[0]} {both[2] == last[2]} {both[0] == made[0]} {both[2] == made[2]}",
    ]
    found += [
        f"o {last[0]} / {made[0]}",
        f"o {last[2]} / {made[2]}",
        f"o {last[0]} / {made[0]} {last[2] == made[2]}",
    ]
    clear = both[1] * both[3] - min(last[1] * last[3], made[1] * made[3])
    found += [f"o clear {round(clear * 5)}", f"o least {int(min(last[1] * last[3], made[1] * made[3]) * 6)}"]
    return found


def _brief(made: Draft) -> list[str]:
    kind, topic = made.kind.value, made.topic.value
    nothing = " of nothing" if made.nothing else ""
    return [f"{kind}{nothing}", topic, f"{made.act} {made.polarity.value}", f"{kind} {topic}"]


def of_carry(last: Draft, made: Draft, gap: int, rule: bool) -> list[str]:
    """What speaks for or against the person of the note before being meant in this one too."""
    relation = last.person.value.relation if last.person else "none"
    named = bool(last.person and last.person.value.name)
    found = [
        f"rule {rule}",
        f"relation {relation}",
        f"named {named}",
        f"gap {gap}",
        f"rule {rule} {relation}",
    ]
    found += [f"m {each}" for each in _brief(made)] + [f"l {each}" for each in _brief(last)]
    found += [f"pair {a} / {b}" for a in _brief(last)[:1] for b in _brief(made)]
    found += [f"mc {kind}" for _, kind in made.tokens] + [
        f"own {made.own_subject}",
        f"child {made.for_a_child}",
    ]
    kinds = [kind for _, kind in made.tokens]
    return found + [f"md {a} {b}" for a, b in pairwise(["^", *kinds, "$"])]
