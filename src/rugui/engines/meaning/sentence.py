"""From words to the meaning of a sentence: every word by its vector, what two and three neighbours say together, and the sums of these.

The shape is a smaller one of the universal sentence encoder (Cer et al., 2018; Yang et al., 2020), and with two layers on top, which are not
kept, it learned to say what that one says (distillation; Hinton et al., 2015). A word that has no vector is read in pieces: its longest known
beginning, then the longest known piece of what is left.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from ..linear.features import Floats, folded
from ..linear.learning import bytes_of

FORMAT = 1
LONGEST = 256
"""Pieces of a text that are read."""
INSIDE = "##"
"""How a piece begins that stands within a word."""
_WORD = re.compile(r"[a-z0-9']+")
_LAYERS = ("pairs", "triples")


@dataclass(frozen=True)
class Meaning:
    """What was learned: `vectors` (pieces, d); `layers` of "pairs" (2d, n) and "triples" (3d, n), each with its biases."""

    version: str
    """Of what was learned: whatever listens to the meanings of one version can not listen to those of another."""
    pieces: tuple[str, ...]
    vectors: Floats
    layers: dict[str, tuple[Floats, Floats]]
    middle: Floats
    """(size,): the mean of what the lines mean that it learned from."""
    place: dict[str, int] = field(init=False, repr=False, compare=False)
    longest: int = field(init=False, repr=False, compare=False)
    """Letters of the longest piece: a word of thousands of letters is looked for in no longer ones."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "place", {piece: at for at, piece in enumerate(self.pieces)})
        object.__setattr__(self, "longest", max(map(len, self.pieces)))

    @property
    def size(self) -> int:
        """How many numbers a meaning has."""
        return int(self.vectors.shape[1]) + sum(len(biases) for _, biases in self.layers.values())

    def of(self, text: str) -> Floats:
        """(size,): the meaning of a text, of length one; all 0 for a text without a word in letters of the Latin alphabet."""
        known = self.units(text)
        if not known:
            return np.zeros(self.size, np.float32)
        said = self.vectors[known]
        made = np.concatenate(
            (
                said.sum(0),
                self._neighbours("pairs", said[:-1], said[1:]),
                self._neighbours("triples", said[:-2], said[1:-1], said[2:]),
            )
        )
        return np.asarray(made / max(float(np.sqrt(made @ made)), 1e-6), np.float32)

    def apart(self, text: str) -> Floats:
        """(size,): by what a text differs from what all have in common, of length one; 0 where `of` is."""
        made = self.of(text)
        if not made.any():
            return made
        made = made - self.middle
        return np.asarray(made / max(float(np.sqrt(made @ made)), 1e-6), np.float32)

    def of_all(self, texts: Sequence[str]) -> Floats:
        """(texts, size)."""
        return np.stack([self.of(text) for text in texts])

    def units(self, text: str) -> list[int]:
        """The pieces of a text, numbered."""
        made: list[int] = []
        for word in _WORD.findall(folded(text)):
            made += self._pieces(word)
            if len(made) >= LONGEST:
                break
        return made[:LONGEST]

    def _pieces(self, word: str) -> list[int]:
        whole = self.place.get(word)
        if whole is not None:
            return [whole]
        made, at = [], 0
        while at < len(word):
            for end in range(min(len(word), at + self.longest), at, -1):
                piece = self.place.get(word[at:end] if at == 0 else INSIDE + word[at:end])
                if piece is not None:
                    made.append(piece)
                    at = end
                    break
            else:
                at += 1
        return made

    def _neighbours(self, name: str, *words: Floats) -> Floats:
        """The sum over places of what neighbours say together."""
        weights, biases = self.layers[name]
        return np.asarray(np.maximum(np.concatenate(words, axis=1) @ weights + biases, 0).sum(0), np.float32)

    def to_bytes(self) -> bytes:
        """A compressed file: a byte for each number, a scale for each column. Read by `from_bytes`."""
        kept: dict[str, NDArray[np.generic]] = {
            "format": np.array(FORMAT),
            "version": np.array(self.version),
            "pieces": np.array("\n".join(self.pieces)),
            "middle": self.middle.astype(np.float16),
        }
        kept["vectors"], kept["vectors_scale"] = bytes_of(self.vectors)
        for name, (weights, biases) in self.layers.items():
            kept[name], kept[f"{name}_scale"] = bytes_of(weights)
            kept[f"{name}_biases"] = biases.astype(np.float16)
        file = io.BytesIO()
        np.savez_compressed(file, **kept)  # type: ignore[arg-type]
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Meaning:
        """What `to_bytes` wrote. Raises ValueError for anything else; nothing in a file is ever run."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            if int(file["format"]) != FORMAT:
                raise ValueError(
                    f"these meanings are of format {int(file['format'])}: format {FORMAT} is read"
                )

            def weights(name: str) -> Floats:
                return np.asarray(file[name].astype(np.float32) * file[f"{name}_scale"], np.float32)

            return cls(
                str(file["version"]),
                tuple(str(file["pieces"]).split("\n")),
                weights("vectors"),
                {name: (weights(name), file[f"{name}_biases"].astype(np.float32)) for name in _LAYERS},
                file["middle"].astype(np.float32),
            )


@cache
def shipped() -> Meaning:
    """What comes with the program."""
    return Meaning.from_bytes(files(__package__).joinpath("data", "meaning.npz").read_bytes())
