"""What a report is read from beside what leaves: criterion, calibration, earlier results."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from hladr.assay.definition import AssayDefinition
from hladr.criterion.definition import Criterion
from service.definitions import assay_of, criterion_kept
from service.doors.leaving import Leaving
from service.doors.series import series_of
from service.laboratory import Laboratory
from service.store import calibrations, definitions
from service.store.analysis import Analysis
from service.store.analysis_lists import GatesMade, gates_made
from service.store.calibration import Calibration
from service.store.versions import INSTRUMENTS, LOTS


@dataclass(frozen=True, slots=True)
class Measured:
    """What a number rests on.

    Parameters
    ----------
    instrument, lot
        As the laboratory described them when the curve was made.
    gates
        Where the gates come from.
    """

    assay: AssayDefinition
    calibration: Calibration
    instrument: Mapping[str, Any]
    lot: Mapping[str, Any]
    gates: GatesMade


@dataclass(frozen=True, slots=True)
class Sources:
    """What a report is read from; `criterion` and `measured` are None where nothing was measured.

    Parameters
    ----------
    series
        Results of the subject, this one among them, in the order they were drawn.
    """

    criterion: Criterion | None
    measured: Measured | None
    series: tuple[Leaving, ...]


def sources_of(connection: Connection, laboratory: Laboratory, leaving: Leaving) -> Sources:
    """Read what the report of something is made from."""
    analysis = leaving.standing.analysis
    series = series_of(connection, laboratory, leaving)
    measured = measured_by(connection, analysis)
    if measured is None:
        return Sources(None, None, series)
    criterion = criterion_kept(connection, str(analysis.outcome.criterion_sha256))
    return Sources(criterion, _spared(measured, leaving), series)


def _spared(measured: Measured, leaving: Leaving) -> Measured:
    """Without the reason of gates, where it names another patient."""
    gates = measured.gates
    spared = replace(gates, reason=leaving.others.spared_or_none(gates.reason))
    return replace(measured, gates=spared)


def measured_by(connection: Connection, analysis: Analysis) -> Measured | None:
    """Read what the number of a version rests on; None where nothing was measured."""
    outcome = analysis.outcome
    if outcome.calibration is None:
        return None
    calibration = calibrations.at(connection, *outcome.calibration)
    made = calibration.outcome
    return Measured(
        assay_of(definitions.by_sha256(connection, str(outcome.assay_sha256))),
        calibration,
        INSTRUMENTS.at(connection, *made.instrument).content,
        LOTS.at(connection, *made.lot).content,
        gates_made(connection, analysis.id, analysis.version),
    )
