"""The labelled drafts by which the coach is measured are what their README says."""

from __future__ import annotations

import json
import re
import runpy
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks" / "labelled" / "coach"
CONVERT = runpy.run_path(str(FOLDER / "convert.py"))
LANGUAGES = CONVERT["LANGUAGES"]
QUOTED = re.compile(r"「[^」]*」|“[^”]*”|\"[^\"\n]*\"|`[^`]*`|^>.*$|https?://\S+", re.MULTILINE)
# Letters of the other script are told by the older encodings, which hold one script each.
ENCODING = {"zh-Hant": "big5hkscs", "zh-Hans": "gb2312"}


def drafts(language: str, begin: str = "") -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for line in (FOLDER / f"{begin}drafts-{language}.jsonl").read_text(encoding="utf-8").splitlines()
    ]


def innocent(language: str) -> list[str]:
    return (FOLDER / f"innocent-{language}.txt").read_text(encoding="utf-8").splitlines()


def plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def is_clean(draft: dict[str, Any]) -> bool:
    return not draft["marks"] and "missing" not in draft


@pytest.mark.parametrize("begin", CONVERT["SETS"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lines_are_those_that_were_written(language: str, begin: str) -> None:
    assert drafts(language, begin) == CONVERT["drafts"](language, begin)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_and_half_are_clean(language: str) -> None:
    rows = drafts(language)
    assert len(rows) >= 220
    assert len(innocent(language)) >= 320
    assert 0.47 <= sum(map(is_clean, rows)) / len(rows) <= 0.53
    assert max(len(row["marks"]) for row in rows) <= 3
    assert sum("missing" in row for row in rows) >= 10
    counted = Counter(mark["category"] for row in rows for mark in row["marks"])
    assert set(counted) == CONVERT["CATEGORIES"]
    assert min(counted.values()) >= 4, counted


@pytest.mark.parametrize("language", LANGUAGES)
def test_marks_stand_where_they_say_outside_quoted_words(language: str) -> None:
    for row in drafts(language):
        end = 0
        quoted = [found.span() for found in QUOTED.finditer(row["text"])]
        for mark in row["marks"]:
            assert row["text"][mark["start"] : mark["end"]] == mark["text"], row["id"]
            assert end <= mark["start"] < mark["end"], row["id"]
            assert mark["text"] == mark["text"].strip(), row["id"]
            assert not any(start <= mark["start"] and mark["end"] <= stop for start, stop in quoted), row[
                "id"
            ]
            end = mark["end"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_apologies_miss_parts_and_some_are_whole(language: str) -> None:
    apologies = [row for row in drafts(language) if row["occasion"] == "apology"]
    assert all(row["occasion"] == "apology" for row in drafts(language) if "missing" in row)
    assert {part for row in apologies for part in row.get("missing", ())} == set(CONVERT["PARTS"])
    assert sum(is_clean(row) for row in apologies) >= 5


def test_nothing_stands_twice() -> None:
    seen = Counter(plain(row["text"]) for language in LANGUAGES for row in drafts(language))
    seen += Counter(plain(text) for language in LANGUAGES for text in innocent(language))
    assert [text for text, times in seen.items() if times > 1] == []
    assert "" not in seen


@pytest.mark.parametrize("language", sorted(ENCODING))
def test_each_chinese_set_keeps_to_its_script(language: str) -> None:
    for text in [row["text"] for row in drafts(language)] + innocent(language):
        foreign = [
            sign for sign in text if "㐀" <= sign <= "鿿" and not sign.encode(ENCODING[language], "ignore")
        ]
        assert not foreign, text


def test_a_wrong_line_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="en-007: no category 'rude'"):
        CONVERT["converted"]("en", 7, "hold|phone||⟦rude:Wait.⟧")
    with pytest.raises(ValueError, match="en-008"):
        CONVERT["converted"]("en", 8, "hold|pigeon||Please wait.")
