"""What the second reading of a line learns from: the labelled lines, parted as the reader parts them and laid beside their labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rugui.engines.capture import reader
from rugui.engines.capture.hints import of_note, of_pair
from rugui.engines.capture.join import joined
from rugui.engines.capture.reading import Draft

from .capture import FOLDER, POLARITY, TODAY, parsed, rows

Labels = dict[str, str]


@dataclass
class Lesson:
    """A note of a line: its words, its hints, and what it is; or a pair of neighbours, and whether they are one."""

    set: str
    text: str
    hints: list[str]
    right: Labels
    rule: Labels
    """What the rules say."""


def notes(want: str) -> list[Labels]:
    made = []
    for (kind, topic, polarity, standing), fields in parsed(want):
        made.append(
            {
                "kind": f"{kind} {polarity}",
                "topic": topic,
                "standing": standing,
                "mood": fields.get("mood", ""),
            }
        )
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


def taught(
    name: str, want: Sequence[Labels], drafts: list[tuple[int, Draft]]
) -> tuple[list[Lesson], list[Lesson]]:
    """Lessons about notes and about pairs of one line."""
    of = shares(drafts, want)
    if not of:
        return [], []
    pairs: list[Lesson] = []
    at = iter(range(1, len(of)))

    def judge(last: Draft, made: Draft, gap: int, one: bool) -> bool:
        here = next(at)
        right = of[here] == of[here - 1]
        pairs.append(
            Lesson(
                name, made.words, of_pair(last, made, gap), {"one": str(int(right))}, {"one": str(int(one))}
            )
        )
        return right

    found = joined(drafts, judge)
    return [
        Lesson(name, each.words, of_note(each), right, ruled(each))
        for each, right in zip(found, want, strict=True)
    ], pairs


def ruled(made: Draft) -> Labels:
    """What the rules say of a note."""
    return {
        "kind": f"{made.kind.value} {POLARITY[made.polarity.value + 1]}",
        "topic": made.topic.value,
        "standing": "standing" if made.standing.value else "passing",
        "sure": str(int(made.topic.confidence * 10)),
    }


def lessons() -> tuple[list[Lesson], list[Lesson]]:
    """All that the published lines teach of notes and of pairs."""
    every: list[Lesson] = []
    pairs: list[Lesson] = []
    for path in sorted(FOLDER.glob("*.tsv")):
        for row in rows(path):
            some, others = taught(path.stem, notes(row["notes"]), parted(row["text"]))
            every += some
            pairs += others
    return every, pairs
