"""Time: a clog or a bubble is left out, and nothing is judged that cannot be."""

import numpy as np
import pytest

from calibration.finding import Severity
from hladr.gating.steadiness import Steadiness, steady_events, steady_within

N = 20_000


@pytest.fixture
def flow():
    """Clock and forward scatter of a steady acquisition."""
    rng = np.random.default_rng(4)
    return np.cumsum(rng.exponential(1 / 2000.0, N)), rng.lognormal(11.0, 0.3, N)


def judged(time, fsc):
    return steady_events(time, fsc, (fsc > 0) & np.isfinite(fsc))


def test_steady_flow_loses_nothing_and_says_nothing(flow):
    found = judged(*flow)
    assert found.steady.all()
    assert found.findings == ()


def test_a_bubble_that_shifts_the_scatter_is_left_out(flow):
    time, fsc = flow
    fsc[8_000:9_500] *= 0.5
    found = judged(time, fsc)
    assert not found.steady[8_500:9_000].any()
    assert found.steady[:7_000].all()
    assert found.steady[10_500:].all()
    assert [f.code for f in found.findings] == ["UNSTEADY_ACQUISITION"]
    assert found.findings[0].severity is Severity.NOTE


def test_a_clog_that_slows_the_flow_is_left_out(flow):
    time, fsc = flow
    pace = np.diff(time, prepend=0.0)
    pace[12_000:13_000] *= 8.0
    found = judged(np.cumsum(pace), fsc)
    assert not found.steady[12_300:12_700].any()
    assert found.steady[:11_000].all()


def test_much_unsteadiness_asks_for_a_person(flow):
    time, fsc = flow
    fsc[2_000:7_000] *= 0.5
    found = judged(time, fsc)
    assert 0.2 < 1.0 - found.steady.mean() < 0.35
    assert [f.severity for f in found.findings] == [Severity.WARN]


@pytest.mark.parametrize("clock", ["none", "stands", "runs back", "has no numbers"])
def test_without_a_clock_nothing_is_left_out_and_that_is_said(flow, clock):
    time, fsc = flow
    times = {
        "none": None,
        "stands": np.zeros(N),
        "runs back": time[::-1],
        "has no numbers": np.full(N, np.nan),
    }
    found = judged(times[clock], fsc)
    assert found.steady.all()
    assert [(f.code, f.severity) for f in found.findings] == [
        ("TIME_NOT_ASSESSABLE", Severity.NOTE)
    ]


def test_few_events_cannot_be_judged(flow):
    found = judged(flow[0][:900], flow[1][:900])
    assert found.steady.all()
    assert "too few events" in found.findings[0].message


def test_events_off_scale_do_not_count_as_a_jump(flow):
    time, fsc = flow
    fsc[::7] = -5.0
    fsc[3::11] = np.nan
    assert judged(time, fsc).steady.all()


def held(time, ranges):
    """Events of some ranges of time, start included, end excluded."""
    return np.array(
        [
            any((a is None or t >= a) and (b is None or t < b) for a, b in ranges)
            for t in time.tolist()
        ]
    )


def test_what_is_left_out_is_left_out_by_ranges_of_time(flow):
    time, fsc = flow
    fsc[8_000:9_500] *= 0.5
    fsc[:600] *= 0.5
    found = judged(time, fsc)
    assert len(found.ranges) == 2
    assert found.ranges[-1].end is None
    np.testing.assert_array_equal(found.steady, held(time, found.ranges))


def test_where_nothing_is_left_out_all_of_the_time_is_steady(flow):
    assert judged(*flow).ranges == ((None, None),)


def test_a_clock_in_ticks_keeps_a_tick_together(flow):
    time, fsc = np.floor(flow[0] * 50) / 50, flow[1]  # about 40 events a tick
    fsc[8_000:9_500] *= 0.5
    found = judged(time, fsc)
    np.testing.assert_array_equal(found.steady, held(time, found.ranges))
    assert not found.steady[8_100:9_400].any()


def test_a_clock_too_coarse_for_a_stretch_leaves_it_out_by_place(flow):
    time = np.floor(flow[0] / 0.7) * 0.7  # about 1,400 events a tick
    found = Steadiness.of(np.arange(N // 500) != 17, time, N)
    assert found.ranges is None
    np.testing.assert_array_equal(np.flatnonzero(~found.steady), np.arange(8_500, 9_000))


def test_two_judgements_leave_out_what_either_does(flow):
    time, _ = flow
    first = Steadiness.of(np.arange(N // 500) != 3, time, N)
    both = first.during(np.arange(N // 500) != 30, time)
    assert both.dropped == pytest.approx(0.05)
    assert len(both.ranges) == 3
    np.testing.assert_array_equal(both.steady, held(time, both.ranges))
    assert [f.code for f in both.findings] == ["UNSTEADY_ACQUISITION"]


@pytest.fixture
def one_kind():
    """Cells of one kind among others: their places in the file and the log of their scatter."""
    rng = np.random.default_rng(7)
    kind = np.flatnonzero(rng.random(N) < 0.6)
    return kind, 11.0 + 0.12 * rng.standard_normal(kind.size)


def test_one_kind_that_keeps_its_place_is_steady(one_kind):
    kind, logs = one_kind
    assert steady_within(kind, (logs, logs), N) is None


@pytest.mark.parametrize("shift", [-0.1, 0.1])
def test_a_shift_too_small_for_all_cells_together_shows_in_one_kind(one_kind, shift):
    kind, logs = one_kind
    there = (kind >= 6_000) & (kind < 13_000)
    good = steady_within(kind, (logs, np.where(there, logs + shift, logs)), N)
    steady = Steadiness.of(good, None, N).steady
    assert not steady[6_500:12_500].any()
    assert steady[:5_500].all()
    assert steady[13_500:].all()


def test_chance_moves_no_stretch(one_kind):
    kind, _ = one_kind
    rng = np.random.default_rng(8)
    for _ in range(100):
        logs = 11.0 + 0.3 * rng.standard_normal(kind.size)
        assert steady_within(kind, (logs,), N) is None


def test_stretches_without_the_kind_are_not_judged(one_kind):
    kind, logs = one_kind
    here = kind < 10_000
    assert steady_within(kind[here], (logs[here],), N) is None


def test_few_events_of_one_kind_cannot_be_judged():
    kind = np.arange(3_000)
    assert steady_within(kind, (np.where(kind < 500, 9.0, 11.0),), 3_000) is None


def test_a_clock_that_stands_at_its_top_is_no_clog(flow):
    time, fsc = flow
    found = judged(np.minimum(time, time[14_000]), fsc)
    assert found.steady.all()
    assert found.findings == ()


@pytest.mark.parametrize("first", ["by place", "by time"])
def test_ranges_of_time_hold_the_events_that_are_left_or_there_are_none(first):
    """A first judgement by place, a second that a clock could tell: no range holds both."""
    time = np.floor(np.arange(N) / 130.0)  # a tick begins anywhere in a stretch
    good = np.ones(N // 500, bool)
    good[10:14] = False
    clock = None if first == "by place" else time
    before = Steadiness.of(good, clock, N)
    other = np.ones(N // 500, bool)
    other[30:33] = False
    both = before.during(other, time)
    steady = before.steady & both.steady
    if both.ranges is not None:
        np.testing.assert_array_equal(held(time, both.ranges), steady)
    else:
        assert first == "by place"


def test_no_cells_of_a_kind_tell_nothing():
    none = np.empty(0)
    assert steady_within(np.empty(0, np.intp), (none, none), N) is None
