"""Suggesting remedies: what was said, what must not be, what tires, and learning only from evidence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from rugui.engines import remedies, stake
from rugui.engines.remedies import Customer, Failure, Offer, Past, Record
from rugui.engines.remedies.learning import interval
from rugui.engines.surprise import Fact

NOW = datetime(2026, 9, 3, 12, tzinfo=UTC)
OFFERS = [
    Offer(1, "A bottle of wine", "extra", "treat", 1400, 4000, contents=("alcohol",), names=("一瓶葡萄酒",)),
    Offer(2, "A suite with a feather bed", "extra", "upgrade", 3000, 9000, elements=("product",)),
    Offer(3, "Late check-out", "extra", "service", 500, 3000, injustices=("process",)),
    Offer(4, "The manager calls and listens", "extra", "personal", 300, 1500, injustices=("treatment",)),
    Offer(5, "The night refunded", "due", "refund", 12000, 12000),
    Offer(6, "Another room", "due", "redo", 2000, 6000, failures=("cold", "冷")),
    Offer(7, "A basket of fruit", "extra", "gift", 900, 2500),
]


def suggest(
    said: str = "", *, facts: Any = (), past: Any = (), records: Any = (), **failure: Any
) -> remedies.Suggestions:
    return remedies.suggest(
        OFFERS,
        Customer(tuple(facts), tuple(past)),
        Failure(said, **failure),
        now=NOW,
        records=records,
        seed=7,
    )


def fact(kind: str, text: str, **more: Any) -> Fact:
    return Fact(ref=9, kind=kind, text=text, source="said", confidence=0.9, **more)


def out(found: remedies.Suggestions) -> dict[int, str]:
    return {each.offer.ref: each.reason.code for each in found.ruled_out}


@pytest.mark.parametrize(
    ("said", "wished", "injustice", "severity"),
    [
        ("The room is cold and I want another room.", {"redo", "upgrade"}, "outcome", 1),
        ("I waited forty minutes and nobody came. A discount is not what I ask for.", set(), "process", 1),
        ("He was rude and rolled his eyes. I want an apology from the manager.", {"personal"}, "treatment", 1),
        ("I don't want a refund, I want it repaired.", {"redo"}, "", 0),
        ("You ruined our honeymoon, the bathroom was dirty.", set(), "outcome", 2),
        ("I fell on the wet floor and had to see a doctor.", set(), "", 3),
        ("Charged twice. Please give me my money back.", {"refund"}, "outcome", 1),
        ("等了一個小時都沒人來，請經理出來說明。", {"personal"}, "process", 1),
        ("服務人員態度很差，我不要退款，我要道歉。", {"personal"}, "treatment", 1),
        ("湯是冷掉的，請換一碗。", {"redo"}, "outcome", 1),
        ("收到的杯子是破的，希望能换新。", {"redo"}, "outcome", 1),
        ("排队等了四十分钟，下次送张优惠券吧。", {"credit"}, "process", 1),
        ("孩子过敏发作去了医院。", set(), "", 3),
        ("", set(), "", 0),
    ],
)  # fmt: skip
def test_it_reads_what_was_said(said: str, wished: set[str], injustice: str, severity: int) -> None:
    assert set(remedies.wishes(said)) == wished
    found = remedies.felt(said)
    assert (found.injustice, found.severity) == (injustice, severity)


def test_what_they_asked_for_leads_and_says_so() -> None:
    found = suggest("Please just let me check out late, a late checkout would do.")
    assert found.extra[0].offer.ref == 3
    assert found.extra[0].reasons[0].code == "wished"
    assert found.due[0].offer.part == "due"


@pytest.mark.parametrize(
    ("known", "ref", "why"),
    [
        (fact("need", "allergic to feathers"), 2, "need"), (fact("need", "no feathers"), 2, "need"),
        (fact("need", "羽絨過敏"), 2, "need"), (fact("fact", "does not drink alcohol"), 1, "abstains"),
        (fact("preference", "滴酒不沾"), 1, "abstains"), (fact("fact", "Muslim"), 1, "abstains"),
        (fact("preference", "dislikes fruit", topic="", polarity=-1), 7, "dislike"),
    ],
)  # fmt: skip
def test_needs_abstinence_and_dislikes_rule_it_out(known: Fact, ref: int, why: str) -> None:
    assert out(suggest(facts=[known]))[ref] == why


def test_the_same_gesture_is_not_made_again_until_it_is_none_any_more() -> None:
    lately = Past(3, "service", NOW - timedelta(days=200))
    assert out(suggest(past=[lately]))[3] == "tired"
    assert 3 not in out(suggest(past=[Past(3, "service", NOW - timedelta(days=400))]))
    assert out(suggest(past=[Past(7, "gift", NOW - timedelta(days=900), "uneasy")]))[7] == "uneasy"


def test_what_is_due_may_be_restored_again() -> None:
    assert 5 not in out(suggest(past=[Past(5, "refund", NOW - timedelta(days=10))]))


def test_what_they_turned_down_is_not_offered_as_a_gesture() -> None:
    assert out(suggest("No need for a gift."))[7] == "unwished"


def test_what_they_like_comes_first() -> None:
    liked = suggest(facts=[fact("preference", "loves fresh fruit", polarity=1)])
    assert liked.extra[0].offer.ref == 7
    assert liked.extra[0].reasons[0].code == "likes"


def test_more_than_half_again_of_what_was_lost_adds_nothing() -> None:
    codes = {each.offer.ref: {reason.code for reason in each.reasons} for each in suggest(lost=2000).extra}
    assert "beyond" in codes[2]
    assert "worth" in codes[7]


def test_a_treat_is_too_small_for_harm() -> None:
    assert any(reason.code == "too_small" for each in suggest(severity=3).extra for reason in each.reasons)


def test_the_same_case_gives_the_same_order_and_another_may_not() -> None:
    records = [Record(ref, "gift", "outcome", "product", "fine") for ref in (1, 3, 7) for _each in range(10)]
    first, again = suggest(records=records), suggest(records=records)
    assert [each.offer.ref for each in first.extra] == [each.offer.ref for each in again.extra]


def test_nothing_is_learned_before_there_is_evidence() -> None:
    few = [Record(7, "gift", "process", "time", "declined")] * 19
    found = suggest("I waited an hour", records=few)
    assert not found.learns
    assert not any(reason.code in {"worked", "untried"} for each in found.extra for reason in each.reasons)
    assert suggest("I waited an hour", records=[*few, few[0]]).learns


def test_a_belief_leans_on_the_wider_one_until_it_has_its_own() -> None:
    def mean(*records: Record) -> float:
        return remedies.evidence(3, "service", "process", "time", records).mean

    others = [Record(8, "service", "outcome", "time", "declined")] * 40
    own = [Record(3, "service", "process", "time", "delighted")] * 40
    assert mean(*others) < mean() < mean(*own)
    assert mean(*others) < mean(*others, *own) < mean(*own)


def test_an_interval_holds_as_often_as_it_says() -> None:
    random, held = Random(3), 0
    for _each in range(400):
        truth, count = random.betavariate(2, 2), 30
        hits = sum(random.random() < truth for _try in range(count))
        low, high = interval(2 + hits, 2 + count - hits)
        held += low <= truth <= high
    assert 0.85 <= held / 400 <= 0.95


def test_it_finds_what_delights_and_loses_little_on_the_way() -> None:
    """Three gestures of which one delights far more often: after 400 cases it is the one that is made most."""
    truth = {3: 0.35, 4: 0.4, 7: 0.75}
    offers = [Offer(ref, f"Gesture {ref}", "extra", "gift", 100, 100) for ref in truth]
    random, records, made = Random(11), [], []
    for number in range(400):
        found = remedies.suggest(
            offers, Customer(), Failure(injustice="outcome"), now=NOW, records=records[-2000:], seed=number
        )
        picked = found.extra[0].offer.ref
        made.append(picked)
        outcome = "delighted" if random.random() < truth[picked] else "declined"
        records.append(Record(picked, "gift", "outcome", "", outcome))
    assert made[-200:].count(7) > 150
    regret = sum(truth[7] - truth[each] for each in made)
    assert regret < 0.5 * 400 * (truth[7] - sum(truth.values()) / 3)  # less than half of choosing blindly


def test_a_stake_has_an_honest_range_and_an_offer_its_lift() -> None:
    found = stake.stake([100.0] * 12, 0.0, 0.1)
    assert found is not None
    assert found.value == 120
    assert found.low < 120 < found.high
    assert stake.one_in(stake.lift(6, found.value)) == 20  # V 120, cost 6: must keep 1 in 20
    single = stake.stake([100.0], 0.0, 0.5)
    assert single is not None
    assert single.high / single.low > 10  # one purchase says little
    assert stake.stake([100.0], 100.0, 0.5) is None
    assert stake.stake([], 0.0, 0.5) is None
