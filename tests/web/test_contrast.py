"""Words can be read: every pair of ink and paper that pages use, in both lights, as the tokens say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import rugui

CSS = Path(rugui.__file__).parent / "web" / "static" / "css"
COLOURS = ("ink", "quiet-ink", "lantern", "jade", "amber", "vermilion", "indigo")
PAPERS = ("paper", "raised", "sunken")
WASHES = ("lantern-wash", "jade-wash", "amber-wash", "vermilion-wash", "indigo-wash")
THEMES = ("light", "dark")

TOKENS = {
    name: {"light": light, "dark": dark}
    for name, light, dark in re.findall(
        r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", (CSS / "tokens.css").read_text()
    )
}


def luminance(colour: str) -> float:
    channels = (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 defines it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("paper", PAPERS + WASHES)
@pytest.mark.parametrize("colour", COLOURS)
def test_words_stand_out_from_the_paper(colour: str, paper: str, theme: str) -> None:
    assert contrast(TOKENS[colour][theme], TOKENS[paper][theme]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("words", "button"),
    [("on-lantern", "lantern"), ("on-vermilion", "vermilion"), ("raised", "jade"), ("paper", "ink")],
)
def test_words_stand_out_from_a_filled_button(words: str, button: str, theme: str) -> None:
    assert contrast(TOKENS[words][theme], TOKENS[button][theme]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("shape", ["edge", "lantern", "jade", "amber", "vermilion", "indigo"])
def test_the_outline_of_a_control_can_be_seen(shape: str, paper: str, theme: str) -> None:
    assert contrast(TOKENS[shape][theme], TOKENS[paper][theme]) >= 3


def test_only_the_tokens_name_colours() -> None:
    """But for the white that a camera needs behind a code, in any light."""
    found = {
        (path.name, colour)
        for path in CSS.glob("*.css")
        if path.name != "tokens.css"
        for colour in re.findall(r"#[0-9a-f]{3,8}\b", path.read_text())
    }
    assert found <= {("case.css", "#fff")}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("words", ["paper", "turned-lantern"])
def test_a_toast_can_be_read(words: str, theme: str) -> None:
    assert contrast(TOKENS[words][theme], TOKENS["ink"][theme]) >= 4.5
