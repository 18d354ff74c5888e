"""The number of the cells in a polygon of CD14 and side scatter, by plain arithmetic."""

import math

import numpy as np

CD14, SSC, PE = "PerCP-Cy5-5-A", "SSC-A", "PE-A"


def matrix_of(table):
    """Detectors and shares that the file's $SPILLOVER spells out."""
    count, *words = table.keyword("$SPILLOVER").split(",")
    n = int(count)
    return words[:n], np.array(words[n:], dtype=float).reshape(n, n)


def compensated(table):
    """Every stain by name, by plain linear algebra."""
    names, shares = matrix_of(table)
    measured = np.column_stack([table.column(name) for name in names])
    return dict(zip(names, np.linalg.solve(shares.T, measured.T), strict=True))


def inside(x, y, corners):
    """Whether points are in a polygon, by the angle that it turns about them."""
    turned = np.zeros(x.size)
    for (x0, y0), (x1, y1) in zip(corners, (*corners[1:], corners[0]), strict=True):
        a, b = np.arctan2(y0 - y, x0 - x), np.arctan2(y1 - y, x1 - x)
        turned += (b - a + math.pi) % (2 * math.pi) - math.pi
    return np.abs(turned) > math.pi


def scaled_inside(table, corners):
    """The same with both axes in units of their size, so that no angle is lost."""
    cd14, ssc = compensated(table)[CD14], table.column(SSC)
    return inside(cd14 / 1e4, ssc / 1e4, [(x / 1e4, y / 1e4) for x, y in corners])


def abc_of(values, curve):
    """AB/c of some cells: geometric mean through the curve's line, one antibody a molecule."""
    mean = math.log10(math.exp(np.mean(np.log(values[values > 0]))))
    return 10.0 ** ((mean - curve.curve.intercept) / curve.curve.slope)
