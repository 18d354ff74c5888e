"""Light to numbers: photo-electrons, gain, noise, digitisation, and the keywords of the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from hladr.arrays import FloatArray, IndexArray
from hladr.fcs.writer import OutputChannel, write_fcs
from hladr.simulate.instrument import Compensation, Feature, FileStyle, Instrument
from hladr.simulate.particle import Passages
from hladr.simulate.pulse import heights_per_area

# BD's scale of the width: a pulse with height = area is this wide.
_WIDTH_SCALE = 65536.0
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


@dataclass(frozen=True, slots=True)
class Session:
    """The circumstances of an acquisition.

    Parameters
    ----------
    started_at
        Local time of the first event.
    sample
        `$SRC` and `TUBE NAME`.
    drift
        Relative change of the light collected from the first event to the last.
    """

    started_at: datetime
    sample: str
    drift: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """What an instrument stores: columns as numbers in the file, and keywords.

    `kept` are the rows of the passages whose height reached the threshold, in file order.
    """

    channels: tuple[OutputChannel, ...]
    keywords: Mapping[str, str]
    style: FileStyle
    kept: IndexArray

    def write(self, target: Path | BinaryIO) -> None:
        """Write an FCS file; the same recording gives the same bytes."""
        keywords = dict(self.keywords)
        if isinstance(target, Path):
            keywords["$FIL"] = target.name
        write_fcs(
            target,
            self.channels,
            keywords=keywords,
            version=self.style.version,
            data_type=self.style.data_type,
            byte_order=self.style.byte_order,
        )

    def to_bytes(self) -> bytes:
        """Return the FCS file as bytes."""
        file = BytesIO()
        self.write(file)
        return file.getvalue()

    def stored(self, name: str) -> NDArray[Any]:
        """Return the stored numbers of one column by `$PnN`; KeyError when it is not there."""
        return np.asarray({channel.name: channel.values for channel in self.channels}[name])


@dataclass(frozen=True, slots=True, eq=False)
class Signals:
    """Analogue pulses in scale units, a row an event, a column a detector."""

    area: FloatArray
    height: FloatArray

    @property
    def width(self) -> FloatArray:
        """Area over height on BD's scale; 0 where there is no height."""
        ratio = np.divide(
            self.area, self.height, out=np.zeros_like(self.area), where=self.height > 0
        )
        return _WIDTH_SCALE * ratio

    def feature(self, feature: Feature) -> FloatArray:
        """One feature of the pulses."""
        match feature:
            case Feature.AREA:
                return self.area
            case Feature.HEIGHT:
                return self.height
            case Feature.WIDTH:
                return self.width


def acquire(
    passages: Passages, instrument: Instrument, session: Session, rng: np.random.Generator
) -> Recording:
    """Record the passages: photo-electrons (Poisson), gain, noise (Gaussian), digitisation."""
    seconds = _arrivals(passages.count, instrument.rate, rng)
    signals = measure(passages, instrument, rng, drift=session.drift * seconds / seconds[-1])
    trigger = signals.height[:, instrument.column(instrument.trigger)]
    kept = np.flatnonzero(trigger >= instrument.threshold)
    signals = Signals(signals.area[kept], signals.height[kept])
    if instrument.compensation is Compensation.ON_BOARD:
        signals = _subtract_spill(signals, instrument)
    channels = _channels(signals, instrument)
    clock = instrument.clock
    time = clock.digitiser.stored(seconds[kept] / clock.step)
    channels.append(_time_channel(instrument, time))
    keywords = _keywords(instrument, session, float(seconds[-1]))
    return Recording(tuple(channels), MappingProxyType(keywords), instrument.style, kept)


