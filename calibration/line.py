"""The least-squares line through the bead levels, in log10-log10."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """y = intercept + slope x.

    Parameters
    ----------
    slope, intercept
        Ordinary least squares: all error in y.
    n : >= 2
        Number of points.
    mean_x, sum_xx
        Mean of x and sum of its squared deviations.
    residual_sd
        Standard deviation of y around the line with n - 2 degrees of freedom; ``None`` for two
        points, which leave none.
    r_squared
        Share of the variance of y that the line explains. Information, not a limit: over two
        decades 0.998 can hide 29 % at 5,000 molecules.
    """

    slope: float
    intercept: float
    n: int
    mean_x: float
    sum_xx: float
    residual_sd: float | None
    r_squared: float

    def leverage(self, x: float) -> float:
        """Variance of the line at x, in units of the residual variance."""
        return 1.0 / self.n + (x - self.mean_x) ** 2 / self.sum_xx


def fit_line(x: Sequence[float], y: Sequence[float]) -> Line:
    """Line through two or more points.

    Raises
    ------
    ValueError
        Fewer than two points, or all at one x.
    """
    n = len(x)
    if n < 2 or n != len(y):
        raise ValueError(f"expected two or more points, found {n} x and {len(y)} y")
    mean_x, mean_y = math.fsum(x) / n, math.fsum(y) / n
    dx, dy = [value - mean_x for value in x], [value - mean_y for value in y]
    sum_xx = math.fsum(d * d for d in dx)
    if sum_xx == 0.0:
        raise ValueError("expected points at different x")
    slope = math.fsum(a * b for a, b in zip(dx, dy, strict=True)) / sum_xx
    rest = math.fsum((b - slope * a) ** 2 for a, b in zip(dx, dy, strict=True))
    total = math.fsum(d * d for d in dy)
    return Line(
        slope=slope,
        intercept=mean_y - slope * mean_x,
        n=n,
        mean_x=mean_x,
        sum_xx=sum_xx,
        residual_sd=math.sqrt(rest / (n - 2)) if n > 2 else None,
        r_squared=1.0 - rest / total if total > 0.0 else 1.0,
    )
