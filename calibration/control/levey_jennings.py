"""From runs and baselines to charts and verdicts: what a laboratory looks at, all at once."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from calibration.control.baseline import Baseline, Window, value_of
from calibration.control.chart import (
    Chart,
    NoBaseline,
    Point,
    Segment,
    Skipped,
    Standing,
    Violation,
)
from calibration.control.placed import Placed
from calibration.control.quantity import Kind, Quantity
from calibration.control.rule import DEFAULT_RULES, Action, Rule, RuleSet
from calibration.control.run import Epoch, Run, check_comparable, ordered
from calibration.control.verdict import Verdict, verdicts_of
from calibration.control.westgard import LENGTH, across_levels, in_sequence
from calibration.errors import InvalidControlRecord

_ACROSS: Final = {
    Kind.CONTROL: (Rule.TWO_2S, Rule.R_4S),
    Kind.PEAK: (Rule.R_4S,),  # two on one side are one observation: they move with the gain
}


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a violation was seen; what it does is for the rule set to say."""

    runs: tuple[str, ...]
    beside: tuple[Quantity, ...]


@dataclass(frozen=True, slots=True)
class _Series:
    """One quantity within one epoch: runs in order, those with a number and those without."""

    quantity: Quantity
    epoch: Epoch
    baseline: Baseline | NoBaseline
    placed: tuple[Placed, ...]
    skipped: tuple[Run, ...]

    def judged(self) -> dict[str, float]:
        """What the rules look at, by run: of some quantities only what lies above the mean."""
        return {
            each.run.id: max(each.z, 0.0) if self.quantity.kind.upward else each.z
            for each in self.placed
            if each.z is not None and each.standing is Standing.JUDGED
        }


Seen = dict[tuple[Quantity, str], dict[Rule, _Found]]


@dataclass(frozen=True, slots=True)
class ControlCharts:
    """What charts say of the runs.

    Parameters
    ----------
    charts
        One a quantity, in the order of `Quantity`.
    verdicts
        One a run, in the order of the runs.
    """

    charts: tuple[Chart, ...]
    verdicts: tuple[Verdict, ...]

    def chart(self, quantity: Quantity) -> Chart:
        """Chart of a quantity; KeyError where no run and no baseline names it."""
        return {chart.quantity: chart for chart in self.charts}[quantity]

    def verdict(self, run: str) -> Verdict:
        """Verdict of a run by its id; KeyError where there is no such run."""
        return {verdict.run: verdict for verdict in self.verdicts}[run]


def charts(
    runs: Iterable[Run], baselines: Iterable[Baseline], rules: RuleSet = DEFAULT_RULES
) -> ControlCharts:
    """Charts of all quantities of one instrument, and the verdict of every run over them.

    Parameters
    ----------
    runs
        Of one instrument, in any order, each id once. Runs of other lots or services may be among
        them; a value is only ever compared with those of its own epoch.
    baselines
        One a quantity and epoch at most. Values of an epoch without one are drawn and not judged.
    rules
        What each rule does.

    Raises
    ------
    InvalidControlRecord
        A run twice, moments that cannot be put in order, or two baselines of one epoch.

    Notes
    -----
    A later run never changes what was said of an earlier one. Points of the window a baseline was
    locked from are not judged, and no rule reaches back into it. A run without a number for a
    quantity is passed over: the values before and after it are next to each other.
    """
    in_order, known = ordered(runs), _known(baselines)
    ends = [each.origin.until for each in known.values() if isinstance(each.origin, Window)]
    check_comparable([*(run.moment for run in in_order), *ends])
    series = _all_series(in_order, known)
    seen = _seen(series)
    drawn: dict[Quantity, list[Segment]] = {}
    for one in series:
        drawn.setdefault(one.quantity, []).append(_segment(one, seen, rules))
    charted = tuple(Chart(of, tuple(segments)) for of, segments in drawn.items())
    return ControlCharts(charted, tuple(verdicts_of(in_order, charted)))


def _known(baselines: Iterable[Baseline]) -> dict[tuple[Quantity, Epoch], Baseline]:
    known: dict[tuple[Quantity, Epoch], Baseline] = {}
    for each in baselines:
        if (each.quantity, each.epoch) in known:
            found = f"two of {each.quantity.words} ({each.epoch.words})"
            raise InvalidControlRecord(
                field="baselines", expected="one a quantity and epoch", found=found
            )
        known[each.quantity, each.epoch] = each
    return known