def measure(
    passages: Passages,
    instrument: Instrument,
    rng: np.random.Generator,
    *,
    drift: FloatArray | float = 0.0,
) -> Signals:
    """Analogue pulses before threshold, compensation and digitisation.

    Parameters
    ----------
    passages, instrument, rng
        What passes what, and the source of chance.
    drift : shape (n_events,) or number
        Relative change of the light collected.
    """
    n, gains = passages.count, instrument.gains
    beam = 1.0 + instrument.illumination_cv * rng.standard_normal(n) + drift
    light = (passages.emission() @ instrument.light) * beam[:, np.newaxis]
    stray = np.array([each.stray for each in instrument.detectors])
    photoelectrons = rng.poisson(light + stray) - stray
    shape = heights_per_area(passages, instrument.light, instrument.beam_sigma)
    shape *= (1.0 + instrument.pulse_cv * rng.standard_normal(n))[:, np.newaxis]
    pulse = photoelectrons * gains
    noise = np.array([each.noise for each in instrument.detectors])
    area = pulse + noise * rng.standard_normal(pulse.shape)
    height = pulse * shape + noise * rng.standard_normal(pulse.shape)
    return Signals(area, height)


def _arrivals(count: int, rate: float, rng: np.random.Generator) -> FloatArray:
    """Seconds of each event: a Poisson process whose rate wanders slowly by 5 %."""
    seconds = np.cumsum(rng.exponential(1.0 / rate, count))
    turns, phase = rng.uniform(1.0, 4.0), rng.uniform(0.0, 2.0 * np.pi)
    omega = 2.0 * np.pi * turns / seconds[-1]
    return np.asarray(seconds + 0.05 / omega * (np.cos(phase) - np.cos(omega * seconds + phase)))


def _subtract_spill(signals: Signals, instrument: Instrument) -> Signals:
    places = list(instrument.fluorescence)
    inverse = np.linalg.inv(instrument.spillover())
    area, height = signals.area.copy(), signals.height.copy()
    area[:, places] = area[:, places] @ inverse
    height[:, places] = height[:, places] @ inverse
    return Signals(area, height)


def _channels(signals: Signals, instrument: Instrument) -> list[OutputChannel]:
    channels = []
    features = {feature: signals.feature(feature) for feature in Feature}
    for readout in instrument.readouts:
        place = instrument.column(readout.detector)
        detector = instrument.detectors[place]
        channels.append(
            OutputChannel(
                name=readout.name,
                values=readout.digitiser.stored(features[readout.feature][:, place]),
                marker=readout.marker,
                bits=readout.digitiser.bits,
                range=readout.digitiser.range,
                amplification=readout.digitiser.amplification,
                gain=instrument.style.gain,
                voltage=detector.voltage,
            )
        )
    return channels


def _time_channel(instrument: Instrument, ticks: NDArray[Any]) -> OutputChannel:
    clock = instrument.clock
    return OutputChannel(
        name=clock.name,
        values=ticks,
        bits=clock.digitiser.bits,
        range=clock.digitiser.range,
        amplification="0,0",
        gain=clock.gain,
    )


def _keywords(instrument: Instrument, session: Session, duration: float) -> dict[str, str]:
    start, end = session.started_at, session.started_at + timedelta(seconds=duration)
    keywords = {
        "$CYT": instrument.name,
        "$CYTSN": instrument.serial,
        "$DATE": f"{start.day:02d}-{_MONTHS[start.month - 1]}-{start.year:04d}",
        "$BTIM": start.strftime("%H:%M:%S"),
        "$ETIM": end.strftime("%H:%M:%S"),
        "$TIMESTEP": f"{instrument.clock.step:g}",
        "$SRC": session.sample,
        "$COM": "simulated by hladr.simulate, not a patient",
        "THRESHOLD": f"{instrument.trigger},{instrument.threshold:g}",
    }
    if instrument.compensation is Compensation.IN_FILE:
        keywords["$SPILLOVER"] = spillover_text(instrument)
    return keywords


def spillover_text(instrument: Instrument) -> str:
    """Value of `$SPILLOVER`: count, the columns of area, the matrix row by row."""
    names = []
    places = []
    for place in instrument.fluorescence:
        detector = instrument.detectors[place].name
        for readout in instrument.readouts:
            if readout.detector == detector and readout.feature is Feature.AREA:
                names.append(readout.name)
                places.append(instrument.fluorescence.index(place))
    matrix = instrument.spillover()[np.ix_(places, places)]
    numbers = [f"{value:.6g}" for value in matrix.ravel()]
    return ",".join([str(len(names)), *names, *numbers])
