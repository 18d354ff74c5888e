"""Beads offered as blood: particles of one size and one granularity."""

from typing import ClassVar

import numpy as np

from hladr.arrays import FloatArray
from hladr.errors import HladrError
from hladr.quantile import percentiles

LEAST_FSC, LEAST_SSC = 0.15, 0.20
"""Robust spread (natural log) of blood's scatter: real blood files have 0.18 and 0.36 or more, real
bead files at most 0.11 and 0.15 (the corpus that the tests read)."""


class LooksLikeBeads(HladrError):
    """The sample holds particles of one size, as beads do and blood does not."""

    code: ClassVar[str] = "LOOKS_LIKE_BEADS"

    def __init__(self, *, fsc_spread: float, ssc_spread: float) -> None:
        self.fsc_spread, self.ssc_spread = fsc_spread, ssc_spread
        super().__init__(
            "the sample looks like beads: forward and side scatter spread by only "
            f"{100 * fsc_spread:.0f} and {100 * ssc_spread:.0f} % (blood: at least "
            f"{100 * LEAST_FSC:.0f} or {100 * LEAST_SSC:.0f} %). Check that the two files were not "
            "exchanged."
        )


def require_cells(fsc: FloatArray, ssc: FloatArray) -> None:
    """Refuse particles of one size; `fsc` and `ssc` are scale values above 0, shape (n,).

    Raises
    ------
    LooksLikeBeads
        Both scatters are too narrow for blood.
    """
    fsc_spread, ssc_spread = (_spread(values) for values in (fsc, ssc))
    if fsc_spread < LEAST_FSC and ssc_spread < LEAST_SSC:
        raise LooksLikeBeads(fsc_spread=fsc_spread, ssc_spread=ssc_spread)


def _spread(values: FloatArray) -> float:
    """Standard deviation of the log from the quartiles: debris and doublets do not count."""
    lower, upper = percentiles(values, 25.0, 75.0)
    return float(np.log(upper / lower) / 1.349)
