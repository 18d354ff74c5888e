"""What the report page shows: one frozen dataclass, every text ready to print.

The template decides nothing but layout; it is tested to use every field here.
"""

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Badge:
    """A verdict or severity: `kind` is a CSS class, `icon` a shape that tells without colour."""

    kind: str
    word: str
    icon: Markup


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and its value."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class NumberCard:
    """The number with its intervals.

    `released` is False on a rejected result: the card then shows `withheld`, and `reasons` for it.
    """

    released: bool
    abc: str
    ci95: str
    ci95_analysis: str
    basis: str
    remark: str
    withheld: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClassCard:
    """The class in words and what it rests on."""

    label: str
    certainty: str
    ferritin: str
    criterion: str
    version: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding."""

    badge: Badge
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class GateFigure:
    """One gate plot with its caption."""

    title: str
    caption: str
    svg: Markup


@dataclass(frozen=True, slots=True)
class GatePair:
    """A gate as drawn and the automatic one on the same axes, each over its own events."""

    title: str
    drawn: str
    drawn_svg: Markup
    automatic: str
    automatic_svg: Markup


@dataclass(frozen=True, slots=True)
class ComparedGate:
    """One of two gates with its number."""

    gate: str
    events: str
    abc: str


@dataclass(frozen=True, slots=True)
class GateComparison:
    """Gates drawn by hand beside the automatic gate, and how far AB/c moved.

    `plots` are pairs of the gates that were moved, and one figure of each other gate.
    """

    rows: tuple[ComparedGate, ...]
    moved: str
    shared: str
    agreement: str
    plots: tuple[GateFigure | GatePair, ...]


@dataclass(frozen=True, slots=True)
class PeakRow:
    """One bead population of the calibration table."""

    assigned: str
    geometric_mean: str
    median: str
    cv: str
    events: str
    residual: str


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term of the uncertainty budget."""

    name: str
    meaning: str
    percent: str
    dof: str


@dataclass(frozen=True, slots=True)
class PopulationRow:
    """One population; `depth` is its place in the gate tree, 0 for the first."""

    name: str
    parent: str
    events: str
    percent: str
    depth: int


@dataclass(frozen=True, slots=True)
class ControlRow:
    """One cluster of the internal control."""

    name: str
    abc: str
    events: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Context of ``report.html``."""

    sample: str
    subject: str
    verdict: Badge
    verdict_sentence: str
    number: NumberCard
    classification: ClassCard
    context: tuple[Fact, ...]
    findings: tuple[FindingRow, ...]
    bead_figure: Markup
    bead_note: str
    curve_figure: Markup
    curve_facts: tuple[Fact, ...]
    peaks: tuple[PeakRow, ...]
    gates: tuple[GateFigure, ...]
    gate_comparison: GateComparison | None
    gating_note: str
    listed_gates: tuple[Fact, ...]
    populations: tuple[PopulationRow, ...]
    hla_dr_figure: Markup
    hla_dr_facts: tuple[Fact, ...]
    controls: tuple[ControlRow, ...]
    control_note: str
    budget: tuple[TermRow, ...]
    budget_total: tuple[Fact, ...]
    not_included: str
    sample_facts: tuple[Fact, ...]
    bead_facts: tuple[Fact, ...]
    versions: tuple[Fact, ...]
