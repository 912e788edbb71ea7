"""Hearing: features that are the same however they are written, learning that finds what separates, chances that come true."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from benchmarks.hearing_messages import messages
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rugui.engines.hearing import Ear, calibration_error, learn
from rugui.engines.linear.features import counted, message, parts, slots, stretches
from rugui.engines.linear.learning import batch_of, measured, telling, weighed
from rugui.engines.meaning import shipped as meaning

GOOD = ("lovely", "kind", "warm", "quick", "clean", "親切", "乾淨", "好吃", "舒服")
BAD = ("cold", "rude", "dirty", "slow", "loud", "冷淡", "骯髒", "難吃", "吵")


def _messages(many: int, seed: int) -> tuple[list[str], list[str]]:
    """Messages with a telling word among others that tell nothing."""
    draw = np.random.default_rng(seed)
    plain = ("the", "room", "our", "dinner", "was", "today", "房間", "早餐", "昨天")
    texts, labels = [], []
    for _ in range(many):
        label = "praise" if draw.random() < 0.5 else "complaint"
        words = [*draw.choice(plain, 5), draw.choice(GOOD if label == "praise" else BAD)]
        draw.shuffle(words)
        texts.append(" ".join(words))
        labels.append(label)
    return texts, labels


@settings(deadline=None)  # the first reads tables
@given(st.text(max_size=200))
@example("'a")
def test_every_stretch_is_a_piece_of_the_text_and_equal_pieces_hash_alike(text: str) -> None:
    found = stretches(text)
    assert len(found.hashes) == len(found.starts) == len(found.ends)
    assert ((found.starts >= 0) & (found.starts < found.ends) & (found.ends <= len(text))).all()
    again = stretches("zz " + text)
    shared = {int(h) for h in found.hashes} - {int(h) for h in again.hashes}
    assert not shared, "a hash depends on what it is of, not on where it stands"


def test_what_stands_behind_a_negation_is_another_word() -> None:
    for plain, turned, free in (
        ("was friendly", "wasn't friendly", "wasn't, friendly"),
        ("很贴心", "一点都不贴心", "不，很贴心"),
        ("very good", "not very good", "not today, good"),
    ):
        said = {int(each) for each in stretches(plain, negation=True).hashes}
        assert said == {int(each) for each in stretches(plain).hashes}, "without a negation nothing is other"
        word = plain[-2:] if not plain.isascii() else plain.split()[-1]
        alone = {int(each) for each in stretches(word).hashes}
        assert not alone & {int(each) for each in stretches(turned, negation=True).hashes}
        assert alone <= {int(each) for each in stretches(free, negation=True).hashes}, (
            "a comma ends its reach"
        )
        assert alone <= {int(each) for each in stretches(turned).hashes}


def test_two_words_are_a_pair_whichever_comes_first() -> None:
    one, other = (
        {int(each) for each in parts(text, apart=4)[0].hashes}
        - {int(each) for each in stretches(text).hashes}
        for text in ("card my top up", "top up my card")
    )
    assert len(one) == 6
    assert one == other
    assert not {int(each) for each in parts("充值我的卡", apart=4)[0].hashes} - {
        int(each) for each in stretches("充值我的卡").hashes
    }, "of characters only those that stand together say something"


def _edges(text: str) -> list[str]:
    plain, edged = (parts(text, edges=edges)[0] for edges in (False, True))
    many = len(plain.hashes)
    assert (plain.hashes == edged.hashes[:many]).all(), "whoever learned without edges reads as before"
    return [text[a:b] for a, b in zip(edged.starts[many:], edged.ends[many:], strict=True)]


def test_the_edges_of_clauses_are_read() -> None:
    assert _edges("Hi, is a balcony room free? Yes") == ["Hi", "is", "Yes", "is a", "Hi", "free", "Yes"]
    assert _edges("3.5 stars!") == ["3", "3.5", "stars"], "a stop between two digits ends nothing"
    assert _edges("請問能不能加床嗎？") == ["請", "請問", "嗎", "能不能"]
    assert _edges("?!") == _edges("") == []


def test_a_word_that_begins_is_another_than_within() -> None:
    asked, told = (set(parts(text, edges=True)[0].hashes.tolist()) for text in ("is it free", "it is free"))
    within = set(parts("it is free", edges=True)[0].hashes.tolist())
    assert asked - told
    assert set(parts("Hello, is it free", edges=True)[0].hashes.tolist()) - within >= (
        asked - set(stretches("is it free").hashes.tolist()) - within
    )


def test_who_asks_whether_denies_nothing() -> None:
    asked, denied = (
        set(parts(text, negation=True, edges=True)[0].hashes.tolist()) for text in ("能不能加床", "不能加床")
    )
    bed = set(stretches("加床").hashes.tolist())
    assert bed <= asked
    assert not bed & denied


@pytest.mark.parametrize(
    ("text", "share"), [("", 0), ("房間", 0), ("wifi 很慢啊", 0.25), ("room 12 was cold", 1), ("！", 0)]
)
def test_how_much_of_a_text_is_in_an_alphabet(text: str, share: float) -> None:
    assert message(text, 18).latin == pytest.approx(share)


def test_the_one_brand_in_a_chinese_message_does_not_drown_the_rest() -> None:
    texts = ["ACME 很好", "ACME 不錯", "別的 很差", "別的 不行", "ACME 很差", "別的 很好"]
    rows = batch_of([message(text, 18) for text in texts])
    ready = weighed(rows, np.ones(1 << 18, np.float32), 1 << 17)
    for number, text in enumerate(texts):
        at = slice(ready.bounds[number], ready.bounds[number + 1])
        runs = ready.columns[at] >= 1 << 17
        assert float(np.square(ready.values[at][runs]).sum()) == pytest.approx(
            message(text, 18).latin, abs=1e-5
        )
        assert float(np.square(ready.values[at][~runs]).sum()) == pytest.approx(1, abs=1e-5)


def test_an_ear_of_an_older_file_reads_as_it_did() -> None:
    """At first a file held half-precision weights and the columns as they are, and messages were read without pairs."""
    ear = learn(*_messages(300, 9))
    data = io.BytesIO()
    np.savez_compressed(
        data, labels=np.array(ear.labels), bits=np.array(ear.bits), columns=ear.columns.astype(np.uint32), rare=ear.rare.astype(np.float16),
        weights=ear.weights.astype(np.float16), biases=ear.biases, heat=np.array(ear.heat),
    )  # fmt: skip
    again = Ear.from_bytes(data.getvalue())
    assert (ear.reading, again.reading) == (2, 1)
    said = "the dinner was lovely today"
    assert again.hear(said).label == "praise"
    assert again.chances(said).tolist() != ear.chances(said).tolist(), (
        "what it has learned of pairs is not asked of it"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The ROOM was cold", "the room was cold"),
        ("房間很冷", "房间很冷"),
        ("ＡＢＣ１２", "abc12"),
        ("don’t like it", "don't like it"),
        ("room   was\tcold", "room was cold"),
    ],
)
def test_ways_of_writing_are_heard_alike(one: str, other: str) -> None:
    assert slots(one, 18)[0].tolist() == slots(other, 18)[0].tolist()


def test_it_learns_what_separates_and_says_how_sure_it_is() -> None:
    ear = learn(*_messages(600, 1))
    texts, labels = _messages(400, 2)
    chances = np.array([ear.chances(text) for text in texts])
    told = np.array([ear.labels.index(label) for label in labels])
    assert (chances.argmax(1) == told).mean() > 0.97
    assert calibration_error(chances, told) < 0.05
    guess = ear.hear("everybody was kind")
    assert guess.label == "praise"
    assert guess.probability > 0.7
    assert guess.probability + sum(chance for _, chance in guess.others) == pytest.approx(1)


def test_noise_is_not_believed() -> None:
    """Labels that have nothing to do with the words: chances stay near what they are worth."""
    texts, _ = _messages(500, 3)
    draw = np.random.default_rng(4)
    ear = learn(texts, list(draw.choice(["praise", "complaint"], 500)))
    asked, _ = _messages(300, 5)
    chances = np.array([ear.chances(text).max() for text in asked])
    assert chances.mean() < 0.6


def test_what_nothing_is_known_of_has_the_shares_of_the_labels() -> None:
    texts, labels = _messages(200, 6)
    ear = learn(texts, labels)
    assert ear.chances("") == pytest.approx(ear.chances("！？ qqqq"), abs=0.35)
    assert ear.chances("").sum() == pytest.approx(1)


def test_it_is_kept_as_a_small_file_and_comes_back() -> None:
    ear = learn(*_messages(300, 7))
    again = Ear.from_bytes(ear.to_bytes())
    for text in _messages(50, 8)[0]:
        assert again.chances(text) == pytest.approx(ear.chances(text), abs=0.01)
    with pytest.raises(ValueError, match="pickle"):
        Ear.from_bytes(b"\x80\x04not a file")


def test_what_cannot_be_learned_is_refused_with_the_reason() -> None:
    with pytest.raises(ValueError, match="at least two labels"):
        learn(["a", "b"], ["praise", "praise"])
    with pytest.raises(ValueError, match="2 messages but 1 labels"):
        learn(["a", "b"], ["praise"])


def test_a_slot_counts_by_how_much_it_tells_labels_apart() -> None:
    rows = batch_of([message(text, 12) for text in ("room kind", "room rude", "room kind", "room rude")])
    tells = telling(rows, np.array([0, 1, 0, 1]), 1 << 12, 2)
    both, (kind, rude) = message("room", 12).slots, (message(text, 12).slots for text in ("kind", "rude"))
    assert np.square(tells).mean() == pytest.approx(1, rel=1e-3)
    only = np.setdiff1d(np.concatenate((kind, rude)), both)
    assert tells[only].min() > tells[both].max()


@given(st.lists(st.integers(0, 30), max_size=60))
def test_slots_are_counted_each_once(drawn: list[int]) -> None:
    at, often = counted(np.array(drawn, np.int64))
    assert at.tolist() == sorted(set(drawn))
    assert often.tolist() == [drawn.count(each) for each in sorted(set(drawn))]


def test_of_one_message_words_and_runs_are_measured_as_they_were_learned() -> None:
    texts = ["ACME 很好", "wifi 很慢啊", "the room was cold", "！", ""]
    rows = batch_of([message(text, 18) for text in texts])
    learned = weighed(rows, np.full(1 << 18, 2, np.float32), 1 << 17)
    for number, text in enumerate(texts):
        at, strength, latin = message(text, 18)
        asked = measured(strength * 2, int(np.searchsorted(at, 1 << 17)), latin)
        told = learned.values[learned.bounds[number] : learned.bounds[number + 1]]
        assert asked == pytest.approx(told, rel=1e-5)


def test_runs_of_every_length_are_found_where_they_stand() -> None:
    text = "Un petit café, non?"
    plain = stretches(text)
    said = sorted(text[a:b] for a, b in zip(plain.starts, plain.ends, strict=True))
    for word in ("Un", "petit", "café", "non"):
        padded = f"^{word}$"
        for width in (3, 4, 5):
            for first in range(len(padded) - width + 1):
                run = padded[first : first + width].strip("^$")
                said.remove(run)
    units = ["Un", "petit", "café", "non", "?"]
    pairs, triples = (
        ["Un petit", "petit café", "café, non", "non?"],
        ["Un petit café", "petit café, non", "café, non?"],
    )
    assert sorted(said) == sorted([*units, *pairs, *triples])


def _opinions(part: str) -> tuple[list[str], list[str]]:
    """Of the labelled English messages those that are either praise or a complaint."""
    either = frozenset(("complaint", "praise"))
    rows = [row for row in messages(part) if row.script == "en" and len(row.acts & either) == 1]
    return [row.text for row in rows], [next(iter(row.acts & either)) for row in rows]


@pytest.fixture(scope="module")
def opinion() -> Ear:
    return learn(*_opinions("learn"))


def test_an_ear_that_listens_to_the_meaning_is_oftener_right(
    opinion: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, right = _opinions("held")
    assert opinion.meant is not None
    monkeypatch.setattr("rugui.engines.hearing.ear.MEANT_FROM", 1_000_000)
    words = learn(*_opinions("learn"))
    assert words.meant is None

    def share(ear: Ear) -> float:
        return float(
            np.mean([ear.hear(text).label == label for text, label in zip(asked, right, strict=True)])
        )

    assert share(opinion) >= share(words) + 0.01


def test_an_ear_of_chinese_messages_does_not() -> None:
    texts = [f"{word}{number}" for number in range(150) for word in ("房間很乾淨", "早餐很難吃")]
    ear = learn(texts, ["praise", "complaint"] * 150)
    assert ear.meant is None
    assert ear.hear("很乾淨").label == "praise"


def test_an_ear_with_meaning_is_kept_whole_and_refused_beside_other_meanings(
    opinion: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = opinion.to_bytes()
    again = Ear.from_bytes(file)
    for text in _opinions("held")[0][::20]:
        assert np.abs(again.chances(text) - opinion.chances(text)).max() < 0.02
    other = replace(meaning(), version="another")
    monkeypatch.setattr("rugui.engines.hearing.ear.meaning", lambda: other)
    with pytest.raises(ValueError, match="here are those of another: learn it anew"):
        Ear.from_bytes(file)
