"""Carry-over: how much of a high specimen is found in the low one measured after it.

``k = (b1 - b_last) / (a_last - b_last)``: P. M. G. Broughton et al., J Clin Pathol 1969;22:278-284.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from calibration.student import t_quantile
from hladr.agreement import CONFIDENCE, Interval
from hladr.validation.columns import REPLICATE, SEQUENCE
from hladr.validation.observation import Observation


@dataclass(frozen=True, slots=True)
class HighThenLow:
    """One sequence: AB/c of the high specimen, of the low one, each as they came; k in percent."""

    name: str
    high: tuple[float, ...]
    low: tuple[float, ...]

    @property
    def k(self) -> float:
        """Percent of the high specimen that the first low result carries."""
        return 100.0 * (self.low[0] - self.low[-1]) / (self.high[-1] - self.low[-1])


@dataclass(frozen=True, slots=True)
class CarryOver:
    """Sequences with their mean k, percent; the interval is NaN with one sequence.

    Parameters
    ----------
    sequences
        That are one.
    k, interval
        Mean and its 95 % interval by Student's t.
    no_sequence
        Names under which the rows are not results of a high specimen, then two or more of a low.
    """

    sequences: tuple[HighThenLow, ...]
    k: float
    interval: Interval
    no_sequence: tuple[str, ...]


def carry_over(results: Iterable[Observation]) -> CarryOver:
    """Evaluate rows by their column `sequence`, in the order of `replicate`, else of the table."""
    named: dict[str, list[Observation]] = {}
    for each in results:
        if each.said[SEQUENCE]:
            named.setdefault(each.said[SEQUENCE], []).append(each)
    found = {name: tuple(_split(name, _in_order(rows))) for name, rows in named.items()}
    sequences = tuple(each for parts in found.values() for each in parts)
    no_sequence = tuple(name for name, parts in found.items() if not parts)
    k, interval = _mean([each.k for each in sequences])
    return CarryOver(sequences, k, interval, no_sequence)


def _in_order(rows: Sequence[Observation]) -> Sequence[Observation]:
    places = [each.said[REPLICATE] for each in rows]
    if all(place.isascii() and place.isdigit() for place in places) and len(set(places)) == len(
        places
    ):
        return sorted(rows, key=lambda each: int(each.said[REPLICATE]))
    return rows


def _split(name: str, rows: Sequence[Observation]) -> Iterator[HighThenLow]:
    first = rows[0].specimen
    turn = next((i for i, each in enumerate(rows) if each.specimen != first), len(rows))
    high, low = rows[:turn], rows[turn:]
    if len(low) < 2 or len({each.specimen for each in low}) > 1:
        return
    if high[-1].abc > low[-1].abc:
        yield HighThenLow(name, tuple(x.abc for x in high), tuple(x.abc for x in low))


def _mean(values: Sequence[float]) -> tuple[float, Interval]:
    n = len(values)
    if n == 0:
        return math.nan, Interval(math.nan, math.nan)
    mean = math.fsum(values) / n
    if n == 1:
        return mean, Interval(math.nan, math.nan)
    variance = math.fsum((value - mean) ** 2 for value in values) / (n - 1)
    reach = t_quantile(0.5 + CONFIDENCE / 2.0, n - 1) * math.sqrt(variance / n)
    return mean, Interval(mean - reach, mean + reach)
