"""Pairs into people, without chains: cards join only while nothing on either side speaks against it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

LARGEST = 20
"""More cards of one person are more likely a fault of the data than a person."""


def together(
    total: int,
    pairs: npt.NDArray[np.int64],
    probability: npt.NDArray[np.float64],
    against: npt.NDArray[np.int64],
    apart: frozenset[tuple[int, int]] = frozenset(),
) -> list[list[int]]:
    """Groups of two and more cards, by the surest pairs first.

    A pair that would bring two cards together which were compared and found unlike (`against`), or are known to be two
    people (`apart`), is left out: of three relatives on one telephone none pulls the others in.
    """
    wanted = sorted({each for pair in pairs.tolist() for each in pair})
    group = {each: each for each in wanted}
    members = {each: [each] for each in wanted}
    unlike: dict[int, set[int]] = {each: set() for each in wanted}
    for one, other in [*_within(total, pairs, against).tolist(), *apart]:
        if one in unlike and other in unlike:
            unlike[one].add(other)
            unlike[other].add(one)
    for index in np.lexsort((pairs[:, 1], pairs[:, 0], -probability)).tolist() if len(pairs) else []:
        one, other = (group[each] for each in pairs[index].tolist())
        if one == other or len(members[one]) + len(members[other]) > LARGEST:
            continue
        if any(not unlike[each].isdisjoint(members[other]) for each in members[one]):
            continue
        if len(members[one]) < len(members[other]):
            one, other = other, one
        for each in members.pop(other):
            group[each] = one
            members[one].append(each)
    return sorted(sorted(found) for found in members.values() if len(found) > 1)


def _within(
    total: int, pairs: npt.NDArray[np.int64], against: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Those of `against` whose cards chains of pairs connect: nothing would ever bring the others together."""
    root = np.arange(total)
    one, other = pairs[:, 0], pairs[:, 1]
    while len(pairs):
        low = np.minimum(root[one], root[other])
        before = root.copy()
        np.minimum.at(root, before[one], low)
        np.minimum.at(root, before[other], low)
        root = root[root]
        if (root[one] == root[other]).all():
            break
    found: npt.NDArray[np.int64] = against[root[against[:, 0]] == root[against[:, 1]]]
    return found
