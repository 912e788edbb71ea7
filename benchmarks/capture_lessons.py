"""What the second reading of a line learns from: the labelled lines, parted as the reader parts them and laid beside their labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rugui.engines.capture import reader
from rugui.engines.capture.hints import Opinion, described, of_carry
from rugui.engines.capture.join import apart, copied
from rugui.engines.capture.reading import Draft
from rugui.engines.capture.second import carries, neighbours, paired, spans

from .capture import TODAY, parsed, written

Labels = dict[str, str]


@dataclass
class Lesson:
    """What is known of one thing asked, and what is right of it."""

    hints: list[str]
    right: Labels


@dataclass
class Line:
    """A labelled line: its pieces, the spans of pieces that are notes, and what is to be learned of it."""

    set: str
    text: str
    want: str
    drafts: list[tuple[int, Draft]]
    cuts: list[int]
    """Where its notes begin, as numbers of pieces, and the end; empty where it has more notes than pieces."""
    notes: list[Lesson] = field(default_factory=list)
    carries: list[Lesson] = field(default_factory=list)
    spans: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    """What is told of every run of its pieces."""
    every: dict[tuple[int, int], Draft] = field(default_factory=dict)


def noted(head: Sequence[str], fields: Labels) -> Labels:
    kind, topic, polarity, standing = head
    return {
        "kind": f"{kind} {polarity}",
        "topic": topic,
        "standing": standing,
        "mood": fields.get("mood", ""),
        "person": fields.get("person", ""),
        "date": fields.get("date", ""),
    }


def _whether_day(made: Draft, right: Labels) -> Labels:
    """Whether the day that is named in it is one to keep; nothing where another is meant."""
    if made.may is None or right["date"] not in {"", *(each.value.text for each in made.may)}:
        return {}
    return {"day": "yes" if right["date"] else "no"}


def parted(text: str) -> list[tuple[int, Draft]]:
    """The pieces of a line before they are put together."""
    return reader.drafts(text, TODAY)


def laid(drafts: list[tuple[int, Draft]], want: str) -> list[int]:
    """Where each note begins: so that what the rules read in the pieces agrees most with the labels."""
    labels, many = parsed(want), len(drafts)
    if many < len(labels):
        return []
    every = spans(drafts)
    fits = {
        (span, note): _fits(made, labels[note]) for span, made in every.items() for note in range(len(labels))
    }
    best: dict[tuple[int, int], tuple[float, list[int]]] = {(0, 0): (0.0, [0])}
    for end in range(1, many + 1):
        for note in range(1, len(labels) + 1):
            ways = [
                (best[first, note - 1][0] + fits[(first, end), note - 1], [*best[first, note - 1][1], end])
                for first in range(end)
                if (first, note - 1) in best and (first, end) in every
            ]
            if ways:
                best[end, note] = max(ways, key=lambda each: each[0])
    return best.get((many, len(labels)), (0.0, []))[1]


def _fits(made: Draft, want: tuple[list[str], Labels]) -> float:
    (kind, topic, polarity, _standing), fields = want
    ((got, about, sign, _), others) = parsed(written(made))[0]
    fits = 1.0 * (kind == got) + 2.0 * (topic == about) + 0.5 * (polarity == sign)
    for name in ("date", "person", "mood", "value"):
        fits += 1.0 * (name in fields and fields.get(name) == others.get(name))
        fits -= 0.5 * (name in others and fields.get(name) != others[name])
    return fits - 0.3 * made.nothing + 0.01 * len(made.tokens)


def taught(name: str, text: str, want: str) -> Line:
    """Lessons of one line."""
    drafts = parted(text)
    line = Line(name, text, want, drafts, laid(drafts, want))
    if not line.cuts:
        return line
    labels = [noted(*each) for each in parsed(want)]
    every, alone = spans(drafts), [made for _, made in drafts]
    found = [every[first, end] for first, end in zip(line.cuts, line.cuts[1:], strict=False)]
    line.spans = {span: described(made, *neighbours(alone, *span)) for span, made in every.items()}
    for first, end, right in zip(line.cuts, line.cuts[1:], labels, strict=False):
        line.notes.append(Lesson(line.spans[first, end], right | _whether_day(every[first, end], right)))
    line.every = every
    _teach_carries(line, [copied(each) for each in found], labels)
    return line


def pairs(line: Line, thought: dict[tuple[int, int], Opinion]) -> Iterator[Lesson]:
    """What the divisions of a line teach, where the models think so of its runs of pieces."""
    begins, many = set(line.cuts), len(line.drafts)
    for at in range(1, many if line.cuts else 0):
        first = max(cut for cut in line.cuts if cut < at)
        if (first, at) not in line.every:
            continue
        after = line.drafts[at + 1][1] if at + 1 < many else None
        hints = paired(line.every, thought, first, at, line.drafts[at][0], (at, many), after)
        yield Lesson(hints, {"one": str(int(at not in begins))})


def _teach_carries(line: Line, found: list[Draft], labels: list[Labels]) -> None:
    """Whether the person of the note before is meant still, where a note names nobody itself."""
    for number in range(1, len(found)):
        last, made, gap = found[number - 1], found[number], line.drafts[line.cuts[number]][0]
        named = made.person is not None
        apart(last, made, gap)
        if not named and carries(last, gap):
            right = labels[number]["person"] == labels[number - 1]["person"] != ""
            rule = made.person is not None
            line.carries.append(Lesson(of_carry(last, made, gap, rule), {"carry": str(int(right))}))
        if not labels[number]["person"]:
            made.person = None
