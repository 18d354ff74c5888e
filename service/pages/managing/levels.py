"""Assigned values of a lot as they are entered: typed twice, or scanned and read back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from calibration.errors import InvalidLot
from calibration.lot import MOST_LEVELS, BeadLot, read_level
from calibration.number_text import level_text
from service.pages.form import Posted

_FEWEST: Final = 4
_MORE: Final = 2
_BOTH_WAYS = (
    "expected the values by one way, found them typed and scanned. Empty the fields of one of them."
)
_NOT_CONFIRMED = "expected that somebody held the values against the leaflet. Do so, then tick it."
Assigned = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Untouched:
    """Nobody entered any value."""


@dataclass(frozen=True, slots=True)
class Entered:
    """Values that were entered twice, or read back and confirmed."""

    assigned: Assigned


@dataclass(frozen=True, slots=True)
class ReadBack:
    """Values of the leaflet's line, which somebody is to hold against it.

    Parameters
    ----------
    wrong
        What is wrong with the confirmation, by field.
    """

    assigned: Assigned
    wrong: Mapping[str, str]

    @property
    def written(self) -> str:
        """The values, as they are confirmed."""
        return written(self.assigned)


@dataclass(frozen=True, slots=True)
class NotEntered:
    """Values that do not agree, or are none: why, and what is wrong with which field."""

    sentence: str
    wrong: Mapping[str, str]


Entry = Untouched | Entered | ReadBack | NotEntered


def entry_of(posted: Posted) -> Entry:
    """Return what was entered."""
    line = posted.text("line")
    pairs = [
        (posted.text(f"first.{level}"), posted.text(f"second.{level}"))
        for level in range(1, levels_of(posted) + 1)
    ]
    if line and any(map(any, pairs)):
        return NotEntered(_BOTH_WAYS, {"line": _BOTH_WAYS})
    if line:
        return _scanned(posted, line)
    while pairs and not any(pairs[-1]):
        pairs.pop()
    return _typed(pairs) if pairs else Untouched()


def levels_of(posted: Posted) -> int:
    """Return how many levels a form has fields for."""
    said = posted.text("levels")
    wanted = int(said) if said.isdecimal() and len(said) < 3 else _FEWEST
    return min(max(wanted, _FEWEST), MOST_LEVELS)


def more_levels(posted: Posted) -> int:
    """Return how many levels a form has fields for after more were asked for."""
    return min(levels_of(posted) + _MORE, MOST_LEVELS)


def written(assigned: Assigned) -> str:
    """Values in a line, as `BeadLot.parse` reads them."""
    return ",".join(map(level_text, assigned))


def _scanned(posted: Posted, line: str) -> Entry:
    try:
        assigned = BeadLot.parse(line).assigned
    except InvalidLot as error:
        return NotEntered(str(error), {"line": str(error)})
    if posted.text("read") != written(assigned):
        return ReadBack(assigned, {})
    if posted.text("confirmed") != "yes":
        return ReadBack(assigned, {"confirmed": _NOT_CONFIRMED})
    return Entered(assigned)


def _typed(pairs: list[tuple[str, str]]) -> Entry:
    wrong: dict[str, str] = {}
    assigned: list[float | None] = []
    for level, pair in enumerate(pairs, 1):
        found = _agreed(level, *pair)
        if isinstance(found, NotEntered):
            wrong |= found.wrong
        else:
            assigned += found.assigned
    if wrong:
        return NotEntered("; ".join(dict.fromkeys(wrong.values())), wrong)
    return Entered(tuple(assigned))


def _agreed(level: int, first: str, second: str) -> Entered | NotEntered:
    """Return the value of a level, if both times it is the same."""
    both = (f"first.{level}", f"second.{level}")
    values = []
    for name, text, time in zip(both, (first, second), ("first", "second"), strict=True):
        if not text:
            said = f"level {level}: nothing was typed the {time} time; a level without a value is"
            return NotEntered("", {name: f"{said} written as blank"})
        try:
            values.append(read_level(text))
        except InvalidLot as error:
            return NotEntered("", {name: f"level {level}: expected {error.expected}"})
    if values[0] != values[1]:
        said = f"level {level}: {first} the first time, {second} the second; look at the leaflet"
        return NotEntered("", dict.fromkeys(both, said))
    return Entered((values[0],))
