"""Both lines against statsmodels, deviations against simulation."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.stats.anova import anova_lm

from hladr.validation import linearity

LEVELS = np.repeat([3000.0, 6000.0, 12000.0, 18000.0, 24000.0, 30000.0], 3)


def series(seed=0, curve=0.0, sd=0.03, levels=LEVELS):
    rng = np.random.default_rng(seed)  # a generator goes on where it was
    x = np.log(levels / 12000)
    return levels, levels * np.exp(curve * x**2 + rng.normal(0, sd, levels.size))


def values(found):
    return [found.value, found.interval.low, found.interval.high]


def test_the_line_on_logarithms_is_that_of_statsmodels():
    expected, abc = series()
    found = linearity("S", expected, abc)
    fit = sm.OLS(np.log(abc), sm.add_constant(np.log(expected))).fit()
    assert values(found.log_slope) == pytest.approx([fit.params[1], *fit.conf_int()[1]])
    assert found.log_slope.p == pytest.approx(fit.t_test("x1 = 1").pvalue)
    assert found.sd_percent == pytest.approx(100 * np.sqrt(fit.scale))


def test_the_straight_line_is_weighted_by_the_level():
    expected, abc = series(1)
    found = linearity("S", expected, abc)
    fit = sm.WLS(abc, sm.add_constant(expected), weights=expected**-2).fit()
    assert values(found.intercept) == pytest.approx([fit.params[0], *fit.conf_int()[0]])
    assert values(found.slope) == pytest.approx([fit.params[1], *fit.conf_int()[1]])
    for level in found.levels:
        line = fit.params @ [1, level.expected]
        mean = np.mean(abc[expected == level.expected])
        assert level.deviation == pytest.approx(100 * (mean / line - 1))


def test_departure_is_tested_as_statsmodels_tests_it():
    expected, abc = series(2, curve=0.04)
    found = linearity("S", expected, abc)
    data = pd.DataFrame({"y": np.log(abc), "x": np.log(expected)})
    models = {
        name: sm.OLS.from_formula(formula, data).fit()
        for name, formula in {
            "line": "y ~ x", "square": "y ~ x + I((x - x.mean())**2)",
            "cube": "y ~ x + I((x - x.mean())**2) + I((x - x.mean())**3)", "levels": "y ~ C(x)",
        }.items()
    }  # fmt: skip
    assert found.quadratic.value == pytest.approx(models["square"].params.iloc[-1])
    assert found.quadratic.p == pytest.approx(models["square"].pvalues.iloc[-1])
    assert found.cubic.p == pytest.approx(models["cube"].pvalues.iloc[-1], rel=1e-6)
    p = anova_lm(models["line"], models["levels"])["Pr(>F)"].iloc[1]
    assert found.lack_of_fit == pytest.approx(p)


def test_a_curve_is_found_and_a_line_is_not():
    assert linearity("S", *series(3, curve=0.1)).quadratic.p < 1e-4
    rng = np.random.default_rng(21)
    p = [linearity("S", *series(rng)).lack_of_fit for _ in range(1500)]
    assert np.mean(np.array(p) < 0.05) == pytest.approx(0.05, abs=0.017)  # three standard errors


@pytest.mark.parametrize("levels", [LEVELS, np.unique(LEVELS)], ids=["repeats", "single results"])
def test_the_interval_of_a_deviation_holds_zero_for_a_straight_assay(levels):
    rng = np.random.default_rng(22)
    held = [
        [each.interval.low <= 0 <= each.interval.high for each in found.levels]
        for found in (linearity("S", *series(rng, levels=levels)) for _ in range(1500))
    ]
    assert np.mean(held, axis=0) == pytest.approx([0.95] * 6, abs=0.02)


def test_an_assay_that_answers_exactly_has_no_deviation():
    found = linearity("S", LEVELS, 1.1 * LEVELS)
    assert found.log_slope.value == pytest.approx(1.0)
    assert [level.recovery for level in found.levels] == pytest.approx([100.0] * 6)
    assert found.largest.deviation == pytest.approx(0.0, abs=1e-9)


def test_an_offset_is_the_intercept_and_no_departure_from_a_straight_line():
    found = linearity("S", LEVELS, LEVELS + 500.0)
    assert found.intercept.value == pytest.approx(500.0)
    assert found.largest.deviation == pytest.approx(0.0, abs=1e-9)
    assert found.levels[0].log_deviation > 1.0


def test_three_single_results_have_no_square_no_lack_of_fit_and_no_intervals():
    found = linearity("S", np.array([1.0, 2.0, 4.0]), np.array([1000.0, 2100.0, 3900.0]))
    assert np.isnan([found.cubic.value, found.quadratic.value, found.lack_of_fit]).all()
    assert all(np.isnan(level.interval.low) for level in found.levels)
