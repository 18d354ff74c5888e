"""Which of several places holds the events: real events keep to their range and to time.

Asked only where HEADER and TEXT name different places with room for exactly the events, or where a
segment is one byte too long or too short.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.finding import Finding, Severity
from hladr.fcs.channel import Channel
from hladr.fcs.columns import Columns, Stored
from hladr.fcs.errors import DataOffsetsAmbiguous, listed
from hladr.fcs.header import Segment
from hladr.fcs.location import Place

_LOOKED_AT = 20_000
_GLANCED_AT = 2_000
# Floats shifted by a byte take their exponent from a mantissa and leave these bounds at once.
_FLOAT_LOW, _FLOAT_HIGH = 1e-12, 1e12
_TIMES_WORSE = 10.0
_STRONG = 0.01
_STEPS_BACK_IN_ORDER, _STEPS_BACK_IN_DISORDER = 0.01, 0.1
_MOSTLY_ABSURD = 0.25
_FLAG_PATTERNS = 4


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks against a place: shares of numbers outside their range, of steps back in time."""

    outside: float
    backward: float


def choose_place(
    places: Sequence[Place],
    columns: Sequence[Columns],
    channels: tuple[Channel, ...],
    text: Segment,
) -> tuple[int, list[Finding]]:
    """Index of the place that holds the events, and a finding that says why.

    Parameters
    ----------
    places, columns
        Two or more places, and the columns read from each; places given as they stand come before
        their neighbours.
    channels
        Channels of the data set.
    text
        The TEXT segment: most instruments write DATA right behind it.

    Raises
    ------
    DataOffsetsAmbiguous
        Nothing tells which is right.
    """
    evidence = [weigh(held, channels) for held in columns]
    outside = min(one.outside for one in evidence)
    backward = min(one.backward for one in evidence)
    following = [place.begin == text.end for place in places]
    left = []
    for position, one in enumerate(evidence):
        worse = one.outside > outside and one.outside >= _TIMES_WORSE * outside
        faint = one.outside - outside < _STRONG
        back = backward < _STEPS_BACK_IN_ORDER and one.backward > _STEPS_BACK_IN_DISORDER
        if not back and (not worse or (faint and following[position])):
            left.append(position)
    declared = [position for position in left if _is_declared(places, position)]
    if len(left) > 1 and len(declared) == 1:
        left = declared
    behind = [position for position in left if following[position]]
    if len(left) > 1 and len(behind) == 1:
        left = behind
    if len(left) != 1:
        raise DataOffsetsAmbiguous(begins=sorted({place.begin for place in places}))
    return left[0], _finding(places, left[0])


def _is_declared(places: Sequence[Place], position: int) -> bool:
    """Whether the place is named by the file, not merely beside one that is."""
    sources = [place.source for place in places[:position]]
    return places[position].source not in sources


def weigh(columns: Columns, channels: tuple[Channel, ...]) -> Evidence:
    """Weigh what speaks against these columns, from their first and last 20,000 events."""
    outside = total = 0
    backward = 0.0
    first = columns.rows(0, _LOOKED_AT)
    last = columns.rows(max(_LOOKED_AT, columns.n_events - _LOOKED_AT), columns.n_events)
    for channel in channels:
        part = np.concatenate((first.stored(channel.index), last.stored(channel.index)))
        if part.dtype.kind == "f":
            outside += _absurd(part)
        else:
            outside += int(np.count_nonzero(part.astype(np.float64) >= channel.range))
        total += part.size
        if channel.is_time and part.size > 1:
            backward = np.count_nonzero(part[1:] < part[:-1]) / (part.size - 1)
    return Evidence(outside / total if total else 0.0, backward)


def _absurd(floats: Stored) -> int:
    """Count floats no detector gives: not finite, or absurdly large or small."""
    with np.errstate(invalid="ignore"):
        size = np.abs(floats.astype(np.float64))
    return int(np.count_nonzero(~(size <= _FLOAT_HIGH) | ((size > 0.0) & (size < _FLOAT_LOW))))


def plausibility_findings(columns: Columns, channels: tuple[Channel, ...]) -> list[Finding]:
    """Warn where a quarter of the first floats is absurd, as of data shifted by a byte."""
    absurd = total = 0
    first = columns.rows(0, _GLANCED_AT)
    for channel in channels:
        stored = first.stored(channel.index)
        if stored.dtype.kind == "f":
            absurd += _absurd(stored)
            total += stored.size
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


def masked_findings(
    columns: Columns, channels: tuple[Channel, ...], masks: tuple[int | None, ...]
) -> list[Finding]:
    """Report bits above $PnR in the first events: flags of the instrument, or larger numbers.

    Flags take a few patterns and leave the bit above the range alone; numbers do neither.
    """
    flagged: list[str] = []
    large: list[str] = []
    first = columns.rows(0, _GLANCED_AT)
    for channel, mask in zip(channels, masks, strict=True):
        if mask is None:
            continue
        above = first.stored(channel.index).astype(np.uint64) & ~np.uint64(mask)
        if not above.any():
            continue
        is_number = np.any(above & np.uint64(mask + 1)) and np.unique(above).size > _FLAG_PATTERNS
        (large if is_number else flagged).append(channel.name)
    findings = []
    if flagged:
        findings.append(
            Finding(
                "BITS_ABOVE_RANGE",
                Severity.NOTE,
                f"integers of {listed(flagged)} carry flags above $PnR, which were masked as the "
                "standard says. Nothing to do.",
            )
        )
    if large:
        findings.append(
            Finding(
                "NUMBERS_ABOVE_RANGE",
                Severity.WARN,
                f"integers of {listed(large)} exceed $PnR and were masked as the standard says, "
                "which makes large numbers small. Check $PnR, or export as floats.",
            )
        )
    return findings


def _finding(places: Sequence[Place], chosen: int) -> list[Finding]:
    if len({place.source for place in places}) == 1 and _is_declared(places, chosen):
        return []  # the length is off by one, and the begin is where it is said to be
    used = places[chosen]
    others = ", ".join(str(place.begin) for place in places if place is not used)
    return [
        Finding(
            "DATA_OFFSETS_DISAGREE",
            Severity.WARN,
            f"DATA would fit at byte {used.begin} and at byte {others}; the former was used "
            "because its numbers keep to their ranges and to time. Look at the plots before "
            "signing.",
        )
    ]
