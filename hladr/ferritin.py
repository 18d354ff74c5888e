"""Ferritin as a laboratory reports it: a number, or the side of a reporting limit it lies on.

What to use when: `parse_ferritin` for whatever a person, a spreadsheet or a form handed over;
`Ferritin` where the number is already known to be ng/mL.

Ferritin is ng/mL, which is the same number in µg/L. A comma is a decimal sign in one country
and a thousands separator in the next, and the cut-off (4420) has four digits: what can be read in
two ways is refused, never guessed.
"""

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import numpy as np

from hladr.errors import HladrError

LARGEST_NG_ML = 1e7
"""A larger number is taken for a slip of the unit or of the separator, not for a ferritin."""

_READING = re.compile(r"\s*([<>]?)\s*([0-9](?:[0-9.,]*[0-9])?)\s*(.*?)\s*", re.DOTALL)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:[.,][0-9]{3})+")
# Both code points of µ; not the capital of the second, which looks like the M of mg/L.
_NG_ML = re.compile(r"(?:[nN][gG]\s*/\s*[mM][lL]|(?:[uU\u00b5\u03bc]|[mM][cC])[gG]\s*/\s*[lL])?")
_LONGEST_TEXT = 80
_SHOWN_CHARACTERS = 40


class FerritinError(HladrError):
    """A ferritin that cannot be used.

    ├── InvalidFerritin      not a number, or not one that ferritin can have
    ├── AmbiguousFerritin    one separator, two readings
    └── FerritinUnit         neither ng/mL nor µg/L
    """

    code: ClassVar[str] = "FERRITIN_ERROR"


class InvalidFerritin(FerritinError):
    """No number, or one that no ferritin has."""

    code: ClassVar[str] = "INVALID_FERRITIN"

    def __init__(self, *, text: str, reason: str) -> None:
        self.text = text
        self.reason = reason
        super().__init__(
            f"expected ferritin in ng/mL such as `812`, `>40000` or `<5`, found {_shown(text)}: "
            f"{reason}; write the plain number, or leave ferritin out"
        )


class AmbiguousFerritin(FerritinError):
    """One separator with three digits after it: thousands or decimals."""

    code: ClassVar[str] = "AMBIGUOUS_FERRITIN"

    def __init__(self, *, text: str, readings: tuple[str, str]) -> None:
        self.text = text
        self.readings = readings
        super().__init__(
            f"ferritin {_shown(text)} can be read as {readings[0]} or as {readings[1]} ng/mL: "
            f"which is meant? Write `{readings[0]}` or `{readings[1]}`"
        )


class FerritinUnit(FerritinError):
    """A unit other than ng/mL and its equal µg/L."""

    code: ClassVar[str] = "FERRITIN_UNIT"

    def __init__(self, *, text: str, unit: str) -> None:
        self.text = text
        self.unit = unit
        super().__init__(
            f"expected ferritin in ng/mL (the same number as µg/L), found the unit "
            f"{_shown(unit)} in {_shown(text)}; convert it and give ng/mL"
        )


class Relation(StrEnum):
    """How the true ferritin stands to the number: equal, above it, or below it."""

    EXACT = ""
    ABOVE = ">"
    BELOW = "<"


@dataclass(frozen=True, slots=True)
class Ferritin:
    """Ferritin of one blood sample.

    Parameters
    ----------
    text
        As it was given.
    value
        ng/mL, above 0 and at most `LARGEST_NG_ML`: the result, or the limit that `relation` names.
    relation
        ``EXACT`` for a result, ``ABOVE`` for one over the assay's limit, ``BELOW`` for under it.

    Raises
    ------
    InvalidFerritin
        `value` is not a number that ferritin can have.
    """

    text: str
    value: float
    relation: Relation = Relation.EXACT

    def __post_init__(self) -> None:
        """Refuse what is no concentration."""
        reason = _why_impossible(self.value)
        if reason is not None:
            raise InvalidFerritin(text=self.text, reason=reason)

    @property
    def canonical(self) -> str:
        """Relation and number without unit or thousands separators, e.g. ``812`` or ``>40000``.

        `parse_ferritin` reads it back to the same value.
        """
        return f"{self.relation.value}{_plain(self.value)}"


