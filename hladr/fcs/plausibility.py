"""Which of several places holds the events: real events keep to their range and to time.

Asked only where HEADER and TEXT name different places with room for exactly the events, or where a
segment is one byte too long or too short.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.finding import Finding, Severity
from hladr.fcs.channel import Channel
from hladr.fcs.column_findings import count_outside
from hladr.fcs.columns import Columns, Stored
from hladr.fcs.errors import DataOffsetsAmbiguous
from hladr.fcs.header import Segment
from hladr.fcs.location import Place

# Of the first events and of the last: 20,000, fewer where there are more than 30 channels.
_LOOKED_AT, _NUMBERS_LOOKED_AT = 20_000, 600_000
_CHANNELS_LOOKED_AT = 256
# Floats shifted by a byte take their exponent from a mantissa and leave these bounds at once.
_FLOAT_LOW, _FLOAT_HIGH = 1e-12, 1e12
# The single float next to 1e-12 is less: the one after it bounds those below 1e-12.
_SINGLE_LOW = np.nextafter(np.float32(_FLOAT_LOW), np.float32(1.0))
_TIMES_WORSE = 10.0
_STRONG, _STRONG_NUMBERS = 0.01, 3
_STEPS_BACK_IN_ORDER, _STEPS_BACK_IN_DISORDER = 0.01, 0.1
_MOSTLY_ABSURD = 0.25


Candidate = tuple[Place, Columns]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks against a place.

    Parameters
    ----------
    total
        Numbers looked at.
    outside
        Of these, how many are outside their range, or are floats no detector gives.
    absurd
        How many are such floats.
    backward
        Share of steps back in time.
    """

    total: int
    outside: int
    absurd: int
    backward: float

    def is_worse_than(self, other: "Evidence") -> bool:
        """Whether far more numbers are outside: a few may be in real events as well."""
        more = self.outside - other.outside
        is_many = more >= max(_STRONG * self.total, _STRONG_NUMBERS)
        return is_many and self.outside >= _TIMES_WORSE * other.outside

    def is_out_of_order(self, other: "Evidence") -> bool:
        """Whether time runs back here and forward there."""
        is_forward_there = other.backward < _STEPS_BACK_IN_ORDER
        return is_forward_there and self.backward > _STEPS_BACK_IN_DISORDER


def choose_place(
    candidates: Sequence[Candidate],
    channels: tuple[Channel, ...],
    masks: tuple[int | None, ...],
    text: Segment,
) -> tuple[int, list[Finding]]:
    """Index of the place that holds the events, and a finding that says why.

    Parameters
    ----------
    candidates
        Two or more places, and the columns read from each.
    channels, masks
        Channels of the data set, and the bits that count in each.
    text
        The TEXT segment: most instruments write DATA right behind it.

    Raises
    ------
    DataOffsetsAmbiguous
        Nothing tells which is right.
    """
    places = [place for place, _columns in candidates]
    evidence = [weigh(columns, channels, masks) for _place, columns in candidates]
    left = [
        position
        for position, one in enumerate(evidence)
        if not any(one.is_worse_than(other) or one.is_out_of_order(other) for other in evidence)
    ]
    for is_preferred in (
        [not place.is_beside for place in places],
        [place.data.begin == text.end for place in places],
    ):
        preferred = [position for position in left if is_preferred[position]]
        if len(left) > 1 and len(preferred) == 1:
            left = preferred
    if len(left) != 1 or _rests_on_range_alone(places, evidence, left[0]):
        raise DataOffsetsAmbiguous(begins=sorted({place.data.begin for place in places}))
    return left[0], _finding(places, left[0])


def _rests_on_range_alone(
    places: Sequence[Place], evidence: Sequence[Evidence], chosen: int
) -> bool:
    """Whether a byte beside the place on which HEADER and TEXT agree won by its ranges only."""
    if not (places[chosen].is_beside and places[chosen].is_agreed):
        return False
    stated = places[chosen].stated
    declared = next((n for n, place in enumerate(places) if place.stated == stated), chosen)
    out_of_order = evidence[declared].is_out_of_order(evidence[chosen])
    return evidence[declared].absurd == 0 and not out_of_order


def weigh(
    columns: Columns, channels: tuple[Channel, ...], masks: tuple[int | None, ...]
) -> Evidence:
    """Weigh what speaks against these columns, from their first and last events.

    Of integers with flags above their range, what remains without the flags is weighed.
    """
    looked = max(1, min(_LOOKED_AT, _NUMBERS_LOOKED_AT // len(channels)))
    first = columns.rows(0, looked)
    last = columns.rows(max(looked, columns.n_events - looked), columns.n_events)
    total = outside = absurd = 0
    backward = 0.0
    for channel in _some(channels):
        part = np.concatenate((first.stored(channel.index), last.stored(channel.index)))
        total += part.size
        if part.dtype.kind == "f":
            absurd += _absurd(part)
        else:
            outside += count_outside(part, channel.range, masks[channel.index])
        if channel.is_time and part.size > 1:
            backward = np.count_nonzero(part[1:] < part[:-1]) / (part.size - 1)
    return Evidence(total, outside + absurd, absurd, backward)


def _some(channels: tuple[Channel, ...]) -> list[Channel]:
    """Channels that stand for all, evenly spread, and Time."""
    step = -(-len(channels) // _CHANNELS_LOOKED_AT)
    return [channel for channel in channels if channel.index % step == 0 or channel.is_time]


def _absurd(floats: Stored) -> int:
    """Count floats no detector gives: not finite, or absurdly large or small."""
    low = _SINGLE_LOW if floats.dtype.itemsize == _SINGLE_LOW.itemsize else _FLOAT_LOW
    with np.errstate(invalid="ignore"):
        size = np.abs(floats)
        within = np.count_nonzero(size <= _FLOAT_HIGH)
        small = np.count_nonzero(size < low)
        zeros = np.count_nonzero(size == 0.0)
    return int(size.size - within + small - zeros)


def plausibility_findings(first: Columns, channels: tuple[Channel, ...]) -> list[Finding]:
    """Warn where a quarter of the first floats is absurd, as of data shifted by a byte."""
    plain = first.plain_floats()
    columns = [first.stored(c.index) for c in channels] if plain is None else [plain]
    floats: dict[int, list[Stored]] = {}
    for stored in columns:
        if stored.dtype.kind == "f":
            floats.setdefault(stored.dtype.itemsize, []).append(stored)
    absurd = sum(_absurd(np.concatenate(alike)) for alike in floats.values())
    total = sum(stored.size for alike in floats.values() for stored in alike)
    if absurd <= _MOSTLY_ABSURD * total:
        return []
    return [
        Finding(
            "EVENTS_IMPLAUSIBLE",
            Severity.WARN,
            f"{100 * absurd / total:.0f} % of the first numbers are not finite, above "
            f"{_FLOAT_HIGH:g} or below {_FLOAT_LOW:g}, where a detector gives next to none: the "
            "offsets or the byte order may be wrong. Export the file again.",
        )
    ]


def _finding(places: Sequence[Place], chosen: int) -> list[Finding]:
    used = places[chosen]
    if not used.is_beside and all(place.stated == used.stated for place in places):
        return []  # the length is off by one, and the begin is where it is said to be
    others = ", ".join(str(place.data.begin) for place in places if place is not used)
    return [
        Finding(
            "DATA_OFFSETS_DISAGREE",
            Severity.WARN,
            f"DATA would fit at byte {used.data.begin} and at byte {others}; the former was used "
            "because its numbers keep to their ranges and to time. Look at the plots before "
            "signing.",
        )
    ]
