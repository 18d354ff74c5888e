"""What is true of a simulated sample, computed from its molecules and not from its light."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from hladr.arrays import FloatArray, IndexArray
from hladr.simulate.particle import Source
from hladr.simulate.population import LABELS, MONOCYTES


@dataclass(frozen=True, slots=True)
class BloodTruth:
    """What is true of the singlet monocytes in the file.

    Parameters
    ----------
    abc
        Geometric mean of bound HLA-DR antibodies: the answer.
    abc_median
        Their median.
    pe_molecules
        Geometric mean of PE molecules (antibodies times F:P).
    apparent_pe
        Geometric mean of PE molecules plus autofluorescence in PE equivalents: what a perfect
        instrument reads when autofluorescence is not subtracted.
    monocytes
        Their number.
    counts
        Number of events of every label.
    """

    abc: float
    abc_median: float
    pe_molecules: float
    apparent_pe: float
    monocytes: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class BeadTruth:
    """What is true of the single beads in the file.

    Parameters
    ----------
    assigned
        PE molecules per bead by level, as the maker says.
    molecules
        Geometric mean of the molecules of the single beads of each level; NaN without one.
    counts
        Single beads of each level.
    scale_per_pe
        Scale units of PE area from one molecule: the gain of the chain.
    background
        PE equivalents of the plastic.
    """

    assigned: tuple[float, ...]
    molecules: tuple[float, ...]
    counts: tuple[int, ...]
    scale_per_pe: float
    background: float


def blood_truth(labels: IndexArray, emission: FloatArray, fp_ratio: float) -> BloodTruth:
    """Truth over the events labelled as lone monocytes; `emission` is a row an event."""
    monocytes = np.isin(labels, [LABELS.index(name) for name in MONOCYTES])
    pe = emission[monocytes, Source.PE]
    apparent = pe + emission[monocytes, Source.AUTOFLUORESCENCE]
    counts = np.bincount(labels, minlength=len(LABELS))
    return BloodTruth(
        abc=geometric_mean(pe) / fp_ratio,
        abc_median=float(np.median(pe)) / fp_ratio if pe.size else float("nan"),
        pe_molecules=geometric_mean(pe),
        apparent_pe=geometric_mean(apparent),
        monocytes=int(monocytes.sum()),
        counts=MappingProxyType(dict(zip(LABELS, counts.tolist(), strict=True))),
    )


def geometric_mean(values: FloatArray) -> float:
    """Geometric mean; 0 as soon as one value is 0, NaN of nothing."""
    if not values.size:
        return float("nan")
    with np.errstate(divide="ignore"):
        return float(np.exp(np.mean(np.log(values))))
