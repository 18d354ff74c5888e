"""How near pairs lie to the line of identity (Lin), and to any line (Pearson).

L. I-K. Lin, Biometrics 1989;45:255-268; the variance of the transformed coefficient as corrected in
Biometrics 2000;56:324-325.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from hladr.agreement.interval import CONFIDENCE, UNKNOWN, Interval
from hladr.agreement.pairs import paired
from hladr.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class Concordance:
    """Lin's coefficient with its confidence interval, and Pearson's; NaN where undetermined.

    Parameters
    ----------
    n
        Pairs.
    coefficient, interval
        Lin's, -1 to 1; by Fisher's z.
    pearson
        -1 to 1.
    """

    n: int
    coefficient: float
    interval: Interval
    pearson: float


def concordance(old: FloatArray, new: FloatArray) -> Concordance:
    """Coefficients of pairs, shape (n,), finite.

    NaN where no number differs from another. The interval needs three pairs; on the line of
    identity it is 1 to 1.
    """
    x, y = paired(old, new)
    n = x.size
    if n < 2:
        return Concordance(n, math.nan, UNKNOWN, math.nan)
    x_off, y_off = x - x.mean(), y - y.mean()
    shift = float(x.mean() - y.mean())
    x_var, y_var = float(np.mean(x_off**2)), float(np.mean(y_off**2))
    together = float(np.mean(x_off * y_off))
    apart = x_var + y_var + shift**2
    if apart == 0.0:
        return Concordance(n, math.nan, UNKNOWN, math.nan)
    # Roots would leave a last digit between a series and itself.
    spread = x_var if x_var == y_var else math.sqrt(x_var) * math.sqrt(y_var)
    if spread == 0.0:  # one of the two says the same of every sample
        return Concordance(n, 0.0, UNKNOWN, math.nan)
    pearson = min(max(together / spread, -1.0), 1.0)
    coefficient = min(max(2.0 * together / apart, -1.0), 1.0)
    interval = _interval(coefficient, pearson, shift / math.sqrt(spread), n)
    return Concordance(n, coefficient, interval, pearson)


def _interval(coefficient: float, pearson: float, shift: float, n: int) -> Interval:
    """By Fisher's z; `shift` is that of the means over the geometric mean of both spreads."""
    if n < 3 or pearson == 0.0:
        return UNKNOWN
    rest = 1.0 - coefficient**2
    if rest <= 0.0:
        return Interval(coefficient, coefficient)
    variance = (
        (1.0 - pearson**2) * coefficient**2 / (rest * pearson**2)
        + 2.0 * coefficient**3 * (1.0 - coefficient) * shift**2 / (pearson * rest**2)
        - coefficient**4 * shift**4 / (2.0 * pearson**2 * rest**2)
    ) / (n - 2)
    centre = math.atanh(coefficient)
    reach = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2.0) * math.sqrt(max(variance, 0.0))
    return Interval(math.tanh(centre - reach), math.tanh(centre + reach))
