"""What a real apology contains, in three languages."""

from __future__ import annotations

import pytest

from rugui.recover.apology import look

from ..factories import NOON

WHOLE = [
    "I am so sorry, Ms Chen. We left you in a cold room, and that is our fault. Ana is on her way, and I will call you by two o'clock.",
    "陳小姐，真的對不起，是我們的疏失，讓您冷了一整晚。師傅正在路上，20分鐘內給您答覆。",
    "陈小姐，实在抱歉，是我们的错，让您白等了一个小时。我们马上换房，20分钟内给您答复。",
]


@pytest.mark.parametrize("text", WHOLE)
def test_a_real_one_has_everything(text: str) -> None:
    assert look(text, NOON).whole


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("I am sorry about this.", {"owns", "effect", "next_step", "by_when"}),
        ("We kept you waiting, our mistake. I will call you by two o'clock.", {"owns"}),
        ("I am sorry, our mistake: you had to wait in the cold. We will look into it.", {"by_when"}),
        ("對不起。", {"owns", "effect", "next_step", "by_when"}),
        ("对不起，是我们的错，让您白等了。", {"next_step", "by_when"}),
        ("", {"owns", "effect", "next_step", "by_when"}),
    ],
)
def test_what_is_missing_is_seen(text: str, lacks: set[str]) -> None:
    found = look(text, NOON)
    assert {name for name in ("owns", "effect", "next_step", "by_when") if not getattr(found, name)} == lacks


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("We are sorry if you felt ignored.", ["if you felt ignored"]),
        ("We apologise for any inconvenience caused.", ["any inconvenience caused"]),
        ("Sorry. I can come up if you like.", []),
        ("如果造成您的不便，我們深感抱歉。", ["如果造成您的不便"]),
        ("如有不周之处，敬请原谅。", ["如有不周之处"]),
        ("如果您方便，我十分鐘後過去。", []),
        ("若讓您不愉快，很抱歉。", ["若讓您不愉快"]),
    ],
)
def test_an_if_is_marked_where_it_stands(text: str, marked: list[str]) -> None:
    assert [text[begin:end] for begin, end in look(text, NOON).conditions] == marked
