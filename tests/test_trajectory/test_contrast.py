"""What two results of one curve share: against linear algebra, by law, and by simulation."""

import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from subject_days import OWN, a_curve, measured

from calibration import BeadLot, Term
from hladr.assay.definition import IntervalTerms
from hladr.quantification import Intensity, abundance
from hladr.trajectory import change, contrast, ratio

CURVES = {seed: a_curve(seed) for seed in range(1, 7)}
CURVE, OTHER = CURVES[1], CURVES[2]
levels = st.floats(min_value=600.0, max_value=60_000.0)
weights = st.floats(min_value=-2.0, max_value=2.0)


def part(budget, name):
    return next(term.relative for term in budget.terms if term.name == name)


def covariance_of_inverses(curve, found):
    """Covariance of ln AB/c by the curve alone: the fit's covariance through a numeric Jacobian."""
    x = np.log10([peak.assigned for peak in curve.peaks])
    y = np.log10([peak.geometric_mean for peak in curve.peaks])
    fit = sm.OLS(y, sm.add_constant(x)).fit()
    cov = np.asarray(fit.cov_params(scale=curve.fit_sd**2))
    at = np.log10([each.mfi for each in found])

    def inverse(a, b):
        return math.log(10) * (at - a) / b

    step = 1e-6
    a, b = fit.params
    jacobian = np.column_stack(
        [
            (inverse(a + step, b) - inverse(a - step, b)) / (2 * step),
            (inverse(a, b + step) - inverse(a, b - step)) / (2 * step),
        ]
    )
    return jacobian @ cov @ jacobian.T


@given(abcs=st.lists(levels, min_size=1, max_size=5), data=st.data())
def test_the_curve_term_is_the_propagated_covariance_of_the_fit(abcs, data):
    found = [measured(CURVE, each) for each in abcs]
    w = np.array(data.draw(st.lists(weights, min_size=len(abcs), max_size=len(abcs))))
    expected = math.sqrt(max(w @ covariance_of_inverses(CURVE, found) @ w, 0.0))
    assert part(contrast(found, w.tolist()), "curve") == pytest.approx(expected, rel=1e-5, abs=1e-8)


@given(abc=levels, other=levels)
def test_of_a_ratio_on_one_curve_only_the_slope_over_the_distance_is_left(abc, other):
    budget = contrast([measured(CURVE, abc), measured(CURVE, other)], [-1.0, 1.0])
    line = CURVE.line
    slope_error = CURVE.fit_sd / math.sqrt(line.sum_xx)
    expected = slope_error / line.slope * abs(math.log(other / abc))
    assert part(budget, "curve") == pytest.approx(expected, rel=1e-9, abs=1e-15)


@given(abc=levels)
def test_equal_days_on_one_curve_do_not_feel_it(abc):
    budget = contrast([measured(CURVE, abc), measured(CURVE, abc)], [-1.0, 1.0])
    assert part(budget, "curve") == pytest.approx(0.0, abs=1e-12)
    assert part(budget, "model") == pytest.approx(0.0, abs=1e-12)
    assert part(budget, "repeatability") == pytest.approx(0.032 * math.sqrt(2))


@given(abc=levels, other=levels)
def test_on_two_curves_both_count_in_full(abc, other):
    first, second = measured(CURVE, abc), measured(OTHER, other)
    budget = contrast([first, second], [-1.0, 1.0])
    for name, term in (("curve", "curve_term"), ("model", "model_term")):
        alone = [getattr(each.curve, term)(each.mfi).relative for each in (first, second)]
        assert part(budget, name) == pytest.approx(math.hypot(*alone), rel=1e-9)


@given(abc=levels, other=levels)
def test_sharing_a_curve_helps_unless_the_days_lie_on_its_two_far_ends(abc, other):
    first, second = measured(CURVE, abc), measured(CURVE, other)
    together = part(contrast([first, second], [-1.0, 1.0]), "curve")
    apart = math.hypot(*(CURVE.curve_term(each.mfi).relative for each in (first, second)))
    line = CURVE.line
    sides = [each.log_molecules - line.mean_x for each in (first, second)]
    common = 1 / line.n + math.prod(sides) / line.sum_xx
    assume(abs(common) > 1e-9)
    assert (together < apart) is (common > 0.0)


clinical = st.floats(min_value=1_500.0, max_value=40_000.0)


@given(abc=clinical, other=clinical, seed=st.integers(1, 6))
def test_the_ratio_on_one_curve_is_narrower_than_the_two_intervals_combined(abc, other, seed):
    curve = CURVES[seed]
    first, second = measured(curve, abc), measured(curve, other)
    shifts = [curve.model_shift(each.mfi) for each in (first, second)]
    assume(math.prod(shifts) >= 0.0)  # else the other model pulls the two days apart
    whole = ratio(first, second)
    apart = math.hypot(*(math.log(each.ci95[1] / each.abc) for each in (first, second)))
    assert math.log(whole.high / whole.value) < apart


def test_models_that_err_to_different_sides_pull_two_days_apart():
    curve = CURVES[3]
    first, second = measured(curve, 1_500.0), measured(curve, 40_000.0)
    low, high = (curve.model_shift(each.mfi) for each in (first, second))
    assert low < 0.0 < high
    assert part(contrast([first, second], [-1.0, 1.0]), "model") == pytest.approx(high - low)


