"""One analysis measured again, in a process of its own: files and texts in, texts out."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from calibration.errors import CalibrationError
from calibration.lot import BeadLot
from calibration.record import curve_to_dict
from hladr.assay.parsing import parse_assay
from hladr.bead_run import BeadRun, calibrate_beads
from hladr.context import Context
from hladr.criterion.parsing import parse_criterion
from hladr.errors import HladrError
from service.measuring.apart import ApartOrder, Drawn, measured_apart
from service.measuring.gates_read import archived_here
from service.measuring.kept import KeptSample
from service.measuring.measuring import Question, measured
from service.measuring.opened import opened_whole


@dataclass(frozen=True, slots=True)
class Work:
    """What one analysis is measured from.

    Parameters
    ----------
    sample, beads
        Path and name of the files.
    assay, criterion
        The definitions, as they are kept.
    """

    sample: tuple[str, str]
    beads: tuple[str, str]
    lot: BeadLot
    assay: str
    criterion: str
    ferritin_ng_ml: str | None
    context: Context
    gates: tuple[str, str | None] | None


@dataclass(frozen=True, slots=True)
class Found:
    """What came out: the curve and the result as JSON has them."""

    curve: Mapping[str, Any]
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NoNumber:
    """Why nothing came out."""

    code: str
    message: str


def do(work: Work) -> Found | NoNumber:
    """Measure an analysis again; refusals come back as what they say."""
    try:
        return _found(work)
    except (HladrError, CalibrationError) as error:
        return NoNumber(error.code, str(error))


def _found(work: Work) -> Found:
    assay = parse_assay(work.assay.encode(), source="assay")
    criterion = parse_criterion(work.criterion.encode(), file="criterion")
    run = _calibrated(work.beads, work.lot, work.assay)
    question = Question(assay, criterion, work.ferritin_ng_ml, work.context)
    path, name = Path(work.sample[0]), work.sample[1]
    if work.gates is None:
        result = measured(opened_whole(path, name), run, question)
    else:
        drawn = Drawn(Path(work.gates[0]), "gates", work.gates[1])
        texts = work.assay, work.criterion
        result = _by_drawn(ApartOrder((path, name), run, question, texts, drawn))
    return Found(curve_to_dict(run.curve), result)


def _by_drawn(order: ApartOrder) -> Mapping[str, Any]:
    """Measure by gates drawn by hand; those of another program are read in a process of its own."""
    own = archived_here(order.drawn.path.name, order.drawn)
    if own is None:
        return measured_apart(order)
    sample = KeptSample.of(opened_whole(*order.sample), order.calibration, order.question.assay)
    return sample.result(own, order.question)


@lru_cache(maxsize=4)
def _calibrated(beads: tuple[str, str], lot: BeadLot, assay: str) -> BeadRun:
    table = opened_whole(Path(beads[0]), beads[1])
    return calibrate_beads(table, lot, assay=parse_assay(assay.encode(), source="assay"))
