"""Stained and lysed whole blood with a known answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from hladr.arrays import BoolArray, FloatArray, IndexArray
from hladr.simulate.acquisition import Recording, Session, acquire
from hladr.simulate.instrument import Instrument
from hladr.simulate.multiplet import pass_by
from hladr.simulate.particle import Particles, Source, gather
from hladr.simulate.population import (
    DEBRIS,
    DOUBLET,
    LABELS,
    LEUKOCYTES,
    MONOCYTES,
    OTHERS,
    RED_CELL,
    Population,
    draw,
)
from hladr.simulate.truth import BloodTruth, blood_truth
from hladr.simulate.tube import BloodSpec

_CLASSICAL_CD14 = MONOCYTES["classical monocyte"].cd14


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedBlood:
    """A blood file and the answer.

    Parameters
    ----------
    recording
        What the instrument stored.
    labels : shape (n_events,)
        What each event is: index into `LABELS`.
    antibodies : shape (n_events,)
        HLA-DR antibodies on each event; on both cells of a doublet.
    truth
        The answer.
    """

    recording: Recording
    labels: IndexArray
    antibodies: FloatArray
    truth: BloodTruth

    def are(self, *names: str) -> BoolArray:
        """Mask of the events with one of these labels."""
        return np.isin(self.labels, [LABELS.index(name) for name in names])

    @property
    def monocytes(self) -> BoolArray:
        """Mask of the singlet monocytes, those with platelets on them included."""
        return self.are(*MONOCYTES)


def blood(spec: BloodSpec, instrument: Instrument, rng: np.random.Generator) -> SimulatedBlood:
    """Stain, lyse and acquire a blood tube.

    Parameters
    ----------
    spec
        What is in the tube.
    instrument
        What it is measured on.
    rng
        Source of chance; the same state gives the same bytes.
    """
    shares = {
        "cells": spec.leukocytes,
        "doublets": spec.doublets,
        "red cell": spec.red_cells,
        "platelet": spec.platelets,
        "damaged cell": spec.damaged,
        "debris": spec.debris,
    }
    count = _split(spec.events, shares, rng)
    lone = [
        _leukocytes(spec, count["cells"], rng),
        *(draw(cell, LABELS.index(name), count[name], rng) for name, cell in OTHERS.items()),
        _debris(count["debris"], instrument, rng),
    ]
    singles = spec.events - count["doublets"]
    particles = _stain(gather([*lone, _partners(spec, 2 * count["doublets"], rng)]), spec)
    doublet = LABELS.index(DOUBLET)
    passages = pass_by(particles, (singles, count["doublets"], 0), (doublet, doublet), rng)
    session = Session(spec.started_at, "blood", spec.drift)
    recording = acquire(passages, instrument, session, rng)
    labels = passages.label[recording.kept]
    emission = passages.emission()[recording.kept]
    truth = blood_truth(labels, emission, spec.fp_ratio)
    return SimulatedBlood(recording, labels, emission[:, Source.PE] / spec.fp_ratio, truth)


def _split(total: int, shares: Mapping[str, float], rng: np.random.Generator) -> dict[str, int]:
    """Cut a number of events by chance into these shares."""
    weights = np.array(list(shares.values()), dtype=float)
    counts = rng.multinomial(total, weights / weights.sum())
    return {name: int(count) for name, count in zip(shares, counts, strict=True)}


def _leukocytes(spec: BloodSpec, total: int, rng: np.random.Generator) -> Particles:
    counts = _split(total, spec.differential, rng)
    subsets = _split(counts.pop("monocyte", 0), spec.monocyte_subsets, rng)
    cells = {**MONOCYTES, **LEUKOCYTES}
    return gather(
        [
            draw(_patient(name, cells[name], spec), LABELS.index(name), count, rng)
            for name, count in (subsets | counts).items()
        ]
    )


def _partners(spec: BloodSpec, total: int, rng: np.random.Generator) -> Particles:
    """Members of doublets: random leukocytes and red cells, shuffled."""
    count = _split(total, {"cells": spec.leukocytes, "red": spec.red_cells}, rng)
    everybody = gather(
        [
            _leukocytes(spec, count["cells"], rng),
            draw(RED_CELL, LABELS.index("red cell"), count["red"], rng),
        ]
    )
    order = rng.permutation(total)
    return Particles(everybody.kind[order], everybody.diameter[order], everybody.emission[order])


def _patient(name: str, cell: Population, spec: BloodSpec) -> Population:
    """Return the cell as it is in this patient."""
    if cell.monocyte:
        return replace(
            cell,
            hla_dr=cell.hla_dr * _classical_hla_dr(spec),
            hla_dr_spread=spec.spread,
            cd14=cell.cd14 * spec.cd14,
        )
    if name in {"neutrophil", "immature granulocyte"}:
        share = cell.cd14 / LEUKOCYTES["neutrophil"].cd14
        return replace(cell, cd14=share * spec.granulocyte_cd14 * _CLASSICAL_CD14)
    if name in {"B cell", "myeloid dendritic cell", "plasmacytoid dendritic cell"}:
        return replace(cell, hla_dr=cell.hla_dr * spec.lymphocyte_hla_dr)
    return cell


def _classical_hla_dr(spec: BloodSpec) -> float:
    """HLA-DR of a classical monocyte such that the geometric mean over the subsets is `hla_dr`."""
    names = list(spec.monocyte_subsets)
    weights = np.array([spec.monocyte_subsets[name] for name in names])
    relative = np.array([MONOCYTES[name].hla_dr for name in names])
    return float(spec.hla_dr / np.exp(np.average(np.log(relative), weights=weights)))


def _debris(count: int, instrument: Instrument, rng: np.random.Generator) -> Particles:
    """Fragments: ever more of them down to the threshold, few stains, all unspecific."""
    trigger = instrument.detectors[instrument.column(instrument.trigger)]
    by_size = trigger.source is Source.FORWARD
    floor = instrument.threshold / instrument.scale_per_unit(trigger.name) if by_size else 0.0
    forward = 1.05 * floor + rng.exponential(0.12, count)
    emission = np.zeros((count, len(Source)))
    emission[:, Source.FORWARD] = forward
    emission[:, Source.SIDE] = 0.55 * forward * _spread(0.35, count, rng)
    for source, median in ((Source.PE, 40.0), (Source.PERCP_CY55, 80.0), (Source.CD45_DYE, 900.0)):
        emission[:, source] = np.rint(median * _spread(0.5, count, rng))
    emission[:, Source.AUTOFLUORESCENCE] = 6.0 * _spread(0.3, count, rng)
    kind = np.full(count, LABELS.index(DEBRIS), dtype=np.intp)
    return Particles(kind, diameter=7.5 * np.cbrt(forward), emission=emission)


def _spread(sd: float, count: int, rng: np.random.Generator) -> FloatArray:
    return np.asarray(10.0 ** (sd * rng.standard_normal(count)))


def _stain(particles: Particles, spec: BloodSpec) -> Particles:
    """Antibodies to PE molecules."""
    emission = particles.emission.copy()
    emission[:, Source.PE] *= spec.staining * spec.fp_ratio
    return replace(particles, emission=emission)
