"""Many samples, one after the other: each measured or refused, none of them lost."""

import functools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from calibration import CalibrationError, StandardCurve
from hladr.analysis import BeadRun, calibrate_beads, quantify
from hladr.assay import load_assay
from hladr.cli.card import refusal_card, result_card
from hladr.cli.failure import (
    REFUSED_OR_REJECTED,
    as_refusal,
    exit_status,
    require_file,
    say,
    say_refused,
)
from hladr.cli.option import TextJsonOrCsv
from hladr.cli.output import Write, refusing_output
from hladr.cli.progress import watched
from hladr.criterion import CutOff, Quantity, load_criterion
from hladr.csv_text import csv_line, csv_row
from hladr.curve_file import read_curve
from hladr.errors import HladrError
from hladr.result import AbcResult, Verdict
from hladr.result_json import error_to_dict
from hladr.result_row import COLUMNS, result_row

Outcome = AbcResult | CalibrationError | HladrError


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for, the same for every sample."""

    beads: Path | None
    lot: str | None
    curve: Path | None
    assay: str
    gates: Path | None
    population: str | None
    criterion: str | None
    ferritin: str | None
    report: Path | None

    @property
    def files(self) -> tuple[Path, ...]:
        """The input files that are not samples."""
        named = (self.beads, self.curve, self.gates, self.lot, self.assay, self.criterion)
        return tuple(Path(name) for name in named if name is not None)


def measure_all(
    samples: Sequence[Path],
    request: Request,
    *,
    form: TextJsonOrCsv,
    strict: bool,
    write: Write,
    results_on_screen: bool,
) -> int:
    """Measure every sample and write each as it is done; the exit status of the whole."""
    measure = _measurer(request)
    if form is TextJsonOrCsv.CSV:
        write(csv_line(COLUMNS))
    status = 0
    for sample in watched(samples, results_on_screen=results_on_screen):
        outcome = measure(sample)
        write(_text(sample, outcome, form, request))
        status = max(status, _status(outcome, strict=strict))
    return status


def _measurer(request: Request) -> Callable[[Path], Outcome]:
    """Function that measures one sample; the beads are calibrated here, once for all samples."""
    try:
        calibration = _calibration(request)
        for name in (request.criterion, load_assay(request.assay).criterion):
            if name is not None:
                load_criterion(name)
    except Exception as error:  # noqa: BLE001 - then every sample is refused for this reason
        refusal = as_refusal(error)
        say_refused(refusal)
        return lambda _: refusal
    return functools.partial(_measure, request=request, calibration=calibration)


def _calibration(request: Request) -> BeadRun | StandardCurve:
    if request.curve is not None:
        require_file(request.curve, "saved curve")
        return read_curve(request.curve)
    if request.beads is None or request.lot is None:
        raise TypeError("neither a curve nor beads with their lot")
    require_file(request.beads, "bead file")
    return calibrate_beads(request.beads, request.lot, assay=request.assay)


def _measure(sample: Path, *, request: Request, calibration: BeadRun | StandardCurve) -> Outcome:
    try:
        require_file(sample, "sample")
        result = quantify(
            sample,
            curve=calibration,
            assay=request.assay,
            gates=request.gates,
            population=request.population,
            criterion=request.criterion,
            ferritin_ng_ml=request.ferritin,
        )
        if request.report is not None:
            _write_report(result, request.report)
    except Exception as error:  # noqa: BLE001 - the others still run; a bug is shown as one
        refusal = as_refusal(error)
        say_refused(refusal, subject=sample.name)
        return refusal
    return result


def _write_report(result: AbcResult, folder: Path) -> None:
    from hladr.report import write

    with refusing_output(folder):
        folder.mkdir(parents=True, exist_ok=True)
        page = write(result, folder)
    say(f"report {page}")


def _text(sample: Path, outcome: Outcome, form: TextJsonOrCsv, request: Request) -> str:
    if form is TextJsonOrCsv.TEXT:
        return "\n".join(_card(sample, outcome, request)) + "\n"
    if isinstance(outcome, AbcResult):
        record = outcome.to_dict()
    else:
        record = error_to_dict(sample.name, outcome)
    if form is TextJsonOrCsv.CSV:
        return csv_row(COLUMNS, result_row(str(sample), record))
    return json.dumps(record, allow_nan=False) + "\n"


def _card(sample: Path, outcome: Outcome, request: Request) -> list[str]:
    if isinstance(outcome, AbcResult):
        return result_card(str(sample), outcome, _cutoffs(request))
    return refusal_card(str(sample), outcome.code)


@functools.cache
def _cutoffs(request: Request) -> tuple[CutOff, ...]:
    name = request.criterion or load_assay(request.assay).criterion
    return load_criterion(name).cutoffs(Quantity.ABC)


def _status(outcome: Outcome, *, strict: bool) -> int:
    if not isinstance(outcome, AbcResult):
        return exit_status(outcome)
    accepted = {Verdict.PASS} if strict else {Verdict.PASS, Verdict.REVIEW}
    return 0 if outcome.verdict in accepted else REFUSED_OR_REJECTED
