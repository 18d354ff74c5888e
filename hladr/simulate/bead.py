"""Beads with assigned numbers of PE molecules, and what goes wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import numpy as np

from hladr.arrays import FloatArray, IndexArray
from hladr.simulate.acquisition import Recording, Session, acquire
from hladr.simulate.instrument import Instrument
from hladr.simulate.multiplet import pass_by
from hladr.simulate.particle import Particles, Source, gather
from hladr.simulate.truth import BeadTruth, geometric_mean

# Label of events that are not one bead of one level; levels are 0, 1, 2 ... dimmest first.
MULTIPLET, DEBRIS = -1, -2
# Rainbow beads shine in every detector and have eight levels, about three-fold apart;
# their PE equivalents are assumed.
RAINBOW_LEVELS = (25.0, 260.0, 800.0, 2_500.0, 7_600.0, 23_000.0, 68_000.0, 165_000.0)


@dataclass(frozen=True, slots=True)
class BeadSpec:
    """A tube of beads to simulate.

    Parameters
    ----------
    assigned
        PE molecules per bead of each level, dimmest first: the geometric mean of the level.
    events
        Events passing the laser.
    weights
        Shares of the levels, any unit; 0 is a missing level.
    cv
        Relative SD of PE molecules from bead to bead, by level.
    dye
        What the beads carry: PE, or the rainbow dye.
    background
        Light of the plastic, PE equivalents.
    doublets, triplets, debris
        Shares of the events.
    drift
        Relative change of the light from the first event to the last.
    started_at
        Local time of acquisition.
    """

    assigned: tuple[float, ...] = (474.0, 5359.0, 23843.0, 62336.0)
    events: int = 10_000
    weights: tuple[float, ...] = (0.21, 0.27, 0.24, 0.28)
    cv: tuple[float, ...] = (0.10, 0.07, 0.06, 0.06)
    dye: Source = Source.PE
    background: float = 18.0
    doublets: float = 0.05
    triplets: float = 0.008
    debris: float = 0.03
    drift: float = 0.0
    started_at: datetime = datetime(2026, 3, 14, 9, 5, 41)  # noqa: DTZ001 - FCS times are local

    def __post_init__(self) -> None:
        """Refuse levels that do not match and shares that are no shares."""
        if not len(self.assigned) == len(self.weights) == len(self.cv):
            msg = "assigned values, weights and CVs must be as many as the levels"
            raise ValueError(msg)
        rest = (self.doublets, self.triplets, self.debris)
        if self.events < 1 or min(rest) < 0 or sum(rest) >= 1:
            msg = "a tube of beads needs an event, and shares of doublets, triplets, debris below 1"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedBeads:
    """The recording, the level of each event (or `MULTIPLET`, `DEBRIS`), and the truth."""

    recording: Recording
    labels: IndexArray
    truth: BeadTruth


def beads(spec: BeadSpec, instrument: Instrument, rng: np.random.Generator) -> SimulatedBeads:
    """Acquire a tube of beads.

    Parameters
    ----------
    spec
        What is in the tube.
    instrument
        What it is measured on, with its settings.
    rng
        Source of chance; the same state gives the same bytes.
    """
    shares = (
        1.0 - spec.doublets - spec.triplets - spec.debris,
        spec.debris,
        spec.doublets,
        spec.triplets,
    )
    single, debris, pairs, triplets = (int(n) for n in rng.multinomial(spec.events, shares))
    particles = gather(
        [
            _levels(spec, single, rng),
            _debris(debris, rng),
            _levels(spec, 2 * pairs + 3 * triplets, rng),
        ]
    )
    groups = (single + debris, pairs, triplets)
    passages = pass_by(particles, groups, (MULTIPLET, MULTIPLET), rng)
    session = Session(spec.started_at, "beads", spec.drift)
    recording = acquire(passages, instrument, session, rng)
    labels = passages.label[recording.kept]
    molecules = passages.emission()[recording.kept, spec.dye]
    return SimulatedBeads(recording, labels, _truth(spec, instrument, labels, molecules))


def _levels(spec: BeadSpec, count: int, rng: np.random.Generator) -> Particles:
    weights = np.asarray(spec.weights, dtype=float)
    level = rng.choice(len(spec.assigned), size=count, p=weights / weights.sum())
    # A log-normal whose geometric mean is the assigned value and whose relative SD is the CV.
    sigma = np.sqrt(np.log1p(np.square(spec.cv)))[level]
    molecules = np.asarray(spec.assigned)[level] * np.exp(sigma * rng.standard_normal(count))
    emission = np.zeros((count, len(Source)))
    emission[:, Source.FORWARD] = 0.80 * 10.0 ** (0.015 * rng.standard_normal(count))
    emission[:, Source.SIDE] = 3.0 * 10.0 ** (0.03 * rng.standard_normal(count))
    emission[:, spec.dye] = np.rint(molecules)
    emission[:, Source.AUTOFLUORESCENCE] = spec.background * (
        1.0 + 0.15 * rng.standard_normal(count)
    )
    return Particles(level.astype(np.intp), np.full(count, 6.0), emission)


def _debris(count: int, rng: np.random.Generator) -> Particles:
    """Broken beads and dust, dimmer than the dimmest level."""
    forward = 0.1 + rng.exponential(0.15, count)
    emission = np.zeros((count, len(Source)))
    emission[:, Source.FORWARD] = forward
    emission[:, Source.SIDE] = forward * 10.0 ** (0.4 * rng.standard_normal(count))
    emission[:, Source.PE] = np.rint(20.0 * 10.0 ** (0.6 * rng.standard_normal(count)))
    emission[:, Source.AUTOFLUORESCENCE] = 8.0 * forward
    return Particles(np.full(count, DEBRIS, dtype=np.intp), 6.0 * np.cbrt(forward), emission)


def _truth(
    spec: BeadSpec, instrument: Instrument, labels: IndexArray, molecules: FloatArray
) -> BeadTruth:
    (pe,) = (each.name for each in instrument.detectors if each.source is Source.PE)
    of_level = [molecules[labels == level] for level in range(len(spec.assigned))]
    return BeadTruth(
        assigned=spec.assigned,
        molecules=tuple(geometric_mean(values) for values in of_level),
        counts=tuple(int(values.size) for values in of_level),
        scale_per_pe=instrument.scale_per_unit(pe),
        background=spec.background,
    )


def _rainbow() -> BeadSpec:
    n = len(RAINBOW_LEVELS)
    return BeadSpec(
        assigned=RAINBOW_LEVELS,
        weights=(1.0,) * n,
        cv=(0.035,) * n,
        dye=Source.RAINBOW,
        background=0.0,
    )


# Tubes with a fault, and kinds of beads, by name.
BEAD_CASES: Mapping[str, BeadSpec] = MappingProxyType(
    {
        "good": BeadSpec(),
        "other_lot": BeadSpec(assigned=(638.0, 6930.0, 31008.0, 67601.0)),
        "few_events": BeadSpec(events=800),
        "many_multiplets": BeadSpec(doublets=0.18, triplets=0.05),
        "much_debris": BeadSpec(debris=0.35),
        "unequal_levels": BeadSpec(weights=(0.05, 0.15, 0.20, 0.60)),
        "missing_level": BeadSpec(weights=(0.3, 0.0, 0.3, 0.4)),
        "missing_dimmest": BeadSpec(weights=(0.0, 0.3, 0.3, 0.4)),
        "wide_levels": BeadSpec(cv=(0.30, 0.25, 0.22, 0.22)),
        "bright_plastic": BeadSpec(background=60.0),
        "drift": BeadSpec(drift=-0.25),
        "rainbow": _rainbow(),
    }
)
