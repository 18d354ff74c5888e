"""What the report shows: frozen dataclasses, every text ready to print."""

from dataclasses import dataclass

from markupsafe import Markup

from hladr.report.page import Fact


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source of imprecision; `specimen` and what follows it stand in the first row alone."""

    specimen: str
    results: str
    abc: str
    source: str
    groups: str
    dof: str
    cv: str
    interval: str
    limit: str


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A level of a series."""

    expected: str
    results: str
    abc: str
    recovery: str
    deviation: str
    interval: str
    log_deviation: str
    log_interval: str


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """A number with its 95 % interval."""

    name: str
    value: str
    interval: str
    p: str


@dataclass(frozen=True, slots=True)
class LinePart:
    """One series: figures, estimates, levels."""

    specimen: str
    line: Markup
    deviations: Markup
    estimates: tuple[EstimateRow, ...]
    levels: tuple[LevelRow, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class SequenceRow:
    """One high-then-low sequence."""

    name: str
    high: str
    low: str
    k: str


@dataclass(frozen=True, slots=True)
class SideRow:
    """One lot, instrument or operator against another."""

    what: str
    reference: str
    other: str
    specimens: str
    bias: str
    interval: str
    limits: str
    limit: str


@dataclass(frozen=True, slots=True)
class RunRow:
    """One bead run."""

    beads: str
    lot: str
    slope: str
    intercept: str
    r_squared: str
    residual: str
    samples: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """One sample: what it is, what came of it, its hash."""

    line: str
    sample: str
    what: str
    abc: str
    verdict: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ValidationPage:
    """Context of ``validation.html``."""

    name: str
    summary: tuple[Fact, ...]
    sample: tuple[Fact, ...]
    reagent: tuple[Fact, ...]
    instrument: tuple[Fact, ...]
    runs: tuple[RunRow, ...]
    replicates: Markup
    specimens: tuple[Fact, ...]
    sources: Markup
    source_rows: tuple[SourceRow, ...]
    precision_notes: tuple[str, ...]
    lines: tuple[LinePart, ...]
    sequences: tuple[SequenceRow, ...]
    carry_over: str
    sides: tuple[SideRow, ...]
    not_done: tuple[Fact, ...]
    has_limits: bool
    limits_source: str
    quality: tuple[Fact, ...]
    review: tuple[Fact, ...]
    unusable: tuple[Fact, ...]
    reporting: tuple[Fact, ...]
    storage: tuple[Fact, ...]
    files: tuple[FileRow, ...]
    by_hand: dict[str, tuple[str, ...]]
