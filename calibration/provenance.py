"""Where the bead measurement came from, so that a saved curve can be checked as beads are."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provenance:
    """File and instrument settings of a bead run; ``None`` is "not recorded".

    Parameters
    ----------
    file, sha256
        Name and content hash of the bead file.
    cytometer, serial
        Instrument model and serial number.
    detector, marker
        ``$PnN`` and ``$PnS`` of the channel the beads were measured in.
    voltage, gain, log_decades, range
        Settings of that channel: volts, factor, decades of the amplifier (0 is linear), ``$PnR``.
    acquired_at
        Start of the acquisition.
    compensated
        Whether the values were compensated.
    """

    file: str | None = None
    sha256: str | None = None
    cytometer: str | None = None
    serial: str | None = None
    detector: str | None = None
    marker: str | None = None
    voltage: float | None = None
    gain: float | None = None
    log_decades: float | None = None
    range: float | None = None
    acquired_at: dt.datetime | None = None
    compensated: bool | None = None
