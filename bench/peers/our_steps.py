"""The steps of hladr: each takes the files, prepares its input and returns the call to be timed.

Columns come from the reader, in the type in which it gives them.
"""

import math
from collections.abc import Callable

import job
import numpy as np
import step

from calibration import BeadLot, calibrate
from hladr.fcs import read_fcs
from hladr.fcs.sums import SumsReader, WeightedSum
from hladr.gates import Dimension, EllipseGate, PolygonGate
from hladr.scales import Asinh, Logicle, LogicleFromTable

Call = Callable[[], object]
NEEDED = ("FSC-A", "FSC-H", "SSC-A", "PE-A", "PerCP-Cy5-5-A", "V500-A")


def read_stored(sample: str, _: str) -> Call:
    """Read all numbers as they are stored, into memory of our own."""
    return lambda: read_fcs(sample).raw_copy()


def read_all(sample: str, _: str) -> Call:
    """Read all columns in scale values."""
    return lambda: read_fcs(sample).columns(job.CHANNELS)


def read_needed(sample: str, _: str) -> Call:
    """Read the columns of the job in scale values."""
    return lambda: read_fcs(sample).columns(NEEDED)


def compensate_all(sample: str, _: str) -> Call:
    """Compensate twelve channels of twelve."""
    return _compensation(sample, job.CHANNELS)


def compensate_needed(sample: str, _: str) -> Call:
    """Compensate three channels of twelve."""
    return _compensation(sample, step.THREE)


def _compensation(sample: str, wanted: tuple[str, ...]) -> Call:
    table = read_fcs(sample)
    inverse = np.linalg.inv(step.spillover())
    weights = [inverse[:, job.CHANNELS.index(name)].tolist() for name in wanted]
    reader = SumsReader.of(table, [WeightedSum(table.channels, tuple(each)) for each in weights])
    return reader.whole


def logicle(sample: str, _: str) -> Call:
    """Transform six channels."""
    columns = read_fcs(sample).columns(step.SIX)
    scale = LogicleFromTable(Logicle(job.T, job.W, job.M, job.A))
    return lambda: [scale.forward(column) for column in columns]


def asinh(sample: str, _: str) -> Call:
    """Transform six channels."""
    columns = read_fcs(sample).columns(step.SIX)
    scale = Asinh(job.T, job.M, job.A)
    return lambda: [scale.forward(column) for column in columns]


def polygon_8(sample: str, _: str) -> Call:
    """Hold two columns against a polygon."""
    return _polygon(sample, 8)


def polygon_32(sample: str, _: str) -> Call:
    """Hold two columns against a polygon."""
    return _polygon(sample, 32)


def _polygon(sample: str, corners: int) -> Call:
    columns = dict(zip(step.PLANE, read_fcs(sample).columns(step.PLANE), strict=True))
    x, y = (Dimension(name) for name in step.PLANE)
    gate = PolygonGate("polygon", x, y, step.polygon(corners))
    return lambda: gate.mask(columns)


def ellipse(sample: str, _: str) -> Call:
    """Hold two columns against an ellipse."""
    columns = dict(zip(step.PLANE, read_fcs(sample).columns(step.PLANE), strict=True))
    dimensions = tuple(Dimension(name) for name in step.PLANE)
    gate = EllipseGate("ellipse", dimensions, step.CENTRE, step.COVARIANCE, step.DISTANCE_SQUARE)
    return lambda: gate.mask(columns)


def beads(_: str, file: str) -> Call:
    """Read a bead file and fit its curve."""
    lot = BeadLot.parse(job.LOT)

    def curve() -> float:
        table = read_fcs(file)
        found = calibrate(table.column(job.PE), lot, saturation=table.top(job.PE))
        return found.molecules(math.e**8)

    return curve


STEPS = {
    "read, numbers as stored": read_stored,
    "read, all 12 columns": read_all,
    "read, the 6 columns of the job": read_needed,
    "compensate 12 × 12, all": compensate_all,
    "compensate 12 × 12, 3 needed": compensate_needed,
    "logicle, 6 channels": logicle,
    "asinh, 6 channels": asinh,
    "polygon of 8": polygon_8,
    "polygon of 32": polygon_32,
    "ellipse": ellipse,
    "bead calibration, 50,000": beads,
}
