"""Four-level PE beads: unequal numbers, doublets, triplets, debris, their own faint background."""

import numpy as np
from oracle_fcs import Recording
from oracle_instrument import (
    Instrument,
    Light,
    arrival_times,
    draw_apart,
    pair_height,
)

LOTS = ("474,5359,23843,62336", "638,6930,31008,67601")


def _levels(
    lot: str, rng: np.random.Generator, *, missing: int | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Geometric mean of PE molecules, spread (natural log) and share of the levels present."""
    assigned = np.array([float(value) for value in lot.split(",")])
    actual = assigned * np.exp(rng.normal(0.0, 0.006, len(assigned)))  # the maker's own error
    spread = np.array([rng.uniform(0.09, 0.15), *rng.uniform(0.06, 0.11, len(assigned) - 1)])
    share = rng.dirichlet(np.full(len(assigned), 25.0))
    keep = np.arange(len(assigned)) != (-1 if missing is None else missing)
    return actual[keep], spread[keep], share[keep] / share[keep].sum()


def _bright(
    n: int, levels: tuple[np.ndarray, np.ndarray, np.ndarray], rng: np.random.Generator
) -> np.ndarray:
    """PE molecules on single beads; Student t with seven degrees of freedom, not normal."""
    actual, spread, share = levels
    which = rng.choice(len(actual), n, p=share)
    return actual[which] * np.exp(spread[which] * rng.standard_t(7.0, n) / np.sqrt(7.0 / 5.0))


def bead_light(
    lot: str, n_events: int, rng: np.random.Generator, *, missing: int | None = None
) -> Light:
    levels = _levels(lot, rng, missing=missing)
    n_debris = round(n_events * rng.uniform(0.02, 0.08))
    n_double = round(n_events * rng.uniform(0.05, 0.12))
    n_triple = round(n_events * rng.uniform(0.005, 0.02))
    n_beads = n_events - n_debris
    beads_in = np.repeat([1, 2, 3], [n_beads - n_double - n_triple, n_double, n_triple])

    fsc0, ssc0 = rng.uniform(55_000, 120_000), rng.uniform(45_000, 110_000)
    fsc_cv, ssc_cv = rng.uniform(0.03, 0.05), rng.uniform(0.05, 0.09)
    single = np.array([_bright(n_beads, levels, rng) for _ in range(3)])
    size = fsc0 * rng.normal(1.0, fsc_cv, (3, n_beads))
    grain = ssc0 * rng.normal(1.0, ssc_cv, (3, n_beads))
    present = np.arange(3)[:, None] < beads_in
    apart = draw_apart(n_beads, rng)
    height = np.where(beads_in == 1, 1.0, pair_height(size[0], size[1], apart))
    height = np.where(beads_in == 3, height * rng.uniform(0.6, 0.85, n_beads), height)

    small = np.maximum(rng.exponential(9_000.0, n_debris), 1.0)
    background = rng.uniform(5.0, 25.0)
    order = rng.permutation(n_events)
    zero = np.zeros(n_events)

    def joined(beads: np.ndarray, debris: np.ndarray) -> np.ndarray:
        return np.concatenate([beads, debris])[order]

    return Light(
        fsc=joined((size * present).sum(axis=0), 5_500.0 + small),
        ssc=joined(
            (grain * present).sum(axis=0), 1_500.0 + small * rng.uniform(0.2, 2.0, n_debris)
        ),
        height=joined(height, np.ones(n_debris)),
        pe=joined(
            np.rint((single * present).sum(axis=0)), np.rint(rng.exponential(25.0, n_debris))
        ),
        cd14=zero,
        cd45=zero,
        autofluorescence=joined(background * beads_in, np.full(n_debris, 2.0)),
    )


def bead_tube(
    instrument: Instrument,
    lot: str,
    rng: np.random.Generator,
    *,
    n_events: int = 10_000,
    missing: int | None = None,
    markers: bool = False,
    minutes: float = -25.0,
) -> bytes:
    recording = bead_recording(
        instrument,
        lot,
        rng,
        n_events=n_events,
        missing=missing,
        markers=markers,
        minutes=minutes,
    )
    return recording.to_bytes()


def bead_recording(
    instrument: Instrument,
    lot: str,
    rng: np.random.Generator,
    *,
    n_events: int = 10_000,
    missing: int | None = None,
    markers: bool = False,
    minutes: float = -25.0,
) -> Recording:
    light = bead_light(lot, n_events, rng, missing=missing)
    times = arrival_times(n_events, rng.uniform(150.0, 600.0), rng)
    table, names = instrument.measure(light, times, rng)
    return instrument.recording(table, names, tube="Beads PE", markers=markers, minutes=minutes)