def parse_ferritin(given: str | float) -> Ferritin:
    """Ferritin as given by a person or a table, in ng/mL.

    Parameters
    ----------
    given
        A number of ng/mL, or text: an optional ``<`` or ``>``, the number, an optional unit
        (``ng/mL``, ``µg/L``, ``ug/L``, ``mcg/L``).

    Raises
    ------
    AmbiguousFerritin
        One separator with three digits after it (``4.420``, ``4,420``).
    FerritinUnit
        Another unit.
    InvalidFerritin
        Not a number; zero, negative or not finite; above `LARGEST_NG_ML`.

    Notes
    -----
    Text is read as follows. No separator: the number. One separator with one, two, or four and
    more digits after it: decimals. Two or more of the same kind between groups of three digits
    (``1,234,567``): thousands. Thousands of one kind and then one decimal sign of the other
    (``4,420.5``): decimals, unless three digits follow it. Powers of ten (``4.4E+03``) are refused:
    a spreadsheet writes them after rounding.
    """
    if isinstance(given, str):
        return _from_text(given)
    value = _from_number(given)
    return Ferritin(_plain(value), value)


def _from_number(given: object) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float | np.integer | np.floating):
        raise TypeError(f"ferritin is text or a number, not {type(given).__name__}")
    try:
        return float(given)
    except OverflowError:
        return math.inf


def _from_text(text: str) -> Ferritin:
    reading = _READING.fullmatch(text) if len(text) <= _LONGEST_TEXT else None
    if reading is None:
        raise InvalidFerritin(text=text, reason=_why_unreadable(text))
    sign, digits, unit = reading.groups()
    if re.match(r"[0-9.,'\u2019]|[eE][+-]?[0-9]", unit):
        raise InvalidFerritin(text=text, reason="it is not one plain number")
    if _NG_ML.fullmatch(unit) is None:
        raise FerritinUnit(text=text, unit=unit)
    return Ferritin(text, _number(digits, sign, text), Relation(sign))


def _number(digits: str, sign: str, text: str) -> float:
    """Value of a run of digits and separators that begins and ends with a digit."""
    separators = re.findall(r"[.,]", digits)
    if not separators:
        return float(digits)
    whole, decimals = re.split(r"[.,](?=[0-9]*$)", digits)
    if len(separators) == 1:
        if len(decimals) == 3:
            readings = (float(whole + decimals), float(f"{whole}.{decimals}"))
            raise AmbiguousFerritin(
                text=text, readings=(sign + _plain(readings[0]), sign + _plain(readings[1]))
            )
        return float(f"{whole}.{decimals}")
    kinds = set(separators)
    if len(kinds) == 1 and _GROUPED.fullmatch(digits):
        return float(re.sub(r"[.,]", "", digits))
    grouped = len(set(separators[:-1])) == 1 and separators[-1] != separators[0]
    if grouped and _GROUPED.fullmatch(whole) and len(decimals) != 3:
        return float(re.sub(r"[.,]", "", whole) + "." + decimals)
    raise InvalidFerritin(text=text, reason="its separators do not make one number")


def _why_impossible(value: float) -> str | None:
    if math.isnan(value):
        return "it is not a number"
    if value <= 0:
        return "ferritin is above zero (below the assay's limit is written `<5`)"
    if value > LARGEST_NG_ML:
        return f"it is above {LARGEST_NG_ML:,.0f} ng/mL, which no ferritin is"
    return None


def _why_unreadable(text: str) -> str:
    if len(text) > _LONGEST_TEXT:
        return f"it is longer than {_LONGEST_TEXT} characters"
    if not text.strip():
        return "it is empty"
    if re.match(r"\s*[<>]?\s*[-\u2212\u2013]\s*[0-9]", text):
        return "ferritin is not negative"
    return "it is not one plain number"


def _plain(value: float) -> str:
    """Shortest decimal that gives `value` back, never with exactly three decimals."""
    if not math.isfinite(value):
        return str(value)
    text = np.format_float_positional(value, trim="-")
    decimals = text.partition(".")[2]
    return f"{text}0" if len(decimals) == 3 else text


def _shown(text: str) -> str:
    """`text` as it may stand in a sentence: one line, not endless."""
    short = text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
    return repr(short)
