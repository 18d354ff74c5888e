"""Where the bead measurement came from, so that a saved curve can be checked as beads are."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

_FEATURES: Final = {
    "A": "area",
    "H": "height",
    "W": "width",
    "INT": "area",
    "PEAK": "height",
    "TOF": "width",
}


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

    @property
    def pulse_feature(self) -> str | None:
        """``area``, ``height`` or ``width``, as the detector's name tells; else None.

        ``PE-A`` ends in the feature; Beckman Coulter writes ``FL2 INT LIN``, ``PEAK`` or ``TOF``.
        """
        if self.detector is None:
            return None
        name = self.detector.strip().upper()
        told = {_FEATURES[word] for word in name.split() if len(word) > 1 and word in _FEATURES}
        if "-" in name and name.rsplit("-", 1)[1] in {"A", "H", "W"}:
            told.add(_FEATURES[name.rsplit("-", 1)[1]])
        return told.pop() if len(told) == 1 else None
