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
from service.store.analysis_lists import GatesMade, gates_made
from service.store.calibrations import Calibration
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


def _spared(gates: GatesMade, leaving: Leaving) -> GatesMade:
    return replace(gates, reason=leaving.others.spared_or_none(gates.reason))


def sources_of(connection: Connection, laboratory: Laboratory, leaving: Leaving) -> Sources:
    """Read what the report of something is made from."""
    outcome = leaving.standing.analysis.outcome
    series = series_of(connection, laboratory, leaving)
    if outcome.calibration is None:
        return Sources(None, None, series)
    calibration = calibrations.at(connection, *outcome.calibration)
    made = calibration.outcome
    assay = definitions.by_sha256(connection, str(outcome.assay_sha256))
    measured = Measured(
        assay_of(assay),
        calibration,
        INSTRUMENTS.at(connection, *made.instrument).content,
        LOTS.at(connection, *made.lot).content,
        _spared(gates_made(connection, leaving.id, leaving.departure.version), leaving),
    )
    criterion = criterion_kept(connection, str(outcome.criterion_sha256))
    return Sources(criterion, measured, series)
