"""Gates: frozen regions of channel space that turn columns into a mask.

    gate = RectangleGate("CD14+", (Interval(Dimension("PerCP-A", scale), low=0.4),))
    mask = gate.mask({"PerCP-A": table.column("PerCP-A")})

The boundary rule is one everywhere: low included, high excluded, NaN and infinities outside; the
rim of an ellipse is inside. A quadrant is a RectangleGate with open sides; a ratio is one more
column.
"""

from hladr.gates.boolean import BooleanGate, Logic, Operand
from hladr.gates.dimension import Dimension, Gate, GateChannelMissing, GateError, InvalidGate
from hladr.gates.ellipse import EllipseGate
from hladr.gates.interval import Interval
from hladr.gates.polygon import PolygonGate
from hladr.gates.rectangle import RectangleGate

__all__ = [
    "BooleanGate",
    "Dimension",
    "EllipseGate",
    "Gate",
    "GateChannelMissing",
    "GateError",
    "Interval",
    "InvalidGate",
    "Logic",
    "Operand",
    "PolygonGate",
    "RectangleGate",
]
