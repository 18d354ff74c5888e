"""One sample, measured as `hladr.quantify` measures it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from calibration.curve import StandardCurve
from calibration.errors import CalibrationError
from calibration.lot import BeadLot
from hladr.analysis import quantify
from hladr.assay.definition import AssayDefinition
from hladr.bead_run import BeadRun, calibrate_beads
from hladr.context import Context
from hladr.criterion.definition import Criterion
from hladr.drawn.source import GateSource
from hladr.errors import HladrError
from hladr.fcs import EventTable
from hladr.result import AbcResult
from service.errors import ServiceError
from service.measuring.layout import Layout, drawn


class SampleLooksLikeBeads(ServiceError):
    """A bead tube was sent as blood."""

    code: ClassVar[str] = "SAMPLE_LOOKS_LIKE_BEADS"
    status: ClassVar[int] = 422

    def __init__(self, *, file: str, found: str = "what the bead lot explains") -> None:
        self.file, self.found = file, found
        super().__init__(
            f"{file}: expected stained blood, found {found}: this is a bead tube. Send the blood "
            "file of the subject."
        )


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a sample beside its number."""

    assay: AssayDefinition
    criterion: Criterion
    ferritin_ng_ml: str | None
    context: Context


def measured(
    table: EventTable, calibration: BeadRun | StandardCurve, question: Question
) -> Mapping[str, Any]:
    """Return the result of a sample, schema ``hladr.result/1``.

    Raises
    ------
    HladrError, CalibrationError
        There is no number.
    SampleLooksLikeBeads
        For it is no blood.
    """
    try:
        result = _quantified(table, calibration, question)
    except HladrError:
        if looks_like_beads(table, lot_of(calibration), question.assay):
            raise SampleLooksLikeBeads(file=table.name) from None
        raise
    return result.to_dict()


def measured_with_figures(
    table: EventTable,
    calibration: BeadRun | StandardCurve,
    question: Question,
    layout: Layout,
    gates: tuple[GateSource, str | None] | None = None,
) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """Return the result of a sample, and its figures and tables by their names.

    Parameters
    ----------
    gates
        Drawn by hand, and which of them is meant; None: the automatic gate.

    Raises
    ------
    HladrError, CalibrationError
        There is no number.
    """
    result = _quantified(table, calibration, question, gates)
    return result.to_dict(), drawn(result, layout)


def lot_of(calibration: BeadRun | StandardCurve) -> BeadLot:
    """Return the lot that a sample is calibrated by."""
    return curve_alone(calibration).lot


def curve_alone(calibration: BeadRun | StandardCurve) -> StandardCurve:
    """Return a curve without the beads it was made from."""
    return calibration.curve if isinstance(calibration, BeadRun) else calibration


def looks_like_beads(table: EventTable, lot: BeadLot, assay: AssayDefinition) -> bool:
    """Whether the levels of a bead lot are what a file holds."""
    try:
        return calibrate_beads(table, lot, assay=assay).curve.accepted
    except (CalibrationError, HladrError):
        return False


def _quantified(
    table: EventTable,
    calibration: BeadRun | StandardCurve,
    question: Question,
    gates: tuple[GateSource, str | None] | None = None,
) -> AbcResult:
    source, population = (None, None) if gates is None else gates
    return quantify(
        table,
        gates=source,
        population=population,
        curve=calibration,
        assay=question.assay,
        criterion=question.criterion,
        ferritin_ng_ml=question.ferritin_ng_ml,
        context=question.context,
    )
