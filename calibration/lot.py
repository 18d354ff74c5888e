"""The bead lot: what the maker assigns to each level of one production lot."""

import datetime as dt
import hashlib
import json
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Self

from calibration.errors import InvalidLot
from calibration.number_text import level_text

BLANK: Final = "blank"
_LARGEST_NUMBER: Final = 10**50
"""No lot is called by a longer one."""
PE_MOLECULES: Final = "PE molecules"

# A level of fewer molecules than this is no calibrator but a slip, such as 5.359 for 5,359;
# the brightest beads sold carry some 10^7 equivalents.
LOWEST_ASSIGNED: Final = 10.0
HIGHEST_ASSIGNED: Final = 1e8
MOST_LEVELS: Final = 16

_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]+)?")
_TEXT_FIELDS: Final = ("maker", "product", "number", "unit")


@dataclass(frozen=True, slots=True)
class BeadLot:
    """Assigned values of one bead lot, dimmest level first.

    Parameters
    ----------
    assigned
        PE molecules a bead, ascending, each in [10, 1e8); ``None`` for a level without a value
        (a blank bead). Two or more values, at most 16 levels.
    maker, product, number
        As printed on the flyer; ``None`` when not stated.
    expires
        Last day the lot may be used; ``None`` when not stated.
    unit
        What the values count.

    Raises
    ------
    InvalidLot
        A value is missing, absurd, repeated or out of order.
    """

    assigned: tuple[float | None, ...]
    maker: str | None = None
    product: str | None = None
    number: str | None = None
    expires: dt.date | None = None
    unit: str = PE_MOLECULES

    def __post_init__(self) -> None:
        """Refuse values that no maker assigns."""
        # The same lot has one hash, whether its values came as 474, 474.0 or np.float64(474).
        plain = tuple(None if value is None else _plain(value) for value in self.assigned)
        object.__setattr__(self, "assigned", plain)
        _check_assigned(plain)

    @property
    def values(self) -> tuple[float, ...]:
        """The values without the blanks."""
        return tuple(value for value in self.assigned if value is not None)

    @property
    def sha256(self) -> str:
        """Hash of the content, whatever file or order it was written in."""
        canonical = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Lot from a line such as ``474,5359,23843,62336`` or ``blank,1500,4400``.

        Raises
        ------
        InvalidLot
            Not numbers between commas. Digits and one decimal point only: ``5,359`` is two levels,
            and as such out of order.
        """
        return cls(assigned=tuple(read_level(part.strip()) for part in text.split(",")))

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """Lot from a lot file.

        The keys are ``assigned`` (numbers, ``"blank"`` for a level without a value) and, as far as
        known, ``maker``, ``product``, ``number``, ``expires`` and ``unit``.

        Raises
        ------
        InvalidLot
            Not TOML, an unknown key, or a value that cannot be.
        """
        try:
            table = tomllib.loads(text)
        except (ValueError, RecursionError) as cause:  # of a nest or a number too long, too
            raise InvalidLot(field="file", expected="TOML", found=str(cause)) from cause
        return cls.from_dict(table)

    @classmethod
    def from_dict(cls, table: Mapping[str, object]) -> Self:
        """Lot from the keys of a lot file; see `from_toml`."""
        unknown = sorted(set(table) - {*_TEXT_FIELDS, "assigned", "expires"})
        if unknown:
            known = ", ".join((*_TEXT_FIELDS, "expires", "assigned"))
            raise InvalidLot(field="keys", expected=f"some of {known}", found=unknown[0])
        levels = table.get("assigned")
        if not isinstance(levels, list):
            raise InvalidLot(field="assigned", expected="a list of values", found=levels)
        return cls(
            assigned=tuple(read_level(level) for level in levels),
            maker=_text(table, "maker"),
            product=_text(table, "product"),
            number=_text(table, "number"),
            expires=_day(table.get("expires")),
            unit=_text(table, "unit") or PE_MOLECULES,
        )

    def to_dict(self) -> dict[str, object]:
        """Write the lot as JSON can hold it; `from_dict` reads it back."""
        stated: dict[str, object] = {
            "maker": self.maker,
            "product": self.product,
            "number": self.number,
            "expires": None if self.expires is None else self.expires.isoformat(),
            "unit": self.unit,
            "assigned": [BLANK if value is None else value for value in self.assigned],
        }
        return {key: value for key, value in stated.items() if value is not None}


def _check_assigned(assigned: tuple[float | None, ...]) -> None:
    values = [value for value in assigned if value is not None]
    if len(values) < 2 or len(assigned) > MOST_LEVELS:
        expected = f"two or more values, at most {MOST_LEVELS} levels"
        raise InvalidLot(field="assigned", expected=expected, found=_shown(assigned))
    for dimmer, brighter in pairwise(values):
        if dimmer >= brighter:
            expected = "values that rise from level to level"
            raise InvalidLot(field="assigned", expected=expected, found=_shown(assigned))
    for value in values:
        if not (math.isfinite(value) and LOWEST_ASSIGNED <= value < HIGHEST_ASSIGNED):
            expected = f"PE molecules from {LOWEST_ASSIGNED:g} to below {HIGHEST_ASSIGNED:g}"
            raise InvalidLot(field="assigned", expected=expected, found=value)


def _shown(assigned: tuple[float | None, ...]) -> str:
    return ",".join(level_text(value) for value in assigned)


def _plain(value: float) -> float:
    try:
        return float(value)
    except OverflowError:  # an integer beyond every float
        return math.inf


def read_level(written: object) -> float | None:
    """Return the value of a level as it is written; None for a blank.

    Raises
    ------
    InvalidLot
        Neither a plain number nor ``blank``.
    """
    if isinstance(written, str):
        if written.lower() == BLANK:
            return None
        if _NUMBER.fullmatch(written):
            return float(written)
    elif isinstance(written, int | float) and not isinstance(written, bool):
        return _plain(written)
    expected = "a plain number such as 5359 (no thousands separator, no unit), or 'blank'"
    raise InvalidLot(field="assigned", expected=expected, found=written)


def _text(table: Mapping[str, object], key: str) -> str | None:
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST_NUMBER:
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise InvalidLot(field=key, expected="text", found=value)
    return value.strip()


def _day(value: object) -> dt.date | None:
    if value is None:
        return None
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value.strip())
        except ValueError as cause:
            raise InvalidLot(field="expires", expected="a day, 2027-05-31", found=value) from cause
    raise InvalidLot(field="expires", expected="a day, 2027-05-31", found=value)
