"""One item of a recalculation: what it is measured from, and what is stored when it is done."""

import json
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from calibration.record import curve_from_dict
from service.analyses.tube import tube_of
from service.calibrations.fitting import brought
from service.canonical import canonical
from service.definitions import Definitions
from service.laboratory import Laboratory
from service.lots.lot import bead_lot_of
from service.recalculations.wanted import RecalculationWanted
from service.recalculations.work import Found, NoNumber, Work
from service.store import analyses, calibrations, definitions, leases, recalculations
from service.store.analysis import Analysis, Cause, Outcome, State
from service.store.calibrations import Calibration
from service.store.database import Writing
from service.store.definitions import StoredDefinition
from service.store.recalculation import Ending, Item, ItemState
from service.store.versions import LOTS, Version

_REJECTED = (
    "expected a number that may be given, found one that a person signed as rejected. It stays; "
    "draw its gates or describe its tube anew to have it measured."
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An item that was looked at: what it is now, and what it is measured from."""

    item: Item
    reason: str
    analysis: Analysis
    calibration: Calibration
    lot: Version
    assay: StoredDefinition
    criterion: StoredDefinition
    work: Work


def prepared(laboratory: Laboratory, item: Item) -> Prepared:
    """Look at an item as it is now.

    Raises
    ------
    ServiceError
        A file is lost, or a definition unknown.
    """
    with laboratory.database.reading() as connection:
        recalculation = recalculations.by_id(connection, item.recalculation_id)
        wanted = RecalculationWanted.model_validate(recalculation.wanted)
        analysis = analyses.current(connection, item.analysis_id)
        outcome = analysis.outcome
        if outcome.calibration is None or analysis.tube.file is None:
            raise ValueError("nothing was measured")
        calibration = calibrations.current(connection, outcome.calibration[0])
        lot = LOTS.current(connection, calibration.outcome.lot[0])
        assay = definitions.by_sha256(connection, str(outcome.assay_sha256))
        criterion = definitions.by_sha256(connection, str(outcome.criterion_sha256))
    assay, criterion = _named(laboratory.definitions, wanted, (assay, criterion))
    archive, tube = laboratory.archive, tube_of(dict(outcome.tube))
    gates = None
    if outcome.gates_sha256 is not None:
        gates = str(archive.path(outcome.gates_sha256)), outcome.population
    sha256, name = analysis.tube.file
    work = Work(
        sample=(str(archive.path(sha256)), name),
        beads=(str(archive.path(calibration.file_sha256)), calibration.file_name),
        lot=bead_lot_of(lot),
        assay=assay.content,
        criterion=criterion.content,
        ferritin_ng_ml=tube.ferritin_ng_ml,
        context=tube.context,
        gates=gates,
    )
    return Prepared(item, recalculation.reason, analysis, calibration, lot, assay, criterion, work)


def settle(writing: Writing, prepared: Prepared, found: Found | NoNumber) -> ItemState:
    """Store what came out of an item, and end it.

    Raises
    ------
    LeaseLost
    VersionMoved
        The analysis or its lot was changed in the meantime: look at it again.
    """
    if is_rejected(writing.connection, prepared.item):
        return pass_over(writing, prepared.item)
    if isinstance(found, NoNumber):
        return refuse(writing, prepared.item, found)
    calibration = brought(
        writing,
        prepared.calibration.id,
        prepared.lot,
        prepared.assay,
        curve_from_dict(json.loads(canonical(found.curve))),
        prepared.reason,
    )
    outcome = replace(
        prepared.analysis.outcome,
        cause=Cause.RECALCULATED,
        calibration=(calibration.id, calibration.version),
        assay_sha256=prepared.assay.sha256,
        criterion_sha256=prepared.criterion.sha256,
        result=found.result,
    )
    ending = _ending(writing, prepared, outcome)
    leases.finish(writing, prepared.item, ending)
    return ending.state


def refuse(writing: Writing, item: Item, reason: NoNumber) -> ItemState:
    """End an item that gives no number any more; the version that there is stays.

    Raises
    ------
    LeaseLost
    """
    ending = Ending(ItemState.REFUSED, None, reason.code, reason.message)
    leases.finish(writing, item, ending)
    return ending.state


def is_rejected(connection: Connection, item: Item) -> bool:
    """Whether a person signed the analysis of an item as rejected, as it is now."""
    return analyses.current(connection, item.analysis_id).state is State.REJECTED


def pass_over(writing: Writing, item: Item) -> ItemState:
    """End an item that a person signed as rejected.

    What a person said no to does not come back as an open number.

    Raises
    ------
    LeaseLost
    """
    ending = Ending(ItemState.SAME, None, "REJECTED_BY_PERSON", _REJECTED)
    leases.finish(writing, item, ending)
    return ending.state


def _ending(writing: Writing, prepared: Prepared, outcome: Outcome) -> Ending:
    before = prepared.analysis
    if canonical(outcome.result) == canonical(before.outcome.result):
        return Ending(ItemState.SAME)
    definitions.keep(writing, prepared.assay)
    definitions.keep(writing, prepared.criterion)
    made = analyses.change(writing, before, before.tube, outcome, prepared.reason)
    return Ending(ItemState.DONE, made.version)


def _named(
    known: Definitions,
    wanted: RecalculationWanted,
    before: tuple[StoredDefinition, StoredDefinition],
) -> tuple[StoredDefinition, StoredDefinition]:
    assay, criterion = before
    if wanted.assay is not None:
        found, assay = known.assay(wanted.assay)
        if wanted.criterion is None and criterion.name != found.criterion:
            _, criterion = known.criterion(found.criterion)
    if wanted.criterion is not None:
        _, criterion = known.criterion(wanted.criterion)
    return assay, criterion
