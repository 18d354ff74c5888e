"""An analysis by other gates than before: one of them moved, or those of an earlier version."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from hladr.drawn.population import DrawnGates, monocytes_of
from hladr.gate_files import write_gatingml
from hladr.gates import Dimension, GatingStrategy, Interval, PolygonGate, RectangleGate
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
from service.analyses.gates_told import drawn_gates, gates_told, is_hidden
from service.analyses.receiving import address
from service.analyses.tube import tube_of
from service.archive.incoming import Incoming, Upload
from service.errors import ServiceError
from service.http.once import Act, Answer
from service.laboratory import Laboratory
from service.measuring.kept import KeptSample
from service.principal import Principal
from service.receiving import keep_files, receive_file
from service.store import analyses
from service.store.analysis import Analysis, Cause
from service.store.database import Writing
from service.texts import Sentence, Word

MOST_VERTICES = 500
_Number = Annotated[float, Field(allow_inf_nan=False)]
_Bound = _Number | None


class GateNotMovable(ServiceError):
    """A gate has another shape than the one that was sent."""

    code: ClassVar[str] = "GATE_NOT_MOVABLE"
    status: ClassVar[int] = 422

    def __init__(self, *, gate: str, expected: str) -> None:
        self.gate = gate
        super().__init__(
            f"expected {expected} for the gate {gate!r}, found another shape. Load the gates again."
        )


class GatesMoved(BaseModel):
    """One gate moved, or the gates of an earlier version again, or the automatic ones.

    `vertices` are of a polygon, in drawing order; `intervals` of a range, one for each of its
    dimensions, null where a side is open. Both are values on the scales of the gate's dimensions,
    or with `in_data` the values of the channels themselves. `again` is the number of a version.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    gate: Word | None = None
    vertices: (
        Annotated[list[tuple[_Number, _Number]], Field(min_length=3, max_length=MOST_VERTICES)]
        | None
    ) = None
    intervals: Annotated[list[tuple[_Bound, _Bound]], Field(min_length=1, max_length=10)] | None = (
        None
    )
    in_data: bool = False
    again: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    automatic: Literal[True] | None = None
    reason: Sentence | None = None

    @model_validator(mode="after")
    def _one_change(self) -> Self:
        shapes = [each for each in (self.vertices, self.intervals) if each is not None]
        others = [each for each in (self.again, self.automatic) if each is not None]
        if len(shapes) + len(others) != 1 or (self.gate is not None) != bool(shapes):
            raise ValueError(
                "expected a gate with vertices or with intervals, or again, or automatic"
            )
        return self


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
    NotFound, VersionMoved, ResultHidden, NothingMeasured, GateNotMovable
    HladrError, CalibrationError
        These gates give no number.
    """
    before = gates_looked_at(laboratory, who, target)
    if before.tube.file is None:
        raise NothingMeasured
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
        for each in change.new:
            receive_file(writing, laboratory, who, each)
        outcome = outcome_of(writing, measured, Cause.GATED)
        now = settled(writing.connection, outcome, tube, before.tube.file, before)
        made = analyses.change(writing, before, before.tube, now, wanted.reason)
        told = view.told(writing.connection, made, laboratory, who)
        hidden = is_hidden(told, who)  # since the gates were looked at
        gates = [] if hidden else gates_told(sample, change.drawn, measured.result)
        return Answer({**told, "gates": gates}, 201, made.version, address(made))

    return act


def with_moved(strategy: GatingStrategy, wanted: GatesMoved) -> GatingStrategy:
    """Return a strategy with one of its gates moved.

    Raises
    ------
    GateNotFound, AmbiguousGate, GateNotMovable, InvalidGate
    """
    node = strategy.find(str(wanted.gate))
    match node.gate:
        case PolygonGate() as gate if wanted.vertices is not None:
            moved_gate = _polygon(gate, wanted.vertices, in_data=wanted.in_data)
        case RectangleGate(_, old) if wanted.intervals and len(wanted.intervals) == len(old):
            new = (
                _interval(each.dimension, bounds, in_data=wanted.in_data)
                for each, bounds in zip(old, wanted.intervals, strict=True)
            )
            return strategy.with_gate(node.id, RectangleGate(node.gate.name, tuple(new)))
        case RectangleGate(_, old):
            raise GateNotMovable(gate=node.id, expected=f"{len(old)} intervals")
        case PolygonGate():
            raise GateNotMovable(gate=node.id, expected="vertices of a polygon")
        case _:
            raise GateNotMovable(gate=node.id, expected="a polygon or a range")
    return strategy.with_gate(node.id, moved_gate)


def _polygon(
    gate: PolygonGate, vertices: Sequence[tuple[float, float]], *, in_data: bool
) -> PolygonGate:
    if in_data:
        return PolygonGate.through(gate.name, gate.x, gate.y, vertices)
    return replace(gate, vertices=tuple(vertices))


def _interval(
    dimension: Dimension, bounds: tuple[float | None, float | None], *, in_data: bool
) -> Interval:
    if in_data:
        scale = dimension.scale
        bounds = tuple(  # type: ignore[assignment] # two, as before
            None if each is None else float(scale.forward(np.array([each]))[0]) for each in bounds
        )
    return Interval(dimension, *bounds)


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
