"""What English sentences mean, as numbers: two that say one thing in other words lie close together.

    from rugui.engines.meaning import shipped

    meaning = shipped()
    meaning.of("I cannot find my card") @ meaning.of("I have lost my card")

A small network that comes with the program (`sentence`), taught to say of a sentence what a large one says (benchmarks/train_meaning.py). numpy
alone; no network connection, no clock. Topics that a house teaches its ear, and ears that `engines.hearing.learn` makes, hear with it beside the
words themselves.
"""

from .sentence import Meaning, shipped

__all__ = ["Meaning", "shipped"]
