"""Turn the drafts as they were written, with marks inside the text, into JSON lines with counted offsets.

Run it after a change of a ``drafts-*.txt`` of any set: ``python benchmarks/labelled/coach/convert.py``.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "zh-Hant", "zh-Hans")
SETS = {
    "": "",
    "blind2-": "b2-",
    "blind3-": "b3-",
    "blind4-": "b4-",
    "blind5-": "b5-",
    "blind6-": "b6-",
    "blind7-": "b7-",
    "blind8-": "b8-",
    "blind9-": "b9-",
}
"""How the files of a set begin, and its drafts' names."""
CATEGORIES = frozenset(
    "blame negation debt money troubleshooting organisation apology time robotic familiarity condescension jargon "
    "pressure pointing opening hold transfer closing".split()
)
CHANNELS = frozenset("email chat sms phone counter review".split())
PARTS = ("ownership", "effect", "next_step", "time")
MARK = re.compile(r"⟦([a-z]+):([^⟦⟧]+)⟧")


def converted(language: str, number: int, line: str, named: str = "") -> dict[str, Any]:
    """One written line ``occasion|channel|missing parts|text`` as its JSON object; offsets are in code points.

    Raises ValueError, naming the draft, for an unknown channel, category or part and for an open bracket.
    """
    name = f"{named}{language}-{number:03d}"
    occasion, channel, missing, written = line.split("|", 3)
    written = written.replace("\\n", "\n")
    text, marks, read = "", [], 0
    for found in MARK.finditer(written):
        text += written[read : found.start()]
        category, marked = found.groups()
        if category not in CATEGORIES:
            raise ValueError(f"{name}: no category {category!r}")
        marks.append(
            {"start": len(text), "end": len(text) + len(marked), "category": category, "text": marked}
        )
        text += marked
        read = found.end()
    text += written[read:]
    parts = missing.split(",") if missing else []
    if channel not in CHANNELS or not set(parts) <= set(PARTS) or "⟦" in text or "⟧" in text:
        raise ValueError(f"{name}: channel, missing parts or brackets are wrong")
    draft: dict[str, Any] = {
        "id": name,
        "text": text,
        "occasion": occasion,
        "channel": channel,
        "marks": marks,
    }
    return draft | {"missing": parts} if parts else draft


def drafts(language: str, begin: str = "") -> list[dict[str, Any]]:
    """All drafts of a language and a set, in the order in which they stand in their source."""
    lines = (FOLDER / f"{begin}drafts-{language}.txt").read_text(encoding="utf-8").splitlines()
    return [converted(language, number, line, SETS[begin]) for number, line in enumerate(lines, 1)]


def main() -> None:
    for begin in SETS:
        for language in LANGUAGES:
            lines = [json.dumps(draft, ensure_ascii=False) + "\n" for draft in drafts(language, begin)]
            (FOLDER / f"{begin}drafts-{language}.jsonl").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
