"""Scales that turn data values into the coordinates gates and plots are drawn in.

What to use when: `Linear` for scatter and time, `Logicle` or `Asinh` for fluorescence that has
been compensated, `Log` for fluorescence that cannot be negative, `UNSCALED` for gates drawn in
data values. `LogicleFromTable` is `Logicle` for whole files. `Hyperlog` and `Bounded` are there for
gate files, `Axis`, `Biex` and `Span` for those of FlowJo.
"""

from hladr.scales.asinh import Asinh
from hladr.scales.axis import Axis
from hladr.scales.biex import Biex
from hladr.scales.bounded import Bounded
from hladr.scales.hyperlog import Hyperlog
from hladr.scales.linear import UNSCALED, Linear
from hladr.scales.log import Log
from hladr.scales.logicle import Logicle, LogicleFromTable
from hladr.scales.parameters import ScaleError
from hladr.scales.scale import Scale
from hladr.scales.span import Span
from hladr.scales.threshold import data_threshold
from hladr.scales.ticks import Ticks, decade_ticks

__all__ = [
    "UNSCALED",
    "Asinh",
    "Axis",
    "Biex",
    "Bounded",
    "Hyperlog",
    "Linear",
    "Log",
    "Logicle",
    "LogicleFromTable",
    "Scale",
    "ScaleError",
    "Span",
    "Ticks",
    "data_threshold",
    "decade_ticks",
]
