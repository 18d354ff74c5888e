"""What the files of one sample give, before anybody asks what it means.

No event, no criterion, no ferritin, no context: the same files, curve, gates and assay give the
same measurement for ever, so that it can be kept.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from calibration.finding import Finding
from hladr.comparison import Comparison
from hladr.internal_control import InternalControl
from hladr.population import Population
from hladr.quantification import Abundance, Intensity


@dataclass(frozen=True, slots=True)
class SampleIdentity:
    """The file that was measured; None = not recorded in it."""

    file: str
    sha256: str
    events: int
    cytometer: str | None
    serial: str | None
    acquired_at: str | None

    @property
    def acquired(self) -> dt.datetime | None:
        """When acquisition began."""
        return None if self.acquired_at is None else dt.datetime.fromisoformat(self.acquired_at)


@dataclass(frozen=True, slots=True)
class DefinitionReference:
    """Name, version and content hash of a definition file."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class PopulationCount:
    """How many events a population holds, and its parent."""

    name: str
    parent: str | None
    count: int
    parent_count: int

    @classmethod
    def of(cls, population: Population) -> "PopulationCount":
        """Return the counts of a population."""
        return cls(population.name, population.parent, population.count, population.parent_count)

    @property
    def percent_of_parent(self) -> float:
        """100 * count / parent_count; NaN when the parent is empty."""
        return 100.0 * self.count / self.parent_count if self.parent_count else float("nan")


@dataclass(frozen=True, slots=True)
class GatingSummary:
    """Which gates a number rests on, and what they hold; see `hladr.result.Gating`."""

    method: Literal["automatic", "gates"]
    gates_sha256: str | None
    confidence: float | None
    population: str
    populations: tuple[PopulationCount, ...]


@dataclass(frozen=True, slots=True)
class Measurement:
    """One sample, measured by a standard curve.

    Parameters
    ----------
    sample, assay
        The file, and the definition it was measured by.
    gating
        The gates that the number rests on.
    seen
        Fluorescence of the monocytes.
    number
        AB/c of these, with its budget.
    control
        HLA-DR of other cells of the same tube.
    comparison
        The automatic gate beside gates drawn by hand; None where it is the gate, or refused.
    before, after
        Doubts that hold whatever is asked, in the order of the work: about files, settings, gates
        and the number itself; about the stain, the matrix and the time in the tube.
    """

    sample: SampleIdentity
    assay: DefinitionReference
    gating: GatingSummary
    seen: Intensity
    number: Abundance
    control: InternalControl
    comparison: Comparison | None
    before: tuple[Finding, ...]
    after: tuple[Finding, ...]
