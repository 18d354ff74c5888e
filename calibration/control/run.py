"""A run: when it was made, what was measured, and which other runs it may be compared with."""

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from calibration.control.quantity import Kind, Quantity
from calibration.errors import InvalidControlRecord

Moment = float | str
"""A day as a number, or ISO 8601 text; all runs of a chart in one of these ways."""

_WAYS: Final = ("a number of days", "text without a time zone", "text with a time zone")


@dataclass(frozen=True, slots=True, order=True)
class Epoch:
    """What a value hangs on besides the instrument's steadiness; another one, another baseline.

    Parameters
    ----------
    beads
        The bead lot, with its version where values were corrected.
    control
        The lot of control blood.
    service
        The last service, or whatever else begins a new baseline.
    """

    beads: str = ""
    control: str = ""
    service: str = ""

    def of(self, quantity: Quantity) -> "Epoch":
        """What of it matters for a quantity.

        Notes
        -----
        Control blood goes on over a new bead lot: it is what shows that a lot reads otherwise. A
        voltage belongs to no lot.
        """
        kind = quantity.kind
        return Epoch(
            beads=self.beads if kind.of_beads else "",
            control=self.control if kind is Kind.CONTROL else "",
            service=self.service,
        )

    @property
    def words(self) -> str:
        """Its name in a sentence."""
        named = {"bead lot": self.beads, "control lot": self.control, "service": self.service}
        told = [f"{what} {which}" for what, which in named.items() if which]
        return ", ".join(told) if told else "no lot named"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the instrument: beads, and the levels of control blood measured with them.

    Parameters
    ----------
    id
        Its own among the runs of a chart.
    moment
        When it was made: a day as a finite number, or ISO 8601 text.
    values
        Measured values by quantity, in their own units (`Kind.unit`): scale values and AB/c
        themselves, no logarithms. What was not measured is left out; NaN is what gave no number.
    epoch
        Lots and service; see `Epoch`.

    Raises
    ------
    InvalidControlRecord
        A moment that is none.
    """

    id: str
    moment: Moment
    values: Mapping[Quantity, float] = field(default_factory=dict)
    epoch: Epoch = Epoch()

    def __post_init__(self) -> None:
        """Refuse a moment that is none; keep values that nobody changes."""
        order_of(self.moment)
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))


def order_of(moment: Moment) -> tuple[int, float]:
    """What moments are put in order by: the way they are told, and seconds or days.

    Raises
    ------
    InvalidControlRecord
        Neither a finite number nor a moment in ISO 8601.
    """
    if isinstance(moment, str):
        return _order_of_text(moment)
    if not math.isfinite(moment):
        raise InvalidControlRecord(field="moment", expected="a finite day", found=moment)
    return 0, float(moment)


@lru_cache(maxsize=4096)
def _order_of_text(moment: str) -> tuple[int, float]:
    """Order of a moment told as text; each run's is asked for by every chart it is on."""
    try:
        parsed = dt.datetime.fromisoformat(moment)
    except ValueError:
        expected = "a moment such as 2026-03-14T09:31:07"
        raise InvalidControlRecord(field="moment", expected=expected, found=moment) from None
    told = parsed if parsed.tzinfo else parsed.replace(tzinfo=dt.UTC)
    seconds = (told - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)).total_seconds()
    return (2 if parsed.tzinfo else 1), seconds


def ordered(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Runs in the order they were made in; those of one moment as they were given.

    Raises
    ------
    InvalidControlRecord
        Two runs of one id, or moments told in different ways, whose order nobody knows.
    """
    given = tuple(runs)
    _check_ids(given)
    check_comparable([run.moment for run in given])
    return tuple(sorted(given, key=lambda run: order_of(run.moment)))


def check_comparable(moments: Sequence[Moment]) -> None:
    """Refuse moments told in different ways, whose order nobody knows."""
    ways = sorted({order_of(moment)[0] for moment in moments})
    if len(ways) > 1:
        found = " and ".join(_WAYS[way] for way in ways)
        raise InvalidControlRecord(
            field="moments", expected="one way to tell the time", found=found
        )


def _check_ids(runs: Sequence[Run]) -> None:
    seen: set[str] = set()
    for run in runs:
        if run.id in seen:
            raise InvalidControlRecord(field="runs", expected="each run once", found=run.id)
        seen.add(run.id)
