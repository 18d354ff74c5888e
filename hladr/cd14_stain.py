"""CD14 that is HLA-DR: a tube without the CD14 stain whose PE leaks into that detector.

Then B cells look CD14-bright, and their HLA-DR is taken for the monocytes'. What leaks is the same
share in every cell, so the two stains rise together; the CD14 of monocytes goes its own way.
"""

import math
from typing import ClassVar

import numpy as np

from hladr.arrays import FloatArray
from hladr.errors import HladrError

LEAST_EVENTS = 30
ONE_SIGNAL = 0.9  # correlation of the logs: a leak has 0.92 and more, monocytes 0.43 at most
LIKE_ONE = 0.55  # the same where the ratio of the two hardly spreads
NARROW = 0.5  # standard deviation of the log of the ratio: monocytes have 0.58 and more


class Cd14NotStained(HladrError):
    """What is gated as CD14-bright is HLA-DR that leaks into the CD14 detector."""

    code: ClassVar[str] = "CD14_NOT_STAINED"

    def __init__(self, *, correlation: float, events: int) -> None:
        self.correlation, self.events = correlation, events
        super().__init__(
            "what looks like CD14 is HLA-DR that leaks into its detector: the two rise together in "
            f"{events:,} gated cells (correlation of their logarithms {correlation:.2f}, expected "
            f"below {LIKE_ONE:g}). Stain CD14, and compensate the tube."
        )


def require_cd14_stain(hla_dr: FloatArray, cd14: FloatArray) -> None:
    """Refuse gated cells whose CD14 is a share of their HLA-DR.

    Parameters
    ----------
    hla_dr, cd14 : shape (n_gated,)
        Compensated scale values of the gated cells.

    Raises
    ------
    Cd14NotStained
        The two are one signal.

    Notes
    -----
    The limits lie between what simulated tubes without the stain show and what stained ones do,
    over four levels of spillover and two decades of CD14.
    """
    known = (hla_dr > 0) & (cd14 > 0)
    if np.count_nonzero(known) < LEAST_EVENTS:
        return
    x, y = np.log(hla_dr[known]), np.log(cd14[known])
    if np.ptp(x) == 0.0 or np.ptp(y) == 0.0:
        return
    u, v = x - x.mean(), y - y.mean()
    # Sums, not products of vectors: BLAS would wake its threads for these, which takes longer.
    alike = float((u * v).sum())
    correlation = alike / math.sqrt(float(np.square(u).sum()) * float(np.square(v).sum()))
    narrow = float(np.std(y - x)) < NARROW
    if correlation > ONE_SIGNAL or (correlation > LIKE_ONE and narrow):
        raise Cd14NotStained(correlation=correlation, events=int(known.sum()))
