"""Charts of an instrument as they are shown: those that may reject a run first."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from calibration.control import (
    LEAST_RUNS,
    Action,
    Baseline,
    ByHand,
    Chart,
    Quantity,
    Rule,
    RuleSet,
    Segment,
    Window,
)
from hladr.report.control_drawings import draw_control_chart
from hladr.report.control_figure import Mark, example
from service.pages.quality.runs_shown import lot_names, shown_moment
from service.pages.quality.words import ACTIONS
from service.quality.looking import Seen

KEY: Final = tuple(
    (example(mark), words)
    for mark, words in (
        (Mark.STEADY, "steady"),
        (Mark.OPEN, "not judged"),
        (Mark.ALONE, "one beyond 2 SD: one in twenty is"),
        (Mark.WARNED, "a rule that warns"),
        (Mark.REJECTED, "a rule that rejects"),
    )
)
"""Each shape, and what it says."""
_PERCENT: Final = 100.0 * math.log(10.0)  # of a small step of a log10


@dataclass(frozen=True, slots=True)
class ChartShown:
    """A chart.

    Parameters
    ----------
    weight
        What its rules may do.
    said
        Of its baseline, and of what was passed over.
    """

    key: str
    name: str
    weight: str
    figure: Markup
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """What each rule does for a quantity, in the order of the rules."""

    name: str
    actions: tuple[str, ...]


def charts_shown(seen: Seen) -> tuple[ChartShown, ...]:
    """Return all charts of an instrument that have a point."""
    names = lot_names(seen)
    runs = [made.run.id for made, _ in seen.runs]
    shown = [
        (
            may_reject(each.quantity, seen.book.rules),
            ChartShown(
                key=each.quantity.key,
                name=each.quantity.words[0].upper() + each.quantity.words[1:],
                weight="may reject a run"
                if may_reject(each.quantity, seen.book.rules)
                else "warns only",
                figure=draw_control_chart(each, runs, names),
                said=tuple(_said(each, seen)),
            ),
        )
        for each in seen.judged.charts
        if each.points
    ]
    return tuple(chart for _, chart in sorted(shown, key=lambda each: not each[0]))


def rule_rows(seen: Seen) -> tuple[RuleRow, ...]:
    """Return what the rules do, quantity by quantity."""
    rules = seen.book.rules
    return tuple(
        RuleRow(of.words, tuple(ACTIONS[rules.action(of, rule)] for rule in Rule))
        for of in (each.quantity for each in seen.judged.charts)
    )


def may_reject(quantity: Quantity, rules: RuleSet) -> bool:
    """Whether any rule of a quantity rejects."""
    return any(rules.action(quantity, rule) is Action.REJECT for rule in Rule)


def numbers_of(baseline: Baseline) -> tuple[str, str]:
    """Mean and SD in words; of a logarithm the SD in percent."""
    quantity = baseline.quantity
    if quantity.kind.logarithmic:
        return quantity.told(baseline.mean), f"{_PERCENT * baseline.sd:.1f} %"
    return quantity.told(baseline.mean), quantity.told(baseline.sd)


def _said(chart: Chart, seen: Seen) -> Iterator[str]:
    moments = {made.run.id: shown_moment(made.run.moment)[:10] for made, _ in seen.runs}
    newest = max(
        (each for each in chart.segments if each.points),
        key=lambda each: str(each.points[-1].moment),
    )
    yield _of_baseline(newest, moments)
    yield from _twice(newest, seen)
    skipped = [moments[each.run] for part in chart.segments for each in part.skipped]
    if skipped:
        yield f"Passed over, because it gave no number: {', '.join(skipped)}."


def _twice(segment: Segment, seen: Seen) -> Iterator[str]:
    """What is to be known of a baseline that was locked when copies still counted."""
    known = segment.baseline
    if isinstance(known, Baseline) and isinstance(known.origin, Window):
        copies = {copy.id for made, _ in seen.runs for copy in made.copies}
        if n := len(copies & set(known.origin.runs)):
            runs = "1 of these runs is a file" if n == 1 else f"{n} of these runs are files"
            yield f"{runs} sent twice, which may make the SD too small: lock it anew."


def _of_baseline(segment: Segment, moments: dict[str, str]) -> str:
    known = segment.baseline
    if not isinstance(known, Baseline):
        return (
            f"No baseline for the present lot and service yet; {known.values} of {LEAST_RUNS} runs "
            "have a value."
        )
    mean, sd = numbers_of(known)
    if isinstance(known.origin, ByHand):
        return f"Baseline by hand: mean {mean}, SD {sd}; why: {known.origin.reason}"
    runs, until = known.origin.runs, str(known.origin.until)[:10]
    since = moments.get(runs[0], "before these runs")
    return f"Baseline of {len(runs)} runs, {since} to {until}: mean {mean}, SD {sd}."
