"""One item of a recalculation: what it is measured from, and what is stored when it is done."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from calibration.record import curve_from_dict
from service.analyses.analysing import Rules, by_criterion, gates_of, rules_of
from service.analyses.belonging import settled
from service.analyses.tube import Tube, tube_of
from service.calibrations.fitting import Fitted, brought
from service.canonical import canonical
from service.laboratory import Laboratory
from service.lots.lot import bead_lot_of
from service.recalculations.wanted import RecalculationWanted
from service.recalculations.work import Found, NoNumber, Work
from service.store import analyses, calibrations, definitions, leases, recalculations
from service.store.analysis import Analysis, Cause, State
from service.store.calibration import Calibration
from service.store.database import Writing
from service.store.heads import VersionMoved
from service.store.recalculation import Ending, Item, ItemCode, ItemState
from service.store.versions import LOTS, Version

_REJECTED = (
    "expected a number that may be given, found one that a person signed as rejected. It stays; "
    "draw its gates or describe its tube anew to have it measured."
)

_TOO_SLOW = (
    "expected a measurement of seconds, found one that came to no end. The disk that holds the "
    "files may hang; recalculate the analysis again when it answers."
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An item that was looked at: what it is now, and what it is measured from.

    Parameters
    ----------
    tube
        What is said of it from now on.
    """

    item: Item
    reason: str
    analysis: Analysis
    calibration: Calibration
    lot: Version
    tube: Tube
    rules: Rules
    work: Work


def looked_at(laboratory: Laboratory, item: Item) -> Analysis:
    """Return the analysis of an item as it is now."""
    with laboratory.database.reading() as connection:
        return analyses.current(connection, item.analysis_id)


def prepared(laboratory: Laboratory, item: Item, analysis: Analysis) -> Prepared:
    """Say what an item is measured from; `analysis` is it as it was looked at.

    Raises
    ------
    ServiceError
        A file is lost, or a definition unknown.
    """
    outcome = analysis.outcome
    if outcome.calibration is None or analysis.tube.file is None:
        raise ValueError("nothing was measured")
    with laboratory.database.reading() as connection:
        recalculation = recalculations.by_id(connection, item.recalculation_id)
        calibration = calibrations.current(connection, outcome.calibration[0])
        lot = LOTS.current(connection, calibration.outcome.lot[0])
    wanted = RecalculationWanted.model_validate(recalculation.wanted)
    tube = tube_of(dict(outcome.tube))
    rules = _rules(laboratory, wanted, analysis, tube)
    if wanted.criterion is not None:
        tube = tube.model_copy(update={"criterion": wanted.criterion})
    gates = gates_of(laboratory, analysis)
    sha256, name = analysis.tube.file
    work = Work(
        sample=(str(laboratory.archive.path(sha256)), name),
        beads=(str(laboratory.archive.path(calibration.file_sha256)), calibration.file_name),
        lot=bead_lot_of(lot),
        assay=rules.assay.content,
        criterion=rules.criterion.content,
        ferritin_ng_ml=tube.ferritin_ng_ml,
        context=tube.context,
        gates=None if gates is None else (str(gates.path), gates.population),
    )
    return Prepared(item, recalculation.reason, analysis, calibration, lot, tube, rules, work)


def settle(writing: Writing, ready: Prepared, found: Found | NoNumber) -> ItemState:
    """Store what came out of an item, and end it.

    Raises
    ------
    LeaseLost
    VersionMoved
        The analysis or its lot was changed in the meantime: look at it again.
    """
    now = _still(writing, ready.analysis)
    if now.state is State.REJECTED:
        return pass_over(writing, ready.item, now)
    newest = LOTS.current(writing.connection, ready.lot.id).version
    if newest != ready.lot.version:
        raise VersionMoved(kind=LOTS.kind, base=ready.lot.version, current=newest)
    if isinstance(found, NoNumber):
        return refuse(writing, ready.item, now, found)
    ending = _ending(writing, ready, found)
    leases.finish(writing, ready.item, ending)
    return ending.state


