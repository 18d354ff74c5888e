"""AB/c of one result as it is printed: never rounded across a cut-off, withheld on a rejection."""

import math
from dataclasses import dataclass
from typing import Protocol

from hladr.criterion.definition import CutOff
from hladr.criterion.printing import format_abc
from hladr.number_format import NOT_A_NUMBER


class AbcPrinter(Protocol):
    """Puts an AB/c into words."""

    def value(self, abc: float) -> str:
        """Print with the unit."""
        ...


@dataclass(frozen=True, slots=True)
class Released:
    """Prints AB/c against the cut-offs that the print must not contradict."""

    cutoffs: tuple[CutOff, ...]

    def value(self, abc: float) -> str:
        """``3,394 AB/c``; words for a number that does not exist."""
        return f"{self.bare(abc)} AB/c" if math.isfinite(abc) else NOT_A_NUMBER

    def bare(self, abc: float) -> str:
        """``3,394``; words for a number that does not exist."""
        return format_abc(abc, self.cutoffs) if math.isfinite(abc) else NOT_A_NUMBER

    def interval(self, ends: tuple[float, float]) -> str:
        """``3,120 to 3,692``; words for an interval that does not exist."""
        if not all(map(math.isfinite, ends)):
            return NOT_A_NUMBER
        return f"{self.bare(ends[0])} to {self.bare(ends[1])}"


@dataclass(frozen=True, slots=True)
class Withheld:
    """Prints no number: that of a rejected result stands in its box and nowhere else."""

    def value(self, abc: float) -> str:  # noqa: ARG002 - the number is not for print
        """Words that stand in the number's place."""
        return "not releasable"
