"""Is the instrument steady? Levey-Jennings charts, Westgard's rules, and what four beads hide.

Times, ids and values are given; nothing here reads a file or a clock. What to use when:

- `curve_values`: a standard curve to the values of a `Run`; `control("low")` names AB/c of a level
  of control blood beside them.
- `Epoch`: bead lot, control lot and service of a run; another one begins another baseline.
- `Baseline.locked`, `Baseline.by_hand`: what the values of an epoch are held against.
- `RuleSet.switched`: another action for a rule, by quantity or by kind.
- `charts`: runs, baselines and rules to everything that is drawn, and the verdict of every run.
- `Calibrated`, `compare_with_recent`: a calibration against the last five accepted ones.
- `Occasion`, `Bridging`, `paired_bias`: two lots side by side.

>>> from calibration.control import Baseline, Epoch, Run, charts, control
>>> low, lot = control("low"), Epoch(control="C-7")
>>> window = [Run(f"r{i}", float(i), {low: 4000.0 + 40.0 * (i % 5 - 2)}, lot) for i in range(20)]
>>> baseline = Baseline.locked(low, window)
>>> today = Run("today", 21.0, {low: 4300.0}, lot)
>>> verdict = charts([*window, today], [baseline]).verdict("today")
>>> verdict.outcome.value, [finding.code for finding in verdict.findings]
('reject', ['WESTGARD_1_2S', 'WESTGARD_1_3S'])
"""

from calibration.control.baseline import LEAST_RUNS, Baseline, ByHand, Window
from calibration.control.bridging import Bias, Bridging, Occasion, paired_bias
from calibration.control.calibrated import Calibrated, Settings
from calibration.control.chart import (
    Chart,
    NoBaseline,
    Point,
    Segment,
    Skipped,
    Standing,
    Violation,
)
from calibration.control.curve_values import curve_values
from calibration.control.levey_jennings import ControlCharts, charts
from calibration.control.quantity import (
    INTERCEPT,
    RESIDUAL,
    SLOPE,
    VOLTAGE,
    Kind,
    Quantity,
    control,
    peak,
    peak_cv,
)
from calibration.control.recent import Compared, Shift, compare_with_recent
from calibration.control.rule import DEFAULT_RULES, Action, Rule, RuleSet
from calibration.control.run import Epoch, Moment, Run
from calibration.control.verdict import Outcome, Verdict
from calibration.control.westgard import across_levels, in_sequence

__all__ = [
    "DEFAULT_RULES",
    "INTERCEPT",
    "LEAST_RUNS",
    "RESIDUAL",
    "SLOPE",
    "VOLTAGE",
    "Action",
    "Baseline",
    "Bias",
    "Bridging",
    "ByHand",
    "Calibrated",
    "Chart",
    "Compared",
    "ControlCharts",
    "Epoch",
    "Kind",
    "Moment",
    "NoBaseline",
    "Occasion",
    "Outcome",
    "Point",
    "Quantity",
    "Rule",
    "RuleSet",
    "Run",
    "Segment",
    "Settings",
    "Shift",
    "Skipped",
    "Standing",
    "Verdict",
    "Violation",
    "Window",
    "across_levels",
    "charts",
    "compare_with_recent",
    "control",
    "curve_values",
    "in_sequence",
    "paired_bias",
    "peak",
    "peak_cv",
]
