"""A blood tube and a bead tube of twelve 32-bit floats, FCS 3.1, made piece by piece."""

from collections.abc import Iterator
from pathlib import Path

import job
import numpy as np

PIECE = 250_000
NOISE = 40.0  # of every stain's detector
TIMESTEP = 0.01  # seconds
# share, FSC-A, its CV, SSC-A, its CV, medians of the stains, their spread (natural log)
BLOOD = {
    "debris": (0.08, 14e3, 0.40, 5e3, 0.45, (60, 90, 40, 50, 40, 60, 30, 300), 0.8),
    "lymphocytes": (0.25, 58e3, 0.09, 13e3, 0.16, (900, 260, 60, 400, 900, 300, 700, 30e3), 0.28),
    "B cells": (0.03, 60e3, 0.09, 13e3, 0.16, (300, 19e3, 60, 300, 300, 4e3, 300, 26e3), 0.30),
    "monocytes": (0.08, 96e3, 0.10, 34e3, 0.14, (500, 3400, 9e3, 900, 600, 900, 400, 18e3), 0.35),
    "granulocytes": (0.56, 104e3, 0.10, 98e3, 0.17, (700, 150, 550, 500, 300, 500, 2e3, 8e3), 0.28),
}
DOUBLETS = 0.03
HEIGHT, HEIGHT_CV = 0.70, 0.02  # over area
SCALE_PER_MOLECULE = 0.71
BEAD_CV = (0.16, 0.07, 0.05, 0.05)


def blood_tube(path: Path, events: int) -> Path:
    """Write a blood tube, unless the file is there."""
    return _written(path, events, _blood)


def bead_tube(path: Path, events: int) -> Path:
    """Write a tube of four bead populations, unless the file is there."""
    return _written(path, events, _beads)


def _written(path: Path, events: int, piece_of: object) -> Path:
    if path.exists():
        return path
    rng = np.random.default_rng(340827)
    half = path.with_suffix(".half")
    with half.open("wb") as stream:
        stream.write(_head(events))
        for start in range(0, events, PIECE):
            size = min(PIECE, events - start)
            measured = piece_of(rng, size)
            measured[:, 11] = (start + np.arange(size)) // 20
            stream.write(np.minimum(measured, job.TOP - 1.0).astype("<f4").tobytes())
    return half.rename(path)


def _blood(rng: np.random.Generator, size: int) -> np.ndarray:
    shares = np.array([row[0] for row in BLOOD.values()])
    kind = rng.choice(len(shares), size, p=shares)
    _, fsc, fsc_cv, ssc, ssc_cv, _, spread = (np.array(v) for v in zip(*_plain(), strict=True))
    medians = np.array([row[5] for row in BLOOD.values()])
    stains = medians[kind] * np.exp(spread[kind, None] * rng.normal(size=(size, 8)))
    forward = fsc[kind] * np.exp(fsc_cv[kind] * rng.normal(size=size))
    side = ssc[kind] * np.exp(ssc_cv[kind] * rng.normal(size=size))
    together = np.where(rng.random(size) < DOUBLETS, 1.9, 1.0)
    return _measured(rng, forward, side, stains, together)


def _plain() -> Iterator[tuple[float, ...]]:
    for row in BLOOD.values():
        yield (*row[:5], 0.0, row[6])


def _beads(rng: np.random.Generator, size: int) -> np.ndarray:
    level = rng.integers(0, 4, size)
    stains = np.zeros((size, 8))
    width = np.array(BEAD_CV)[level] * rng.normal(size=size)
    stains[:, job.STAINS.index(job.PE)] = (
        SCALE_PER_MOLECULE * np.array(job.LEVELS)[level] * np.exp(width)
    )
    forward, side = (each * np.exp(0.04 * rng.normal(size=size)) for each in (42e3, 30e3))
    return _measured(rng, forward, side, stains, np.ones(size))


def _measured(
    rng: np.random.Generator,
    forward: np.ndarray,
    side: np.ndarray,
    stains: np.ndarray,
    together: np.ndarray,
) -> np.ndarray:
    """Events as the detectors see them; of two cells together the height is that of one."""
    events = np.empty((forward.size, 12))
    events[:, 0] = forward * together
    events[:, 1] = HEIGHT * forward * np.exp(HEIGHT_CV * rng.normal(size=forward.size))
    events[:, 2] = side * together
    events[:, 3:11] = (stains * together[:, None]) @ np.array(job.SPILLOVER)
    events[:, 3:11] += NOISE * rng.normal(size=stains.shape)
    return events


def _head(events: int) -> bytes:
    """HEADER and TEXT; DATA begins behind them."""
    numbers = [f"{value:g}" for row in job.SPILLOVER for value in row]
    entries = {
        "$BYTEORD": "1,2,3,4", "$DATATYPE": "F", "$MODE": "L", "$NEXTDATA": "0",
        "$TOT": str(events), "$PAR": "12", "$CYT": "bench", "$TIMESTEP": str(TIMESTEP),
        "$SPILLOVER": ",".join(["8", *job.STAINS, *numbers]),
        "$BEGINANALYSIS": "0", "$ENDANALYSIS": "0", "$BEGINSTEXT": "0", "$ENDSTEXT": "0",
    }  # fmt: skip
    for index, name in enumerate(job.CHANNELS, 1):
        entries |= {f"$P{index}N": name, f"$P{index}B": "32", f"$P{index}E": "0,0",
                    f"$P{index}R": f"{job.TOP:.0f}"}  # fmt: skip
        if name in job.MARKERS:
            entries[f"$P{index}S"] = job.MARKERS[name]
    text = "|" + "".join(f"{key}|{value}|" for key, value in entries.items())
    places = "$BEGINDATA|{:014d}|$ENDDATA|{:014d}|"
    begin = 58 + len(text) + len(places.format(0, 0))
    end = begin + events * 48 - 1
    text += places.format(begin, end)
    offsets = (58, begin - 1, begin, end, 0, 0) if end < 10**8 else (58, begin - 1, 0, 0, 0, 0)
    return ("FCS3.1    " + "".join(f"{each:8d}" for each in offsets) + text).encode()
