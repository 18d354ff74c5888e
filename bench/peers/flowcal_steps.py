"""The steps in which FlowCal is the fastest of the others: reading, logicle, ellipse."""

from collections.abc import Callable

import job
import numpy as np
import step

Call = Callable[[], object]


def read(sample: str, _: str) -> Call:
    """Read all numbers; FlowCal keeps the file's 32-bit floats."""
    import FlowCal

    return lambda: FlowCal.io.FCSData(sample)


def _columns(sample: str, names: tuple[str, ...]) -> np.ndarray:
    import FlowCal

    return np.ascontiguousarray(FlowCal.io.FCSData(sample)[:, list(names)].view(np.ndarray))


def logicle(sample: str, _: str) -> Call:
    """Interpolate its logicle of 2006 at 1,000 points, as its plots do."""
    import FlowCal

    columns = _columns(sample, step.SIX).astype(np.float64)
    exact = FlowCal.plot._LogicleTransform(job.T, job.M, job.W)
    inverse = FlowCal.plot._InterpolatedInverseTransform(exact, 0.0, job.M)
    return lambda: inverse.transform_non_affine(columns, mask_out_of_range=False)


def ellipse(sample: str, _: str) -> Call:
    """Hold points against an ellipse."""
    import FlowCal

    points = _columns(sample, step.PLANE).astype(np.float64)
    square, axes = np.linalg.eigh(np.array(step.COVARIANCE) * step.DISTANCE_SQUARE)
    angle = float(np.arctan2(axes[1, 1], axes[0, 1]))
    b, a = np.sqrt(square)
    return lambda: FlowCal.gate.ellipse(points, [0, 1], step.CENTRE, a, b, angle)


STEPS = {"FlowCal read": read, "FlowCal logicle": logicle, "FlowCal ellipse": ellipse}
