"""Which bead lot was in use on a day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class LotPeriod:
    """Days on which one lot was used.

    Parameters
    ----------
    first, last
        Both are in; None = without an end.
    lot
        The assigned values in one line, or the absolute path of a lot file.
    """

    first: dt.date | None
    last: dt.date | None
    lot: str

    def __post_init__(self) -> None:
        """Refuse a period that ends before it begins."""
        if self.begin > self.end:
            raise ValueError(f"it ends ({self.last}) before it begins ({self.first})")

    @property
    def begin(self) -> dt.date:
        """First day, that of the calendar where there is none."""
        return self.first or dt.date.min

    @property
    def end(self) -> dt.date:
        """Last day, that of the calendar where there is none."""
        return self.last or dt.date.max


def overlapping(periods: Sequence[LotPeriod]) -> tuple[LotPeriod, LotPeriod] | None:
    """Two periods that share a day; None where none do."""
    ordered = sorted(periods, key=lambda period: period.begin)
    return next((both for both in pairwise(ordered) if both[0].end >= both[1].begin), None)


def lot_of(day: dt.date, periods: Sequence[LotPeriod]) -> str | None:
    """Lot that was used on a day; None where no period holds it."""
    found = (period.lot for period in periods if period.begin <= day <= period.end)
    return next(found, None)
