"""How sure a class is: against SciPy's distributions, by simulation, and by law."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hladr.criterion import (
    AbcEvidence,
    BareAbc,
    Quantity,
    classify,
    format_probability,
    load_criterion,
)
from hladr.criterion.decision import is_decisive
from hladr.criterion.measured import Reading, Spread
from hladr.ferritin import Ferritin, parse_ferritin

IMMUNOSEP = load_criterion("immunosep-2025")
MEISEL = load_criterion("meisel-2009")
GRID = load_criterion("grid-2023")

abcs = st.floats(min_value=500.0, max_value=100_000.0)
near_abcs = st.floats(min_value=3500.0, max_value=7000.0)
near_ferritins = st.floats(min_value=3500.0, max_value=5500.0)
widths = st.floats(min_value=0.005, max_value=0.3)
freedoms = st.floats(min_value=1.0, max_value=200.0) | st.just(math.inf)

LOW_FERRITIN = parse_ferritin("100")  # 40 standard deviations from MALS


def lognormal_sd(cv):
    return math.sqrt(math.log(1 + cv**2))


@given(abc=near_abcs, sd_ln=widths, dof=freedoms)
def test_hla_dr_alone_follows_students_t_on_the_logarithm(abc, sd_ln, dof):
    result = classify(IMMUNOSEP, abc=AbcEvidence(abc, sd_ln, dof), ferritin=LOW_FERRITIN)
    distance = (math.log(5000) - math.log(abc)) / sd_ln
    below = stats.norm.cdf(distance) if math.isinf(dof) else stats.t.cdf(distance, dof)
    right = below if result.class_name == "immunoparalysis" else 1 - below
    assert result.probability == pytest.approx(min(right, 0.999), abs=1e-12)


@given(ferritin=near_ferritins, cv=st.floats(min_value=0.01, max_value=0.3))
def test_ferritin_alone_is_lognormal(ferritin, cv):
    result = classify(
        IMMUNOSEP,
        abc=AbcEvidence(100_000.0, 0.01, math.inf),
        ferritin=Ferritin("", ferritin),
        ferritin_cv=cv,
    )
    above = stats.lognorm.sf(4420, lognormal_sd(cv), scale=ferritin)
    right = above if result.class_name == "MALS" else 1 - above
    assert result.probability == pytest.approx(min(right, 0.999), abs=1e-12)


def test_the_ferritin_cv_is_five_percent_until_entered():
    silent = classify(IMMUNOSEP, abc=None, ferritin=parse_ferritin("4600"))
    entered = classify(IMMUNOSEP, abc=None, ferritin=parse_ferritin("4600"), ferritin_cv=0.05)
    other = classify(IMMUNOSEP, abc=None, ferritin=parse_ferritin("4600"), ferritin_cv=0.10)
    assert silent == entered
    assert other.probability < entered.probability


@pytest.mark.parametrize(
    ("true_abc", "cv", "wrong"),
    # a true 5500 reads below 5000, a true 4500 above: published as percent of runs
    [(5500, 0.05, 3), (5500, 0.15, 26), (5500, 0.25, 35), (4500, 0.05, 2), (4500, 0.25, 34)],
)
def test_the_published_grey_zone_round_5000(true_abc, cv, wrong):
    result = classify(
        IMMUNOSEP, abc=AbcEvidence(float(true_abc), cv, math.inf), ferritin=LOW_FERRITIN
    )
    assert 100 * (1 - result.probability) == pytest.approx(wrong, abs=1.0)


@pytest.mark.parametrize(
    ("abc", "ferritin"), [(4800.0, 4300.0), (5100.0, 4300.0), (4800.0, 4600.0), (5000.0, 4420.0)]
)
def test_both_inputs_together_agree_with_simulated_truths(abc, ferritin):
    rng = np.random.default_rng(20260314)
    n, sd_ln, dof = 400_000, 0.06, 5.0
    true_abc = abc * np.exp(sd_ln * rng.standard_t(dof, n))
    true_ferritin = ferritin * np.exp(lognormal_sd(0.05) * rng.standard_normal(n))
    mals = true_ferritin > 4420
    low = ~mals & (true_abc < 5000)
    shares = {
        "MALS": mals.mean(),
        "immunoparalysis": low.mean(),
        "unclassified": (~mals & ~low).mean(),
    }
    result = classify(IMMUNOSEP, abc=AbcEvidence(abc, sd_ln, dof), ferritin=Ferritin("", ferritin))
    assert result.probability == pytest.approx(shares[result.class_name], abs=0.004)


def test_two_days_together_agree_with_simulated_truths():
    rng = np.random.default_rng(7)
    today, before = (
        value * np.exp(0.08 * rng.standard_t(6.0, 400_000)) for value in (7600.0, 7900.0)
    )
    both = ((today < 8000) & (before < 8000)).mean()
    result = classify(
        MEISEL,
        abc=AbcEvidence(7600.0, 0.08, 6.0),
        previous_day_abc=AbcEvidence(7900.0, 0.08, 6.0),
        ferritin=None,
    )
    assert result.class_name == "immunoparalysis"
    assert result.probability == pytest.approx(both, abs=0.004)
    other = classify(
        MEISEL,
        abc=AbcEvidence(7600.0, 0.08, 6.0),
        previous_day_abc=AbcEvidence(8100.0, 0.08, 6.0),
        ferritin=None,
    )
    before = 8100.0 * np.exp(0.08 * rng.standard_t(6.0, 400_000))
    assert other.class_name == "unclassified"
    assert other.probability == pytest.approx(
        1 - ((today < 8000) & (before < 8000)).mean(), abs=0.004
    )


@given(abc=abcs, sd_ln=widths, dof=freedoms, ferritin=near_ferritins)
def test_a_probability_is_never_0_and_never_1(abc, sd_ln, dof, ferritin):
    evidence = AbcEvidence(abc, sd_ln, dof)
    result = classify(IMMUNOSEP, abc=evidence, ferritin=Ferritin("", ferritin))
    assert 0.0 < result.probability <= 0.999
    assert format_probability(result.probability) not in {"1.000", "0.000"}
    assert result.to_dict()["probability"] <= 0.999


@given(abc=abcs, sd_ln=widths, dof=freedoms)
def test_where_one_cutoff_matters_the_class_is_more_likely_than_not(abc, sd_ln, dof):
    result = classify(GRID, abc=AbcEvidence(abc, sd_ln, dof), ferritin=None, study_day=3)
    assert result.probability >= 0.5 - 1e-12


@pytest.mark.parametrize(
    ("interval", "decisive"),
    [((4000.0, 4999.0), True), ((4000.0, 5000.0), False), ((4999.0, 5001.0), False)],
)
def test_an_interval_that_ends_on_the_cutoff_crosses_it(interval, decisive):
    rule = IMMUNOSEP.rules[1]
    readings = {
        Quantity.ABC: Reading("4,500", 4500.0, Spread(4500.0, 0.05, math.inf), interval),
        Quantity.FERRITIN: Reading("100", 100.0, Spread(100.0, 0.05, math.inf), (90.0, 110.0)),
    }
    assert is_decisive(IMMUNOSEP, rule, readings) is decisive


def test_on_the_cutoff_the_class_is_a_coin_toss_and_not_decisive():
    on_5000 = classify(IMMUNOSEP, abc=AbcEvidence(5000.0, 0.04, 10.0), ferritin=LOW_FERRITIN)
    assert on_5000.class_name == "unclassified"
    assert on_5000.probability == pytest.approx(0.5, abs=1e-12)
    assert on_5000.decisive is False


@given(abc=near_abcs, sd_ln=widths, wider=st.floats(min_value=1.01, max_value=5.0), dof=freedoms)
def test_a_wider_interval_is_never_surer(abc, sd_ln, wider, dof):
    narrow, wide = (
        classify(GRID, abc=AbcEvidence(abc, sd, dof), ferritin=None, study_day=3)
        for sd in (sd_ln, sd_ln * wider)
    )
    assert wide.probability <= narrow.probability + 1e-12
    assert narrow.decisive or not wide.decisive


@given(
    distance=st.floats(min_value=0.5, max_value=2.0),
    sd_ln=widths,
    dof=st.floats(min_value=1.0, max_value=200.0),
)
def test_only_the_distance_to_the_cutoff_in_logarithms_counts(distance, sd_ln, dof):
    immunosep = classify(
        IMMUNOSEP, abc=AbcEvidence(5000 * distance, sd_ln, dof), ferritin=LOW_FERRITIN
    )
    grid = classify(GRID, abc=AbcEvidence(8000 * distance, sd_ln, dof), ferritin=None, study_day=3)
    assert immunosep.probability == pytest.approx(grid.probability, abs=1e-9)


@given(abc=near_abcs, sd_ln=widths, dof=freedoms)
def test_decisive_means_the_whole_interval_lies_on_one_side(abc, sd_ln, dof):
    factor = stats.norm.ppf(0.975) if math.isinf(dof) else stats.t.ppf(0.975, dof)
    low, high = abc * math.exp(-factor * sd_ln), abc * math.exp(factor * sd_ln)
    result = classify(IMMUNOSEP, abc=AbcEvidence(abc, sd_ln, dof), ferritin=LOW_FERRITIN)
    if abs(low / 5000 - 1) > 1e-9 and abs(high / 5000 - 1) > 1e-9:
        assert result.decisive == (not low < 5000 < high)


@pytest.mark.parametrize(
    ("abc", "ferritin", "decisive"),
    [
        (3000.0, "812", True),
        (4900.0, "812", False),
        (3000.0, "4300", False),  # ferritin might be above 4420
        (4900.0, "9000", True),  # HLA-DR does not matter to MALS
        (3000.0, "4500", False),
        (20_000.0, "812", True),
        (3000.0, ">40000", True),
        (3000.0, ">4500", False),  # the reading at the limit could be a truth below 4420
        (3000.0, "<5", True),
    ],
)
def test_decisive_asks_each_input_that_matters(abc, ferritin, decisive):
    result = classify(
        IMMUNOSEP, abc=AbcEvidence(abc, 0.04, 20.0), ferritin=parse_ferritin(ferritin)
    )
    assert result.decisive is decisive


@given(limit=st.floats(min_value=4421.0, max_value=6000.0), over=st.floats(1.0, 100.0))
def test_beyond_the_reporting_limit_the_probability_is_the_least_it_can_be(limit, over):
    beyond = classify(IMMUNOSEP, abc=None, ferritin=parse_ferritin(f">{limit:.4f}"))
    number = classify(IMMUNOSEP, abc=None, ferritin=Ferritin("", round(limit, 4) * over))
    assert beyond.class_name == number.class_name == "MALS"
    assert beyond.probability <= number.probability


def test_a_bare_number_has_a_class_but_no_probability():
    bare = classify(IMMUNOSEP, abc=BareAbc(3000.0), ferritin=LOW_FERRITIN)
    assert bare.class_name == "immunoparalysis"
    assert (bare.decisive, bare.probability) == (None, None)
    assert any("without an interval" in reason for reason in bare.reasons)


def test_mals_has_its_probability_whatever_is_known_of_hla_dr():
    ferritin = parse_ferritin("4600")
    nothing = classify(IMMUNOSEP, abc=None, ferritin=ferritin)
    for abc in (BareAbc(3000.0), AbcEvidence(3000.0, 0.04, 8.0), AbcEvidence(5000.0, 0.04, 8.0)):
        something = classify(IMMUNOSEP, abc=abc, ferritin=ferritin)
        assert something.probability == pytest.approx(nothing.probability, abs=1e-12)
        assert something.decisive == nothing.decisive


@given(centre=abcs, sd_ln=widths, dof=freedoms, value=st.floats(min_value=1.0, max_value=1e6))
def test_the_interval_holds_ninety_five_percent(centre, sd_ln, dof, value):
    spread = Spread(centre, sd_ln, dof)
    low, high = spread.interval()
    assert spread.below(low) == pytest.approx(0.025, abs=1e-9)
    assert spread.below(high) == pytest.approx(0.975, abs=1e-9)
    assert 0.0 <= spread.below(value) <= 1.0


def test_an_absurdly_wide_interval_is_still_an_interval():
    result = classify(IMMUNOSEP, abc=AbcEvidence(3000.0, 50.0, 0.1), ferritin=LOW_FERRITIN)
    assert result.decisive is False
    assert 0.5 < result.probability < 0.6


@pytest.mark.parametrize("cv", [0.0, -0.05, 1.0, 5.0, math.nan])
def test_a_ferritin_cv_that_is_no_fraction_is_a_mistake_of_the_program(cv):
    with pytest.raises(ValueError, match="fraction between 0 and 1"):
        classify(IMMUNOSEP, abc=None, ferritin=LOW_FERRITIN, ferritin_cv=cv)


@pytest.mark.parametrize(
    ("sd_ln", "dof", "name"),
    [(0.0, 5.0, "sd_ln"), (math.inf, 5.0, "sd_ln"), (math.nan, 5.0, "sd_ln"), (-0.1, 5.0, "sd_ln"),
     (0.1, 0.0, "dof"), (0.1, -1.0, "dof"), (0.1, math.nan, "dof")],
)  # fmt: skip
def test_evidence_without_a_width_is_a_mistake_of_the_program(sd_ln, dof, name):
    with pytest.raises(ValueError, match=f"{name} must be positive"):
        AbcEvidence(3000.0, sd_ln, dof)
