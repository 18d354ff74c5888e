"""How far a bead run lies from an earlier one of its instrument."""

from collections.abc import Iterator
from dataclasses import dataclass

from calibration.curve import BeadPeak, StandardCurve
from service.store.calibration import Calibration


@dataclass(frozen=True, slots=True)
class Moved:
    """How far something moved, in percent of where it was.

    Parameters
    ----------
    molecules
        PE molecules of the peak, or of the place on the line; None for a blank.
    """

    molecules: float | None
    percent: float


@dataclass(frozen=True, slots=True)
class Compared:
    """A run against an earlier one.

    Parameters
    ----------
    same_lot
        Whether peaks were compared; else two lines, at the ends of the newer one.
    volts
        Of the detector, then and now, as far as the files say.
    """

    same_lot: bool
    moved: tuple[Moved, ...]
    volts: tuple[float | None, float | None]

    @property
    def largest(self) -> float:
        """The largest movement, in percent, without its sign."""
        return max((abs(each.percent) for each in self.moved), default=0.0)


def compared(now: Calibration, then: Calibration) -> Compared:
    """Hold a run against an earlier one of its instrument."""
    same = now.outcome.lot[0] == then.outcome.lot[0]
    same = same and len(now.curve.peaks) == len(then.curve.peaks)
    moved = _peaks(now.curve, then.curve) if same else _lines(now.curve, then.curve)
    volts = then.curve.provenance.voltage, now.curve.provenance.voltage
    return Compared(same, tuple(moved), volts)


def _peaks(now: StandardCurve, then: StandardCurve) -> Iterator[Moved]:
    """Each peak against the same peak; one that is not above zero has no percent."""
    for new, old in zip(now.peaks, then.peaks, strict=True):
        places = _place(new), _place(old)
        if min(places) > 0.0:
            yield Moved(new.assigned, 100.0 * (places[0] / places[1] - 1.0))


def _lines(now: StandardCurve, then: StandardCurve) -> Iterator[Moved]:
    """Fluorescence of as many molecules, for beads of two lots lie at places of their own."""
    for molecules in (now.lowest, now.top):
        ratio = now.fluorescence(molecules) / then.fluorescence(molecules)
        yield Moved(molecules, 100.0 * (ratio - 1.0))


def _place(peak: BeadPeak) -> float:
    return peak.median if peak.geometric_mean is None else peak.geometric_mean
