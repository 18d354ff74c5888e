"""How a result was measured, drawn from its files once more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from calibration.errors import CalibrationError
from hladr.bead_run import BeadRun
from hladr.errors import HladrError
from hladr.version import ALGORITHM
from service.analyses.again import again_of
from service.analyses.files_whole import files_of, require_files
from service.archive.archive import FileDamaged, FileLost
from service.errors import ServiceError
from service.laboratory import Laboratory
from service.measuring.apart import GateFileHarmful
from service.measuring.layout import Layout
from service.store.analysis import Analysis
from service.store.database import DatabaseUnavailable


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures and tables of a report by their names, as HTML of our own making."""

    html: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NoFigures:
    """That there are none, and why.

    Parameters
    ----------
    refused
        What keeps a measured number from being drawn; None where there is nothing to draw.
    """

    why: str
    refused: ServiceError | None = None


class NumberNotReproduced(ServiceError):
    """The software that is installed does not give a stored number again."""

    code: ClassVar[str] = "NUMBER_NOT_REPRODUCED"
    status: ClassVar[int] = 409

    def __init__(self) -> None:
        super().__init__(
            "expected a number that the software that is installed gives again, found one that it "
            "does not. Recalculate it and sign the new version, or sign it as rejected."
        )


def figures_of(
    laboratory: Laboratory, analysis: Analysis, layout: Layout = Layout.REPORT
) -> Figures | NoFigures:
    """Draw how a version was measured: by its files, its curve and its gates.

    They are drawn if the number comes out as it was stored, to the last digit; else it is said
    why there are none.

    Raises
    ------
    DatabaseUnavailable
    """
    stored = analysis.outcome.result
    if stored is None:
        return NoFigures("Nothing was measured.")
    try:
        with laboratory.database.reading() as connection:
            files = files_of(connection, analysis)
        require_files(laboratory.archive, files)  # also beads whose curve is at hand
        drawn = laboratory.turns.take(lambda: _drawn(laboratory, analysis, layout))
    except (FileLost, FileDamaged) as error:
        return NoFigures("A file that the figures are drawn from is lost or damaged.", error)
    except GateFileHarmful as error:  # a busy machine is as slow with gates that are none
        return NoFigures("Not drawn: its gates took too long this time. Load the page anew.", error)
    except DatabaseUnavailable:
        raise  # the number may well come out again
    except (HladrError, CalibrationError, ServiceError):
        return _not_reproduced(stored)
    if drawn is None:
        return NoFigures(
            "Not drawn: the software that is installed does not give the line of the beads again. "
            "The number stands as it was stored.",
            NumberNotReproduced(),
        )
    result, html = drawn
    return Figures(html) if _same(result, stored) else _not_reproduced(stored)


def _drawn(
    laboratory: Laboratory, analysis: Analysis, layout: Layout
) -> tuple[Mapping[str, Any], Mapping[str, str]] | None:
    """Measure and draw once more; None where the beads would be missing, so nobody saw them."""
    again = again_of(laboratory, analysis)
    return again.with_figures(layout) if isinstance(again.curve, BeadRun) else None


def _same(result: Mapping[str, Any], stored: Mapping[str, Any]) -> bool:
    """Whether two results say the same; that the software was built anew is no difference."""
    return {**result, "software": None} == {**stored, "software": None}


def _not_reproduced(stored: Mapping[str, Any]) -> NoFigures:
    then = stored["software"]["algorithm"]
    why = (
        "Not drawn: the software that is installed does not give this number again (it measures "
        f"by algorithm {ALGORITHM}, this result by algorithm {then}). The number stands as it was "
        "stored."
    )
    return NoFigures(why, NumberNotReproduced())
