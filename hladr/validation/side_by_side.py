"""The same specimens with two lots, instruments or operators: the bias of one against the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from hladr.agreement import RelativeLimits, relative_limits
from hladr.validation.columns import COMPARED
from hladr.validation.observation import Observation


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One against another.

    Parameters
    ----------
    column
        What differs.
    reference, other
        Its two values; the reference is the one that comes first in the table.
    specimens
        Measured with both.
    limits
        Bias of `other` against `reference`, percent, of the geometric mean of each specimen.
    """

    column: str
    reference: str
    other: str
    specimens: int
    limits: RelativeLimits


def side_by_side(results: Sequence[Observation]) -> Iterator[SideBySide]:
    """Each value of a compared column against the first, where two specimens have both."""
    for column in COMPARED:
        values = list(dict.fromkeys(each.said[column] for each in results if each.said[column]))
        for other in values[1:]:
            old, new = _pairs(results, column, values[0], other)
            if len(old) > 1:
                limits = relative_limits(np.array(old), np.array(new))
                yield SideBySide(column, values[0], other, len(old), limits)


def _pairs(
    results: Sequence[Observation], column: str, reference: str, other: str
) -> tuple[list[float], list[float]]:
    logs: dict[str, tuple[list[float], list[float]]] = {}
    for each in results:
        sides = logs.setdefault(each.specimen, ([], []))
        for side, value in zip(sides, (reference, other), strict=True):
            if each.said[column] == value:
                side.append(float(np.log(each.abc)))
    both = [sides for sides in logs.values() if sides[0] and sides[1]]
    old, new = ([float(np.exp(np.mean(sides[i]))) for sides in both] for i in (0, 1))
    return old, new
