"""Lets the words of the lists vote on what each English word is about, and writes the winners where the second reading looks.

    python -m benchmarks.alike_words glove.6B.50d.txt

The file is Stanford's (one word a line with its numbers, the most frequent first; public domain). See `rugui.engines.capture.alike`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from rugui.engines.capture.gazetteer import Entry, standard

OUT = Path(__file__).parent.parent / "src/rugui/engines/capture/data/alike.npz"
FREQUENT, KNOWN = 50_000, 150_000
"""So many of the most frequent words are described, and so many may have a vote."""
NEAREST, STEEP = 12, 8.0


def meaning(entry: Entry) -> str:
    """What a word of the lists votes for."""
    named = {"thing": entry.topic, "mood": f"mood {entry.value}", "relation": f"person {entry.value}"}
    return f"act {entry.act}" if entry.role == "act" else named.get(entry.role, "")


def main() -> None:
    words, numbers = [], []
    with Path(sys.argv[1]).open(encoding="utf-8") as file:
        for _, line in zip(range(KNOWN), file, strict=False):
            word, *row = line.rstrip().split(" ")
            words.append(word)
            numbers.append(np.array(row, np.float32))
    place = {word: number for number, word in enumerate(words)}
    vectors = np.stack(numbers)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    means = {
        phrase: meaning(entries[0])
        for phrase, entries in standard().phrases()
        if phrase.isascii() and phrase.isalpha() and len(phrase) > 2 and phrase in place
    }
    voters = [word for word, said in means.items() if said]
    labels = sorted({means[word] for word in voters})
    of = np.array([labels.index(means[word]) for word in voters])
    told = vectors[[place[word] for word in voters]]
    seat = {word: number for number, word in enumerate(voters)}
    described = sorted(
        word
        for number, word in enumerate(words)
        if word.isascii() and word.isalpha() and len(word) > 2 and (number < FREQUENT or word in seat)
    )
    winners, clear = np.zeros(len(described), np.uint8), np.zeros(len(described), np.uint8)
    for number, word in enumerate(described):
        near = told @ vectors[place[word]]
        if word in seat:
            near[seat[word]] = -1  # no vote about itself
        top = np.argpartition(-near, NEAREST)[:NEAREST]
        votes = np.bincount(of[top], np.exp(STEEP * (near[top] - 1)), len(labels))
        winners[number] = votes.argmax()
        share, closest = votes.max() / votes.sum(), near.max()
        clear[number] = min(3, int(share * 4)) * 4 + min(3, max(0, int((closest - 0.5) * 8)))
    letters = np.frombuffer("\n".join(described).encode(), np.uint8)
    np.savez_compressed(OUT, words=letters, labels=np.array(labels), of=winners, sure=clear)
    print(f"{len(voters)} words voted on {len(described)}; {OUT.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
