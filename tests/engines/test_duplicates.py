"""Looking through all cards at once says of every pair what the comparison at the desk says of it."""

from __future__ import annotations

import os
import random
from contextlib import suppress
from itertools import combinations, product

import numpy as np
import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from rugui.engines.identity import batch, beside, blocks, fields
from rugui.engines.identity.clusters import together
from rugui.engines.identity.compare import (
    MISSING,
    NAME_LEVELS,
    Agreement,
    compare_names,
    email_level,
    phone_level,
)
from rugui.engines.identity.normalise import canonical_email, name_of
from rugui.engines.identity.value_pairs import Several
from rugui.engines.identity.weights import SHIPPED, rarity_of

NAMES = [
    (), ("",), ("Ann Lee",), ("Lee Ann",), ("Ann-Marie Lee",), ("Annmarie Lee",), ("Ann Ann Lee",), ("Ann Lee Lee",),
    ("J. Smith",), ("J Smith",), ("Mr Smith",), ("Smith, John",), ("Jon Smith",), ("Robert Smyth",), ("Bob Smith",),
    ("Dr",), ("Tina 陳",), ("Tina 陳玉婷",), ("陳玉婷 Tina",), ("Ms Tina 陳",), ("Tina Chen",), ("chen tina",), ("CYT",),
    ("Chen Yuting",), ("Yu-Ting Chen",), ("Ch'en Yu-t'ing",), ("Chen Yutin",), ("陈玉婷",), ("陳 玉婷",), ("陳玉庭",),
    ("陳小姐",), ("陳",), ("歐陽娜娜",), ("Ouyang Nana",), ("Auyeung Nana",), ("王军燕",), ("Wang Junran",), ("Wong Chun",),
    ("O'Brien Kate",), ("Kate OBrien",), ("Müller Jörg",), ("Jorg Mueller",), ("Олег Иванов",), ("たなか はな",),
    ("Mary Ann Berg", "Mary Smith"), ("Leonard Lim", "林升"), ("林升",), ("Lin Sheng",), ("Sheng Lim",), ("馬義燕",),
    ("Ma Liyan",), ("zhang minjun",), ("張敏軍",), ("张敏钧",), ("Philip Featherstonehaugh de la Tour", "Pip"),
]  # fmt: skip
PHONES = [(), ("+886912345678",), ("+886912345687",), ("+88691234567",), ("+12125550123",), ("+12125550124", "+33145678901"),
          ("+34145678901",), ("+8615912345678",), ("+6591234567",), ("+85291234567",)]  # fmt: skip
EMAILS = [(), ("ann.lee@gmail.com",), ("annlee@googlemail.com",), ("anlee@gmail.com",), ("ann.lee@lake.example",),
          ("an.le@lake.example",), ("jon@lake.example", "smith.j@lake.example"), ("smith.k@lake.example",)]  # fmt: skip


def every_two(total: int) -> tuple[np.ndarray, np.ndarray]:
    both = np.array(list(product(range(total), repeat=2)), dtype=np.int64)
    return both[:, 0], both[:, 1]


def test_names_are_compared_as_at_the_desk() -> None:
    field = fields.NameField(Several.of(NAMES))
    one, other = every_two(len(NAMES))
    levels, shares = field.compare(one, other)
    share, terms = field.pairs.share, field.names.terms
    for a, b, level, together_ in zip(one, other, levels, shares, strict=True):
        names = ([name_of(each) for each in NAMES[index]] for index in (a, b))
        found = compare_names(*names)
        assert (MISSING, *NAME_LEVELS)[level] == found.level, (NAMES[a], NAMES[b])
        if level:
            expected = np.prod([share[terms.get(term, -1)] for term in found.terms]) if found.terms else 2.0
            assert together_ == pytest.approx(expected), (NAMES[a], NAMES[b], found)


@given(st.lists(st.text("annlebrgoshi陳陈玉婷王- '.é", max_size=12), min_size=2, max_size=6, unique=True))
@settings(max_examples=60, deadline=None)
def test_whatever_names_there_are(texts: list[str]) -> None:
    field = fields.NameField(Several.of([(each,) for each in texts]))
    for place, text in enumerate(texts):
        name, own, terms = name_of(text), field.names, list(field.names.terms)
        assert tuple(terms[each] for each in own.words[place] if each >= 0) == name.words
        read = own.readings[own.start[place] : own.start[place + 1]]
        assert tuple((terms[own.family[each]], terms[own.given[each]]) for each in read) == name.readings
    one, other = every_two(len(texts))
    levels, _shares = field.compare(one, other)
    for a, b, level in zip(one, other, levels, strict=True):
        found = compare_names([name_of(texts[a])], [name_of(texts[b])])
        assert (MISSING, *NAME_LEVELS)[level] == found.level, (texts[a], texts[b])


