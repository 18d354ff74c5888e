"""A standard curve on disk: saved once, used for the samples of the day, checked on reading."""

import json
from pathlib import Path
from typing import ClassVar

from calibration.curve import StandardCurve
from calibration.errors import InvalidCurveRecord
from calibration.record import curve_from_dict, curve_to_dict
from hladr.errors import HladrError

LARGEST_CURVE_FILE = 1_048_576
"""Bytes; a curve has some five thousand."""


class CurveFileUnreadable(HladrError):
    """The operating system does not give the file's bytes."""

    code: ClassVar[str] = "CURVE_FILE_UNREADABLE"

    def __init__(self, *, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(
            f"expected a curve saved by hladr calibrate; {path!r} cannot be read: {reason}. "
            "Correct the path, or calibrate again from the bead file."
        )


def curve_text(curve: StandardCurve) -> str:
    """The curve as the text of its file: JSON of schema ``hladr.curve/1``."""
    return json.dumps(curve_to_dict(curve), indent=1, allow_nan=False) + "\n"


def read_curve(path: str | Path) -> StandardCurve:
    """Curve from the file it was saved in.

    Raises
    ------
    CurveFileUnreadable
        There is no such file, or the system does not give it.
    InvalidCurveRecord
        It is not what `curve_text` wrote.
    """
    file = Path(path)
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_CURVE_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CurveFileUnreadable(path=str(file), reason=reason) from error
    if len(content) > LARGEST_CURVE_FILE:
        raise _invalid(f"JSON of at most {LARGEST_CURVE_FILE} bytes", "a larger file")
    try:
        record = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _invalid("JSON as hladr calibrate saved it", "a text that is none") from error
    return curve_from_dict(record)


def _invalid(expected: str, found: str) -> InvalidCurveRecord:
    return InvalidCurveRecord(field="file", expected=expected, found=found)
