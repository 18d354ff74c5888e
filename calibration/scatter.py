"""How far a bead lies from the line, which is what the interval of the curve rests on."""

import math

from calibration.acceptance import AcceptanceLimits
from calibration.curve import BeadPeak
from calibration.line import Line


def prediction_scatter(
    line: Line, peaks: tuple[BeadPeak, ...], limits: AcceptanceLimits
) -> tuple[float, float]:
    """Give the standard deviation of a bead around the line, log10, and its degrees of freedom.

    Notes
    -----
    The residual standard deviation, but no less than the floor and no less than the counting
    errors of the peaks explain. With two levels none is known: then the scatter is taken to be the
    largest that would pass without a warning, with one degree of freedom.
    """
    errors = [p.standard_error for p in peaks if p.fitted and p.standard_error is not None]
    counting = math.sqrt(
        math.fsum(error * error for error in errors) / max(len(errors), 1)
    ) / math.log(10)
    if line.residual_sd is None:
        unseen = math.log10(1.0 + limits.residual_warn / 100.0)
        return max(unseen, limits.residual_floor, counting), 1.0
    return max(line.residual_sd, limits.residual_floor, counting), float(line.n - 2)