def test_a_single_day_has_the_budget_of_its_result():
    declared = IntervalTerms(repeatability=0.032, bead_values=0.02, fp_ratio=0.01)
    seen = Intensity(CURVE.fluorescence(4_000.0), 5_000.0, 0.5, 1_500, 0.0, 0.0)
    made = abundance(
        seen, CURVE, statistic="geometric_mean", fp_ratio=1.0, gate_shift=0.01, declared=declared
    )
    terms = tuple(each for each in made.whole.terms if each.name not in {"curve", "model"})
    found = contrast([measured(CURVE, made.abc, terms=terms)], [1.0])
    assert found.relative == pytest.approx(made.whole.relative, rel=1e-9)
    assert found.dof == pytest.approx(made.whole.dof, rel=1e-9)
    assert {term.name for term in found.terms} == {term.name for term in made.whole.terms}


def test_degrees_of_freedom_are_those_of_welch_and_satterthwaite():
    found = [measured(CURVE, 1_000.0), measured(OTHER, 40_000.0)]
    budget = contrast(found, [-1.0, 1.0])
    squares, lost = [], []
    for each in found:
        parts = (
            *OWN,
            each.curve.curve_term(each.mfi),
            each.curve.model_term(each.mfi),
        )
        squares += [term.relative**2 for term in parts]
        lost += [term.relative**4 / term.dof for term in parts]
    assert budget.relative == pytest.approx(math.sqrt(sum(squares)))
    assert budget.dof == pytest.approx(sum(squares) ** 2 / sum(lost))


def test_the_lots_uncertainty_cancels_between_curves_of_one_lot_and_not_of_two():
    terms = (Term("bead_values", 0.05),)
    lot = BeadLot.parse("500,5600,25000,65000")
    of_other_lot = a_curve(3, lot=lot)
    first = measured(CURVE, 3_000.0, terms=terms)
    for curve in (CURVE, OTHER):
        later = measured(curve, 9_000.0, terms=terms)
        assert part(contrast([first, later], [-1.0, 1.0]), "bead_values") == 0.0
    other = measured(of_other_lot, 9_000.0, terms=terms)
    both = part(contrast([first, other], [-1.0, 1.0]), "bead_values")
    assert both == pytest.approx(0.05 * math.sqrt(2))
    assert part(contrast([other], [1.0]), "bead_values") == pytest.approx(0.05)


def test_a_change_is_the_ratio_in_antibodies():
    first, second = measured(CURVE, 3_000.0), measured(CURVE, 9_000.0)
    found = change(first, second)
    assert found.value == pytest.approx(6_000.0)
    # by simulation of what is independent; the curve's share is below a tenth of it
    rng = np.random.default_rng(3)
    sd = math.sqrt(sum(term.relative**2 for term in OWN))
    draws = 9_000.0 * np.exp(sd * rng.standard_normal(200_000)) - 3_000.0 * np.exp(
        sd * rng.standard_normal(200_000)
    )
    assert (found.high - found.value) / 1.96 == pytest.approx(draws.std(), rel=0.05)


def test_what_is_not_known_of_one_day_is_not_known_of_the_ratio():
    whole = measured(CURVE, 3_000.0)
    without = measured(CURVE, 4_000.0, terms=OWN[:1], missing=("gate",))
    budget = contrast([whole, without], [-1.0, 1.0])
    assert set(budget.not_included) == {"autofluorescence", "gate (of some)"}


@pytest.mark.parametrize("shared", [True, False])
def test_the_interval_holds_the_truth_where_the_curve_is_all_that_errs(shared):
    """Beads off the line by 0.02 decades, nothing else: exact Student's t decides."""
    from types import SimpleNamespace

    from calibration.line import fit_line

    rng = np.random.default_rng(5)
    x = np.log10([474.0, 5359.0, 23843.0, 62336.0])
    truth, held = np.log10([1_000.0, 30_000.0]), []
    for _ in range(1_500):
        lines = [fit_line(x, 0.1 + x + 0.02 * rng.standard_normal(4)) for _ in range(2)]
        days = []
        for day in range(2):
            which = 0 if shared else day
            line = lines[which]
            at = 0.1 + truth[day]
            days.append(
                SimpleNamespace(
                    terms=(),
                    not_included=(),
                    calibration=str(which),
                    mfi=10**at,
                    log_molecules=(at - line.intercept) / line.slope,
                    curve=SimpleNamespace(
                        line=line,
                        fit_sd=line.residual_sd,
                        fit_dof=2.0,
                        model_shift=lambda _: 0.0,
                    ),
                )
            )
        error = math.log(10) * np.diff([each.log_molecules for each in days] - truth)[0]
        held.append(abs(error) <= math.log(contrast(days, [-1.0, 1.0]).factor()))
    least, most = stats.binom.ppf([0.0005, 0.9995], 1_500, 0.95) / 1_500
    # with two curves Welch and Satterthwaite are an approximation, on the safe side
    assert least <= np.mean(held) <= (most if shared else 0.995)
