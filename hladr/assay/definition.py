"""The parts of an assay definition, with the defaults that a definition file may override."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, Literal

from calibration.acceptance import AcceptanceLimits

Statistic = Literal["geometric_mean", "median"]


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """How one channel is recognised: by marker, then dye, then detector name."""

    markers: tuple[str, ...] = ()
    dyes: tuple[str, ...] = ()
    detectors: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class EventLimits:
    """Monocyte counts below which the result carries a note, a warning, a rejection."""

    monocytes_note: int = 3000
    monocytes_warn: int = 1000
    monocytes_reject: int = 300

    def __post_init__(self) -> None:
        """Refuse limits that contradict each other."""
        if not self.monocytes_reject <= self.monocytes_warn <= self.monocytes_note:
            raise ValueError("expected monocytes_reject <= monocytes_warn <= monocytes_note")


@dataclass(frozen=True, slots=True)
class ValueLimits:
    """Fractions of the monocytes (0 to 1), and the relative distance of the two statistics."""

    nonpositive_warn: float = 0.005
    nonpositive_reject: float = 0.02
    saturated_reject: float = 0.01
    statistics_disagree: float = 0.10
    cd14_at_top_warn: float = 0.05
    models_disagree_warn: float = 0.05

    def __post_init__(self) -> None:
        """Refuse limits that contradict each other."""
        if not self.nonpositive_warn <= self.nonpositive_reject <= 1.0:
            raise ValueError("expected nonpositive_warn <= nonpositive_reject <= 1")


@dataclass(frozen=True, slots=True)
class CompensationLimits:
    """Shares of a dye's signal left in another detector, or between the matrices of two tubes.

    `effect_warn` is what a share of CD14 left in PE may change the monocytes' HLA-DR by.
    """

    residual_warn: float = 0.01
    effect_warn: float = 0.04
    matrices_differ_warn: float = 0.005


@dataclass(frozen=True, slots=True)
class SettingLimits:
    """How far beads and sample may differ: volts, relative gain, hours."""

    voltage_tolerance: float = 0.05
    gain_tolerance: float = 0.0005
    bead_age_hours: float = 12.0


@dataclass(frozen=True, slots=True)
class DriftLimits:
    """Relative change of fluorescence while a tube is measured."""

    beads_warn: float = 0.03
    beads_reject: float = 0.10
    sample_warn: float = 0.10
    step_warn: float = 0.02

    def __post_init__(self) -> None:
        """Refuse limits that contradict each other."""
        if not self.beads_warn <= self.beads_reject:
            raise ValueError("expected beads_warn <= beads_reject")


@dataclass(frozen=True, slots=True)
class GateLimits:
    """Confidence (0 to 1) and relative shift of AB/c at which a gate needs a person."""

    confidence_warn: float = 0.90
    boundary_shift_warn: float = 0.05
    classical_warn: float = 0.60
    cd14_spread_warn: float = 0.55


@dataclass(frozen=True, slots=True)
class InternalControlLimits:
    """Limits of the internal control, AB/c; a range of None = the laboratory gave none.

    Lymphocytes whose cluster peaks below `bright_least` are not B cells (activated T cells carry
    some HLA-DR too).
    """

    bright_least: float = 10000.0
    absent_reject_below: float = 600.0
    bright: tuple[float, float] | None = (22_000.0, 120_000.0)
    negative: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        """Refuse ranges that hold nothing."""
        for bounds in (self.bright, self.negative):
            if bounds is not None and not bounds[0] < bounds[1]:
                raise ValueError(f"expected a low bound below the high one, found {bounds}")


@dataclass(frozen=True, slots=True)
class IntervalTerms:
    """Declared relative standard uncertainties; None = not known, listed as not included."""

    repeatability: float | None = 0.032
    fp_ratio: float | None = None
    bead_values: float | None = None

    def __post_init__(self) -> None:
        """Refuse what was written in percent."""
        for value in (self.repeatability, self.fp_ratio, self.bead_values):
            if value is not None and not 0.0 <= value < 1.0:
                raise ValueError(f"expected a fraction (3.2 % is 0.032), found {value:g}")


@dataclass(frozen=True, slots=True)
class AssayDefinition:
    """A versioned assay: markers, gate, statistic, limits, declared uncertainty, criterion."""

    name: str
    version: str
    title: str
    sha256: str
    criterion: str
    channels: Mapping[str, ChannelRule]
    strategy: str = "monocytes-cd14-ssc"
    purity: float = 0.50
    statistic: Statistic = "geometric_mean"
    fp_ratio: float = 1.0
    interval: IntervalTerms = field(default_factory=IntervalTerms)
    events: EventLimits = field(default_factory=EventLimits)
    values: ValueLimits = field(default_factory=ValueLimits)
    settings: SettingLimits = field(default_factory=SettingLimits)
    drift: DriftLimits = field(default_factory=DriftLimits)
    compensation: CompensationLimits = field(default_factory=CompensationLimits)
    gate: GateLimits = field(default_factory=GateLimits)
    internal_control: InternalControlLimits = field(default_factory=InternalControlLimits)
    curve: AcceptanceLimits = field(default_factory=AcceptanceLimits)

    def __reduce__(self) -> tuple[Any, ...]:
        """Survive the way into a worker process."""
        held = {each.name: getattr(self, each.name) for each in fields(self)}
        return _revived, ({**held, "channels": dict(self.channels)},)


def _revived(held: dict[str, Any]) -> AssayDefinition:
    return AssayDefinition(**{**held, "channels": MappingProxyType(held["channels"])})
