"""What the second reading of a line learns from: the labelled lines, parted as the reader parts them and laid beside their labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rugui.engines.capture import reader
from rugui.engines.capture.hints import of_note, of_pair
from rugui.engines.capture.join import joined
from rugui.engines.capture.reading import Draft, Reading

from .capture import TODAY, parsed, rows, FOLDER

Labels = dict[str, str]


@dataclass
class Lesson:
    """A note of a line: its words, its hints, and what it is; or a pair of neighbours, and whether they are one."""

    set: str
    text: str
    hints: list[str]
    right: Labels
    line: int = 0


@dataclass
class Line:
    set: str
    text: str
    want: str
    drafts: list[tuple[int, Draft]] = field(default_factory=list)


def files() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.tsv"))


def notes(want: str) -> list[Labels]:
    made = []
    for (kind, topic, polarity, standing), fields in parsed(want):
        made.append({"kind": f"{kind} {polarity}", "topic": topic, "standing": standing, "mood": fields.get("mood", "")})
    return made


def parted(text: str) -> list[tuple[int, Draft]]:
    """The pieces of a line before they are put together."""
    return reader.drafts(text, TODAY)


def shares(drafts: Sequence[tuple[int, Draft]], want: Sequence[Labels]) -> list[int]:
    """For each piece the note it belongs to: in order, each note at least one, so that most agrees."""
    pieces, many = len(drafts), len(want)
    if pieces < many:
        return []
    best: dict[tuple[int, int], tuple[float, list[int]]] = {}
    for piece, (_gap, made) in enumerate(drafts):
        for note in range(min(piece + 1, many)):
            fits = _fits(made, want[note])
            before = [best[key] for key in ((piece - 1, note), (piece - 1, note - 1)) if key in best]
            if piece == 0:
                before = [(0.0, [])] if note == 0 else []
            if before:
                score, way = max(before, key=lambda each: each[0])
                best[piece, note] = (score + fits, [*way, note])
    return best[pieces - 1, many - 1][1]


def _fits(made: Draft, want: Labels) -> float:
    if made.nothing:
        return 0.0
    kind, topic = want["kind"].split()[0] == made.kind.value, want["topic"] == made.topic.value
    return 2.0 * topic + kind - 0.5


def taught(name: str, want: Sequence[Labels], drafts: list[tuple[int, Draft]], number: int) -> tuple[list[Lesson], list[Lesson]]:
    """Lessons about notes and about pairs of one line."""
    of = shares(drafts, want)
    if not of:
        return [], []
    pairs: list[Lesson] = []
    at = iter(range(1, len(of)))

    def judge(last: Draft, made: Draft, gap: int, one: bool) -> bool:
        here = next(at)
        right = of[here] == of[here - 1]
        pairs.append(Lesson(name, made_text(made), of_pair(last, made, gap, joined=one), {"one": str(int(right))}, number))
        return right

    found = joined(drafts, judge)
    return [Lesson(name, made_text(each), of_note(each), right, number) for each, right in zip(found, want, strict=True)], pairs


def made_text(made: Draft) -> str:
    return made.words
