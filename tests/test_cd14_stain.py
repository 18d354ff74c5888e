"""CD14 that is a share of HLA-DR is refused; monocytes, whose stains go their own ways, are not."""

import numpy as np
import pytest

from hladr.cd14_stain import Cd14NotStained, require_cd14_stain


def cells(correlation, spread, *, n=2000, seed=1):
    """HLA-DR and CD14 whose logarithms have a correlation; `spread` of CD14."""
    rng = np.random.default_rng(seed)
    one, two = rng.standard_normal((2, n))
    both = correlation * one + np.sqrt(1.0 - correlation**2) * two
    return np.exp(8.0 + 0.5 * one), np.exp(9.0 + spread * both)


@pytest.mark.parametrize("correlation", [-0.3, 0.0, 0.3, 0.5])
def test_monocytes_pass(correlation):
    require_cd14_stain(*cells(correlation, 0.35))


def test_a_leak_is_refused_with_what_was_found():
    hla_dr, _ = cells(0.0, 0.5)
    rng = np.random.default_rng(2)
    with pytest.raises(Cd14NotStained) as refusal:
        require_cd14_stain(hla_dr, 0.15 * hla_dr * rng.lognormal(0.0, 0.05, hla_dr.size))
    assert refusal.value.code == "CD14_NOT_STAINED"
    assert refusal.value.correlation > 0.95
    assert refusal.value.events == hla_dr.size


def test_half_a_leak_is_refused_where_the_ratio_hardly_spreads():
    with pytest.raises(Cd14NotStained):
        require_cd14_stain(*cells(0.7, 0.5))
    require_cd14_stain(*cells(0.7, 1.2))


def test_values_without_a_logarithm_do_not_count():
    hla_dr, cd14 = cells(0.1, 0.35)
    lost = np.arange(hla_dr.size) % 3 == 0
    require_cd14_stain(np.where(lost, -5.0, hla_dr), np.where(lost, -5.0, cd14))


@pytest.mark.parametrize("n", [0, 29])
def test_a_handful_of_cells_is_not_judged(n):
    values = np.linspace(1.0, 2.0, n)
    require_cd14_stain(values, values)


def test_equal_values_are_no_leak():
    require_cd14_stain(np.full(100, 5.0), np.full(100, 7.0))
