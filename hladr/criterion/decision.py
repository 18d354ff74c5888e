"""The rules held against what is known: the class, how sure it is, and whether it could be another.

The inputs are taken as independent. Each axis is cut at its cut-offs into cells, within which
no rule changes its answer; probability and decisiveness are sums and checks over those cells, so
they follow the very rules that gave the class.
"""

import itertools
import math
from collections.abc import Iterator, Mapping

from hladr.criterion.definition import ClassRule, Criterion, Quantity, Span, State
from hladr.criterion.measured import Reading, Spread

UNKNOWN = Span(-math.inf, math.inf)

States = Mapping[Quantity, State]
Readings = Mapping[Quantity, Reading]


def matching_rule(criterion: Criterion, states: States) -> ClassRule | None:
    """Find the first rule that is met; None when one that comes before it might be.

    A quantity that is absent from `states` may be anything.
    """
    for rule in criterion.rules:
        answers = [cutoff.met(states.get(cutoff.quantity, UNKNOWN)) for cutoff in rule.cutoffs]
        if None in answers and False not in answers:
            return None
        if False not in answers:
            return rule
    return None


def with_spread(criterion: Criterion, rule: ClassRule, readings: Readings) -> Readings | None:
    """Keep the readings whose spread is known; None when the class rests on another one too."""
    spread = {quantity: each for quantity, each in readings.items() if each.spread is not None}
    alone = matching_rule(criterion, {quantity: each.state for quantity, each in spread.items()})
    return spread if alone is rule else None


def probability(criterion: Criterion, rule: ClassRule, readings: Readings) -> float:
    """Probability (0 to 1) that the truth behind `readings`, all with a spread, meets `rule`."""
    weighed = [
        [(quantity, cell, _weight(each.spread, cell)) for cell in _cells(criterion, quantity)]
        for quantity, each in readings.items()
        if each.spread is not None
    ]
    total = 0.0
    for combination in itertools.product(*weighed):
        states = {quantity: cell for quantity, cell, _ in combination}
        if matching_rule(criterion, states) is rule:
            total += math.prod(weight for _, _, weight in combination)
    return min(total, 1.0)


def is_decisive(criterion: Criterion, rule: ClassRule, readings: Readings) -> bool:
    """Whether every truth inside the 95 % intervals of `readings`, all with one, meets `rule`.

    An interval that ends exactly on a cut-off counts as crossing it.
    """
    return _everywhere(criterion, rule, _touched(criterion, readings))


def undecided_by(criterion: Criterion, rule: ClassRule, readings: Readings) -> tuple[Quantity, ...]:
    """Find whose 95 % interval lets the class change: each by itself, or else all together."""
    points = {quantity: [reading.state] for quantity, reading in readings.items()}
    touched = _touched(criterion, readings)
    alone = tuple(
        quantity
        for quantity, cells in touched.items()
        if not _everywhere(criterion, rule, {**points, quantity: cells})
    )
    return alone or tuple(quantity for quantity, cells in touched.items() if len(cells) > 1)


def _touched(criterion: Criterion, readings: Readings) -> dict[Quantity, list[State]]:
    return {
        quantity: [cell for cell in _cells(criterion, quantity) if _touches(reading, cell)]
        for quantity, reading in readings.items()
    }


def _everywhere(
    criterion: Criterion, rule: ClassRule, places: Mapping[Quantity, list[State]]
) -> bool:
    return all(
        matching_rule(criterion, dict(zip(places, states, strict=True))) is rule
        for states in itertools.product(*places.values())
    )


def _cells(criterion: Criterion, quantity: Quantity) -> Iterator[Span]:
    cuts = sorted({cutoff.value for cutoff in criterion.class_cutoffs(quantity)})
    for low, high in itertools.pairwise((-math.inf, *cuts, math.inf)):
        yield Span(low, high)


def _weight(spread: Spread, cell: Span) -> float:
    return spread.below(cell.high) - spread.below(cell.low)


def _touches(reading: Reading, cell: Span) -> bool:
    if reading.interval is None:
        return True
    low, high = reading.interval
    return cell.low <= high and low <= cell.high
