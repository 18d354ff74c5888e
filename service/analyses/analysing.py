"""A blood file to a stored analysis, and an analysis to a new version: gated anew, told anew."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from calibration.curve import StandardCurve
from hladr.acquisition import acquired_at
from hladr.assay.definition import AssayDefinition
from hladr.bead_run import BeadRun
from hladr.criterion.definition import Criterion
from hladr.errors import HladrError
from hladr.fcs import EventTable
from service.analyses.identity import (
    identity_findings,
    names_in,
    order_findings,
)
from service.analyses.tube import Tube
from service.calibrations.fitting import REASON, Fitted, brought, fitting
from service.definitions import assay_of, criterion_of
from service.laboratory import Laboratory
from service.measuring.apart import ApartOrder, Drawn, MeasuredApartRefused, measured_apart
from service.measuring.gates_read import archived_here
from service.measuring.kept import KeptSample
from service.measuring.measuring import (
    Question,
    SampleLooksLikeBeads,
    looks_like_beads,
    lot_of,
    measured,
)
from service.measuring.opened import opened
from service.store import definitions
from service.store.analysis import Analysis, Cause, Outcome
from service.store.database import Writing
from service.store.definitions import StoredDefinition


@dataclass(frozen=True, slots=True)
class Rules:
    """The definitions that a result rests on, as they are kept."""

    assay: StoredDefinition
    criterion: StoredDefinition

    def read(self) -> tuple[AssayDefinition, Criterion]:
        """Return them as the library knows them."""
        return assay_of(self.assay), criterion_of(self.criterion)


@dataclass(frozen=True, slots=True)
class Gates:
    """Gates drawn by hand: where the file lies, its hash, its name, the population meant."""

    path: Path
    sha256: str
    name: str
    population: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be measured, and how.

    Parameters
    ----------
    path, name
        Of the blood file.
    """

    path: Path
    name: str
    tube: Tube
    calibration: Fitted
    rules: Rules
    gates: Gates | None


@dataclass(frozen=True, slots=True)
class Measured:
    """What came out of an order, and is not stored yet.

    Parameters
    ----------
    findings
        Of the tube; those of its calibration come when that is stored.
    """

    order: Order
    result: Mapping[str, Any]
    findings: tuple[Mapping[str, Any], ...]


def rules_named(laboratory: Laboratory, assay: str, criterion: str | None) -> Rules:
    """Return definitions by name; the criterion is the assay's unless it is given.

    Raises
    ------
    DefinitionUnknown
    """
    found, kept_assay = laboratory.definitions.assay(assay)
    _, kept_criterion = laboratory.definitions.criterion(criterion or found.criterion)
    return Rules(kept_assay, kept_criterion)


def rules_of(laboratory: Laboratory, analysis: Analysis) -> Rules:
    """Return the definitions that an analysis rests on."""
    outcome = analysis.outcome
    with laboratory.database.reading() as connection:
        return Rules(
            definitions.by_sha256(connection, str(outcome.assay_sha256)),
            definitions.by_sha256(connection, str(outcome.criterion_sha256)),
        )


def by_criterion(laboratory: Laboratory, rules: Rules, said: str | None) -> Rules:
    """Return definitions with the criterion that is said of a tube; unsaid it is the assay's.

    One of the same name stays as it was kept.

    Raises
    ------
    DefinitionUnknown
    """
    name = said or assay_of(rules.assay).criterion
    if name == rules.criterion.name:
        return rules
    _, criterion = laboratory.definitions.criterion(name)
    return replace(rules, criterion=criterion)


def measured_of(laboratory: Laboratory, order: Order) -> Measured:
    """Measure a sample, and look at whose it is, as far as the file says.

    Raises
    ------
    HladrError, CalibrationError
        There is no number.
    TooManyEvents
    """
    question, beads = question_of(order), order.calibration

    def work() -> tuple[EventTable, Mapping[str, Any]]:
        curve = laboratory.curves.of(beads.file, beads.curve, question.assay)
        table = opened(order.path, order.name, laboratory.settings)
        return table, _result(order, table, curve, question)

    table, result = laboratory.turns.take(work)
    return as_measured(order, table, result)


