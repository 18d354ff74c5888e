"""A gate drawn as a polygon in two dimensions."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from hladr.arrays import BoolArray, FloatArray
from hladr.gates.column import Column
from hladr.gates.dimension import Dimension, check_finite
from hladr.gates.errors import InvalidGate
from hladr.gates.gate import mask_by
from hladr.gates.interval import Interval
from hladr.gates.shape import Polygon, ReaderOf, Scaled, Shape
from hladr.kernels.gating import in_polygon


@dataclass(frozen=True, slots=True)
class PolygonGate:
    """Events inside a polygon; where its edges cross, the even-odd rule decides.

    Parameters
    ----------
    name
        What the gate is called.
    x, y
        The two dimensions.
    vertices
        Three or more (x, y) in scale values, in drawing order; the last is joined to the first.

    Raises
    ------
    InvalidGate
        Fewer than three vertices, or one that is not a pair of finite numbers.

    Notes
    -----
    Left and lower edges belong to the gate, right and upper ones do not (low included, high
    excluded). Gating-ML 2.0 asks for all edges to be included. Its compliance set 1 bears out both:
    25 of its events lie on edges, all of them left or lower ones, and are inside. Like FlowKit,
    with which every event agrees, this gate keeps neighbours that share an edge free of shared
    events.

    References
    ----------
    .. [1] Gating-ML 2.0, International Society for Advancement of Cytometry, 2013; section 5.1.2.
    """

    name: str
    x: Dimension
    y: Dimension
    vertices: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        """Refuse what is no polygon."""
        if len(self.vertices) < 3:
            found = f"{len(self.vertices)} vertices"
            raise InvalidGate(gate=self.name, expected="three vertices or more", found=found)
        if any(len(vertex) != 2 for vertex in self.vertices):
            raise InvalidGate(gate=self.name, expected="(x, y) vertices", found=self.vertices)
        check_finite(self.name, "vertices", self.vertices)
        # A gate is known by its hash, whatever its vertices came in.
        vertices = tuple((float(x), float(y)) for x, y in self.vertices)
        object.__setattr__(self, "vertices", vertices)

    @classmethod
    def through(
        cls, name: str, x: Dimension, y: Dimension, corners: Iterable[tuple[float, float]]
    ) -> "PolygonGate":
        """Return the polygon whose corners are given in data values of its two dimensions.

        Its edges are straight on the dimensions' scales.

        Raises
        ------
        InvalidGate
            As above; also a corner that has no place on the scale, such as zero on a logarithm.
        """
        data = np.array([tuple(corner) for corner in corners], np.float64)
        if data.ndim != 2 or data.shape[1] != 2:
            raise InvalidGate(gate=name, expected="(x, y) corners", found=f"shape {data.shape}")
        placed = (x.scale.forward(data[:, 0]).tolist(), y.scale.forward(data[:, 1]).tolist())
        return cls(name, x, y, tuple(zip(*placed, strict=True)))

    @property
    def corners(self) -> FloatArray:
        """Its vertices in data values of the two dimensions, shape (n, 2)."""
        x, y = np.array(self.vertices, np.float64).T
        return np.column_stack([self.x.scale.inverse(x), self.y.scale.inverse(y)])

    @property
    def crosses_itself(self) -> bool:
        """Whether two of its edges cross, on the scales of its dimensions; touching is no crossing.

        By the side of either edge on which the ends of the other lie [2]_.

        References
        ----------
        .. [2] O'Rourke, Computational Geometry in C, 2nd ed., Cambridge University Press, 1998,
           section 1.5.4.
        """
        begin = np.array(self.vertices, np.float64)
        end = np.roll(begin, -1, axis=0)
        for at in range(len(begin) - 1):
            a, b, c, d = begin[at], end[at], begin[at + 1 :], end[at + 1 :]
            apart = _side(a, b, c) * _side(a, b, d) < 0.0
            if bool((apart & (_side(c, d, a) * _side(c, d, b) < 0.0)).any()):
                return True
        return False

    def mask(self, columns: Mapping[Column, FloatArray]) -> BoolArray:
        """One boolean an event of `columns`: data values by what the dimensions name."""
        return mask_by(self, (self.x, self.y), columns)

    def shape(self, reader_of: ReaderOf) -> Shape:
        """Return the gate ready to be asked about the events of a file."""
        vertices = np.array(self.vertices, np.float64)
        vertices.flags.writeable = False
        x, y = reader_of(self.x.column), reader_of(self.y.column)
        if self.x.is_unscaled and self.y.is_unscaled and x.is_cheap and y.is_cheap:
            return Polygon(x, y, vertices)
        box = tuple(
            Interval(dimension, float(side.min()), math.nextafter(float(side.max()), math.inf))
            for dimension, side in zip((self.x, self.y), vertices.T, strict=True)
        )
        return Scaled.of(box, reader_of, lambda scaled: in_polygon(scaled[0], scaled[1], vertices))


def _side(a: FloatArray, b: FloatArray, points: FloatArray) -> FloatArray:
    """On which side of lines from `a` to `b` points lie: -1, 0 or 1."""
    (x, y), (u, v) = (b - a).T, (points - a).T
    side: FloatArray = np.sign(x * v - y * u)
    return side
