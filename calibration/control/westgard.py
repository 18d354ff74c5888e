"""The rules as arithmetic: distances from the mean in SDs in, marks out.

Westgard et al., Clin Chem 1981;27:493-501. Every inequality is strict. A mark stands at the value
that completes a violation, so that later values never change earlier marks.
"""

from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from calibration.arrays import FloatArray
from calibration.control.rule import Rule

BoolArray = NDArray[np.bool_]
Marks = dict[Rule, BoolArray]

LENGTH: Final = {Rule.TWO_2S: 2, Rule.FOUR_1S: 4, Rule.TEN_X: 10}
"""Values in a row that a rule asks for; one of the others."""


def in_sequence(z: FloatArray) -> Marks:
    """Marks of the rules that look along a series.

    Parameters
    ----------
    z : shape (..., n)
        Distances from the mean in SDs, in the order of the runs, infinities allowed, no NaN.

    Returns
    -------
    dict
        By rule, all but R-4s, booleans of shape (..., n).
    """
    limits = {Rule.TWO_2S: 2.0, Rule.FOUR_1S: 1.0, Rule.TEN_X: 0.0}
    marks = {Rule.ONE_2S: np.abs(z) > 2.0, Rule.ONE_3S: np.abs(z) > 3.0}
    for rule, limit in limits.items():
        length = LENGTH[rule]
        marks[rule] = _in_a_row(z > limit, length) | _in_a_row(z < -limit, length)
    return marks


def across_levels(z: FloatArray) -> Marks:
    """Marks of the rules that look across the levels of one run: 2-2s and R-4s.

    Parameters
    ----------
    z : shape (levels, ...)
        Distances from each level's own mean in its own SDs; NaN for a level that is not judged.

    Returns
    -------
    dict
        By rule, booleans of the same shape.
    """
    above, below = z > 2.0, z < -2.0
    two_above, two_below = above.sum(axis=0) >= 2, below.sum(axis=0) >= 2
    return {
        Rule.TWO_2S: (above & two_above) | (below & two_below),
        Rule.R_4S: (above & below.any(axis=0)) | (below & above.any(axis=0)),
    }


def _in_a_row(beyond: BoolArray, length: int) -> BoolArray:
    """Where the value and those before it, `length` in all, lie beyond."""
    marks = np.zeros(beyond.shape, dtype=np.bool_)
    if beyond.shape[-1] >= length:
        marks[..., length - 1 :] = sliding_window_view(beyond, length, axis=-1).all(axis=-1)
    return marks
