"""What the numbers of a column show: bits above $PnR, numbers above it, numbers that are none.

Bits above the range of an integer are flags of the instrument, or they belong to a number for
which $PnR is too small. Numbers vary in the bits right above the range; flags vary in a few bits
at most, and not there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

import numpy as np

from calibration.finding import Finding, Severity
from hladr.fcs.channel import Channel
from hladr.fcs.columns import Columns, Stored
from hladr.fcs.errors import listed, shown
from hladr.fcs.layout import bits_of_range

# Looked at in opening a file: the first 2,000 events, fewer where there are more than 32 channels.
_GLANCED_AT, _GLANCED_NUMBERS = 2_000, 65_536
_FLAG_BITS = 4
_NEAR = 0b1111  # a number up to 16 times its range
EXACT = 2**53  # float64 holds every whole number up to here
# From these shares of a column on, a person must look.
MANY_ABOVE = 0.001
MANY_NONFINITE = 0.01


class Kind(Enum):
    """What is said of a column."""

    FLAGS = auto()
    FEW_CUT = auto()
    CUT = auto()
    KEPT = auto()
    INEXACT = auto()
    FEW_NONFINITE = auto()
    NONFINITE = auto()


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen in some numbers of a channel.

    Parameters
    ----------
    total, nonfinite, above, inexact
        How many numbers there are; of these floats that are not finite, integers with bits above
        those that $PnR needs, integers above 2^53 in ASCII.
    set_somewhere, set_everywhere
        Bits above the mask set in any number, in all of them.
    """

    total: int
    nonfinite: int
    above: int
    inexact: int
    set_somewhere: int
    set_everywhere: int

    def __add__(self, other: "Seen") -> "Seen":
        """Return what was seen in both."""
        return Seen(
            self.total + other.total,
            self.nonfinite + other.nonfinite,
            self.above + other.above,
            self.inexact + other.inexact,
            self.set_somewhere | other.set_somewhere,
            self.set_everywhere & other.set_everywhere,
        )

    @property
    def is_sound(self) -> bool:
        """Whether there is nothing to say of these numbers."""
        return not (self.nonfinite or self.above or self.inexact)

    def are_flags(self, mask: int) -> bool:
        """Whether the bits above the mask are flags."""
        varying = self.set_somewhere & ~self.set_everywhere
        return not varying & _NEAR * (mask + 1) and varying.bit_count() <= _FLAG_BITS


def _no_integers(total: int, nonfinite: int = 0) -> Seen:
    """What is seen in numbers of whose bits nothing is to be said."""
    return Seen(total, nonfinite, 0, 0, 0, -1)


def look(stored: Stored, data_range: float, mask: int | None) -> Seen:
    """Look at some numbers of a channel.

    Parameters
    ----------
    stored
        As stored.
    data_range
        $PnR.
    mask
        Bits that count; None when all do.
    """
    if stored.dtype.kind == "f":
        return _no_integers(stored.size, stored.size - int(np.count_nonzero(np.isfinite(stored))))
    seen = _no_integers(stored.size)
    if mask is not None and stored.size:
        rest = stored & stored.dtype.type(~mask & int(np.iinfo(stored.dtype).max))
        return replace(
            seen,
            above=int(np.count_nonzero(rest)),
            set_somewhere=int(np.bitwise_or.reduce(rest)),
            set_everywhere=int(np.bitwise_and.reduce(rest)),
        )
    if stored.dtype.itemsize == 8 and data_range <= EXACT:  # ASCII
        above = int(np.count_nonzero(stored >> np.uint64(bits_of_range(data_range))))
        return replace(seen, above=above, inexact=int(np.count_nonzero(stored > np.uint64(EXACT))))
    return seen


def count_outside(stored: Stored, data_range: float, mask: int | None) -> int:
    """Count integers outside their range; of those with flags above it, what remains without."""
    if mask is not None and look(stored, data_range, mask).are_flags(mask):
        stored = stored & stored.dtype.type(mask)
    return int(np.count_nonzero(stored.astype(np.float64) >= data_range))