def question_of(order: Order) -> Question:
    """Return what is asked of a sample beside its number."""
    assay, criterion = order.rules.read()
    return Question(assay, criterion, order.tube.ferritin_ng_ml, order.tube.context)


def as_measured(order: Order, table: EventTable, result: Mapping[str, Any]) -> Measured:
    """Return a result with what its file says of whose it is."""
    beads = order.calibration.curve.provenance.acquired_at
    findings = (
        *identity_findings(order.tube, names_in(table)),
        *order_findings(order.tube, acquired_at(table), beads),
    )
    return Measured(order, result, tuple(each.to_dict() for each in findings))


def outcome_of(writing: Writing, measured: Measured, cause: Cause) -> Outcome:
    """Return what is kept of a measurement: what is doubtful of its beads is of it as well.

    The version of the calibration it rests on is made here, where there is none yet.
    """
    order = measured.order
    definitions.keep(writing, order.rules.assay)
    definitions.keep(writing, order.rules.criterion)
    calibration = brought(writing, order.calibration, REASON)
    return Outcome(
        cause=cause,
        calibration=(calibration.id, calibration.version),
        gates_sha256=None if order.gates is None else order.gates.sha256,
        population=None if order.gates is None else order.gates.population,
        assay_sha256=order.rules.assay.sha256,
        criterion_sha256=order.rules.criterion.sha256,
        tube=order.tube.kept(),
        result=measured.result,
        findings=(*calibration.outcome.findings, *measured.findings),
    )


def order_of(
    laboratory: Laboratory, analysis: Analysis, tube: Tube, rules: Rules, gates: Gates | None
) -> Order:
    """Return the order by which an analysis is measured again, by its beads as a new tube is.

    Raises
    ------
    FileLost
    HladrError, CalibrationError
        Its beads give no curve by the newest values of their lot.
    """
    if analysis.tube.file is None or analysis.outcome.calibration is None:
        raise ValueError("nothing was measured")
    sha256, name = analysis.tube.file
    path = laboratory.archive.path(sha256)
    assay = assay_of(rules.assay), rules.assay
    calibration = fitting(laboratory, analysis.outcome.calibration[0], assay)
    return Order(path, name, tube, calibration, rules, gates)


def gates_of(laboratory: Laboratory, analysis: Analysis) -> Gates | None:
    """Return the gates drawn by hand that an analysis rests on; None for the automatic gate.

    Raises
    ------
    FileLost
    """
    sha256 = analysis.outcome.gates_sha256
    if sha256 is None:
        return None
    path = laboratory.archive.path(sha256)
    return Gates(path, sha256, "gates", analysis.outcome.population)


def apart_order(
    order: Order, gates: Gates, curve: BeadRun | StandardCurve, question: Question
) -> ApartOrder:
    """Return how a sample is measured by gates drawn by hand."""
    texts = order.rules.assay.content, order.rules.criterion.content
    drawn = Drawn(gates.path, gates.name, gates.population)
    return ApartOrder((order.path, order.name), curve, question, texts, drawn)


def _result(
    order: Order, table: EventTable, curve: BeadRun | StandardCurve, question: Question
) -> Mapping[str, Any]:
    if order.gates is None:
        return measured(table, curve, question)
    gates = order.gates
    own = archived_here(gates.sha256, Drawn(gates.path, gates.name, gates.population))
    try:
        if own is not None:
            return KeptSample.of(table, curve, question.assay).result(own, question)
        return measured_apart(apart_order(order, order.gates, curve, question))
    except (HladrError, MeasuredApartRefused):
        if looks_like_beads(table, lot_of(curve), question.assay):
            raise SampleLooksLikeBeads(file=table.name) from None
        raise
