"""The steps of FlowKit's family: FlowUtils, FlowIO, and NumPy and SciPy as they use them."""

import math
from collections.abc import Callable

import bead_recipe
import job
import numpy as np
import step

Call = Callable[[], object]


def _events(sample: str) -> np.ndarray:
    import flowio

    return flowio.FlowData(sample).as_array()


def _columns(sample: str, names: tuple[str, ...]) -> np.ndarray:
    return np.ascontiguousarray(_events(sample)[:, [job.CHANNELS.index(name) for name in names]])


def solve(sample: str, _: str) -> Call:
    """Compensate with `numpy.linalg.solve`."""
    events, matrix = _events(sample), step.spillover()
    return lambda: np.linalg.solve(matrix.T, events.T).T


def compensate(sample: str, _: str) -> Call:
    """Compensate with FlowUtils."""
    import flowutils

    events, matrix = _events(sample), step.spillover()
    return lambda: flowutils.compensate.compensate(events, matrix, list(range(12)))


def asinh(sample: str, _: str) -> Call:
    """Transform six channels with FlowUtils, as FlowKit does."""
    import flowutils

    columns = _columns(sample, step.SIX)
    return lambda: flowutils.transforms.asinh(columns, None, job.T, job.M, job.A)


def logicle(sample: str, _: str) -> Call:
    """Transform six channels with FlowUtils, as FlowKit does."""
    import flowutils

    columns = _columns(sample, step.SIX)
    return lambda: flowutils.transforms.logicle(columns, None, job.T, job.M, job.W, job.A)


def _polygon(sample: str, corners: int) -> Call:
    import flowutils

    points, vertices = _columns(sample, step.PLANE), np.array(step.polygon(corners))
    return lambda: flowutils.gating.points_in_polygon(vertices, points)


def polygon_8(sample: str, _: str) -> Call:
    """Hold points against a polygon with FlowUtils."""
    return _polygon(sample, 8)


def polygon_32(sample: str, _: str) -> Call:
    """Hold points against a polygon with FlowUtils."""
    return _polygon(sample, 32)


def _beads(file: str, means: Callable[[np.ndarray], list[float]]) -> Call:
    import flowio

    def curve() -> float:
        pe = flowio.FlowData(file).as_array()[:, job.CHANNELS.index(job.PE)]
        return bead_recipe.molecules(bead_recipe.curve_through(means(pe)), math.e**8)

    return curve


def beads_centred(_: str, file: str) -> Call:
    """Read a bead file and fit its curve, windows centred as hladr's are."""
    return _beads(file, bead_recipe.centred)


def beads_between_valleys(_: str, file: str) -> Call:
    """Read a bead file and fit its curve, everything between the valleys."""
    return _beads(file, bead_recipe.between_valleys)


def read(sample: str, _: str) -> Call:
    """Read all columns as 64-bit floats with FlowIO."""
    return lambda: _events(sample)


STEPS = {
    "FlowIO read, 64-bit floats": read,
    "numpy.linalg.solve": solve,
    "FlowUtils compensate": compensate,
    "FlowUtils logicle": logicle,
    "FlowKit asinh": asinh,
    "FlowUtils polygon of 8": polygon_8,
    "FlowUtils polygon of 32": polygon_32,
    "FlowIO and SciPy, the same windows": beads_centred,
    "FlowIO and SciPy, between valleys": beads_between_valleys,
}
