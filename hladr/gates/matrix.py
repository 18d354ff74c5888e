"""Matrices that compensate: the file's own, or one that a gate file gives."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from hladr.arrays import FloatArray
from hladr.gates.errors import InvalidMatrix
from hladr.kernels.inverse import inverse as inverse_of

# A larger condition number loses three quarters of a double's digits in the inverse.
_WORST_CONDITION = 1e12


@dataclass(frozen=True, slots=True)
class FileMatrix:
    """The matrix that the event file itself carries ($SPILLOVER and its like)."""

    def __str__(self) -> str:
        """Name for messages."""
        return "compensated as the file says"


FILE_MATRIX = FileMatrix()


@dataclass(frozen=True, slots=True)
class Matrix:
    """Spectrum of every fluorochrome over the detectors.

    Parameters
    ----------
    name
        What it is called.
    fluorochromes, detectors
        Rows and columns; detectors are channels ($PnN).
    coefficients
        Shape (n_fluorochromes, n_detectors). With `inverted`, what detectors are multiplied by:
        shape (n_detectors, n_fluorochromes).
    inverted
        Whether the coefficients are the inverse already.

    Raises
    ------
    InvalidMatrix
        Shapes that do not fit, a name twice, fewer detectors than fluorochromes, a number that is
        not finite, spectra that cannot be told apart.

    Notes
    -----
    Measured rows are ``true @ S``, so ``true = measured @ inverse(S)``; with more detectors than
    fluorochromes the least-squares solution, ``measured @ pinv(S)``.

    References
    ----------
    .. [1] Bagwell CB, Adams EG. Ann N Y Acad Sci 1993;677:167-184.
    .. [2] Gating-ML 2.0, International Society for Advancement of Cytometry, 2013; section 7.
    """

    name: str
    fluorochromes: tuple[str, ...]
    detectors: tuple[str, ...]
    coefficients: tuple[tuple[float, ...], ...]
    inverted: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot unmix."""
        rows, columns = self.fluorochromes, self.detectors
        for names in (rows, columns):
            if len(set(names)) != len(names) or not names:
                raise InvalidMatrix(matrix=self.name, expected="every name once", found=names)
        if len(rows) > len(columns):
            expected = f"at least {len(rows)} detectors for as many fluorochromes"
            raise InvalidMatrix(matrix=self.name, expected=expected, found=len(columns))
        shape = (len(columns), len(rows)) if self.inverted else (len(rows), len(columns))
        found = (len(self.coefficients), *sorted({len(row) for row in self.coefficients}))
        if found != shape:
            expected = f"{shape[0]} rows of {shape[1]} coefficients"
            raise InvalidMatrix(matrix=self.name, expected=expected, found=f"a shape of {found}")
        if not np.isfinite(np.array(self.coefficients, np.float64)).all():
            raise InvalidMatrix(matrix=self.name, expected="finite numbers", found="others")
        unmixing(self)

    def weights(self, fluorochrome: str) -> tuple[float, ...]:
        """Share of each detector in a fluorochrome's value, shape (n_detectors,)."""
        column = unmixing(self)[:, self.fluorochromes.index(fluorochrome)]
        return tuple(column.tolist())

    def __str__(self) -> str:
        """Name for messages."""
        return f"compensated by {self.name}"


@lru_cache(maxsize=64)
def unmixing(matrix: Matrix) -> FloatArray:
    """What measured rows are multiplied by, shape (n_detectors, n_fluorochromes).

    Raises
    ------
    InvalidMatrix
        The spectra cannot be told apart.
    """
    values = np.array(matrix.coefficients, np.float64)
    if matrix.inverted:
        return values
    with np.errstate(over="ignore", invalid="ignore"):
        condition = _condition(values)
    if not condition <= _WORST_CONDITION:
        expected = "spectra that can be told apart"
        found = f"a condition number of {condition:.2g}"
        raise InvalidMatrix(matrix=matrix.name, expected=expected, found=found)
    square = values.shape[0] == values.shape[1]
    inverted = inverse_of(values) if square else np.linalg.pinv(values)
    return inverted.astype(np.float64)


def _condition(values: FloatArray) -> float:
    try:
        return float(np.linalg.cond(values))
    except np.linalg.LinAlgError:
        return np.inf
