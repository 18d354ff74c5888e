"""The events behind a result, as arrays ready to be drawn."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

from hladr.arrays import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a gate plot.

    Parameters
    ----------
    role
        Key into `SampleEvidence.columns`: ``fsc``, ``fsc_height``, ``ssc``, ``cd14``, ``cd45``,
        ``hla_dr``, ``time``.
    label
        What to print, e.g. ``CD14 (PerCP-Cy5-5-A)``.
    scaling
        ``linear``, ``log`` or ``logicle``: how an expert would look at it.
    """

    role: str
    label: str
    scaling: str


@dataclass(frozen=True, slots=True, eq=False)
class GateView:
    """One gate as it is drawn: the parent's events on two axes, and the outline.

    Parameters
    ----------
    population, parent
        Names of the population that the gate makes and of the one it is applied to.
    x, y
        Axes.
    outlines
        Closed outlines, each shape (n, 2), in scale values of the two axes.
    joined
        From which gates, whose outlines these are, the gate is joined: ``bright or dim``. Empty
        for a gate with an outline of its own.
    cut
        Closed outlines of what was left out, shaded.
    parts
        Names of the populations that the gate is joined from, whose outlines these are.
    """

    population: str
    parent: str | None
    x: Axis
    y: Axis
    outlines: tuple[FloatArray, ...]
    joined: str = ""
    cut: tuple[FloatArray, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def roles(self) -> frozenset[str]:
        """Roles of both axes, whichever way round they stand."""
        return frozenset({self.x.role, self.y.role})

    def outlines_on(self, x: Axis) -> tuple[FloatArray, ...]:
        """Outlines on the same axes with `x` along the bottom."""
        if self.x.role == x.role:
            return self.outlines
        return tuple(outline[:, ::-1] for outline in self.outlines)


class LaterViews(Sequence[GateView]):
    """Views that are made when somebody looks at them: few results are drawn.

    Parameters
    ----------
    make
        Makes the views.
    """

    def __init__(self, make: Callable[[], Iterable[GateView]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> tuple[GateView, ...]:
        return tuple(self._make())

    @overload
    def __getitem__(self, place: int) -> GateView: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[GateView, ...]: ...

    def __getitem__(self, place: int | slice) -> GateView | tuple[GateView, ...]:
        """One of the views, or some."""
        return self._made[place]

    def __len__(self) -> int:
        """How many there are."""
        return len(self._made)


@dataclass(frozen=True, slots=True)
class ListedGate:
    """A gate that is not drawn, for want of two dimensions: its name, and what it is."""

    name: str
    what: str


@dataclass(frozen=True, slots=True, eq=False)
class SampleEvidence:
    """Compensated columns of a sample, shape (n_events,) each, and the gates drawn on them.

    Gates of a gate file may be drawn on further columns, which go by their own words.
    """

    columns: Mapping[str, FloatArray]
    channels: Mapping[str, str]  # role -> $PnN
    views: Sequence[GateView]
    detector_top: float | None  # scale value at the top of the HLA-DR detector
    negative: BoolArray  # events of the internal control's HLA-DR-negative lymphocytes
    bright: BoolArray  # events of its HLA-DR-bright cluster
    software: str | None  # of the acquisition
    listed: tuple[ListedGate, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class BeadEvidence:
    """PE values of all bead events and which of them are singlets."""

    values: FloatArray
    singlets: BoolArray
    forward_scatter: FloatArray
    side_scatter: FloatArray
