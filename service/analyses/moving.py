"""An analysis by other gates than before: one of them moved, or those of an earlier version."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from sqlalchemy import Connection

from hladr.drawn.population import DrawnGates, monocytes_of
from hladr.gate_files import write_gatingml
from service.analyses import view
from service.analyses.analysing import (
    Gates,
    Measured,
    Order,
    as_measured,
    gates_of,
    order_of,
    outcome_of,
    question_of,
    rules_of,
)
from service.analyses.belonging import settled
from service.analyses.changing import NothingMeasured, gates_looked_at
from service.analyses.gates_moved import GatesMoved, with_moved
from service.analyses.gates_told import drawn_gates, gates_told, is_hidden, printed_of
from service.analyses.receiving import address
from service.analyses.standing import history_now
from service.analyses.tube import tube_of
from service.archive.incoming import Incoming, Upload
from service.errors import ServiceError
from service.http.once import Act, Answer
from service.laboratory import Laboratory
from service.measuring.kept import KeptSample
from service.principal import Principal
from service.receiving import keep_files, receive_file
from service.store import analyses
from service.store.analysis import Analysis, Cause, State
from service.store.database import Writing

SIGNED = frozenset({State.PRELIMINARY, State.PERFORMED, State.FINAL, State.REJECTED})


class ChangeNotConfirmed(ServiceError):
    """Gates of a signed version are changed, and nobody said that they know."""

    code: ClassVar[str] = "CHANGE_NOT_CONFIRMED"
    status: ClassVar[int] = 409

    def __init__(self, *, released: bool) -> None:
        self.released = released
        super().__init__(
            "expected somebody who knows that this version is signed; it was signed, perhaps in "
            "the meantime. Look at what it says, and send the change with sure if it must be."
        )

    @property
    def facts(self) -> dict[str, Any]:
        """Whether a number is released, which stays so until the change is signed."""
        return {"released": self.released}


@dataclass(frozen=True, slots=True)
class _Change:
    """What an analysis is measured by from now on; `drawn` None is the automatic gate.

    Parameters
    ----------
    new
        A gate file that is not kept yet.
    """

    file: Gates | None = None
    drawn: DrawnGates | None = None
    new: tuple[Upload, ...] = ()


def moved(
    wanted: GatesMoved,
    laboratory: Laboratory,
    who: Principal,
    target: tuple[str, int],
    incoming: Incoming,
) -> Act:
    """Measure an analysis by gates that were moved; what stores it as a new version.

    Parameters
    ----------
    target
        Id of the analysis, and the version that was looked at.

    Raises
    ------
    NotFound, VersionMoved, ResultHidden, NothingMeasured, ChangeNotConfirmed, GateNotMovable
    HladrError, CalibrationError
        These gates give no number.
    """
    before = gates_looked_at(laboratory, who, target)
    if before.tube.file is None:
        raise NothingMeasured
    with laboratory.database.reading() as connection:
        _require_sure(connection, before, wanted)
    tube = tube_of(dict(before.outcome.tube))
    order = order_of(laboratory, before, tube, rules_of(laboratory, before), None)

    def work() -> tuple[KeptSample, _Change, Measured]:
        sample = _opened(laboratory, order)
        change = _change(wanted, laboratory, who, before, sample, incoming)
        result = sample.result(change.drawn, question_of(order))
        return sample, change, as_measured(replace(order, gates=change.file), sample.table, result)

    sample, change, measured = laboratory.turns.take(work)
    if change.new:
        keep_files(laboratory, who, change.new)

    def act(writing: Writing) -> Answer:
        _require_sure(writing.connection, analyses.current(writing.connection, before.id), wanted)
        for each in change.new:
            receive_file(writing, laboratory, who, each)
        outcome = outcome_of(writing, measured, Cause.GATED)
        now = settled(writing.connection, outcome, tube, before.tube.file, before)
        made = analyses.change(writing, before, before.tube, now, wanted.reason)
        told = view.told(writing.connection, made, laboratory, who)
        hidden = is_hidden(told, who)  # since the gates were looked at
        gates = [] if hidden else gates_told(sample, change.drawn, measured.result)
        printed = None if hidden else printed_of(writing.connection, made)
        said = {**told, "gates": gates, "printed": printed}
        return Answer(said, 201, made.version, address(made))

    return act


def _require_sure(connection: Connection, analysis: Analysis, wanted: GatesMoved) -> None:
    """Refuse a change of a signed version by somebody who was not told so.

    A signature makes no new version: who looked at this one may not know of it.
    """
    if analysis.state in SIGNED and not wanted.sure:
        raise ChangeNotConfirmed(released=history_now(connection, analysis.id).is_given_out)


def _opened(laboratory: Laboratory, order: Order) -> KeptSample:
    assay, _ = order.rules.read()
    beads = order.calibration
    curve = laboratory.curves.of(beads.file, beads.curve, assay)
    return laboratory.samples.of((order.path, order.name), curve, assay)


def _change(
    wanted: GatesMoved,
    laboratory: Laboratory,
    who: Principal,
    before: Analysis,
    sample: KeptSample,
    incoming: Incoming,
) -> _Change:
    if wanted.automatic is not None:
        return _Change()
    if wanted.again is not None:
        with laboratory.database.reading() as connection:
            earlier = view.seen_at(connection, before.id, wanted.again, who)
        return _Change(gates_of(laboratory, earlier), drawn_gates(laboratory, earlier))
    drawn = drawn_gates(laboratory, before)
    strategy = sample.automatic if drawn is None else drawn.strategy
    path = monocytes_of(strategy).path if drawn is None else drawn.path
    changed = with_moved(strategy, wanted)
    arriving = incoming.begin("gates.xml")
    arriving.write(write_gatingml(changed).encode())
    new = arriving.finished()
    file = Gates(new.path, new.sha256, new.name, path[-1])
    return _Change(file, DrawnGates(changed, path, new.sha256), (new,))
