"""One blood tube, and its bead tube, written in every way that a file may hold the same numbers.

``float_dialects`` differ in version, byte order and width only. ``integers`` are cut to whole
channels: 18 and 20 bits on a linear scale, and 10 bits of a log amplifier beside its floats.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from oracle_beads import LOTS, bead_recording
from oracle_blood import Recipe, draw_blood
from oracle_fcs import Recording, Storage
from oracle_instrument import arrival_times, as_calibur, draw_instrument

LEVEL = 12_000.0
_LITTLE, _BIG = "1,2,3,4", "4,3,2,1"
_FLOATS = {
    "FCS2.0 float little": Storage("FCS2.0", "F", _LITTLE, 32, "<f4"),
    "FCS2.0 float big": Storage("FCS2.0", "F", _BIG, 32, ">f4"),
    "FCS3.0 float little": Storage("FCS3.0", "F", _LITTLE, 32, "<f4"),
    "FCS3.0 float big": Storage("FCS3.0", "F", _BIG, 32, ">f4"),
    "FCS3.1 float little": Storage("FCS3.1", "F", _LITTLE, 32, "<f4"),
    "FCS3.1 float big": Storage("FCS3.1", "F", _BIG, 32, ">f4"),
    "FCS3.0 double little": Storage("FCS3.0", "D", _LITTLE, 64, "<f8"),
    "FCS3.1 double big": Storage("FCS3.1", "D", "8,7,6,5,4,3,2,1", 64, ">f8"),
}
_WORDS = Storage("FCS3.1", "I", _LITTLE, 32, "<u4")
_SHORT_WORDS = Storage("FCS2.0", "I", "2,1", 16, ">u2")


@dataclass(frozen=True, slots=True)
class EncodedPair:
    beads: bytes
    blood: bytes
    lot: str
    truth_abc: float


@dataclass(frozen=True, slots=True, eq=False)
class _Tubes:
    beads: Recording
    blood: Recording
    lot: str
    truth_abc: float

    def written(self, change: Callable[[Recording], Recording]) -> EncodedPair:
        beads, blood = change(self.beads).to_bytes(), change(self.blood).to_bytes()
        return EncodedPair(beads, blood, self.lot, self.truth_abc)


def float_dialects(seed: int) -> dict[str, EncodedPair]:
    """The same 32-bit numbers; doubles hold them exactly."""
    tubes = _tubes(seed, log=False)
    return {
        name: tubes.written(lambda recording, as_=storage: _rounded(recording, as_))
        for name, storage in _FLOATS.items()
    }


def integers(seed: int) -> dict[str, EncodedPair]:
    """Floats, and the same numbers cut to channels of 18 and 20 bits."""
    tubes = _tubes(seed, log=False)
    return {
        "float": tubes.written(lambda recording: recording),
        "18 bits": tubes.written(lambda recording: replace(recording, storage=_WORDS)),
        "20 bits": tubes.written(lambda recording: _finer(recording, 4.0)),
    }


def logarithms(seed: int) -> dict[str, EncodedPair]:
    """10 bits of log amplifiers, and the amplitudes as floats."""
    tubes = _tubes(seed, log=True)
    return {
        "float": tubes.written(_amplitudes),
        "10 bits": tubes.written(lambda recording: replace(recording, storage=_SHORT_WORDS)),
    }


def _tubes(seed: int, *, log: bool) -> _Tubes:
    rng = np.random.default_rng([23, seed])
    instrument = draw_instrument(rng, cd45=True, pe_gain=(0.6, 2.0), cd14=(10_000.0, 50_000.0))
    if log:
        instrument = as_calibur(instrument, rng)
    blood = draw_blood(Recipe(LEVEL, 0.3, 40_000), rng)
    times = arrival_times(len(blood.labels), 1_500.0, rng)
    table, names = instrument.measure(blood.light, times, rng)
    return _Tubes(
        bead_recording(instrument, LOTS[0], rng),
        instrument.recording(table, names, tube="Blood mHLA-DR", markers=True, minutes=0.0),
        LOTS[0],
        blood.truth_abc,
    )


def _rounded(recording: Recording, storage: Storage) -> Recording:
    events = recording.events.astype(np.float32).astype(np.float64)
    return replace(recording, events=events, storage=storage)


def _finer(recording: Recording, factor: float) -> Recording:
    """More channels of the same light; the clock stays."""
    events = recording.events * np.array(
        [1.0 if each.name == "Time" else factor for each in recording.parameters]
    )
    parameters = tuple(
        each if each.name == "Time" else replace(each, range=round(each.range * factor))
        for each in recording.parameters
    )
    return replace(recording, events=events, parameters=parameters, storage=_WORDS)


def _amplitudes(recording: Recording) -> Recording:
    events, parameters = recording.events.copy(), []
    for column, each in enumerate(recording.parameters):
        if each.decades == "0,0":
            parameters.append(each)
            continue
        channel = np.clip(events[:, column], 0.0, each.range - 1.0)
        events[:, column] = 10.0 ** (4.0 * channel / each.range)
        parameters.append(replace(each, decades="0,0", range=10_000))
    storage = _FLOATS["FCS3.0 float little"]
    return replace(recording, events=events, parameters=tuple(parameters), storage=storage)