def first_events(columns: Columns, channels: int) -> Columns:
    """Events that are looked at when a file is opened."""
    return columns.rows(0, max(1, min(_GLANCED_AT, _GLANCED_NUMBERS // channels)))


def findings_at_first_sight(
    first: Columns, channels: tuple[Channel, ...], masks: tuple[int | None, ...]
) -> list[Finding]:
    """Findings of the first events, each with all channels it is true of."""
    if first.plain_floats() is not None:  # what is said here is said of integers
        return []
    names: dict[Kind, list[str]] = {}
    for channel, mask in zip(channels, masks, strict=True):
        stored = first.stored(channel.index)
        if stored.dtype.kind == "f":
            continue
        for kind in _integer_kinds(look(stored, channel.range, mask), mask):
            names.setdefault(kind, []).append(channel.name)
    return [_finding(kind, f"integers of {listed(found)}") for kind, found in names.items()]


class Look:
    """A look at the events of some channels while they pass, piece by piece.

    Parameters
    ----------
    first
        Events that were looked at when the file was opened.
    channels, masks
        The channels, and the bits of each that count.
    """

    def __init__(
        self, first: Columns, channels: tuple[Channel, ...], masks: tuple[int | None, ...]
    ) -> None:
        self._first, self._channels, self._masks = first, channels, masks
        self._seen = [_no_integers(0)] * len(channels)

    def passing(self, pieces: Iterable[Columns]) -> Iterator[Columns]:
        """Hand on each piece of a file after a look at it."""
        for piece in pieces:
            if _all_finite(piece):
                self._add([_no_integers(piece.n_events)] * len(self._channels))
            else:
                self._add([self._at(piece, place) for place in range(len(self._channels))])
            yield piece

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings of what has passed that the first events did not give, channel by channel."""
        return tuple(
            finding
            for place, (channel, mask) in enumerate(zip(self._channels, self._masks, strict=True))
            if not self._seen[place].is_sound
            for finding in _further(channel, mask, self._at(self._first, place), self._seen[place])
        )

    def _at(self, piece: Columns, place: int) -> Seen:
        channel = self._channels[place]
        return look(piece.stored(channel.index), channel.range, self._masks[place])

    def _add(self, seen: list[Seen]) -> None:
        self._seen = [before + now for before, now in zip(self._seen, seen, strict=True)]


def _all_finite(piece: Columns) -> bool:
    """Whether these are plain floats, and all of them finite; of those that may be, a short way."""
    floats = piece.plain_floats()
    if floats is None:
        return False
    with np.errstate(over="ignore", invalid="ignore"):  # with NaN or infinity it is none itself
        return bool(np.isfinite(floats.sum()))


def _further(channel: Channel, mask: int | None, first: Seen, seen: Seen) -> list[Finding]:
    """Findings of all events of a channel that its first events did not give."""
    known = set(_integer_kinds(first, mask))
    name = shown(channel.name)
    findings = [
        _finding(kind, f"{count:,} of {seen.total:,} integers of {name}")
        for kind, count in _integer_kinds(seen, mask).items()
        if kind not in known
    ]
    if seen.nonfinite:
        is_many = seen.nonfinite >= MANY_NONFINITE * seen.total
        kind = Kind.NONFINITE if is_many else Kind.FEW_NONFINITE
        findings.append(_finding(kind, f"{seen.nonfinite:,} of {seen.total:,} numbers of {name}"))
    return findings


def _integer_kinds(seen: Seen, mask: int | None) -> dict[Kind, int]:
    """What is said of integers, with how many they are."""
    kinds = {}
    if seen.above and mask is not None and seen.are_flags(mask):
        kinds[Kind.FLAGS] = seen.above
    elif seen.above and mask is not None:
        is_many = seen.above >= MANY_ABOVE * seen.total
        kinds[Kind.CUT if is_many else Kind.FEW_CUT] = seen.above
    elif seen.above:
        kinds[Kind.KEPT] = seen.above
    if seen.inexact:
        kinds[Kind.INEXACT] = seen.inexact
    return kinds


def _finding(kind: Kind, what: str) -> Finding:
    cut = (
        f"{what} exceed $PnR and were masked as the standard says, which makes large numbers "
        f"small (from {100 * MANY_ABOVE:g} % of a channel on a person must look). Check $PnR, or "
        "export as floats."
    )
    nonfinite = (
        f"{what} are NaN or infinite; such an event is in no gate that looks at them (from "
        f"{100 * MANY_NONFINITE:g} % on a person must look). Export the file again."
    )
    flags = f"{what} carry flags above $PnR, which were masked as the standard says. Nothing to do."
    kept = f"{what}, written in ASCII, exceed $PnR; they were kept. Check $PnR."
    inexact = (
        f"{what} are above 2^53, which scale values round. Use the stored numbers where the last "
        "digits matter."
    )
    return {
        Kind.FLAGS: Finding("BITS_ABOVE_RANGE", Severity.NOTE, flags),
        Kind.FEW_CUT: Finding("NUMBERS_ABOVE_RANGE", Severity.NOTE, cut),
        Kind.CUT: Finding("NUMBERS_ABOVE_RANGE", Severity.WARN, cut),
        Kind.KEPT: Finding("NUMBERS_ABOVE_RANGE", Severity.NOTE, kept),
        Kind.INEXACT: Finding("INTEGERS_ROUNDED", Severity.NOTE, inexact),
        Kind.FEW_NONFINITE: Finding("NONFINITE_VALUES", Severity.NOTE, nonfinite),
        Kind.NONFINITE: Finding("NONFINITE_VALUES", Severity.WARN, nonfinite),
    }[kind]
