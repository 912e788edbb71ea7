"""All that is held of a customer as a PDF to be read: the words of their own page, in their own language."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..core.phrases import language_tag
from . import words
from .fonts import is_chinese, marked
from .queries import Held

MARGIN = 54  # points: three quarters of an inch


def pdf(found: Held, *, now: datetime) -> bytes:
    """The document, in the language that is active."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    zone, out = ZoneInfo(found.timezone), BytesIO()
    title = _("What we hold about you")
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN, title=title, author=found.house,
        lang=language_tag(get_language()),
    )  # fmt: skip
    foot = f"{found.house} · {_day(now, zone)}"

    def numbered(canvas: Any, page: Any) -> None:
        line = _paragraph(f"{foot} · {page.page}", "foot")
        line.wrapOn(canvas, page.width, MARGIN)
        line.drawOn(canvas, MARGIN, MARGIN / 2)

    document.build(_story(found, title, zone, now), onFirstPage=numbered, onLaterPages=numbered)
    return out.getvalue()


def _story(found: Held, title: str, zone: ZoneInfo, now: datetime) -> list[Any]:
    from reportlab.platypus import KeepTogether

    story = [_paragraph(found.house, "quiet"), _paragraph(title, "title")]
    story.append(
        _paragraph(
            _("Everything that is yours stands here: what it is, how we know it, and who may see it."), "text"
        )
    )
    for section in words.sections(found, now=now):
        lines = [_line(each, zone) for each in section.lines] or [[_paragraph(_("Nothing."), "quiet")]]
        head = [
            _paragraph(section.title, "head"),
            *([_paragraph(section.kept, "quiet")] if section.kept else []),
        ]
        story.append(KeepTogether([*head, *lines[0]]))
        story += [KeepTogether(each) for each in lines[1:]]
    return story


def _line(line: words.Line, zone: ZoneInfo) -> list[Any]:
    facts = [*line.facts, *([_moment(line.at, zone)] if line.at else []), *([line.gone] if line.gone else [])]
    return [_paragraph(line.text, "gone" if line.gone else "text"), _paragraph(" · ".join(facts), "facts")]


def _paragraph(text: str, style: str) -> Any:
    from reportlab.platypus import Paragraph

    language = get_language() or "en"
    inside = marked(text, language)
    return Paragraph(
        f"<strike>{inside}</strike>" if style == "gone" else inside, _style(style, is_chinese(text))
    )


_SIZES = {"title": (20, 26, 0, 6, "#1d1b18"), "head": (13, 18, 14, 3, "#1d1b18"), "text": (10.5, 15, 3, 0, "#1d1b18"),
          "gone": (10.5, 15, 3, 0, "#5d574e"), "facts": (8.5, 12, 0, 4, "#5d574e"), "quiet": (9, 13, 0, 2, "#5d574e"),
          "foot": (8, 10, 0, 0, "#5d574e")}  # fmt: skip
"""Size, leading, space before and after in points, colour."""


def _style(name: str, chinese: bool) -> Any:
    from reportlab.lib.styles import ParagraphStyle

    size, leading, before, after, colour = _SIZES[name]
    return ParagraphStyle(
        name, fontName="Latin", fontSize=size, leading=leading, spaceBefore=before, spaceAfter=after, textColor=colour,
        wordWrap="CJK" if chinese else None, keepWithNext=name == "head", splitLongWords=True,
    )  # fmt: skip


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return formats.date_format(moment.astimezone(zone), "DATE_FORMAT")


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return formats.date_format(moment.astimezone(zone), "DATETIME_FORMAT")
