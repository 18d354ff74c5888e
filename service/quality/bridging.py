"""Two bead lots that were run side by side on an instrument: by how much one reads above the other.

Runs of one day are a pair. Of several runs of a lot on one day the first is paired with the first
of the other lot, the second with the second; what is left over counts for nothing.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel
from sqlalchemy import Connection

from calibration.control import Bias, Bridging, Occasion
from calibration.errors import InvalidControlRecord
from service.quality.looking import calibrated, runs_now
from service.quality.runs import MadeRun
from service.store.versions import INSTRUMENTS, LOTS

CUT_OFF: Final = 5000.0
"""PE molecules at which the bias is told: the cut-off of AB/c, with one PE on an antibody."""
_LARGEST_EXPONENT: Final = 700.0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two runs of one day.

    Parameters
    ----------
    day
        By the clock of the instrument.
    """

    day: str
    old: MadeRun
    new: MadeRun
    occasion: Occasion


@dataclass(frozen=True, slots=True)
class SideBySide:
    """What two lots gave beside each other.

    Parameters
    ----------
    alone
        Runs of the two lots that have no partner of their day.
    """

    pairs: tuple[Pair, ...]
    alone: int
    bridging: Bridging


class BiasTold(BaseModel):
    """By how much the new lot reads above the old one, percent, with the 95 % interval."""

    pairs: int
    percent: float | None
    low: float | None
    high: float | None


class RangeTold(BaseModel):
    """The bias over the range that both lots have beads in, PE molecules.

    Everywhere in it the bias lies between `low` and `high` percent, with 95 % confidence.
    """

    lowest: float
    top: float
    average: BiasTold
    low: float | None
    high: float | None


class PairTold(BaseModel):
    """Two runs of one day; `percent` is the bias of this day alone at the cut-off."""

    day: str
    old_calibration_id: str
    new_calibration_id: str
    percent: float | None


class BridgingTold(BaseModel):
    """Two bead lots side by side: `at` PE molecules, the cut-off, and over the common range.

    A percentage is null where it is beyond all numbers.
    """

    instrument_id: str
    old: str
    new: str
    at: float
    bias: BiasTold
    range: RangeTold
    pairs: list[PairTold]
    alone: int


def side_by_side(
    connection: Connection, instrument_id: str, old: str, new: str, most: int
) -> SideBySide:
    """Return what two lots, by their ids, gave beside each other in the newest runs.

    Raises
    ------
    NotFound
        No such instrument or lot.
    TooFewPairs, InvalidControlRecord
        The runs bridge nothing.
    """
    INSTRUMENTS.current(connection, instrument_id)
    for lot in (old, new):
        LOTS.current(connection, lot)
    if old == new:
        raise InvalidControlRecord(field="bridging", expected="two lots", found="one lot twice")
    runs = runs_now(connection, instrument_id, most)
    of_old, of_new = (_by_day(runs, lot) for lot in (old, new))
    pairs = tuple(_pairs(of_old, of_new))
    everything = sum(map(len, (*of_old.values(), *of_new.values())))
    bridging = Bridging(tuple(each.occasion for each in pairs))
    return SideBySide(pairs, everything - 2 * len(pairs), bridging)


def _by_day(runs: Sequence[MadeRun], lot: str) -> dict[str, list[MadeRun]]:
    found: dict[str, list[MadeRun]] = defaultdict(list)
    for each in runs:
        if each.calibration.outcome.lot[0] == lot:
            found[str(each.run.moment)[:10]].append(each)
    return found


def _pairs(old: dict[str, list[MadeRun]], new: dict[str, list[MadeRun]]) -> Iterator[Pair]:
    for day in sorted(old.keys() & new.keys()):
        for one, other in zip(old[day], new[day], strict=False):
            occasion = Occasion(calibrated(one.calibration), calibrated(other.calibration))
            yield Pair(day, one, other, occasion)


def bridging_told(instrument_id: str, lots: tuple[str, str], found: SideBySide) -> dict[str, Any]:
    """Return two lots side by side as they are answered."""
    bridging = found.bridging
    low, high = bridging.anywhere()
    return {
        "instrument_id": instrument_id,
        "old": lots[0],
        "new": lots[1],
        "at": CUT_OFF,
        "bias": _bias(bridging.at(CUT_OFF)),
        "range": {
            "lowest": bridging.lowest,
            "top": bridging.top,
            "average": _bias(bridging.on_average()),
            "low": _finite(low),
            "high": _finite(high),
        },
        "pairs": [
            {
                "day": each.day,
                "old_calibration_id": each.old.run.id,
                "new_calibration_id": each.new.run.id,
                "percent": _finite(day_percent(each)),
            }
            for each in found.pairs
        ],
        "alone": found.alone,
    }


def day_percent(pair: Pair) -> float:
    """Bias of one day at the cut-off, percent; infinite where it is beyond all numbers."""
    ratio = pair.occasion.log_ratio(CUT_OFF)
    return 100.0 * math.expm1(ratio) if ratio < _LARGEST_EXPONENT else math.inf


def _bias(bias: Bias) -> dict[str, Any]:
    return {
        "pairs": bias.pairs,
        "percent": _finite(bias.percent),
        "low": _finite(bias.low),
        "high": _finite(bias.high),
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
