"""Tubes of one draw that were measured more than once: their mean, and how far they are apart."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

REPEATABILITY_FACTOR: Final = 2.77
"""Two results of one method on one sample differ by more than this times its standard deviation
in one of twenty pairs: 1.96 * sqrt(2), ISO 5725-6:1994, 4.1."""


@dataclass(frozen=True, slots=True)
class Replicates:
    """Some numbers of one draw.

    Parameters
    ----------
    mean
        Geometric, AB/c.
    difference_percent
        From the lowest to the highest, of the mean.
    limit_percent
        That two results of the laboratory differ by in one of twenty pairs, by chance.
    """

    mean: float
    difference_percent: float
    limit_percent: float

    @classmethod
    def of(cls, numbers: Sequence[float], repeatability: float) -> "Replicates | None":
        """Return what some AB/c say together; None for fewer than two.

        `repeatability` is the relative standard deviation within the laboratory.
        """
        if len(numbers) < 2:
            return None
        mean = math.exp(sum(map(math.log, numbers)) / len(numbers))
        apart = 100.0 * (max(numbers) - min(numbers)) / mean
        return cls(mean, apart, 100.0 * REPEATABILITY_FACTOR * repeatability)

    def to_dict(self) -> dict[str, Any]:
        """Write it as it is answered."""
        return {
            "mean": self.mean,
            "difference_percent": self.difference_percent,
            "limit_percent": self.limit_percent,
            "within": self.difference_percent <= self.limit_percent,
        }
