"""From fluorescence to AB/c: laws of the statistics, and the budget against simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from calibration import BeadLot, calibrate
from hladr.assay.definition import IntervalTerms
from hladr.quantification import (
    NoPositiveCentre,
    abundance,
    boundary_shift,
    geometric_mean,
    intensity,
    require_measurable,
)

LEVELS = np.array([474.0, 5359.0, 23843.0, 62336.0])
SLOPE = 0.8  # far from 1, so that it cannot be forgotten
DECLARED = IntervalTerms(repeatability=0.03, fp_ratio=None, bead_values=0.02)

positive = st.lists(st.floats(1e-3, 1e6), min_size=2, max_size=60)


@pytest.fixture(scope="module")
def curve():
    rng = np.random.default_rng(3)
    beads = [1.7 * level**SLOPE * rng.lognormal(0.0, 0.06, 2000) for level in LEVELS]
    return calibrate(np.concatenate(beads), BeadLot(tuple(LEVELS)), saturation=None)


def seen_of(values, *, bottom=0.0, top=math.inf):
    values = np.asarray(values, dtype=np.float64)
    return intensity(values, bottom=bottom, at_top=values >= top)


def measured(
    values, curve, *, statistic="geometric_mean", fp_ratio=1.0, shift=0.01, declared=DECLARED
):
    return abundance(
        seen_of(values),
        curve,
        statistic=statistic,
        fp_ratio=fp_ratio,
        gate_shift=shift,
        declared=declared,
    )


@given(values=st.lists(st.floats(-1e3, 1e6), max_size=60), bottom=st.sampled_from([0.0, 10.0]))
def test_the_geometric_mean_alone_is_the_one_of_the_statistics(values, bottom):
    alone = geometric_mean(np.array(values, np.float64), bottom=bottom)
    together = seen_of(values, bottom=bottom).geometric_mean
    assert alone == together or (math.isnan(alone) and math.isnan(together))


@given(positive, st.lists(st.floats(-1e6, 0.0), max_size=20), st.integers(0, 99))
def test_statistics_are_scipys(values, nonpositive, seed):
    everything = np.random.default_rng(seed).permutation([*values, *nonpositive])
    seen = seen_of(everything)
    assert seen.geometric_mean == pytest.approx(stats.gmean(values), rel=1e-9)
    assert seen.log_sd == pytest.approx(np.std(np.log(values), ddof=1), rel=1e-6, abs=1e-9)
    assert seen.median == pytest.approx(np.median(everything))
    assert seen.nonpositive == pytest.approx(len(nonpositive) / everything.size)
    assert seen.events == everything.size


@given(positive, st.floats(1e-3, 1e3))
def test_the_unit_of_fluorescence_factors_out(values, factor):
    one, other = seen_of(values), seen_of(np.array(values) * factor)
    assert other.geometric_mean == pytest.approx(factor * one.geometric_mean, rel=1e-9)
    assert other.median == pytest.approx(factor * one.median, rel=1e-9)
    assert other.log_sd == pytest.approx(one.log_sd, rel=1e-6, abs=1e-9)


def test_the_bottom_of_a_log_amplifier_counts_as_nothing_seen():
    seen = seen_of([1.0, 1.0, 10.0, 1000.0], bottom=1.0)
    assert seen.nonpositive == 0.5
    assert seen.geometric_mean == pytest.approx(100.0)


def test_what_is_at_the_top_is_counted():
    assert seen_of([1.0, 2.0, 7.0, 7.0], top=7.0).saturated == 0.5


def test_nobody_has_no_statistics_and_is_refused():
    seen = seen_of([])
    assert math.isnan(seen.geometric_mean)
    assert math.isnan(seen.median)
    assert seen.events == 0
    with pytest.raises(NoPositiveCentre):
        require_measurable(seen)


@pytest.mark.parametrize("values", [[-3.0, -1.0, 5.0], [0.0, 0.0, 1.0], [5.0]])
def test_a_population_at_zero_is_refused_by_its_code(values):
    with pytest.raises(NoPositiveCentre) as caught:
        require_measurable(seen_of(values))
    assert caught.value.code == "NO_POSITIVE_CENTRE"


def test_a_measurable_population_is_let_through():
    require_measurable(seen_of([-1.0, 3.0, 5.0, 8.0]))


@pytest.mark.parametrize("fp_ratio", [0.5, 1.0, 1.3])
def test_the_number_is_molecules_over_fluorophores_an_antibody(curve, fp_ratio):
    values = np.random.default_rng(1).lognormal(8.0, 0.5, 4000)
    found = measured(values, curve, fp_ratio=fp_ratio)
    assert found.abc == pytest.approx(curve.molecules(stats.gmean(values)) / fp_ratio, rel=1e-12)
    assert found.abc == found.abc_geometric_mean
    assert found.abc_median == pytest.approx(curve.molecules(np.median(values)) / fp_ratio)
    assert found.mfi == pytest.approx(stats.gmean(values))


def test_a_laboratory_may_report_the_median_and_sees_both(curve):
    values = np.random.default_rng(1).lognormal(8.0, 0.5, 4000)
    by_mean, by_median = (
        measured(values, curve, statistic=s) for s in ("geometric_mean", "median")
    )
    assert by_median.abc == by_median.abc_median == by_mean.abc_median
    assert by_median.abc_geometric_mean == by_mean.abc
    assert by_median.mfi == np.median(values)


@pytest.mark.parametrize("statistic", ["geometric_mean", "median"])
def test_the_counting_term_is_the_scatter_of_repeated_samples(curve, statistic):
    rng = np.random.default_rng(7)
    tubes = [rng.lognormal(8.0, 0.6, 500) for _ in range(600)]
    logs = [math.log(measured(values, curve, statistic=statistic).abc) for values in tubes]
    terms = {term.name: term for term in measured(tubes[0], curve, statistic=statistic).whole.terms}
    assert terms["counting"].relative == pytest.approx(np.std(logs), rel=0.12)
    assert terms["counting"].dof == 499


def test_terms_add_by_squares_and_the_whole_is_wider_than_the_analysis(curve):
    found = measured(np.random.default_rng(1).lognormal(8.0, 0.5, 4000), curve)
    terms = {term.name: term.relative for term in found.whole.terms}
    assert set(terms) == {"curve", "counting", "gate", "model", "repeatability", "bead_values"}
    files = [terms[name] for name in ("curve", "counting", "gate", "model")]
    assert found.analysis.relative == pytest.approx(math.hypot(*files))
    assert found.whole.relative == pytest.approx(math.hypot(*terms.values()))
    assert found.ci95[0] < found.ci95_analysis[0] < found.abc
    assert found.abc < found.ci95_analysis[1] < found.ci95[1]
    assert found.ci95[0] * found.ci95[1] == pytest.approx(found.abc**2)


def test_few_degrees_of_freedom_widen_the_interval_as_student_and_welch_say(curve):
    found = measured(np.random.default_rng(1).lognormal(8.0, 0.5, 40_000), curve)
    for combined, ci in ((found.analysis, found.ci95_analysis), (found.whole, found.ci95)):
        fourth = sum(term.relative**4 / term.dof for term in combined.terms)
        dof = combined.relative**4 / fourth
        half = stats.t.ppf(0.975, dof) * combined.relative
        assert math.log(ci[1] / found.abc) == pytest.approx(half, rel=1e-6)
        assert half > 1.96 * combined.relative


def test_unknown_terms_are_named(curve):
    values = np.random.default_rng(1).lognormal(8.0, 0.5, 4000)
    declared = IntervalTerms(repeatability=None, fp_ratio=0.05, bead_values=None)
    found = measured(values, curve, shift=math.nan, declared=declared)
    assert set(found.whole.not_included) == {
        "gate", "repeatability", "bead_values", "autofluorescence",
    }  # fmt: skip
    assert {term.name for term in found.whole.terms} == {"curve", "counting", "model", "fp_ratio"}


@pytest.mark.parametrize(("level", "expected"), [(200.0, "below"), (5e3, "within"), (2e5, "above")])
def test_the_range_is_that_of_the_beads(curve, level, expected):
    values = curve.fluorescence(level) * np.random.default_rng(1).lognormal(0.0, 0.1, 500)
    assert measured(values, curve).range == expected


@given(st.floats(1.0, 1e5), st.floats(0.5, 2.0), st.floats(0.5, 2.0), st.floats(0.8, 1.2))
def test_the_shift_is_the_larger_move_in_units_of_the_result(inner, wider, narrower, slope):
    found = boundary_shift(inner, (inner * wider, inner * narrower), slope)
    assert found == pytest.approx(max(abs(math.log(wider)), abs(math.log(narrower))) / slope)


def test_a_shift_that_cannot_be_measured_is_not_zero():
    assert math.isnan(boundary_shift(100.0, (math.nan, math.nan), 1.0))
    assert boundary_shift(100.0, (math.nan, 110.0), 1.0) == pytest.approx(math.log(1.1))