def _all_series(
    runs: Sequence[Run], known: Mapping[tuple[Quantity, Epoch], Baseline]
) -> list[_Series]:
    """By quantity, then by epoch in the order of its first run; baselines of none behind."""
    of_epoch: dict[Quantity, dict[Epoch, list[Run]]] = defaultdict(dict)
    for quantity in sorted({*(q for run in runs for q in run.values), *(q for q, _ in known)}):
        for run in runs:
            if quantity in run.values:
                of_epoch[quantity].setdefault(run.epoch.of(quantity), []).append(run)
        for other, epoch in known:
            if other == quantity:
                of_epoch[quantity].setdefault(epoch, [])
    return [
        _one_series(quantity, epoch, members, known)
        for quantity, epochs in of_epoch.items()
        for epoch, members in epochs.items()
    ]


def _one_series(
    quantity: Quantity,
    epoch: Epoch,
    members: Sequence[Run],
    known: Mapping[tuple[Quantity, Epoch], Baseline],
) -> _Series:
    values = [(run, value_of(run, quantity)) for run in members]
    used = [(run, value) for run, value in values if math.isfinite(value)]
    skipped = tuple(run for run, value in values if not math.isfinite(value))
    baseline = known.get((quantity, epoch), NoBaseline(len(used)))
    placed = tuple(Placed.of(run, value, baseline) for run, value in used)
    return _Series(quantity, epoch, baseline, placed, skipped)


def _seen(series: Sequence[_Series]) -> Seen:
    """Every violation, by quantity and run, whatever the rule set makes of it."""
    seen: Seen = defaultdict(dict)
    levels: dict[tuple[Kind, str], dict[Quantity, float]] = defaultdict(dict)
    for one in series:
        judged = one.judged()
        _look_along(one.quantity, judged, seen)
        if one.quantity.kind in _ACROSS:
            for run, z in judged.items():
                levels[one.quantity.kind, run][one.quantity] = z
    for (kind, run), of_run in levels.items():
        _look_across(_ACROSS[kind], run, of_run, seen)
    return seen


def _look_along(quantity: Quantity, judged: Mapping[str, float], seen: Seen) -> None:
    ids = list(judged)
    for rule, marks in in_sequence(np.array(list(judged.values()), dtype=np.float64)).items():
        for place in np.flatnonzero(marks):
            first = place + 1 - LENGTH.get(rule, 1)
            seen[quantity, ids[place]][rule] = _Found(tuple(ids[first : place + 1]), ())


def _look_across(
    rules: tuple[Rule, ...], run: str, of_run: Mapping[Quantity, float], seen: Seen
) -> None:
    quantities, z = list(of_run), np.array(list(of_run.values()))
    marks = across_levels(z)
    for rule in rules:
        for place in np.flatnonzero(marks[rule]):
            own, earlier = quantities[place], seen[quantities[place], run].get(rule)
            wanted = np.sign(z) == np.sign(z[place]) * (-1.0 if rule is Rule.R_4S else 1.0)
            beyond = wanted & (np.abs(z) > 2.0)
            beside = tuple(quantities[i] for i in np.flatnonzero(beyond) if i != place)
            found = _Found(earlier.runs if earlier else (run,), beside)
            seen[own, run][rule] = found


def _segment(one: _Series, seen: Seen, rules: RuleSet) -> Segment:
    points = tuple(
        Point(
            run=each.run.id,
            moment=each.run.moment,
            value=each.value,
            z=each.z,
            standing=each.standing,
            violations=_violations(one.quantity, seen.get((one.quantity, each.run.id), {}), rules),
        )
        for each in one.placed
    )
    skipped = tuple(Skipped(run.id, run.moment, run.values[one.quantity]) for run in one.skipped)
    return Segment(one.epoch, one.baseline, points, skipped)


def _violations(
    quantity: Quantity, found: Mapping[Rule, _Found], rules: RuleSet
) -> tuple[Violation, ...]:
    return tuple(
        Violation(rule, rules.action(quantity, rule), found[rule].runs, found[rule].beside)
        for rule in Rule
        if rule in found and rules.action(quantity, rule) is not Action.OFF
    )
