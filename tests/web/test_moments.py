"""How moments are said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import formats, translation

from rugui.web import moments

TAIPEI = ZoneInfo("Asia/Taipei")
NOW = datetime(2026, 9, 3, 12, 0, tzinfo=UTC)  # 20:00 in Taipei, a Thursday


@pytest.mark.parametrize(
    ("hours", "english"),
    [
        (-6, "14:00"),
        (3, "23:00"),
        (5, "tomorrow 01:00"),
        (-21, "yesterday 23:00"),
        (-48, "Tue 20:00"),
        (48, "Sat 20:00"),
        (-24 * 8, "26 Aug"),
        (-24 * 365, "3 Sep 2025"),
    ],
)
def test_it_is_short_where_people_glance(hours: int, english: str) -> None:
    local = (NOW + timedelta(hours=hours)).astimezone(TAIPEI)
    assert moments.short(local, NOW, "en") == english


def test_it_names_the_day_in_each_languages_order() -> None:
    local = NOW.astimezone(TAIPEI)
    assert moments.day(local, "en") == "Thu 3 Sep"
    with translation.override("zh-hant"):
        assert moments.day(local, "zh-hant") == "9月3日 星期四"
    assert moments.short(local - timedelta(days=30), NOW, "zh-hans") == "8月4日"


def test_it_is_whole_where_people_look_it_up() -> None:
    assert moments.full(NOW.astimezone(TAIPEI), "en") == "Thursday 3 September 2026, 20:00"


@pytest.mark.parametrize(
    ("language", "day", "year"),
    [
        ("en", "3 September", "3 Sep 2026"),
        ("zh-hant", "9月3日", "2026年9月3日"),
        ("zh-hans", "9月3日", "2026年9月3日"),
    ],
)
def test_days_that_django_writes_are_written_the_same_way(language: str, day: str, year: str) -> None:
    with translation.override(language):
        assert formats.date_format(date(2026, 9, 3), "MONTH_DAY_FORMAT") == day
        assert formats.date_format(date(2026, 9, 3), "DATE_FORMAT") == year