def refuse(writing: Writing, item: Item, analysis: Analysis, reason: NoNumber) -> ItemState:
    """End an item that gives no number any more; the version that there is stays.

    Raises
    ------
    LeaseLost
    VersionMoved
        It was another version that gave no number.
    """
    now = _still(writing, analysis)
    ending = Ending(ItemState.REFUSED, None, reason.code, reason.message, now.version)
    leases.finish(writing, item, ending)
    return ending.state


def pass_over(writing: Writing, item: Item, analysis: Analysis) -> ItemState:
    """End an item that a person signed as rejected.

    What a person said no to does not come back as an open number.

    Raises
    ------
    LeaseLost
    VersionMoved
        There is a version that nobody rejected.
    """
    now = _still(writing, analysis)
    ending = Ending(ItemState.SAME, None, ItemCode.REJECTED_BY_PERSON, _REJECTED, now.version)
    leases.finish(writing, item, ending)
    return ending.state


def give_up(writing: Writing, item: Item) -> ItemState:
    """End an item over which a worker came to no end; another would wait as long.

    Raises
    ------
    LeaseLost
    """
    leases.finish(writing, item, Ending(ItemState.DEAD, None, ItemCode.WORKER_TOO_SLOW, _TOO_SLOW))
    return ItemState.DEAD


def _still(writing: Writing, analysis: Analysis) -> Analysis:
    """Return an analysis as it is now, at the version that was looked at."""
    now = analyses.current(writing.connection, analysis.id)
    if now.version != analysis.version:
        raise VersionMoved(kind="analysis", base=analysis.version, current=now.version)
    return now


def _ending(writing: Writing, ready: Prepared, found: Found) -> Ending:
    """Keep the new version, unless everything came out as it was."""
    before, connection = ready.analysis, writing.connection
    curve = curve_from_dict(json.loads(canonical(found.curve)))
    file = ready.calibration.file_sha256, ready.calibration.file_name
    fitted = Fitted(ready.calibration.id, file, ready.lot, ready.rules.assay, curve)
    calibration = brought(writing, fitted, ready.reason)
    findings = _findings(connection, before, calibration)
    same = findings == before.outcome.findings
    if same and canonical(found.result) == canonical(before.outcome.result):
        return Ending(ItemState.SAME, old_version=before.version)
    definitions.keep(writing, ready.rules.criterion)
    outcome = replace(
        before.outcome,
        cause=Cause.RECALCULATED,
        calibration=(calibration.id, calibration.version),
        assay_sha256=ready.rules.assay.sha256,
        criterion_sha256=ready.rules.criterion.sha256,
        tube=ready.tube.kept(),
        result=found.result,
        findings=findings,
    )
    outcome = settled(connection, outcome, ready.tube, before.tube.file, before)
    made = analyses.change(writing, before, before.tube, outcome, ready.reason)
    return Ending(ItemState.DONE, made.version, old_version=before.version)


def _findings(
    connection: Connection, before: Analysis, calibration: Calibration
) -> tuple[Mapping[str, Any], ...]:
    """Return the findings of an analysis by another version of its calibration."""
    if before.outcome.calibration is None:
        raise ValueError("nothing was measured")
    old = calibrations.at(connection, *before.outcome.calibration).outcome.findings
    of_tube = (each for each in before.outcome.findings if each not in old)
    return (*calibration.outcome.findings, *of_tube)


def _rules(
    laboratory: Laboratory, wanted: RecalculationWanted, analysis: Analysis, tube: Tube
) -> Rules:
    """Return what an analysis is measured by: what it rests on, as far as nothing else is wanted.

    Another assay brings its own criterion, unless one is said of the tube.
    """
    rules = rules_of(laboratory, analysis)
    if wanted.assay is not None:
        _, assay = laboratory.definitions.assay(wanted.assay)
        rules = by_criterion(laboratory, replace(rules, assay=assay), tube.criterion)
    if wanted.criterion is not None:
        _, criterion = laboratory.definitions.criterion(wanted.criterion)
        rules = replace(rules, criterion=criterion)
    return rules
