"""The steps apart: what each is given, and the bytes that it has to move. NumPy only."""

import job
import numpy as np

EVENTS = 1_000_000
SIX = ("FITC-A", "PE-A", "PerCP-Cy5-5-A", "PE-Cy7-A", "APC-A", "V500-A")
THREE = (job.CD45, job.CD14, job.PE)
PLANE = (job.FSC, job.SSC)
CENTRE, COVARIANCE = (100e3, 95e3), ((4e8, 1.2e8), (1.2e8, 5e8))
DISTANCE_SQUARE = 4.0
MEGA = 1_000_000
MEGABYTES = {  # read once and written once, per million events: as stored, as given, masks of 1
    "read, numbers as stored": 48 + 48,
    "read, all 12 columns": 48 + 96,
    "read, the 6 columns of the job": 48 + 48,
    "compensate 12 × 12, all": 48 + 48,
    "compensate 12 × 12, 3 needed": 48 + 12,
    "logicle, 6 channels": 24 + 24,
    "asinh, 6 channels": 24 + 24,
    "polygon of 8": 8 + 1,
    "polygon of 32": 8 + 1,
    "ellipse": 8 + 1,
    "bead calibration, 50,000": 2.4,
}


def spillover() -> np.ndarray:
    """Return a matrix of 12 stains, unit diagonal, shares below 12 %."""
    shares = np.random.default_rng(12).uniform(0.0, 0.12, (12, 12))
    np.fill_diagonal(shares, 1.0)
    return shares


def polygon(corners: int) -> tuple[tuple[float, float], ...]:
    """Vertices around the granulocytes, at two radii in turn."""
    angle = 2.0 * np.pi * np.arange(corners) / corners
    radius = np.where(np.arange(corners) % 2, 1.0, 0.8)
    x, y = 100e3 + 38e3 * radius * np.cos(angle), 95e3 + 48e3 * radius * np.sin(angle)
    return tuple(zip(x.tolist(), y.tolist(), strict=True))
