"""A measurement, or why there is none, as text that is kept: written here, read here.

The text is the same to the last byte wherever it was made, and every row of a result table comes
from it, so that it does not matter when or where a sample was measured.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from calibration.curve import StandardCurve
from calibration.record import curve_from_dict, curve_to_dict
from hladr.measurement import Measurement

if TYPE_CHECKING:
    from pydantic import TypeAdapter


FORM = 2
"""Of the kept text; raised when `hladr.measurement.Measurement` changes, be it in a last digit."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why no number exists."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class KeptCurve:
    """A standard curve as text, and the SHA-256 it goes by."""

    sha256: str
    text: str

    @classmethod
    def of(cls, curve: StandardCurve) -> "KeptCurve":
        """Return the text of a curve."""
        text = json.dumps(curve_to_dict(curve), allow_nan=False, sort_keys=True)
        return cls(_sha256(text), text)

    @property
    def whole(self) -> bool:
        """Whether the text is what the hash says."""
        return _sha256(self.text) == self.sha256

    def read(self) -> StandardCurve:
        """Return the curve again, the same to the last bit."""
        return curve_from_dict(json.loads(self.text))


def text_of(outcome: Measurement | Refused) -> str:
    """Return an outcome as JSON; NaN and infinities as JavaScript writes them."""
    return _adapter().dump_json(outcome).decode()


def outcome_of(text: str) -> Measurement | Refused:
    """Return an outcome from its text.

    Raises
    ------
    ValueError
        It is not what `text_of` wrote.
    """
    outcome: Measurement | Refused = _adapter().validate_json(text, strict=True)
    return outcome


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _adapter() -> "TypeAdapter[Any]":
    from pydantic import ConfigDict, TypeAdapter

    config = ConfigDict(ser_json_inf_nan="constants")
    return TypeAdapter(Measurement | Refused, config=config)
