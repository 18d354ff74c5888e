"""What a standard curve is judged by."""

import datetime as dt
from dataclasses import dataclass

from calibration.curve import BeadPeak
from calibration.finding import Severity
from calibration.line import Line
from calibration.lot import BeadLot


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fitted curve, before it is called one.

    Parameters
    ----------
    missing
        Levels of the lot without a peak, ``None`` for a blank.
    log_amplifier
        Whether the detector has a logarithmic amplifier.
    top_known
        Whether the detector's top was told or seen.
    ignored
        Medians of the peaks taken for coincidences or debris.
    on
        Day of the bead run, None when not known.
    """

    lot: BeadLot
    peaks: tuple[BeadPeak, ...]
    line: Line
    missing: tuple[float | None, ...]
    log_amplifier: bool
    top_known: bool
    ignored: tuple[float, ...]
    on: dt.date | None


def graded(value: float, *, warn: float, reject: float) -> Severity | None:
    """Severity of a value that should be small; None where it is."""
    if value > reject:
        return Severity.REJECT
    return Severity.WARN if value > warn else None
