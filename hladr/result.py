"""What is known of one sample when the work is done, and its JSON form.

`AbcResult` is the whole answer: the number, where it came from, every doubt, and the events
behind it (`evidence`), so that a report can be drawn without measuring anything again.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal

from calibration.budget import Term
from calibration.curve import StandardCurve
from calibration.finding import Finding, Severity
from hladr.assay.definition import AssayDefinition
from hladr.comparison import Comparison
from hladr.context import Context
from hladr.criterion.classification import Classification
from hladr.criterion.definition import Criterion
from hladr.evidence import BeadEvidence, GateView, SampleEvidence
from hladr.fcs.table import Channel
from hladr.gates.strategy import GatingStrategy
from hladr.internal_control import InternalControl
from hladr.measurement import DefinitionReference, GatingSummary, Measurement, SampleIdentity
from hladr.population import Population
from hladr.sample_findings import statistics_given


class Verdict(StrEnum):
    """What may be done with a result."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    REVIEW = "review"
    REJECT = "reject"


def _no_strategy() -> None:
    """None: gates that cannot be said on the file's own channels."""


def _no_chain() -> tuple[Population, ...]:
    """Empty: the populations are the gates one after the other."""
    return ()


@dataclass(frozen=True, eq=False)  # without slots: few ask for the strategy, and it is kept
class Gating:
    """The populations of a sample and how they were found.

    `confidence` is the estimated fraction of the monocyte gate that is right, 0 to 1
    (None for gates drawn by hand). `population` names the one that the number rests on.
    `make_strategy` and `make_chain` make the `strategy` and the `chain` when they are asked for.
    """

    method: Literal["automatic", "gates"]
    gates_sha256: str | None
    confidence: float | None
    populations: tuple[Population, ...]
    population: str = "monocytes"
    make_strategy: Callable[[], GatingStrategy | None] = _no_strategy
    make_chain: Callable[[], tuple[Population, ...]] = _no_chain

    @cached_property
    def strategy(self) -> GatingStrategy | None:
        """Gates on the file's own channels, None for an automatic gate that cannot be said so."""
        return self.make_strategy()

    @cached_property
    def chain(self) -> tuple[Population, ...]:
        """What the gates of the strategy hold one after the other, as they are drawn and moved."""
        return self.make_chain() or self.populations

    @property
    def monocytes(self) -> Population:
        """The population that the number rests on."""
        return next(each for each in self.populations if each.name == self.population)


@dataclass(frozen=True, slots=True, eq=False)
class AutomaticBeside:
    """The automatic gate of a sample whose number rests on gates drawn by hand.

    Parameters
    ----------
    gating
        What the automatic gate found.
    comparison
        What the two have in common, and how far AB/c moved.
    views
        Its plots.
    """

    gating: Gating
    comparison: Comparison
    views: Sequence[GateView]


@dataclass(frozen=True, slots=True)
class HlaDr:
    """Monocyte HLA-DR in antibodies bound per cell (AB/c).

    `abc`, `mfi` and the intervals are NaN where no geometric mean can be given.
    `ci95` and `ci95_analysis` are AB/c; `mfi` is the chosen statistic in scale values;
    `interval_terms` are relative standard uncertainties; `not_included` names the terms of the
    budget that are unknown.
    """

    abc: float
    ci95: tuple[float, float]
    ci95_analysis: tuple[float, float]
    interval_terms: tuple[Term, ...]
    not_included: tuple[str, ...]
    statistic: str
    abc_median: float
    mfi: float
    monocytes: int
    nonpositive_fraction: float
    fp_ratio: float
    range: Literal["within", "above", "below"]

    @classmethod
    def of(cls, measurement: Measurement, assay: AssayDefinition) -> "HlaDr":
        """The number of a measurement; without one where too many monocytes have no logarithm."""
        seen, number, nowhere = measurement.seen, measurement.number, (math.nan, math.nan)
        given = assay.statistic == "median" or statistics_given(seen, assay.values)
        return cls(
            abc=number.abc if given else math.nan,
            ci95=number.ci95 if given else nowhere,
            ci95_analysis=number.ci95_analysis if given else nowhere,
            interval_terms=number.whole.terms,
            not_included=number.whole.not_included,
            statistic=assay.statistic,
            abc_median=number.abc_median,
            mfi=number.mfi if given else math.nan,
            monocytes=seen.events,
            nonpositive_fraction=seen.nonpositive,
            fp_ratio=assay.fp_ratio,
            range=number.range,
        )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SampleResult:
    """Monocyte HLA-DR of one sample with its doubts, without the events behind it.

    `comparison` is the automatic gate beside gates drawn by hand; None where it is the gate itself,
    or refused.
    """

    sample: SampleIdentity
    context: Context
    assay: DefinitionReference
    criterion: Criterion
    curve: StandardCurve
    gating: Gating | GatingSummary
    measured: HlaDr
    internal_control: InternalControl
    classification: Classification
    findings: tuple[Finding, ...]
    comparison: Comparison | None = None

    @property
    def verdict(self) -> Verdict:
        """`reject` if any finding rejects, else `review` if any warns, else `pass`."""
        severities = {finding.severity for finding in self.findings}
        if Severity.REJECT in severities:
            return Verdict.REJECT
        return Verdict.REVIEW if Severity.WARN in severities else Verdict.PASS

    @property
    def hla_dr(self) -> HlaDr | None:
        """The number that may be used; None on `reject`."""
        return None if self.verdict is Verdict.REJECT else self.measured

    @property
    def unreleasable(self) -> HlaDr | None:
        """The number that may not be used; None unless `reject`."""
        return self.measured if self.verdict is Verdict.REJECT else None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready object of schema ``hladr.result/1``."""
        from hladr.result_json import result_to_dict

        return result_to_dict(self)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class AbcResult(SampleResult):
    """Monocyte HLA-DR of one sample, with its doubts and the events behind it.

    `bead_evidence` is None where a saved curve was used, `beside` where there is no `comparison`.
    """

    detector: Channel  # of HLA-DR
    gating: Gating
    evidence: SampleEvidence
    bead_evidence: BeadEvidence | None
    beside: AutomaticBeside | None = None
