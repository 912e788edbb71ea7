"""A time promised in words: what counts, by when, and where it stands."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, time
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rugui.engines.promised import promised


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)  # type: ignore[arg-type,misc]


SAID = at(2026, 9, 16, 10, 40)
LINES = Path(__file__).parents[2] / "benchmarks" / "labelled" / "promised" / "lines.tsv"


def lines(part: str) -> list[dict[str, str]]:
    """The labelled sentences of development or test, by the rule of their README."""
    with LINES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row for row in rows if (sha256(row["text"].encode()).digest()[0] % 3 == 0) == (part == "test")]


@pytest.mark.parametrize("part", ["development", "test"])
@pytest.mark.parametrize("language", ["en", "zh-Hant", "zh-Hans"])
def test_it_finds_promises_and_little_else(part: str, language: str) -> None:
    found = missed = invented = wrong = 0
    for row in lines(part):
        if row["language"] != language:
            continue
        got = promised(row["text"], SAID)
        wanted = row["due"] != "-"
        found += bool(wanted and got)
        missed += bool(wanted and not got)
        invented += bool(got and not wanted)
        wrong += bool(wanted and got and f"{got[-1].due:%Y-%m-%d %H:%M}" != row["due"])
    assert found >= 10
    assert found / (found + invented) >= 0.95
    assert found / (found + missed) >= 0.85
    assert wrong <= found * 0.02


def test_it_finds_the_promises_of_sentences_written_after_it_was() -> None:
    """Not looked at when patterns were written: the figures of README.md."""
    with LINES.with_name("held_out.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    got = [(row["due"], promised(row["text"], SAID)) for row in rows]
    wanted = [(due, found) for due, found in got if due != "-"]
    right = [(due, found) for due, found in wanted if found]
    assert len(rows) >= 120
    assert len(wanted) * 2 == len(rows)
    assert sum(1 for due, found in got if found and due == "-") == 0
    assert len(right) / len(wanted) >= 0.85
    assert sum(f"{found[-1].due:%Y-%m-%d %H:%M}" != due for due, found in right) <= 1


def test_it_marks_the_sentence_and_the_words_that_say_when() -> None:
    text = "I am sorry, Ms Chen. I'll ring you before noon. Thank you."
    (one,) = promised(text, SAID)
    assert text[one.begins : one.ends] == "I'll ring you before noon."
    assert text[one.when_begins : one.when_ends] == "noon"
    text = "很抱歉。👍 我20分钟内给您答复，谢谢。"
    (one,) = promised(text, SAID)
    assert text[one.begins : one.ends] == "我20分钟内给您答复，谢谢。"
    assert text[one.when_begins : one.when_ends] == "20分钟内"


def test_several_promises_come_in_their_order() -> None:
    found = promised(
        "I'll call you within ten minutes. The room will be ready by three. 明天中午前把發票寄給您。", SAID
    )
    assert [f"{one.due:%d %H:%M}" for one in found] == ["16 10:50", "16 15:00", "17 12:00"]


def test_quoted_words_of_others_promise_nothing() -> None:
    assert promised("> I'll call you by noon.\nWe read that with shame.", SAID) == []
    assert promised("你们写了「我中午前给您打电话」。", SAID) == []


def test_the_day_ends_when_the_place_closes() -> None:
    (one,) = promised("You will have it by the end of the day.", SAID, day_ends=time(22, 30))
    assert one.due == at(2026, 9, 16, 22, 30)


def test_the_moment_keeps_its_zone() -> None:
    said = SAID.replace(tzinfo=ZoneInfo("Asia/Taipei"))
    (one,) = promised("I'll be with you in twenty minutes.", said)
    assert one.due == datetime(2026, 9, 16, 11, 0, tzinfo=ZoneInfo("Asia/Taipei"))


@pytest.mark.parametrize(
    ("said", "text", "due"),
    [
        (at(2026, 12, 31, 23, 50), "I'll call you in twenty minutes.", at(2027, 1, 1, 0, 10)),
        (at(2026, 9, 16, 19), "I'll send it by six tomorrow.", at(2026, 9, 17, 18)),
        (at(2026, 9, 18, 10), "We'll write to you by next Friday.", at(2026, 9, 25, 18)),
        (at(2026, 2, 27, 10), "月底前寄給您。", at(2026, 2, 28, 18)),
        (at(2026, 9, 16, 10), "I will send it by 31 February.", at(2027, 2, 28, 18)),
        (at(2026, 9, 16, 10), "9月31号给您打款。", at(2026, 9, 30, 18)),
    ],
)
def test_it_reckons_across_the_edges_of_days_months_and_years(
    said: datetime, text: str, due: datetime
) -> None:
    assert [one.due for one in promised(text, said)] == [due]


@pytest.mark.parametrize(
    "text", ["I'll call by 99:99.", "我們25點前送到。", "I'll do it in 0 minutes.", "We'll call at 12 noon"]
)
def test_hours_that_do_not_exist_promise_nothing_wrong(text: str) -> None:
    assert all(one.due > SAID for one in promised(text, SAID))


@given(
    st.lists(
        st.one_of(
            st.text(max_size=12),
            st.sampled_from(
                [
                    "I'll ",
                    "by ",
                    "noon",
                    "给您",
                    "前",
                    "分钟内",
                    "月",
                    "30",
                    "第",
                    "週",
                    "下",
                    "half past ",
                    "12",
                    ":",
                    "“",
                ]
            ),
        ),
        max_size=15,
    ).map("".join)
)
def test_no_text_breaks_it(text: str) -> None:
    for one in promised(text, SAID):
        assert 0 <= one.begins <= one.when_begins < one.when_ends <= one.ends <= len(text)
        assert one.due > SAID
