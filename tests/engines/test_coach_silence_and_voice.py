"""When not to write, and how a writer sounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rugui.engines.coach.silence import Facts, Reason, silence
from rugui.engines.coach.voice import Measure, counts, spread, voice

NOW = datetime(2026, 9, 16, 12, tzinfo=UTC)


def ago(**length: float) -> datetime:
    return NOW - timedelta(**length)


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        ({}, []),
        ({"do_not_contact": True}, [Reason.DO_NOT_CONTACT]),
        ({"do_not_contact": True, "asked": True}, []),
        ({"do_not_disturb_until": NOW + timedelta(hours=1)}, [Reason.DO_NOT_DISTURB]),
        ({"do_not_disturb_until": NOW}, []),
        ({"do_not_disturb_until": NOW + timedelta(hours=1), "urgent": True}, []),
        ({"grieving_since": ago(days=3)}, [Reason.GRIEF]),
        ({"grieving_since": ago(days=90)}, []),
        (
            {"they_wrote_at": ago(minutes=20), "they_were_angry": True, "we_wrote_at": [ago(minutes=5)]},
            [Reason.ANGER_JUST_ANSWERED],
        ),
        ({"they_wrote_at": ago(minutes=20), "they_were_angry": True}, []),
        ({"they_wrote_at": ago(hours=3), "they_were_angry": True, "we_wrote_at": [ago(hours=2)]}, []),
        (
            {"they_wrote_at": ago(days=1), "we_wrote_at": [ago(hours=5), ago(hours=2)]},
            [Reason.THIRD_IN_A_ROW],
        ),
        ({"they_wrote_at": ago(hours=3), "we_wrote_at": [ago(hours=5), ago(hours=2)]}, []),
        ({"we_wrote_at": [ago(days=9), ago(days=5)]}, []),
    ],
)
def test_silence_is_advised_for_a_reason(facts: dict[str, object], reasons: list[Reason]) -> None:
    found = silence(Facts(NOW, **facts))
    assert [each.reason for each in found] == reasons
    assert all(each.until is None or each.until > NOW for each in found)


@pytest.mark.parametrize(
    ("text", "measure", "pair"),
    [
        ("I can. We can. I will.", Measure.FIRST_PERSON_SINGULAR, (2, 3)),
        ("我去看。我們去看。", Measure.FIRST_PERSON_SINGULAR, (1, 2)),
        ("We don't. No. Yes!", Measure.NEGATION, (2, 3)),
        ("沒問題。沒有了。", Measure.NEGATION, (1, 2)),
        ("I'll call by 4 pm. I will write.", Measure.PROMISED_TIMES, (1, 2)),
        ("Your room key is in the matter.", Measure.CONCRETENESS, (2, 3)),
        ("She said “I never did”. One two.", Measure.NEGATION, (0, 2)),
        ("One two three. Four.", Measure.EASE, (4, 2)),
    ],
)
def test_what_a_draft_counts(text: str, measure: Measure, pair: tuple[float, float]) -> None:
    assert counts(text).pairs[measure] == pair


def test_a_voice_has_intervals_that_narrow_with_more_drafts() -> None:
    drafts = ["I will bring it. We are here.", "We will. I know. I go.", "We do. We see.", "I am here."]
    few, many = (
        voice(drafts)[Measure.FIRST_PERSON_SINGULAR],
        voice(drafts * 10)[Measure.FIRST_PERSON_SINGULAR],
    )
    assert few.value == many.value == pytest.approx(4 / 8)
    assert few.low is not None
    assert few.high is not None
    assert many.high is not None
    assert 0 <= few.low < 0.5 < many.high < few.high
    assert voice(["I am."])[Measure.NEGATION].high is None
    assert voice([])[Measure.WARMTH].value is None


def test_writers_who_write_alike_are_not_apart() -> None:
    one, other = voice(["I go. I am not."] * 20), voice(["We go. We do not. We never can."] * 20)
    apart = spread([one, other])[Measure.FIRST_PERSON_SINGULAR]
    alike = spread([one, one])[Measure.FIRST_PERSON_SINGULAR]
    assert apart is not None
    assert alike is not None
    assert apart.between == pytest.approx(0.7071, abs=0.001)
    assert alike.between == 0
    assert spread([one])[Measure.NEGATION] is None
