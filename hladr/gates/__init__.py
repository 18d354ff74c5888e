"""Gates: frozen regions of channel space that turn columns into a mask.

    gate = RectangleGate("CD14+", (Interval(Dimension("PerCP-A", scale), low=0.4),))
    mask = gate.mask({"PerCP-A": table.column("PerCP-A")})

    strategy = GatingStrategy((Node(("CD14+",), gate),))
    masks = strategy.apply(EventColumns(table))

The boundary rule is one everywhere: low included, high excluded, NaN and infinities outside; the
rim of an ellipse is inside. A quadrant is a RectangleGate with open sides; a ratio is one more
column.
"""

from hladr.gates.column import Column, Compensated, Ratio, Recorded
from hladr.gates.combination import Combination, Logic, Path, Reference
from hladr.gates.dimension import Dimension
from hladr.gates.ellipse import EllipseGate
from hladr.gates.errors import (
    AmbiguousGate,
    GateChannelMissing,
    GateError,
    GateNotFound,
    InvalidGate,
    InvalidMatrix,
)
from hladr.gates.events import EventColumns
from hladr.gates.gate import Gate
from hladr.gates.interval import Interval
from hladr.gates.matrix import FILE_MATRIX, FileMatrix, Matrix
from hladr.gates.node import Node
from hladr.gates.outside import Outside
from hladr.gates.polygon import PolygonGate
from hladr.gates.rectangle import RectangleGate
from hladr.gates.strategy import GatingStrategy

__all__ = [
    "FILE_MATRIX",
    "AmbiguousGate",
    "Column",
    "Combination",
    "Compensated",
    "Dimension",
    "EllipseGate",
    "EventColumns",
    "FileMatrix",
    "Gate",
    "GateChannelMissing",
    "GateError",
    "GateNotFound",
    "GatingStrategy",
    "Interval",
    "InvalidGate",
    "InvalidMatrix",
    "Logic",
    "Matrix",
    "Node",
    "Outside",
    "Path",
    "PolygonGate",
    "Ratio",
    "Recorded",
    "RectangleGate",
    "Reference",
]
