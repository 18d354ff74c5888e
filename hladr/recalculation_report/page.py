"""What the two pages show: frozen dataclasses, every text ready to print."""

from dataclasses import dataclass

from markupsafe import Markup

from hladr.report.page import Badge, Fact


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """A number with its 95 % confidence interval."""

    name: str
    value: str
    interval: str


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """What became now of the samples of one outcome before."""

    name: str
    counts: tuple[str, ...]
    kept: int  # which of them stayed as they were


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A sample whose class or verdict is another."""

    subject: str
    sample: str
    before: str
    now: str
    abc_before: str
    abc_now: str
    change: str
    reasons: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class AloneRow:
    """A sample that only one table has."""

    table: str
    sample: str
    subject: str
    state: str


@dataclass(frozen=True, slots=True)
class RepeatedRow:
    """A sample of which nothing says which row of one table is which of the other."""

    sample: str
    subject: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class UnexplainedRow:
    """A number that differs without a reason."""

    sample: str
    line: str
    column: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class RunRow:
    """A bead run whose samples moved."""

    beads: str
    old_lot: str
    new_lot: str
    samples: str
    reclassified: str
    change: str


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """Context of ``comparison.html``."""

    old: str
    new: str
    badge: Badge
    sentence: str
    summary: tuple[Fact, ...]
    bland_altman: Markup
    bland_altman_rows: tuple[EstimateRow, ...]
    regression: Markup
    regression_rows: tuple[EstimateRow, ...]
    outcomes: tuple[str, ...]
    outcome_rows: tuple[OutcomeRow, ...]
    kappa_rows: tuple[EstimateRow, ...]
    changes: tuple[ChangeRow, ...]
    runs: tuple[RunRow, ...]
    unexplained: tuple[UnexplainedRow, ...]
    alone: tuple[AloneRow, ...]
    repeated: tuple[RepeatedRow, ...]
    tables: tuple[tuple[str, tuple[Fact, ...]], ...]


@dataclass(frozen=True, slots=True)
class LetterPage:
    """Context of ``letter.html``."""

    old: str
    new: str
    reason: tuple[Markup, ...]
    warning: str
    scope: str
    amount: str
    runs: tuple[RunRow, ...]
    more_runs: str
    moved: str
    changes: tuple[ChangeRow, ...]
    more_changes: str
