"""What a trajectory refuses.

TrajectoryError
├── InvalidResultRecord   not an object of schema ``hladr.result/1``
├── CurveOfOtherResult    the curve that was given is not the one the result rests on
└── MixedSubjects         results of more than one subject
"""

from typing import ClassVar

from hladr.errors import HladrError


class TrajectoryError(HladrError):
    """Root of what a trajectory refuses."""

    code: ClassVar[str] = "TRAJECTORY_ERROR"


class InvalidResultRecord(TrajectoryError):
    """Not a stored result."""

    code: ClassVar[str] = "INVALID_RESULT_RECORD"

    def __init__(self, *, field: str, expected: str, found: object) -> None:
        self.field, self.expected, self.found = field, expected, found
        super().__init__(
            f"stored result, {field}: expected {expected}, found {_shown(found)}; give the object "
            "as hladr wrote it, or measure the sample again"
        )


class CurveOfOtherResult(TrajectoryError):
    """A curve that the result does not rest on: its error would be counted wrongly."""

    code: ClassVar[str] = "CURVE_OF_OTHER_RESULT"

    def __init__(self, *, field: str, result: object, curve: object) -> None:
        self.field, self.result, self.curve = field, result, curve
        super().__init__(
            f"expected the standard curve of the result, whose {field} is {_shown(result)}; the "
            f"curve's is {_shown(curve)}. Give the curve that the sample was measured with."
        )


class MixedSubjects(TrajectoryError):
    """Results of different people have no course."""

    code: ClassVar[str] = "MIXED_SUBJECTS"

    def __init__(self, *, subjects: tuple[str, ...]) -> None:
        self.subjects = subjects
        super().__init__(
            f"expected results of one subject, found {', '.join(map(_shown, subjects))}; "
            "give those of one subject"
        )


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
