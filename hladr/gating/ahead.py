"""The later steps of the automatic gate done once on made-up numbers, so that they are compiled.

Run as a program beside a first measurement, which needs them after its own first steps: kernels
are kept where the other process finds them. When that one has come as far as the mixture it does
the next steps itself; so these come last here.
"""

import numpy as np

from hladr.gating.axes import CD14, SSC, ExpertAxes
from hladr.gating.boundary import Boundaries, Boundary, Outlined
from hladr.gating.candidates import Candidates
from hladr.gating.columns import CellColumns
from hladr.gating.mixture import CellMixture
from hladr.gating.outline import outlines
from hladr.gating.plane import Plane
from hladr.kernels import mixture as kernel
from hladr.kernels.startup import compile_without_blas

_CENTRES = np.array([[4.0, 10.5, 11.0, 3.0], [1.0, 9.5, 10.5, 4.0]])  # monocytes, others; scaled
_AXES = ExpertAxes(
    has_cd45=True, cd14_unit=100.0, cd45_unit=100.0, fsc_top=262144.0, ssc_top=262144.0
)
_LEVEL = 0.5


def do_later_steps() -> None:
    """Fit a mixture, look for events in an outline, draw one, and settle planes."""
    mixture = _fitted()
    _look_for_events()
    _draw()
    Boundaries.of(_AXES, mixture, mixture.least_cd14).at(_LEVEL, mixture.monocyte)


def _fitted() -> CellMixture:
    points = np.ascontiguousarray(np.repeat(_CENTRES, 8, axis=0).T)
    share, mean, scale = np.full(2, 0.5), _CENTRES.copy(), np.array([0.1 * np.eye(4)] * 2)
    anchor, strength, weight = np.arange(2), np.full(2, 1e6), np.ones(points.shape[1])
    nu = float(2 * kernel.POWER - 4)
    kernel.fit(points, weight, share, mean, scale, anchor, strength, 4, nu, 1)
    is_first = np.array([True, False])
    mixture = CellMixture(share, mean, scale, is_first, ~is_first, (0, 1), 0, nu)
    mixture.shares(points)
    return mixture


def _look_for_events() -> None:
    around = _CENTRES[0, :2] + np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    boundary = Boundary(_AXES, (Outlined((CD14, SSC), (around, around)),))
    columns = _columns()
    events = np.arange(columns.ssc.size)
    near = Candidates.of(columns, _AXES, events, [boundary], 1)
    near.inside(boundary.plots, near.places)
    _AXES.rectangle("all", ((CD14, 0.0, 9.0),)).among(columns.by_role(), events)


def _columns() -> CellColumns:
    """An event at each centre, read-only as those of files are."""
    cd14, ssc, fsc, cd45 = (_AXES.data(axis, along) for axis, along in enumerate(_CENTRES.T))
    for column in (cd14, ssc, fsc, cd45):
        column.flags.writeable = False
    return CellColumns(fsc, None, ssc, cd14, cd45, None, _AXES.fsc_top, _AXES.ssc_top)


def _draw() -> None:
    lines = np.linspace(0.0, 1.0, 8)
    hill = np.zeros((8, 8))
    hill[2:5, 2:5] = 1.0
    plane = Plane(CD14, lines, lines, hill[np.newaxis], np.ones((1, 8)))
    outlines(plane, hill, np.array([True]), (_LEVEL,))


if __name__ == "__main__":
    compile_without_blas()
    do_later_steps()
