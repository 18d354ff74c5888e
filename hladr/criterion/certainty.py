"""How sure a measured side of a cut-off is, for an assay of a given coefficient of variation."""

import math
from statistics import NormalDist

from hladr.criterion.errors import InvalidAbc

_NORMAL = NormalDist()


def sd_of_logarithm(cv: float) -> float:
    """Standard deviation of the natural logarithm of a lognormal quantity.

    ``sqrt(ln(1 + cv^2))``.

    Parameters
    ----------
    cv
        Coefficient of variation, a fraction between 0 and 1.

    Raises
    ------
    ValueError
        `cv` is outside its range.
    """
    if not 0.0 < cv < 1.0:
        raise ValueError(f"expected a coefficient of variation between 0 and 1, found {cv}")
    return math.sqrt(math.log1p(cv * cv))


def same_side_probability(abc: float, cutoff: float, cv: float) -> float:
    """Probability that an HLA-DR and its measurement lie on the same side of a cut-off.

    Parameters
    ----------
    abc, cutoff
        AB/c, > 0.
    cv
        Coefficient of variation of the assay, a fraction between 0 and 1.

    Returns
    -------
    float
        0.5 at the cut-off, towards 1 away from it.

    Raises
    ------
    InvalidAbc
        `abc` or `cutoff` is not a positive, finite number.
    ValueError
        `cv` is outside its range.

    Notes
    -----
    ``Phi(|ln abc - ln cutoff| / s)`` with ``s = sqrt(ln(1 + cv^2))``: the measured value is
    lognormal with the true one as median. `abc` may be the truth, then it is the share of runs that
    read on its side, or a measured value, then it is the probability that the truth lies there
    when nothing else is known of it. A class that also rests on ferritin is no surer than this.
    """
    for value in (abc, cutoff):
        if not 0.0 < value < math.inf:
            raise InvalidAbc(value=value)
    return _NORMAL.cdf(abs(math.log(abc) - math.log(cutoff)) / sd_of_logarithm(cv))


def factor_for_probability(probability: float, cv: float) -> float:
    """How far from a cut-off, as a factor >= 1, a value must lie for its side to be so sure.

    Parameters
    ----------
    probability
        0.5 or more, below 1.
    cv
        Coefficient of variation of the assay, a fraction between 0 and 1.

    Raises
    ------
    ValueError
        A parameter is outside its range.

    Notes
    -----
    ``exp(Phi^-1(probability) s)``, the inverse of `same_side_probability`.
    """
    if not 0.5 <= probability < 1.0:
        raise ValueError(f"expected a probability from 0.5 to below 1, found {probability}")
    return math.exp(_NORMAL.inv_cdf(probability) * sd_of_logarithm(cv))