def test_numbers_and_addresses_are_compared_as_at_the_desk() -> None:
    canonical = [tuple(map(canonical_email, each)) for each in EMAILS]
    for field, values, how in (
        (fields.PhoneField(Several.of(PHONES)), PHONES, phone_level),
        (fields.EmailField(Several.of(EMAILS)), canonical, email_level),
    ):
        one, other = every_two(len(values))
        levels, _shares = field.compare(one, other)
        for a, b, level in zip(one, other, levels, strict=True):
            best = min((field.levels.index(how(x, y)) for x, y in product(values[a], values[b])), default=-1)
            assert level == best + 1, (values[a], values[b])


@given(
    st.text("0123456789", min_size=6, max_size=12),
    st.integers(0, 3),
    st.integers(0, 11),
    st.sampled_from("0123456789"),
)
@settings(deadline=None)
def test_numbers_one_slip_apart_share_a_key(number: str, kind: int, at: int, digit: str) -> None:
    at %= len(number) - 1
    other = (number[:at] + number[at + 1 :], number[:at] + digit + number[at:], number[:at] + digit + number[at + 1 :],
             number[:at] + number[at + 1] + number[at] + number[at + 2 :])[kind]  # fmt: skip
    assert OSA.distance(number, other) <= 1
    hashes, rows = next(blocks.less_one(*blocks.letters([number, other], 18)))
    assert set(hashes[rows == 0].tolist()) & set(hashes[rows == 1].tolist())


def test_pairs_share_a_key_that_not_too_many_share() -> None:
    keys = [[1, 2], [1], [2, 3], [3, 4], *([4] for _each in range(50))]
    assert blocks.candidates(keys).tolist() == [[0, 1], [0, 2], [2, 3]]
    entries = blocks.packed(blocks.mixed(np.array([1, 1, 2, 2, 2]), 0), np.array([0, 1, 1, 2, 3]), 4)
    assert blocks.pairs_within(entries.copy(), total=4).tolist() == [[0, 1], [1, 2], [1, 3], [2, 3]]
    assert blocks.pairs_within(entries.copy(), total=4, most=3).tolist() == [[0, 1]]


def test_nobody_is_pulled_in_by_a_chain() -> None:
    pairs = np.array([[0, 1], [1, 2], [4, 5]])
    sure = np.array([0.9999, 0.9998, 0.9997])
    against = np.array([[0, 2], [3, 5]])
    assert together(6, pairs, sure, against) == [[0, 1], [4, 5]]
    assert together(6, pairs, sure, against[1:]) == [[0, 1, 2], [4, 5]]
    assert together(6, pairs, sure, against[1:], frozenset({(0, 2)})) == [[0, 1], [4, 5]]


def test_rarity_counts_as_at_the_desk() -> None:
    for level in ("same", "slip", "surname"):
        own = SHIPPED.fields["name"][level]
        for share in (0.2, 1e-3, 1e-12):
            desk = SHIPPED.field_bits("name", Agreement(level, ("x",)), lambda _field, _term, is_=share: is_)
            assert own.bits + rarity_of(own.u, level, np.array([share]))[0] == pytest.approx(desk)


def crowd(size: int, seed: int) -> tuple[batch.Cards, set[tuple[int, int]], set[tuple[int, int]]]:
    """Cards, the pairs that are one person, and the pairs of relatives who share a telephone."""
    chance = random.Random(seed)
    letters = "abcdefghijklmnoprstuvwz"
    rows, same, relatives = [], set(), set()
    for _each in range(size):
        given, family = ("".join(chance.choices(letters, k=length)).title() for length in (5, 8))
        phone, email = f"+8869{chance.randrange(10**8):08d}", f"{given}.{family}@lake.example".lower()
        place = len(rows)
        rows.append((f"{given} {family}", phone, email))
        if chance.random() < 0.1:
            rows.append((f"{family} {given}", phone, email))
            same.add((place, place + 1))
        elif chance.random() < 0.1:
            rows.append((f"{''.join(chance.choices(letters, k=5)).title()} {family}", phone, ""))
            relatives.add((place, place + 1))
    columns = (
        [(name,) for name, _p, _e in rows],
        [(phone,) for _n, phone, _e in rows],
        [(email,) if email else () for _n, _p, email in rows],
    )
    return batch.Cards(*columns), same, relatives


