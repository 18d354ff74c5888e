"""What `hladr.quantify` makes of one simulated pair, default settings, against its answer."""

import io
import math
from dataclasses import dataclass

import pairs

import hladr
from calibration import CalibrationError
from hladr.criterion import ClassName, Quantity, load_criterion

CRITERION = load_criterion("immunosep-2025")
FERRITIN = 900.0  # ng/mL, below 4420: the class rests on HLA-DR
CUT_OFFS = tuple(each.value for each in CRITERION.cutoffs(Quantity.ABC))
ENTRY = next(each.value for each in CRITERION.class_cutoffs(Quantity.ABC))
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One pair, measured.

    Parameters
    ----------
    truth, abc, low, high
        AB/c: the answer, the number and the bounds of `ci95_analysis`; NaN where there is none. A
        rejected number is judged like any other.
    verdict
        ``pass``, ``review``, ``reject`` or ``refused``.
    code
        The first finding of the verdict's severity, or the refusal; empty on `pass`.
    class_name
        As stated.
    """

    case: str
    seed: int
    truth: float
    abc: float
    low: float
    high: float
    verdict: str
    code: str
    class_name: str

    @property
    def error(self) -> float:
        """Relative error, signed; NaN without a number or an answer."""
        return self.abc / self.truth - 1.0

    @property
    def covered(self) -> bool:
        """Whether the interval holds the answer."""
        return self.low <= self.truth <= self.high

    @property
    def half_width(self) -> float:
        """Half the interval, relative to the number."""
        return (self.high - self.low) / (2.0 * self.abc)

    @property
    def wrong_class(self) -> bool:
        """A class is stated that the answer, more than 10 % from the cut-off, does not have."""
        if self.class_name == ClassName.UNDETERMINED or _near(self.truth, (ENTRY,), 0.10):
            return False
        true_class = ClassName.IMMUNOPARALYSIS if self.truth < ENTRY else ClassName.UNCLASSIFIED
        return self.class_name != true_class

    @property
    def far_pass(self) -> bool:
        """A `pass` with an error above 10 %, or where there is no answer."""
        return self.verdict == "pass" and not abs(self.error) <= 0.10

    @property
    def near_pass(self) -> bool:
        """A `pass` with an error above 5 % where the answer is within 15 % of a cut-off."""
        return (
            self.verdict == "pass" and _near(self.truth, CUT_OFFS, 0.15) and abs(self.error) > 0.05
        )


def measure(simulator: str, case: str, seed: int) -> Outcome:
    """Make one pair and measure it."""
    return measure_pair(case, seed, pairs.make(simulator, case, seed))


def measure_pair(case: str, seed: int, pair: pairs.Pair) -> Outcome:
    """Measure a pair that is there."""
    try:
        result = hladr.quantify(
            io.BytesIO(pair.blood),
            beads=io.BytesIO(pair.beads),
            lot=pair.lot,
            criterion=CRITERION,
            ferritin_ng_ml=FERRITIN,
        )
    except (hladr.HladrError, CalibrationError) as refusal:
        nothing = math.nan
        return Outcome(
            case, seed, pair.truth, nothing, nothing, nothing, REFUSED, refusal.code, "undetermined"
        )
    measured = result.measured
    return Outcome(
        case,
        seed,
        pair.truth,
        measured.abc,
        *measured.ci95_analysis,
        result.verdict.value,
        _first_code(result),
        result.classification.class_name.value,
    )


def _first_code(result: hladr.AbcResult) -> str:
    graver = {"review": "warn", "reject": "reject"}.get(result.verdict.value)
    return next((each.code for each in result.findings if each.severity.value == graver), "")


def _near(value: float, places: tuple[float, ...], distance: float) -> bool:
    return any(abs(value / place - 1.0) <= distance for place in places)
