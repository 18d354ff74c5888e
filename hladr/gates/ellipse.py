"""A gate drawn as an ellipse, or an ellipsoid in more dimensions."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hladr.arrays import BoolArray, FloatArray
from hladr.gates.column import Column
from hladr.gates.dimension import Dimension, check_finite
from hladr.gates.errors import InvalidGate
from hladr.gates.gate import mask_by
from hladr.gates.interval import Interval
from hladr.gates.shape import ReaderOf, Scaled
from hladr.kernels.gating import in_ellipse, in_ellipsoid
from hladr.scales.threshold import LARGEST

WIDENED = 1.0 + 1e-9  # the box may hold too many events, never too few


@dataclass(frozen=True, slots=True)
class EllipseGate:
    """Events whose squared Mahalanobis distance from the centre is `distance_square` or less.

    Parameters
    ----------
    name
        What the gate is called.
    dimensions
        Two or more.
    centre
        Scale values of the centre, one a dimension.
    covariance
        Rows of the covariance matrix C, in scale values; it must have an inverse.
    distance_square
        Squared distance of the rim, >= 0.

    Raises
    ------
    InvalidGate
        Fewer than two dimensions, shapes that do not fit them, a number that is not finite, a
        matrix without an inverse.

    Notes
    -----
    The gate is what the formula says, ``u' C^-1 u <= distance_square``, the rim included. A
    matrix that is neither symmetric nor positive is executed as written: the compliance tests of
    Gating-ML 2.0 hold one.

    References
    ----------
    .. [1] Gating-ML 2.0, International Society for Advancement of Cytometry, 2013; section 5.1.3.
    """

    name: str
    dimensions: tuple[Dimension, ...]
    centre: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    distance_square: float

    def __post_init__(self) -> None:
        """Refuse numbers that make no ellipse."""
        n = len(self.dimensions)
        if n < 2:
            found = f"{n} dimensions"
            raise InvalidGate(gate=self.name, expected="two dimensions or more", found=found)
        rows = [len(row) for row in self.covariance]
        if len(self.centre) != n or rows != [n] * n:
            expected = f"{n} coordinates of the centre and a covariance of {n} x {n}"
            found = f"{len(self.centre)} coordinates and rows of {rows}"
            raise InvalidGate(gate=self.name, expected=expected, found=found)
        check_finite(self.name, "centre", self.centre)
        check_finite(self.name, "covariance", self.covariance)
        check_finite(self.name, "squared distance", self.distance_square)
        if self.distance_square < 0.0:
            expected = "a squared distance of zero or more"
            raise InvalidGate(gate=self.name, expected=expected, found=self.distance_square)
        self._inverse()

    def mask(self, columns: Mapping[Column, FloatArray]) -> BoolArray:
        """One boolean an event of `columns`: data values by what the dimensions name."""
        return mask_by(self, self.dimensions, columns)

    def shape(self, reader_of: ReaderOf) -> Scaled:
        """Return the gate ready to be asked about the events of a file."""
        inverse, centre = self._inverse(), np.array(self.centre, np.float64)
        square = float(self.distance_square)

        def holds(scaled: list[FloatArray]) -> BoolArray:
            if len(scaled) == 2:
                return in_ellipse(scaled[0], scaled[1], centre, inverse, square)
            return in_ellipsoid(np.stack(scaled), centre, inverse, square)

        return Scaled.of(self._box(inverse), reader_of, holds)

    def _inverse(self) -> FloatArray:
        try:
            inverse = np.linalg.inv(np.array(self.covariance, np.float64))
        except np.linalg.LinAlgError as cause:
            found = self.covariance
            expected = "a covariance that has an inverse"
            raise InvalidGate(gate=self.name, expected=expected, found=found) from cause
        check_finite(self.name, "inverse of the covariance", inverse)
        return inverse

    def _box(self, inverse: FloatArray) -> tuple[Interval, ...]:
        """Scale values the ellipse can reach; open where the matrix encloses no finite region."""
        symmetric = 0.5 * inverse + 0.5 * inverse.T
        if np.linalg.eigvalsh(symmetric).min() <= 0.0:
            return tuple(Interval(dimension) for dimension in self.dimensions)
        with np.errstate(over="ignore"):
            reach = np.sqrt(self.distance_square) * np.sqrt(np.diag(np.linalg.inv(symmetric)))
        reach = np.minimum(reach * WIDENED, LARGEST)
        return tuple(
            Interval(dimension, float(middle - half), float(np.nextafter(middle + half, np.inf)))
            for dimension, middle, half in zip(self.dimensions, self.centre, reach, strict=True)
        )
