"""Two answers a sample, one of several classes each: who moved, and agreement beyond chance.

J. Cohen, Educ Psychol Meas 1960;20:37-46; standard error by J. L. Fleiss, J. Cohen and
B. S. Everitt, Psychol Bull 1969;72:323-327.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from hladr.agreement.interval import CONFIDENCE, UNKNOWN, Interval
from hladr.arrays import FloatArray, IndexArray


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa.

    Parameters
    ----------
    n, same
        Samples with a class in both, and those with the same class.
    kappa, interval
        -1 to 1; NaN where chance alone would make them agree, all in one class.
    """

    n: int
    same: int
    kappa: float
    interval: Interval


def reclassification(old: Sequence[int], new: Sequence[int], n_classes: int) -> IndexArray:
    """How many samples went from which class to which, shape (n_classes, n_classes), old by row.

    Classes are numbers from 0.
    """
    if len(old) != len(new):
        raise ValueError(f"expected two series of one length, found {len(old)} and {len(new)}")
    table = np.zeros((n_classes, n_classes), dtype=np.intp)
    np.add.at(table, (np.asarray(old, dtype=np.intp), np.asarray(new, dtype=np.intp)), 1)
    return table


def cohens_kappa(table: IndexArray) -> Kappa:
    """Kappa of a table of counts, shape (k, k), old by row and new by column."""
    n, same = int(table.sum()), int(np.trace(table))
    if n == 0:
        return Kappa(n, same, math.nan, UNKNOWN)
    share = table / n
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    agreed, chance = same / n, float(rows @ columns)
    if chance >= 1.0:
        return Kappa(n, same, math.nan, UNKNOWN)
    kappa = (agreed - chance) / (1.0 - chance)
    reach = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2.0) * math.sqrt(
        _variance(share, kappa, chance) / n
    )
    return Kappa(n, same, kappa, Interval(max(kappa - reach, -1.0), min(kappa + reach, 1.0)))


def _variance(share: FloatArray, kappa: float, chance: float) -> float:
    """Variance of kappa times n (Fleiss, Cohen and Everitt 1969, equation 13)."""
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    expected = rows[np.newaxis, :] + columns[:, np.newaxis]  # p.i + pj. at (i, j)
    on = np.diag(share) * (1.0 - np.diag(expected) * (1.0 - kappa)) ** 2
    off = share * expected**2
    np.fill_diagonal(off, 0.0)
    rest = (kappa - chance * (1.0 - kappa)) ** 2
    total = on.sum() + (1.0 - kappa) ** 2 * off.sum() - rest
    return max(float(total), 0.0) / (1.0 - chance) ** 2
