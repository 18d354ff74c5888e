"""Everything `calibration` raises on purpose.

CalibrationError
├── LotError                 the bead lot's assigned values cannot be used
│   ├── InvalidLot
│   └── LevelCountMismatch
├── PeakError                the bead populations cannot be used
│   ├── BeadPeaksNotFound
│   └── TooFewLevels
├── ControlError             what is charted over time cannot be used
│   ├── InvalidControlRecord
│   ├── BaselineTooShort
│   ├── BaselineMixesEpochs
│   └── TooFewPairs
└── InvalidCurveRecord       a saved curve is not what this package wrote
"""

from typing import Any, ClassVar, Self

from calibration.number_text import scale_text


class CalibrationError(Exception):
    """Root of everything `calibration` raises on purpose.

    A leaf keeps its facts as attributes and writes its own sentence. `file` is the file it is
    about, None where the caller gave no file.
    """

    code: ClassVar[str] = "CALIBRATION_ERROR"
    file: str | None = None

    def about(self, file: str) -> Self:
        """Return the same error with the file it is about, named before its sentence."""
        named = type(self).__new__(type(self), f"{file}: {self}")
        named.__dict__.update(self.__dict__, file=file)
        return named

    def __reduce__(self) -> tuple[Any, ...]:
        """Survive the way out of a worker process, facts included."""
        return _revive, (type(self), self.args, self.__dict__)


def _revive(
    kind: type[CalibrationError], args: tuple[str, ...], facts: dict[str, object]
) -> CalibrationError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(facts)
    return error


class LotError(CalibrationError):
    """The bead lot's assigned values cannot be used."""

    code: ClassVar[str] = "LOT_ERROR"


class InvalidLot(LotError):
    """What was written as a bead lot is none."""

    code: ClassVar[str] = "INVALID_LOT"

    def __init__(self, *, field: str, expected: str, found: object) -> None:
        self.field, self.expected, self.found = field, expected, found
        super().__init__(
            f"bead lot, {field}: expected {expected}, found {_shown(found)}. "
            "Copy the values from the flyer of the lot, dimmest first, "
            "'blank' for a level without a value."
        )


class LevelCountMismatch(LotError):
    """The lot has another number of levels than the beads have populations."""

    code: ClassVar[str] = "LEVEL_COUNT_MISMATCH"

    def __init__(self, *, levels: int, peaks: int, positions: tuple[float, ...]) -> None:
        self.levels, self.peaks, self.positions = levels, peaks, positions
        found = ", ".join(scale_text(position) for position in positions)
        super().__init__(
            f"the lot has {levels} levels, the beads show {peaks} peaks (at {found}), and which "
            "peak is which level cannot be told. Check that the lot belongs to these beads, that "
            "it states every level ('blank' for one without a value), and that no peak is off "
            "scale."
        )


class PeakError(CalibrationError):
    """The bead populations cannot be used."""

    code: ClassVar[str] = "PEAK_ERROR"


class BeadPeaksNotFound(PeakError):
    """The channel shows no separated bead populations."""

    code: ClassVar[str] = "BEAD_PEAKS_NOT_FOUND"

    def __init__(
        self, *, events: int, peaks: int, share: float, broadest_cv_percent: float | None
    ) -> None:
        self.events, self.peaks, self.share = events, peaks, share
        self.broadest_cv_percent = broadest_cv_percent
        width = (
            "" if broadest_cv_percent is None else f", the broadest CV {broadest_cv_percent:.0f} %"
        )
        counted = "1 peak" if peaks == 1 else f"{peaks} peaks"
        super().__init__(
            "expected two or more narrow, separated bead populations; found "
            f"{counted} holding {100.0 * share:.0f} % of {events} events{width}. "
            "Check that this is the bead tube, the PE channel and the singlet gate."
        )


class TooFewLevels(PeakError):
    """Too few levels can be measured to draw the line through."""

    code: ClassVar[str] = "TOO_FEW_LEVELS"

    def __init__(self, *, levels: int, fitted: int, needed: int) -> None:
        self.levels, self.fitted, self.needed = levels, fitted, needed
        super().__init__(
            f"of {levels} levels with a value only {fitted} could be measured; {needed} are "
            "needed. Set the detector so that every bead stands apart and lies between zero and "
            "the top of the scale, and acquire the beads again."
        )


class InvalidCurveRecord(CalibrationError):
    """A saved curve is not what this package wrote."""

    code: ClassVar[str] = "INVALID_CURVE_RECORD"

    def __init__(self, *, field: str, expected: str, found: object) -> None:
        self.field, self.expected, self.found = field, expected, found
        super().__init__(
            f"saved curve, {field}: expected {expected}, found {found!r}. "
            "Use the file as it was saved, or calibrate again from the bead file."
        )


class ControlError(CalibrationError):
    """What is charted over time cannot be used."""

    code: ClassVar[str] = "CONTROL_ERROR"


class InvalidControlRecord(ControlError):
    """A run, a quantity, a baseline or a rule is not what a chart is made of."""

    code: ClassVar[str] = "INVALID_CONTROL_RECORD"

    def __init__(self, *, field: str, expected: str, found: object) -> None:
        self.field, self.expected, self.found = field, expected, found
        super().__init__(
            f"control over time, {field}: expected {expected}, found {found!r}. Correct the "
            "record before the runs are judged by it."
        )


class BaselineTooShort(ControlError):
    """Too few runs of the window have a value."""

    code: ClassVar[str] = "BASELINE_TOO_SHORT"

    def __init__(self, *, quantity: str, runs: int, found: int, needed: int) -> None:
        self.quantity, self.runs, self.found, self.needed = quantity, runs, found, needed
        super().__init__(
            f"baseline of {quantity}: expected at least {needed} runs with a value, found {found} "
            f"in a window of {runs}. Lock a longer window, or set mean and SD by hand."
        )


class BaselineMixesEpochs(ControlError):
    """The window holds runs of several lots, or from before and after a service."""

    code: ClassVar[str] = "BASELINE_MIXES_EPOCHS"

    def __init__(self, *, quantity: str, epochs: tuple[str, ...]) -> None:
        self.quantity, self.epochs = quantity, epochs
        super().__init__(
            f"baseline of {quantity}: expected runs of one lot and between two services, found "
            f"{'; '.join(epochs)}. Lock a window on one side of the change."
        )


class TooFewPairs(ControlError):
    """Two lots were run side by side too rarely to say how sure their difference is."""

    code: ClassVar[str] = "BRIDGING_TOO_FEW_PAIRS"

    def __init__(self, *, found: int, needed: int) -> None:
        self.found, self.needed = found, needed
        super().__init__(
            f"bridging of two lots: expected at least {needed} pairs, found {found}. Run both "
            "lots side by side once more."
        )


def _shown(found: object) -> str:
    try:
        return repr(found)
    except (ValueError, RecursionError):  # thousands of digits, or of tables in one another
        return "what is too long to be shown"
