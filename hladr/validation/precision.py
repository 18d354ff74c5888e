"""Imprecision from replicates: how much of it arises within a run, between runs, days, people."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hladr.agreement import Interval
from hladr.arrays import FloatArray, IndexArray
from hladr.validation.bounds import variance_interval
from hladr.validation.columns import LOT, REAGENT_LOT
from hladr.validation.nested import nested_anova
from hladr.validation.observation import Observation

REPEAT, INSTRUMENT = "repeat", "instrument"
"""The innermost level, results of a specimen in one run; and the outermost."""

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Component:
    """One source of imprecision, or all of them together.

    Parameters
    ----------
    levels
        Which; several that the design does not tell apart stand together.
    groups
        How many there were.
    dof
        Degrees of freedom of its mean square; of all together by Satterthwaite.
    cv, interval
        Percent, with its 95 % interval.
    negative
        Whether the estimate came out below zero and was set to zero.
    """

    levels: tuple[str, ...]
    groups: int
    dof: float
    cv: float
    interval: Interval
    negative: bool


@dataclass(frozen=True, slots=True)
class Precision:
    """Imprecision of one specimen, or of all.

    Parameters
    ----------
    specimen
        Its name; empty for all.
    n
        Results.
    abc
        Their geometric mean.
    components
        Outermost first.
    together
        Their sum.
    on_one
        Sum without what lies between instruments; the same as `together` where that is not known.
    """

    specimen: str
    n: int
    abc: float
    components: tuple[Component, ...]
    together: Component
    on_one: Component

    @property
    def between_instruments(self) -> bool:
        """Whether what lies between instruments stands apart."""
        return self.on_one != self.together


@dataclass(frozen=True, slots=True)
class Unreplicated:
    """No specimen has two results, or none with all that the levels need."""


def precision(
    results: Sequence[Observation], levels: tuple[str, ...], specimen: str = ""
) -> Precision | Unreplicated:
    """Components by nested analysis of variance on ln AB/c, each specimen and lot with its mean.

    Parameters
    ----------
    results
        All that say something of each level; a specimen with one result tells nothing and is left
        out.
    levels
        Names of the columns, outermost first.
    specimen
        Name under which it is reported; empty for all.

    Notes
    -----
    A run, a day and so on are random. Specimens are fixed; so are lots, which are compared by
    themselves. Where specimens share their runs, so they do the error of each: the degrees of
    freedom are then those of the runs, not those of the runs times the specimens, which is the
    safe side.
    """
    several = _replicated(results)
    design = _Design.of(several, levels)
    if design.dof.size == 0:
        return Unreplicated()
    y = np.log([each.abc for each in several])
    found = nested_anova(y, design.groups)
    parts = tuple(
        _component(names, int(n), weight, found.mean_squares, design.dof, place)
        for place, (names, n, weight) in enumerate(
            zip(design.names, found.groups, found.weights, strict=True)
        )
    )
    within = [place for place, part in enumerate(parts) if INSTRUMENT not in part.levels]
    together, on_one = (
        _sum([parts[i] for i in places], found.weights[places], found.mean_squares, design.dof)
        for places in (list(range(len(parts))), within)
    )
    return Precision(specimen, y.size, float(np.exp(y.mean())), parts, together, on_one)


def _replicated(results: Sequence[Observation]) -> Sequence[Observation]:
    times = Counter(map(_cell, results))
    return [each for each in results if times[_cell(each)] > 1]


def _cell(result: Observation) -> Key:
    """What has a mean of its own: the specimen with the lots it was measured with."""
    return (result.specimen, result.said[LOT], result.said[REAGENT_LOT])


def cv_percent(variance: float) -> float:
    """Coefficient of variation of a lognormal, percent, from the variance of its logarithm."""
    try:
        return 100.0 * math.sqrt(math.expm1(max(variance, 0.0)))
    except OverflowError:  # two results far apart bound nothing
        return math.inf


def _component(
    names: Key,
    groups: int,
    weight: FloatArray,
    mean_squares: FloatArray,
    dof: FloatArray,
    place: int,
) -> Component:
    variance = float(weight @ mean_squares)
    bounds = variance_interval(weight, mean_squares, dof)
    interval = Interval(cv_percent(bounds.low), cv_percent(bounds.high))
    return Component(
        names, groups, float(dof[place]), cv_percent(variance), interval, variance < 0.0
    )


def _sum(
    parts: Sequence[Component], weights: FloatArray, mean_squares: FloatArray, dof: FloatArray
) -> Component:
    variance = sum(math.log1p((part.cv / 100.0) ** 2) for part in parts)  # none below zero
    weight = weights.sum(axis=0)
    bounds = variance_interval(weight, mean_squares, dof)
    terms = weight * mean_squares
    apart = float(np.sum(terms**2 / dof))
    freedom = float(terms.sum()) ** 2 / apart if apart > 0.0 else float(dof[-1])
    interval = Interval(cv_percent(bounds.low), cv_percent(max(bounds.high, variance)))
    return Component(
        tuple(name for part in parts for name in part.levels),
        parts[-1].groups,
        freedom,
        cv_percent(variance),
        interval,
        negative=False,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Design:
    """Groups of each level, shape (k, n), the fixed cells first; names and freedom of the k."""

    groups: IndexArray
    names: tuple[Key, ...]
    dof: FloatArray

    @classmethod
    def of(cls, results: Sequence[Observation], levels: tuple[str, ...]) -> "_Design":
        cells = [_cell(each) for each in results]
        kept: list[IndexArray] = [_numbered(cells)]
        shared: list[int] = [1]  # different keys whatever the specimen
        names: list[Key] = []
        for place, level in enumerate(levels):
            keys = [tuple(each.said[name] for name in levels[: place + 1]) for each in results]
            groups = _numbered([(*cell, *key) for cell, key in zip(cells, keys, strict=True)])
            if groups.max(initial=0) > kept[-1].max(initial=0):
                kept.append(groups)
                shared.append(len(set(keys)))
                names.append((level,))
            elif names and _varies(cells, [each.said[level] for each in results], level):
                names[-1] = (*names[-1], level)
        return cls._with_repeats(kept, shared, names, len(results))

    @classmethod
    def _with_repeats(
        cls, kept: list[IndexArray], shared: list[int], names: list[Key], n: int
    ) -> "_Design":
        innermost: Key = (REPEAT,)
        last = n
        if names and kept[-1].max(initial=-1) + 1 == n:  # no run has two results of a specimen
            innermost, last = (*names.pop(), REPEAT), shared.pop()
            kept.pop()
        counts = [int(level.max(initial=-1)) + 1 for level in kept] + [n]
        if counts[-1] == counts[-2]:
            return cls(np.array(kept), (), np.array([]))
        nested = np.diff(counts)
        keys = np.diff([*shared, last]) if last < n else np.array([*np.diff(shared), nested[-1]])
        dof = np.minimum(nested, np.maximum(keys, 1)).astype(np.float64)
        return cls(np.array(kept), (*names, innermost), dof)


def _numbered(keys: Sequence[Key]) -> IndexArray:
    """Number of each key, from 0, as they first appear."""
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    return np.array([places[key] for key in keys], dtype=np.intp)


def _varies(cells: Sequence[Key], said: Sequence[str], level: str) -> bool:
    """Whether a level that parts no further is another one each time; a run is so by its name."""
    both = set(zip(cells, said, strict=True))
    return level == "run" or len(both) > len(set(cells))
