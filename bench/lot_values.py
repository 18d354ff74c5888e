"""New lots against the last calibrations: honest ones, and lots of which all values are wrong."""

from collections.abc import Iterator

import numpy as np
from steadiness import ASSIGNED, OF_A_PEAK, RUN_TO_RUN

from calibration.control import Calibrated, Settings, compare_with_recent
from calibration.line import fit_line

OF_A_LOT = 0.01  # SD of what all values of an honest lot are off together
OF_A_LEVEL = 0.005  # of what one of its values is off beside that
NEW_LOT = np.array([638.0, 6930.0, 31008.0, 67601.0])


def told(rng: np.random.Generator, recent: int, *, error: float, same_lot: bool) -> bool:
    """Whether a calibration is told from `recent` ones before it.

    Parameters
    ----------
    error
        Relative, common to all values of the new lot as they were typed.
    same_lot
        The new calibration has the beads, and but for the error the values, of those before.
    """
    old = _lot(rng, ASSIGNED)
    new = old if same_lot else _lot(rng, NEW_LOT)
    before = [_calibrated(rng, f"c{i}", *old) for i in range(recent)]
    typed, truth = new
    now = _calibrated(rng, "new", typed * (1.0 + error), truth)
    codes = [finding.code for finding in compare_with_recent(now, before).findings]
    return "CALIBRATION_SHIFTED" in codes


def share(seed: int, lots: int, recent: int, *, error: float, same_lot: bool) -> float:
    """Share of calibrations that are told; the same seed gives the same share."""
    rng = np.random.default_rng(seed)
    return float(np.mean([told(rng, recent, error=error, same_lot=same_lot) for _ in range(lots)]))


def _lot(rng: np.random.Generator, assigned: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values of the flyer, and the molecules that are on the beads."""
    off = OF_A_LOT * rng.standard_normal() + OF_A_LEVEL * rng.standard_normal(assigned.size)
    return assigned, assigned * np.exp(off)


def _calibrated(
    rng: np.random.Generator, id: str, typed: np.ndarray, truth: np.ndarray
) -> Calibrated:
    noise = RUN_TO_RUN * rng.standard_normal() + OF_A_PEAK * rng.standard_normal(truth.size)
    means = 1.3 * truth * np.exp(noise)
    line = fit_line(np.log10(typed).tolist(), np.log10(means).tolist())
    peaks = tuple(zip(typed.tolist(), means.tolist(), strict=True))
    return Calibrated(id, Settings(voltage=412.0), line.slope, line.intercept, peaks)


def rates(seed: int, lots: int) -> Iterator[tuple[int, tuple[float, ...]]]:
    """By number of recent calibrations: honest of the same lot, honest new, 10 % up, 10 % down."""
    for recent in (2, 3, 4, 5):
        yield (
            recent,
            (
                share(seed, lots, recent, error=0.0, same_lot=True),
                share(seed, lots, recent, error=0.0, same_lot=False),
                share(seed, lots, recent, error=0.10, same_lot=False),
                share(seed, lots, recent, error=-0.10, same_lot=False),
                share(seed, lots, recent, error=0.10, same_lot=True),
            ),
        )
