"""New lots against the last calibrations: honest ones, and lots of which all values are wrong."""

from dataclasses import dataclass

import numpy as np
from steadiness import ASSIGNED, OF_A_PEAK

from calibration.control import Calibrated, Settings, compare_with_recent
from calibration.line import fit_line

OF_A_LOT = 0.01  # SD of what all values of an honest lot are off together
OF_A_LEVEL = 0.005  # of what one of its values is off beside that
NEW_LOT = np.array([638.0, 6930.0, 31008.0, 67601.0])


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of new calibration; `error` is relative, common to all values as they were typed."""

    title: str
    error: float
    new_lot: bool


CASES = (
    Case("honest, same lot", 0.0, new_lot=False),
    Case("honest, new lot", 0.0, new_lot=True),
    Case("new lot, values 10 % too high", 0.10, new_lot=True),
    Case("new lot, values 10 % too low", -0.10, new_lot=True),
    Case("same lot, values 10 % too high", 0.10, new_lot=False),
)


def share(case: Case, recent: int, *, run_to_run: float, lots: int, seed: int) -> float:
    """Share of calibrations told from `recent` ones before them; the same seed, the same share."""
    rng = np.random.default_rng(seed)
    return float(np.mean([_told(rng, case, recent, run_to_run) for _ in range(lots)]))


def _told(rng: np.random.Generator, case: Case, recent: int, run_to_run: float) -> bool:
    old = _lot(rng, ASSIGNED)
    flyer, truth = _lot(rng, NEW_LOT) if case.new_lot else old
    before = [_calibrated(rng, f"c{i}", *old, run_to_run) for i in range(recent)]
    now = _calibrated(rng, "new", flyer * (1.0 + case.error), truth, run_to_run)
    codes = [finding.code for finding in compare_with_recent(now, before).findings]
    return "CALIBRATION_SHIFTED" in codes


def _lot(rng: np.random.Generator, assigned: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values of the flyer, and the molecules that are on the beads."""
    off = OF_A_LOT * rng.standard_normal() + OF_A_LEVEL * rng.standard_normal(assigned.size)
    return assigned, assigned * np.exp(off)


def _calibrated(
    rng: np.random.Generator, id: str, typed: np.ndarray, truth: np.ndarray, run_to_run: float
) -> Calibrated:
    noise = run_to_run * rng.standard_normal() + OF_A_PEAK * rng.standard_normal(truth.size)
    means = 1.3 * truth * np.exp(noise)
    line = fit_line(np.log10(typed).tolist(), np.log10(means).tolist())
    peaks = tuple(zip(typed.tolist(), means.tolist(), strict=True))
    return Calibrated(id, Settings(voltage=412.0), line.slope, line.intercept, peaks)
