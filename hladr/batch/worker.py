"""What a worker does: read the files of some samples, measure, and send small texts back."""

import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from calibration import CalibrationError, StandardCurve
from hladr.analysis import curve_of, measure
from hladr.batch.chunk import Chunk, Done, FileFacts, Job, Measured
from hladr.batch.kept import KeptCurve, Refused, text_of
from hladr.batch.location import StoreUnknown, read_table
from hladr.batch.recipe import Beads, Recipe
from hladr.bead_run import BeadRun
from hladr.bead_runs import BeadRuns
from hladr.errors import HladrError
from hladr.fcs import EventTable
from hladr.fcs.errors import FileUnreadable
from hladr.panel import find_panel

# What another try may mend: the disk, the net, memory, an installation.
_PASSING = (FileUnreadable, StoreUnknown)
Refusal = HladrError | CalibrationError


def measure_chunk(chunk: Chunk) -> Done:
    """Measure some samples; whatever is wrong with one of them, the others are measured."""
    curves = _Curves()
    measured: list[Measured] = []
    for _recipe, jobs in groupby(chunk, key=lambda job: job.recipe):
        measured += _measured_together(tuple(jobs), curves)
    return Done(tuple(measured), curves.kept())


class _Curves:
    """Curves that samples were measured by, each written once."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[StandardCurve, KeptCurve]] = {}  # held, so that no id is reused

    def sha256(self, curve: StandardCurve) -> str:
        """Keep a curve; its hash."""
        if id(curve) not in self._kept:
            self._kept[id(curve)] = curve, KeptCurve.of(curve)
        return self._kept[id(curve)][1].sha256

    def kept(self) -> tuple[KeptCurve, ...]:
        """All of them."""
        return tuple({kept.sha256: kept for _, kept in self._kept.values()}.values())


def _measured_together(jobs: Chunk, curves: _Curves) -> Iterator[Measured]:
    recipe = jobs[0].recipe
    calibration = _calibration(recipe)
    for job in jobs:
        yield _measured(job, calibration, curves)


@dataclass(frozen=True, slots=True, eq=False)
class _Saved:
    """A saved curve, which is the same for every sample."""

    curve: StandardCurve
    facts: None = None

    def of(self, _sample: EventTable) -> StandardCurve:
        return self.curve


@dataclass(frozen=True, slots=True, eq=False)
class _Tube:
    """A bead tube that was read."""

    runs: BeadRuns
    facts: FileFacts

    def of(self, sample: EventTable) -> BeadRun:
        return self.runs.of(sample)


@dataclass(frozen=True, slots=True, eq=False)
class _Unreadable:
    """A bead tube that could not be read: every sample on it is refused for this reason."""

    error: Refusal
    facts: None = None

    def of(self, _sample: EventTable) -> BeadRun:
        raise self.error


_Calibration = _Saved | _Tube | _Unreadable


def _calibration(recipe: Recipe) -> _Calibration:
    given = recipe.calibration
    if not isinstance(given, Beads):
        return _Saved(given)
    try:
        table = read_table(given.location)
        facts = FileFacts(table.name, table.sha256)
    except HladrError as error:
        return _Unreadable(error.about(given.location))
    return _Tube(BeadRuns(table, given.lot, recipe.assay), facts)


def _measured(job: Job, calibration: _Calibration, curves: _Curves) -> Measured:
    try:
        table = read_table(job.sample)
    except HladrError as error:
        return _refused(job, None, calibration, error, holds=False)
    except Exception as error:  # noqa: BLE001 - a bug in one sample must not cost the others
        return _failed(job, calibration, error)
    try:
        return _of_table(job, table, calibration, curves)
    except (HladrError, CalibrationError) as error:
        passing = isinstance(error, _PASSING) or isinstance(calibration, _Unreadable)
        return _refused(job, table, calibration, error, holds=not passing)
    except Exception as error:  # noqa: BLE001 - likewise
        return _failed(job, calibration, error)


def _of_table(job: Job, table: EventTable, calibration: _Calibration, curves: _Curves) -> Measured:
    recipe = job.recipe
    panel = find_panel(table, recipe.assay)
    made = calibration.of(table)
    drawn = None if recipe.gates is None else recipe.gates.gates_for(table, recipe.population)
    _run, measurement = measure(table, panel, made, recipe.assay, drawn)
    curve, text = curves.sha256(curve_of(made)), text_of(measurement)
    facts = FileFacts(table.name, table.sha256)
    return Measured(job.place, facts, calibration.facts, text, curve, holds=True)


def _refused(
    job: Job, table: EventTable | None, calibration: _Calibration, error: Refusal, *, holds: bool
) -> Measured:
    facts = FileFacts(table.name, table.sha256) if holds and table is not None else None
    text = text_of(Refused(error.code, str(error)))
    return Measured(job.place, facts, calibration.facts, text, None, holds)


def _failed(job: Job, calibration: _Calibration, error: Exception) -> Measured:
    traceback.print_exception(error)
    text = text_of(Refused("INTERNAL_ERROR", f"{type(error).__name__}: {error}"))
    return Measured(job.place, None, calibration.facts, text, None, holds=False)
