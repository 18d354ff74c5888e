"""What a worker does: read the files of some samples, measure, and send small texts back."""

import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from calibration import CalibrationError, StandardCurve
from hladr.analysis import curve_of, measure
from hladr.batch.chunk import Chunk, Done, FileFacts, Job, Measured, made_by
from hladr.batch.kept import KeptCurve, Refused, text_of
from hladr.batch.location import (
    FileChanged,
    Fingerprint,
    StoreUnknown,
    announce,
    fingerprint,
    read_table,
    require_unchanged,
)
from hladr.batch.recipe import Beads, Recipe
from hladr.bead_run import BeadRun
from hladr.bead_runs import BeadRuns
from hladr.errors import HladrError
from hladr.fcs import EventTable
from hladr.fcs.errors import FileShortened, FileUnreadable
from hladr.panel import find_panel

# What another try may mend: the disk, the net, memory, an installation.
_PASSING = (FileChanged, FileShortened, FileUnreadable, StoreUnknown)
Refusal = HladrError | CalibrationError


def measure_chunk(chunk: Chunk) -> Done:
    """Measure some samples; whatever is wrong with one of them, the others are measured."""
    curves = _Curves()
    measured: list[Measured] = []
    for _recipe, jobs in groupby(chunk, key=lambda job: job.recipe):
        measured += _measured_together(tuple(jobs), curves)
    return Done(tuple(measured), curves.kept(), made_by())


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
    for job, following in pairwise((*jobs, None)):
        if following is not None:
            announce(following.sample)
        if job is not None:
            yield _measured(job, calibration, curves)


@dataclass(frozen=True, slots=True, eq=False)
class _Saved:
    """A saved curve, which is the same for every sample."""

    curve: StandardCurve
    facts: None = None

    def of(self, _sample: EventTable) -> StandardCurve:
        return self.curve

    def require_unchanged(self) -> None:
        """It is in memory."""


@dataclass(frozen=True, slots=True, eq=False)
class _Tube:
    """A bead tube that was read."""

    location: str
    runs: BeadRuns
    facts: FileFacts

    def of(self, sample: EventTable) -> BeadRun:
        return self.runs.of(sample)

    def require_unchanged(self) -> None:
        require_unchanged(self.location, self.facts.state)


@dataclass(frozen=True, slots=True, eq=False)
class _Unreadable:
    """A bead tube that could not be read: every sample on it is refused for this reason."""

    error: Exception
    facts: None = None

    def of(self, _sample: EventTable) -> BeadRun:
        raise self.error

    def require_unchanged(self) -> None:
        """It was not read."""


_Calibration = _Saved | _Tube | _Unreadable
_last: tuple[tuple[str, Fingerprint, str], _Tube] | None = None
"""The bead tube of the samples before: the next chunk often goes on with it.

Workers of a cluster may have several threads: it is looked at once, and replaced as a whole.
"""


def _calibration(recipe: Recipe) -> _Calibration:
    global _last  # noqa: PLW0603 - what a process keeps between two chunks
    given = recipe.calibration
    if not isinstance(given, Beads):
        return _Saved(given)
    try:
        state = fingerprint(given.location)
        key = (given.location, state, recipe.digest)
        last = _last
        if last is not None and last[0] == key:
            return last[1]
        table = read_table(given.location)
        facts = FileFacts(table.name, table.sha256, state)
        runs = BeadRuns(table, given.lot, recipe.assay)
        tube = _Tube(given.location, runs, facts)
    except HladrError as error:
        return _Unreadable(error.about(given.location))
    except Exception as error:  # noqa: BLE001 - a bug over beads is one of their samples, no more
        return _Unreadable(error)
    _last = key, tube
    return tube


def _measured(job: Job, calibration: _Calibration, curves: _Curves) -> Measured:
    facts = None
    try:
        state = fingerprint(job.sample)
        table = read_table(job.sample)
        text, curve = _of_table(job, table, calibration, curves)
        facts = FileFacts(table.name, table.sha256, state)
        require_unchanged(job.sample, state)
        calibration.require_unchanged()
    except (HladrError, CalibrationError) as error:
        return _refused(job, calibration, error)
    except Exception as error:  # noqa: BLE001 - a bug in one sample must not cost the others
        traceback.print_exception(error)
        failed = text_of(Refused("INTERNAL_ERROR", f"{type(error).__name__}: {error}"))
        return Measured(job.place, None, calibration.facts, failed, None, holds=False)
    return Measured(job.place, facts, calibration.facts, text, curve, holds=True)


def _of_table(
    job: Job, table: EventTable, calibration: _Calibration, curves: _Curves
) -> tuple[str, str]:
    """Text of the measurement, and the hash of its curve."""
    recipe = job.recipe
    panel = find_panel(table, recipe.assay)
    made = calibration.of(table)
    drawn = None if recipe.gates is None else recipe.gates.gates_for(table, recipe.population)
    _run, measurement = measure(table, panel, made, recipe.assay, drawn)
    return text_of(measurement), curves.sha256(curve_of(made))


def _refused(job: Job, calibration: _Calibration, error: Refusal) -> Measured:
    """A refusal; it holds if the content of files that are as they were gives it."""
    text, facts = text_of(Refused(error.code, str(error))), None
    if not isinstance(error, _PASSING) and not isinstance(calibration, _Unreadable):
        facts = _facts_of(job.sample)
    return Measured(job.place, facts, calibration.facts, text, None, holds=facts is not None)


def _facts_of(location: str) -> FileFacts | None:
    """Name, hash and state of a file that can be read; None where it cannot, or changes."""
    try:
        state = fingerprint(location)
        table = read_table(location)
        facts = FileFacts(table.name, table.sha256, state)
        require_unchanged(location, state)
    except HladrError:
        return None
    return facts
