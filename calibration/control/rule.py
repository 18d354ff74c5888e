"""The rules of Westgard, and what each does to a run; every one can be switched by quantity."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from calibration.control.quantity import Kind, Quantity


class Rule(StrEnum):
    """Rules over distances from the mean, in SDs; "beyond" is strict.

    `1-2s`: one beyond 2. `1-3s`: one beyond 3. `2-2s`: two in a row, or two levels of control
    blood in one run, beyond 2 on the same side. `R-4s`: in one run one level beyond +2 and another
    beyond -2, never across runs. `4-1s`: four in a row beyond 1 on the same side. `10x`: ten in a
    row on one side of the mean.

    References
    ----------
    .. [1] Westgard JO, Barry PL, Hunt MR, Groth T. A multi-rule Shewhart chart for quality control
       in clinical chemistry. Clin Chem 1981;27:493-501.
    .. [2] Levey S, Jennings ER. The use of control charts in the clinical laboratory. Am J Clin
       Pathol 1950;20:1059-1066.
    """

    ONE_2S = "1-2s"
    ONE_3S = "1-3s"
    TWO_2S = "2-2s"
    R_4S = "R-4s"
    FOUR_1S = "4-1s"
    TEN_X = "10x"

    @property
    def code(self) -> str:
        """Its part of a finding's code: ``1_2S``, ``10X``."""
        return self.value.upper().replace("-", "_")


class Action(StrEnum):
    """What a violated rule does to the run."""

    OFF = "off"
    WARN = "warn"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What each rule does, by quantity.

    Parameters
    ----------
    changes
        Where it differs from the default, by quantity or by kind, and rule. What is said of a
        quantity counts before what is said of its kind.

    Notes
    -----
    By default 1-2s warns everywhere. The others reject where `Kind.rejects`, and warn elsewhere.
    """

    changes: Mapping[tuple[Quantity | Kind, Rule], Action] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Keep changes that nobody changes."""
        object.__setattr__(self, "changes", MappingProxyType(dict(self.changes)))

    def action(self, quantity: Quantity, rule: Rule) -> Action:
        """What a violation of the rule by the quantity does."""
        for of in (quantity, quantity.kind):
            if (of, rule) in self.changes:
                return self.changes[of, rule]
        if rule is Rule.ONE_2S or not quantity.kind.rejects:
            return Action.WARN
        return Action.REJECT

    def switched(self, of: Quantity | Kind, rule: Rule, action: Action) -> "RuleSet":
        """Return the same set with one rule of a quantity, or of a kind, switched."""
        return RuleSet({**self.changes, (of, rule): action})


DEFAULT_RULES: Final = RuleSet()