def test_people_with_two_cards_are_found_and_relatives_stay_two() -> None:
    cards, same, relatives = crowd(800, 7)
    told: list[tuple[str, float]] = []
    found = batch.look_through(cards, told=lambda *each: told.append(each))
    joined = {pair for cluster in found.clusters for pair in combinations(cluster, 2)}
    assert joined == same
    assert not relatives & set(map(tuple, found.pairs[found.probability > 0.3].tolist()))
    assert [stage for stage, _share in told if stage == "learning"] == ["learning", "learning"]
    assert sorted(told, key=lambda each: (each[0] == "learning", each[1])) == told


def test_two_people_are_not_given_back() -> None:
    cards, same, _relatives = crowd(200, 8)
    first = min(same)
    found = batch.look_through(cards, apart=frozenset({first}))
    assert first not in set(map(tuple, found.pairs.tolist()))
    assert all(set(first) - set(cluster) for cluster in found.clusters)


def test_a_search_ends_where_it_is_told_to() -> None:
    cards, _same, _relatives = crowd(50, 9)

    def told(stage: str, share: float) -> None:
        if share > 0.9:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch.look_through(cards, told=told)


def test_two_processes_find_what_one_finds() -> None:
    cards, _same, _relatives = crowd(1500, 11)
    more = (
        [*cards.names, *NAMES, *NAMES],
        [*cards.phones, *[()] * len(NAMES) * 2],
        [*cards.emails, *[()] * len(NAMES) * 2],
    )
    alone, both = (batch.look_through(batch.Cards(*more), beside=two) for two in (False, True))
    assert np.array_equal(alone.pairs, both.pairs)
    assert np.array_equal(alone.probability, both.probability)
    assert np.array_equal(alone.certain, both.certain)
    assert (alone.levels, alone.clusters, alone.compared) == (both.levels, both.clusters, both.compared)
    assert len(alone.clusters) > 100


def started() -> list[psutil.Process]:
    """The processes that compare names for us."""
    found = []
    for each in psutil.Process().children():
        with suppress(psutil.Error):
            if "rugui.engines.identity.beside" in each.cmdline():
                found.append(each)
    return found


@pytest.mark.parametrize("after", [0.0, 0.3])
def test_a_search_whose_other_process_is_killed_says_so(after: float) -> None:
    cards, _same, _relatives = crowd(60, 12)

    def told(_stage: str, share: float) -> None:
        for each in started() if share >= after else ():
            each.kill()

    with pytest.raises(batch.NamesGone, match="-9"):
        batch.look_through(cards, told=told, beside=True)
    assert not started()


def test_on_one_processor_and_for_few_cards_one_process_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 1})
    assert [beside.worth_while(cards) for cards in (1_000, 1_000_000)] == [False, True]
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {1})
    assert not beside.worth_while(1_000_000)


def test_no_cards_and_one_card() -> None:
    for columns in (([], [], []), ([("Ann",)], [()], [()]), ([(), ()], [(), ()], [(), ()])):
        found = batch.look_through(batch.Cards(*columns))
        assert (found.compared, found.clusters, found.pairs.shape) == (0, [], (0, 2))


def test_two_cards_of_a_house_that_has_no_more() -> None:
    two = [("Ann Lee",)] * 2, [("+886912345678",)] * 2, [("ann@lake.example",)] * 2
    found = batch.look_through(batch.Cards(*two))
    assert found.pairs.tolist() == [[0, 1]]
    assert found.levels == {"name": ["same"], "phone": ["same"], "email": ["same"]}


def test_equal_names_alone_teach_nothing_about_numbers() -> None:
    """Of many who share a common name hardly two are one person: their numbers must not count as one person's."""
    rows = [(("Ann Smith",), (f"+8869{number:08d}",)) for number in range(0, 400_000, 27_000)]
    cards, _same, _relatives = crowd(400, 10)
    every = batch.Cards(
        [*cards.names, *(name for name, _phone in rows)],
        [*cards.phones, *(phone for _name, phone in rows)],
        [() for _each in range(len(cards.names) + len(rows))],
    )
    found = batch.look_through(every)
    assert found.weights.fields["phone"]["same"].m > 0.8
