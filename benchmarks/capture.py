"""How many labelled lines and notes the capture bar reads right, per set and language, and the processor time of reading one.

A line counts when it has the right number of notes and all of them are right. A labelled note counts when the reader has it too, in the same order
(the longest common subsequence of a line's notes): so one note too many or too few does not cost the others.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rugui.engines.capture import Claim, read
from rugui.engines.capture.reading import Draft

TODAY = date(2026, 9, 16)
FOLDER = Path(__file__).parent / "labelled" / "capture"
POLARITY = "-0+"


def written(claim: Claim | Draft) -> str:
    """A claim as the labels write it (labelled/capture/README.md)."""
    head = [
        claim.kind.value,
        claim.topic.value,
        POLARITY[claim.polarity.value + 1],
        "standing" if claim.standing.value else "passing",
    ]
    fields = []
    if claim.date:
        fields.append(f"date={claim.date.value.text}")
    if claim.person:
        person = claim.person.value
        fields.append(f"person={person.relation}" + (f":{person.name}" if person.name else ""))
    fields += [f"ref={each.value.kind}:{each.value.number}" for each in claim.references]
    for name in ("mood", "value", "sensitive"):
        if said := getattr(claim, name):
            fields.append(f"{name}={said.value}")
    return "; ".join([" ".join(head), *fields])


def parsed(notes: str) -> list[tuple[list[str], dict[str, str]]]:
    """Head words and fields of each labelled note."""
    result = []
    for note in notes.split(" | "):
        head, *fields = [part.strip() for part in note.strip().split(";")]
        result.append((head.split(), dict(each.split("=", 1) for each in sorted(fields) if each)))
    return result


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def is_test(text: str) -> bool:
    return hashlib.sha256(text.encode()).digest()[0] % 3 == 0


def sets() -> dict[str, list[dict[str, str]]]:
    ours = rows(FOLDER / "lines.tsv")
    result = {
        "development": [row for row in ours if not is_test(row["text"])],
        "test": [row for row in ours if is_test(row["text"])],
    }
    others = [
        FOLDER / "unseen.tsv",
        *sorted(FOLDER.glob("heldout*.tsv")),
        *sorted(FOLDER.glob("later*-*.tsv")),
    ]
    result |= {path.stem: rows(path) for path in others if path.exists()}
    return result


def wrong_fields(want: str, got: str) -> set[str]:
    """Names of what differs; "number" when it is not the same number of notes."""
    wanted, found = parsed(want), parsed(got)
    if len(wanted) != len(found):
        return {"number"}
    wrong = set()
    for (head, fields), (other, others) in zip(wanted, found, strict=True):
        names = ("kind", "topic", "polarity", "standing")
        wrong |= {name for name, a, b in zip(names, head, other, strict=True) if a != b}
        wrong |= {name for name in fields.keys() | others.keys() if fields.get(name) != others.get(name)}
    return wrong


def shared(want: Sequence[object], got: Sequence[object]) -> int:
    """How long the longest common subsequence of the two is."""
    before = [0] * (len(got) + 1)
    for one in want:
        row = [0]
        for place, other in enumerate(got):
            row.append(before[place] + 1 if one == other else max(before[place + 1], row[-1]))
        before = row
    return before[-1]


def measured(want: str, got: str) -> Counter[str]:
    """One line: 1 or 0 for each thing counted of lines, and numbers of notes."""
    wanted, found, wrong = parsed(want), parsed(got), wrong_fields(want, got)
    return Counter(
        {
            "lines": 1,
            "lines right": int(not wrong),
            "lines kind": int(not wrong & {"kind", "number"}),
            "notes": len(wanted),
            "notes right": shared(wanted, found),
            "notes kind": shared([head[0] for head, _ in wanted], [head[0] for head, _ in found]),
        }
    )


def shares(of: Counter[str]) -> dict[str, float]:
    return {
        "lines": of["lines"],
        "all fields right": round(of["lines right"] / of["lines"], 4),
        "kind right": round(of["lines kind"] / of["lines"], 4),
        "notes": of["notes"],
        "notes with all fields right": round(of["notes right"] / of["notes"], 4),
        "notes with kind right": round(of["notes kind"] / of["notes"], 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="accepted for uniformity; it is quick")
    parser.add_argument("--wrong", metavar="SET", help="print the lines of this set that are read wrong")
    parser.add_argument(
        "--only", metavar="SET", action="append", help="read this set and no other (may be repeated)"
    )
    given = parser.parse_args()
    figures: dict[str, dict[str, float]] = {}
    times: list[float] = []
    read("warm", TODAY)
    for name, lines in sets().items():
        if given.only and name not in given.only:
            continue
        found, fields = defaultdict[str, Counter[str]](Counter), Counter[str]()
        for row in lines:
            began = time.process_time_ns()
            reading = read(row["text"], TODAY)
            times.append((time.process_time_ns() - began) / 1e6)
            got = " | ".join(written(claim) for claim in reading.claims)
            wrong = wrong_fields(row["notes"], got)
            for key in (row["language"], "all"):
                found[key] += measured(row["notes"], got)
            fields.update(wrong)
            if wrong and given.wrong == name:
                print(f"{row['text']}\n  want {row['notes']}\n  got  {got}")
        for key, of in found.items():
            share = figures[f"{name} {key}"] = shares(of)
            print(
                f"{name:12} {key:8} {of['lines']:4} lines  all fields {share['all fields right']:6.1%}  kind {share['kind right']:6.1%}"
                f"  {of['notes']:4} notes  all fields {share['notes with all fields right']:6.1%}  kind {share['notes with kind right']:6.1%}"
            )
        print(f"{'':12} wrong, by field: {dict(fields.most_common())}")
    times.sort()
    p95 = times[int(0.95 * len(times))]
    print(
        f"processor time a line: median {times[len(times) // 2]:.2f} ms, p95 {p95:.2f} ms, most {times[-1]:.2f} ms"
    )
    print(json.dumps({"benchmark": "capture", "sets": figures, "p95_ms": round(p95, 3)}))


if __name__ == "__main__":
    main()
