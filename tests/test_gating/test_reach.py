"""Steps around outlines leave nothing out that an outline holds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.gating.axes import ExpertAxes
from hladr.gating.reach import steps_around
from hladr.kernels.gating import events_in_polygon
from hladr.kernels.reach import within_reach

AXES = ExpertAxes(
    has_cd45=False, cd14_unit=120.0, cd45_unit=1.0, fsc_top=262144.0, ssc_top=262144.0
)
# Corners on round numbers: sides that are upright, level, or end where a step does.
corner = st.tuples(
    st.integers(-8, 40).map(lambda n: n / 4.0), st.integers(16, 48).map(lambda n: n / 4.0)
)
polygon = st.lists(corner, min_size=3, max_size=9, unique=True).map(np.array)


def ordinates(axis, scaled):
    on_scale = AXES.on_scale(axis, scaled)
    on_scale.flags.writeable = False
    return on_scale


@given(polygons=st.lists(polygon, min_size=1, max_size=3), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=200)
def test_whatever_an_outline_holds_is_within_reach(polygons, seed):
    draw = np.random.default_rng(seed)
    corners = np.concatenate(polygons)
    at_corners = corners[draw.integers(0, len(corners), 500)]
    beside = at_corners + draw.choice([0.0, 1e-12, -1e-12, 1e-3, -1e-3], (500, 2))
    around = draw.uniform(corners.min(axis=0), corners.max(axis=0), (1500, 2))
    cd14, ssc = np.vstack([beside, around]).T
    data = np.sinh(cd14) * AXES.cd14_unit, np.exp(ssc)
    scaled = [AXES.dimension(axis).scale.forward(each) for axis, each in enumerate(data)]
    for values in scaled:
        values.flags.writeable = False
    events = np.sort(draw.choice(2000, 1200, replace=False))
    found, ranks, boxed = within_reach(*data, events, steps_around(AXES, polygons))
    for each in polygons:
        vertices = np.column_stack([ordinates(axis, along) for axis, along in enumerate(each.T)])
        vertices.flags.writeable = False
        held = events_in_polygon(*scaled, events, vertices)
        assert np.isin(held, found).all()
    assert np.isin(found, events).all()
    assert (np.diff(ranks) > 0).all()
    assert found.size <= boxed <= events.size


def test_steps_leave_the_corners_of_the_box_out():
    disc = np.linspace(0.0, 2.0 * np.pi, 65)[:-1]
    outline = np.column_stack([5.0 + 2.0 * np.cos(disc), 9.0 + 2.0 * np.sin(disc)])
    cd14, ssc = np.random.default_rng(5).uniform((3.0, 7.0), (7.0, 11.0), (20_000, 2)).T
    data = np.sinh(cd14) * AXES.cd14_unit, np.exp(ssc)
    found, _ranks, boxed = within_reach(*data, np.arange(20_000), steps_around(AXES, [outline]))
    assert boxed > 19_900
    inside = np.hypot(cd14 - 5.0, ssc - 9.0) < 2.0
    assert np.isin(np.flatnonzero(inside), found).mean() > 0.999  # the polygon lies in the disc
    assert found.size < 1.1 * inside.sum()


def test_what_is_no_number_is_out_of_reach():
    outline = np.array([[0.0, 5.0], [6.0, 5.0], [6.0, 11.0], [0.0, 11.0]])
    cd14 = np.array([np.nan, 900.0, np.inf, -np.inf, 900.0])
    ssc = np.array([5000.0, np.nan, 5000.0, 5000.0, 5000.0])
    found, ranks, boxed = within_reach(cd14, ssc, np.arange(5), steps_around(AXES, [outline]))
    assert (found.tolist(), ranks.tolist(), boxed) == ([4], [0], 1)
