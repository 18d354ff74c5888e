"""How a result was measured, drawn from its files once more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calibration.errors import CalibrationError
from hladr.errors import HladrError
from hladr.version import ALGORITHM
from service.analyses.analysing import Gates, gates_of, rules_of
from service.archive.archive import FileDamaged, FileLost
from service.errors import ServiceError
from service.laboratory import Laboratory
from service.measuring.apart import Drawn, figures_apart
from service.measuring.measuring import Question, measured_with_figures
from service.measuring.opened import opened_whole
from service.store import calibrations
from service.store.analysis import Analysis
from service.store.calibrations import Calibration


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures and tables of a report, as HTML of our own making."""

    html: str


@dataclass(frozen=True, slots=True)
class NoFigures:
    """That there are none, and why."""

    why: str


def figures_of(
    laboratory: Laboratory, analysis: Analysis, context: Question
) -> Figures | NoFigures:
    """Draw how a version was measured: by its files, its curve and its gates.

    They are drawn if the number comes out as it was stored, to the last digit; else the report says
    why there are none.
    """
    stored = analysis.outcome.result
    if stored is None or analysis.tube.file is None or analysis.outcome.calibration is None:
        return NoFigures("Nothing was measured.")
    with laboratory.database.reading() as connection:
        calibration = calibrations.at(connection, *analysis.outcome.calibration)
    try:
        result, html = laboratory.turns.take(
            lambda: _drawn(laboratory, analysis, calibration, context)
        )
    except (FileLost, FileDamaged):
        return NoFigures("A file that the figures are drawn from is lost or damaged.")
    except (HladrError, CalibrationError, ServiceError):
        return NoFigures(_otherwise(stored))
    return Figures(html) if _same(result, stored) else NoFigures(_otherwise(stored))


def _drawn(
    laboratory: Laboratory, analysis: Analysis, calibration: Calibration, question: Question
) -> tuple[Mapping[str, Any], str]:
    if analysis.tube.file is None:
        raise ValueError("nothing was measured")
    sha256, name = analysis.tube.file
    path, gates = laboratory.archive.path(sha256), gates_of(laboratory, analysis)
    bead_file = calibration.file_sha256, calibration.file_name
    curve = laboratory.curves.of(bead_file, calibration.curve, question.assay)
    if gates is None:
        return measured_with_figures(opened_whole(path, name), curve, question)
    rules = rules_of(laboratory, analysis)
    beads = laboratory.archive.path(calibration.file_sha256), calibration.file_name
    texts = rules.assay.content, rules.criterion.content
    return figures_apart((path, name), curve, question, texts, _by_hand(gates), beads)


def _by_hand(gates: Gates) -> Drawn:
    return Drawn(gates.path, gates.name, gates.population)


def _same(result: Mapping[str, Any], stored: Mapping[str, Any]) -> bool:
    """Whether two results say the same; that the software was built anew is no difference."""
    return {**result, "software": None} == {**stored, "software": None}


def _otherwise(stored: Mapping[str, Any]) -> str:
    then = stored["software"]["algorithm"]
    return (
        "Not drawn: the software that is installed does not give this number again (it measures "
        f"by algorithm {ALGORITHM}, this result by algorithm {then}). The number stands as it was "
        "signed."
    )
