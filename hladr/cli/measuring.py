"""Many samples, one after the other: each measured or refused, none of them lost."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from calibration import CalibrationError, StandardCurve
from hladr.analysis import quantify
from hladr.assay import AssayDefinition, load_assay
from hladr.bead_run import BeadRun, read_beads
from hladr.bead_runs import BeadRuns
from hladr.cli.beside import Folders, write_beside
from hladr.cli.card import refusal_card, result_card
from hladr.cli.errors import SAMPLE
from hladr.cli.failure import (
    REFUSED_OR_REJECTED,
    as_refusal,
    exit_status,
    require_file,
    say_refused,
)
from hladr.cli.option import TextJsonOrCsv
from hladr.cli.output import Write
from hladr.cli.printable import printable_line
from hladr.cli.progress import watched
from hladr.criterion import Criterion, Quantity, load_criterion
from hladr.csv_text import csv_line, csv_row
from hladr.curve_file import read_curve
from hladr.drawn.source import GateSource
from hladr.errors import HladrError
from hladr.fcs import EventTable, read_fcs
from hladr.lot_file import read_lot
from hladr.result import AbcResult, Verdict
from hladr.result_json import error_to_dict
from hladr.result_row import COLUMNS, result_row

Outcome = AbcResult | CalibrationError | HladrError
CurveOf = Callable[[EventTable], BeadRun | StandardCurve]


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
    folders: Folders
    dataset: int | None

    @property
    def files(self) -> tuple[Path, ...]:
        """The input files that are not samples."""
        named = (self.beads, self.curve, self.lot, self.assay, self.gates, self.criterion)
        return tuple(Path(name) for name in named if name is not None)


@dataclass(frozen=True, slots=True)
class Session:
    """What was asked for, read and checked once."""

    assay: AssayDefinition
    gates: GateSource | None
    population: str | None
    criterion: Criterion
    curve_of: CurveOf
    ferritin: str | None
    folders: Folders
    dataset: int | None


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
    if form is TextJsonOrCsv.CSV:
        write = _shown_by(write) if results_on_screen else write
        write(csv_line(COLUMNS))
    try:
        session = open_session(request)
    except Exception as error:  # noqa: BLE001 - then every sample is refused for this reason
        refusal = as_refusal(error)
        say_refused(refusal)
        for sample in samples:
            write(_refused_text(sample, refusal, form))
        return exit_status(refusal)
    status = 0
    said: set[int] = set()
    for sample in watched(samples, results_on_screen=results_on_screen):
        outcome = _measured(sample, session)
        if isinstance(outcome, AbcResult):
            beside = write_beside(outcome, sample, session.folders, session.dataset)
            write(_result_text(sample, outcome, session.criterion, form))
            status = max(status, _status(outcome, strict=strict), beside)
            continue
        if id(outcome) not in said:  # beads that are refused are refused once, aloud
            say_refused(outcome, subject=sample.name)
            said.add(id(outcome))
        write(_refused_text(sample, outcome, form))
        status = max(status, exit_status(outcome))
    return status


def open_session(request: Request) -> Session:
    """Definitions, and the curve or the beads with their lot.

    Raises
    ------
    HladrError, CalibrationError
        One of them cannot be used.
    """
    assay = load_assay(request.assay)
    return Session(
        assay=assay,
        gates=_gates(request.gates),
        population=request.population,
        criterion=load_criterion(request.criterion or assay.criterion),
        curve_of=_curve_of(request, assay),
        ferritin=request.ferritin,
        folders=request.folders,
        dataset=request.dataset,
    )


def _gates(path: Path | None) -> GateSource | None:
    if path is None:
        return None
    require_file(path, "gates")
    return GateSource.of(path)


def _curve_of(request: Request, assay: AssayDefinition) -> CurveOf:
    if request.curve is not None:
        require_file(request.curve, "saved curve")
        curve = read_curve(request.curve)
        return lambda _: curve
    if request.beads is None or request.lot is None:
        raise TypeError("neither a curve nor beads with their lot")
    require_file(request.beads, "bead file")
    return BeadRuns(read_beads(request.beads), read_lot(request.lot), assay).of


def _shown_by(write: Write) -> Write:
    """Writer of lines to a terminal: a file name may hold what it would obey."""
    return lambda line: write(printable_line(line))


def _measured(sample: Path, session: Session) -> Outcome:
    try:
        require_file(sample, SAMPLE)
        table = read_fcs(sample, dataset=session.dataset)
        table.begin_sha256()
        return quantify(
            table,
            curve=session.curve_of(table),
            assay=session.assay,
            gates=session.gates,
            population=session.population,
            criterion=session.criterion,
            ferritin_ng_ml=session.ferritin,
        )
    except Exception as error:  # noqa: BLE001 - the others still run; a bug is shown as one
        return as_refusal(error)


def _result_text(sample: Path, result: AbcResult, criterion: Criterion, form: TextJsonOrCsv) -> str:
    match form:
        case TextJsonOrCsv.TEXT:
            card = result_card(str(sample), result, criterion.cutoffs(Quantity.ABC))
            return "\n".join(card) + "\n"
        case TextJsonOrCsv.JSON:
            return json.dumps(result.to_dict(), allow_nan=False) + "\n"
        case TextJsonOrCsv.CSV:
            return csv_row(COLUMNS, result_row(str(sample), result.to_dict()))


def _refused_text(sample: Path, error: CalibrationError | HladrError, form: TextJsonOrCsv) -> str:
    match form:
        case TextJsonOrCsv.TEXT:
            return "\n".join(refusal_card(str(sample), error.code)) + "\n"
        case TextJsonOrCsv.JSON:
            return json.dumps(error_to_dict(sample.name, error)) + "\n"
        case TextJsonOrCsv.CSV:
            record = error_to_dict(sample.name, error)
            return csv_row(COLUMNS, result_row(str(sample), record))


def _status(result: AbcResult, *, strict: bool) -> int:
    accepted = {Verdict.PASS} if strict else {Verdict.PASS, Verdict.REVIEW}
    return 0 if result.verdict in accepted else REFUSED_OR_REJECTED
