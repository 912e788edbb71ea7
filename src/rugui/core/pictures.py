"""Small pictures drawn as SVG: a share with its interval, and shares over time. Their numbers stand beside them in a table.

Colours come from style sheets by class; nothing in here is text that somebody wrote.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe

WIDTH, HEIGHT = 320, 132
_LEFT, _RIGHT, _TOP, _BOTTOM = 38, 8, 8, 18


def interval(share: float | None, low: float, high: float, *, aim: float | None = None) -> SafeString:
    """One row of a table: where a share lies from 0 to 1, and how sure that is. Hidden from listeners, who hear the numbers."""
    if share is None:
        return SafeString("")
    aimed = (
        f'<line class="picture-aim" x1="{4 + 112 * aim:.1f}" x2="{4 + 112 * aim:.1f}" y1="1" y2="15"/>'
        if aim
        else ""
    )
    return mark_safe(  # noqa: S308  numbers and our own markup
        '<svg class="picture-row" viewBox="0 0 120 16" width="120" height="16" aria-hidden="true">'
        '<line class="picture-track" x1="4" x2="116" y1="8" y2="8"/>'
        f'{aimed}<line class="picture-range" x1="{4 + 112 * low:.1f}" x2="{4 + 112 * high:.1f}" y1="8" y2="8"/>'
        f'<circle class="picture-point" cx="{4 + 112 * share:.1f}" cy="8" r="4"/></svg>'
    )


def over_time(points: Sequence[tuple[float | None, float, float]]) -> SafeString:
    """Shares (share, low, high) in equal steps of time, the last one now, with the band in which they lie.

    A step in which nothing happened is a gap. The scale begins at the tenth below the lowest share.
    """
    known = [point for point in points if point[0] is not None]
    if not known:
        return SafeString("")
    floor = max(0.0, (int(min(low for _share, low, _high in known) * 10)) / 10)
    floor = min(floor, 0.9)
    across, down = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM

    def x(number: int) -> str:
        return f"{_LEFT + across * (number + 0.5) / len(points):.1f}"

    def y(share: float) -> str:
        return f"{_TOP + down * (1 - (share - floor) / (1 - floor)):.1f}"

    lines = "".join(
        f'<line class="picture-grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y(mark)}" y2="{y(mark)}"/>'
        f'<text class="picture-mark" x="{_LEFT - 5}" y="{float(y(mark)) + 4:.1f}" text-anchor="end">{mark * 100:.0f}%</text>'
        for mark in (floor, (1 + floor) / 2, 1.0)
    )
    bars = "".join(
        f'<line class="picture-range" x1="{x(at)}" x2="{x(at)}" y1="{y(low)}" y2="{y(high)}"/>'
        for at, (share, low, high) in enumerate(points)
        if share is not None
    )
    path, begun = [], False
    for at, (share, _low, _high) in enumerate(points):
        if share is None:
            begun = False
            continue
        path.append(f"{'L' if begun else 'M'}{x(at)} {y(share)}")
        begun = True
    dots = "".join(
        f'<circle class="picture-point" cx="{x(at)}" cy="{y(share)}" r="3"/>'
        for at, (share, _low, _high) in enumerate(points)
        if share is not None
    )
    return mark_safe(  # noqa: S308  numbers and our own markup
        f'<svg class="picture" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">{lines}{bars}'
        f'<path class="picture-line" d="{"".join(path)}"/>{dots}</svg>'
    )


def strip(points: Sequence[float], *, own: float | None = None, mean: float | None = None) -> SafeString:
    """Where many stand from 0 to 1, each a dot without a name; one's own stands out, and the mean is a line."""

    def x(share: float) -> str:
        return f"{8 + (WIDTH - 16) * share:.1f}"

    marks = "".join(
        f'<line class="picture-grid" x1="{x(at)}" x2="{x(at)}" y1="6" y2="42"/>'
        f'<text class="picture-mark" x="{x(at)}" y="56" text-anchor="{anchor}">{at * 100:.0f}%</text>'
        for at, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end"))
    )
    dots = "".join(f'<circle class="picture-other" cx="{x(point)}" cy="24" r="6"/>' for point in points)
    middle = (
        f'<line class="picture-aim" x1="{x(mean)}" x2="{x(mean)}" y1="4" y2="44"/>'
        if mean is not None
        else ""
    )
    mine = f'<circle class="picture-own" cx="{x(own)}" cy="24" r="8"/>' if own is not None else ""
    return mark_safe(  # noqa: S308  numbers and our own markup
        f'<svg class="picture" viewBox="0 0 {WIDTH} 60" aria-hidden="true">{marks}{middle}{dots}{mine}</svg>'
    )
