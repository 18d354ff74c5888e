"""A cytometer: light reaching each detector, gain, noise, and the columns of its file."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Literal

import numpy as np

from hladr.arrays import FloatArray
from hladr.simulate.digitiser import Digitiser
from hladr.simulate.particle import Source

# Gain of a photomultiplier grows as a power of its voltage, 0.7 to 0.8 for each dynode; with nine
# dynodes about the seventh (photomultiplier makers' handbooks; the exact power is assumed).
PMT_POWER = 7.0


class Feature(Enum):
    """What of a pulse is recorded."""

    AREA = "A"
    HEIGHT = "H"
    WIDTH = "W"


class Compensation(Enum):
    """Where spilled light is taken away: by the reader of the file, or before the digitiser."""

    IN_FILE = "matrix in the file"
    ON_BOARD = "subtracted by the instrument"
    UNRECORDED = "not subtracted, no matrix in the file"


@dataclass(frozen=True, slots=True)
class Detector:
    """A photomultiplier or diode.

    Parameters
    ----------
    name
        What it is meant for: ``FSC``, ``SSC``, ``PE``.
    source
        The source it is meant for.
    gain
        Scale units of one photo-electron (area).
    noise
        SD of the electronics, scale units.
    stray
        Photo-electrons of stray light in a pulse. The level is subtracted by the electronics,
        its Poisson noise stays.
    voltage
        `$PnV`; None for an avalanche diode or one that is not recorded.
    """

    name: str
    source: Source
    gain: float
    noise: float
    stray: float
    voltage: float | None


@dataclass(frozen=True, slots=True)
class Readout:
    """A column of the file: which feature of which detector, its names and its digitiser."""

    name: str
    detector: str
    feature: Feature
    digitiser: Digitiser
    marker: str | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """The time column.

    Parameters
    ----------
    step : s
        `$TIMESTEP`, one tick.
    digitiser
        How ticks are stored.
    gain
        `$PnG` of the column, None when not recorded.
    name
        `$PnN` of the column.
    """

    step: float
    digitiser: Digitiser
    gain: float | None = None
    name: str = "Time"


@dataclass(frozen=True, slots=True)
class FileStyle:
    """How the instrument's software writes: version, data type, byte order.

    `gain` is `$PnG` of the detectors, None when the software does not record it.
    """

    version: str
    data_type: Literal["I", "F"]
    byte_order: Literal["little", "big"]
    gain: float | None = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Instrument:
    """A cytometer with its settings.

    Parameters
    ----------
    name, serial
        `$CYT` and `$CYTSN`.
    detectors
        Scatter first, then fluorescence.
    light : shape (len(Source), n_detectors)
        Photo-electrons in each detector from one unit of each source.
    readouts
        The columns, in file order.
    beam_sigma : µm
        SD of the beam's profile along the flow; small sees the length of a particle.
    pulse_cv
        Relative SD of height over area from cell to cell (orientation, velocity).
    illumination_cv
        Relative SD of the light a particle gets, by its place in the core stream.
    trigger, threshold
        Detector and height, in scale units, from which on an event is recorded.
    rate : events/s
        Speed of acquisition.
    clock, style, compensation
        The rest of the file.
    """

    name: str
    serial: str
    detectors: tuple[Detector, ...]
    light: FloatArray
    readouts: tuple[Readout, ...]
    beam_sigma: float
    clock: Clock
    style: FileStyle
    compensation: Compensation = Compensation.IN_FILE
    pulse_cv: float = 0.025
    illumination_cv: float = 0.015
    trigger: str = "FSC"
    threshold: float = 5000.0
    rate: float = 2500.0

    def __post_init__(self) -> None:
        """Refuse a light matrix that does not fit, or a column of a detector that is not there."""
        expected = (len(Source), len(self.detectors))
        if self.light.shape != expected:
            msg = f"light needs the shape {expected}, got {self.light.shape}"
            raise ValueError(msg)
        self.light.setflags(write=False)
        for name in (self.trigger, *(readout.detector for readout in self.readouts)):
            self.column(name)

    def column(self, detector: str) -> int:
        """Place of a detector by its name; ValueError when it is not there."""
        return [each.name for each in self.detectors].index(detector)

    @property
    def fluorescence(self) -> tuple[int, ...]:
        """Places of the detectors that are not for scatter."""
        scatter = (Source.FORWARD, Source.SIDE)
        return tuple(i for i, each in enumerate(self.detectors) if each.source not in scatter)

    @property
    def gains(self) -> FloatArray:
        """Scale units per photo-electron of each detector."""
        return np.array([each.gain for each in self.detectors])

    def scale_per_unit(self, detector: str) -> float:
        """Scale units of area from one unit of the detector's own source (a PE molecule, say)."""
        place = self.column(detector)
        own = self.detectors[place]
        return float(self.light[own.source, place] * own.gain)

    def spillover(self) -> FloatArray:
        """Spillover between the fluorescence detectors, rows divided by their diagonal.

        Rows are the detectors' own dyes. It follows from the light and the gains:
        ``light[i, j] * gain[j] / (light[i, i] * gain[i])``.
        """
        places = list(self.fluorescence)
        sources = [int(self.detectors[i].source) for i in places]
        signal = (self.light * self.gains)[np.ix_(sources, places)]
        return np.asarray(signal / np.diag(signal)[:, np.newaxis])

    def at_voltage(self, detector: str, voltage: float) -> "Instrument":
        """Return the same instrument with one photomultiplier at another voltage.

        Gain follows ``voltage ** PMT_POWER``; noise of the electronics does not.
        """
        place = self.column(detector)
        old = self.detectors[place]
        if old.voltage is None:
            msg = f"detector {detector!r} has no recorded voltage to change"
            raise ValueError(msg)
        new = replace(old, voltage=voltage, gain=old.gain * (voltage / old.voltage) ** PMT_POWER)
        return replace(self, detectors=(*self.detectors[:place], new, *self.detectors[place + 1 :]))

    def unrecorded(self) -> "Instrument":
        """Return the same instrument with software that writes neither voltages nor gains."""
        return replace(
            self,
            detectors=tuple(replace(each, voltage=None) for each in self.detectors),
            style=replace(self.style, gain=None),
        )

    def without(self, detector: str) -> "Instrument":
        """Return the same instrument without one detector; nobody stains with its dye then."""
        place = self.column(detector)
        light = np.delete(self.light, place, axis=1)
        light[self.detectors[place].source] = 0.0
        return replace(
            self,
            detectors=self.detectors[:place] + self.detectors[place + 1 :],
            light=light,
            readouts=tuple(each for each in self.readouts if each.detector != detector),
        )
