"""What `rugui language check` prints: for people, for programs, and as SARIF for code hosts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..engines.coach import Coach, Mark
from ..engines.coach.places import Lines

_LEVELS = {"suggestion": "note", "warning": "warning", "error": "error"}


@dataclass(frozen=True, slots=True)
class Checked:
    name: str
    text: str
    marks: Sequence[Mark]


def as_text(checked: Sequence[Checked], coach: Coach) -> str:
    return "".join(_line(each, mark, Lines(each.text)) for each in checked for mark in each.marks)


def _line(checked: Checked, mark: Mark, lines: Lines) -> str:
    line, column = lines.at(mark.start)
    words = " ".join(checked.text[mark.start : mark.end].split())
    said = (
        f"{checked.name}:{line + 1}:{column + 1}: {mark.severity}: {words!r}: {mark.message} [{mark.rule}]\n"
    )
    if mark.why and mark.why != mark.message:
        said += f"    {mark.why}\n"
    return said + "".join(f"    > {better.text}\n" for better in mark.rather)


def as_json(checked: Sequence[Checked], coach: Coach) -> str:
    return json.dumps([_file(each) for each in checked], ensure_ascii=False, indent=1)


def _file(checked: Checked) -> dict[str, Any]:
    lines = Lines(checked.text)
    marks = []
    for mark in checked.marks:
        line, column = lines.at(mark.start)
        marks.append(
            {
                "line": line + 1,
                "column": column + 1,
                "text": checked.text[mark.start : mark.end],
                **mark._asdict(),
                "rather": [better._asdict() for better in mark.rather],
            }
        )
    return {"file": checked.name, "marks": marks}


def as_sarif(checked: Sequence[Checked], coach: Coach) -> str:
    """SARIF 2.1.0 (OASIS); columns in UTF-16 units."""
    used = {mark.rule for each in checked for mark in each.marks}
    rules = [
        {
            "id": rule.id,
            "shortDescription": {
                "text": next(iter(rule.why.values()), "") or next(iter(rule.message.values()), rule.id)
            },
            "properties": {"category": rule.category},
            **({"helpUri": rule.link} if rule.link else {}),
        }
        for rule in coach.rules
        if rule.id in used
    ]
    driver = {"name": "rugui language check", "version": version("rugui"), "rules": rules}
    results = [_result(each, mark, Lines(each.text)) for each in checked for mark in each.marks]
    run = {"tool": {"driver": driver}, "columnKind": "utf16CodeUnits", "results": results}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)


def _result(checked: Checked, mark: Mark, lines: Lines) -> dict[str, Any]:
    path = Path(checked.name)
    artifact = {"uri": path.as_uri() if path.is_absolute() else path.as_posix()}
    result: dict[str, Any] = {
        "ruleId": mark.rule,
        "level": _LEVELS[mark.severity],
        "message": {"text": mark.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": artifact,
                    "region": _region(lines, mark.start, mark.end),
                }
            }
        ],
        "rank": round(100 * mark.certainty, 1),
    }
    ways = [better for better in mark.rather if not better.advice]
    if ways:
        result["fixes"] = [
            {
                "description": {"text": better.text},
                "artifactChanges": [
                    {
                        "artifactLocation": artifact,
                        "replacements": [
                            {
                                "deletedRegion": _region(lines, better.start, better.end),
                                "insertedContent": {"text": better.text},
                            }
                        ],
                    }
                ],
            }
            for better in ways
        ]
    return result


def _region(lines: Lines, start: int, end: int) -> dict[str, int]:
    (line, column), (last, behind) = lines.at16(start), lines.at16(end)
    return {"startLine": line + 1, "startColumn": column + 1, "endLine": last + 1, "endColumn": behind + 1}


REPORTS = {"text": as_text, "json": as_json, "sarif": as_sarif}
