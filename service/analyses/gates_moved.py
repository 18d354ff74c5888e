"""A change of gates as it is asked for, and a gate of other numbers than before."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from hladr.gates import Dimension, GatingStrategy, Interval, PolygonGate, RectangleGate
from service.errors import ServiceError
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
    `sure` says that its sender knows of the signature of a version that is signed.
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
    sure: bool = False
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
