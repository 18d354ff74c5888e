"""Two result tables of the same samples, held against each other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hladr.agreement import (
    Concordance,
    Kappa,
    Limits,
    Line,
    RelativeLimits,
    cohens_kappa,
    concordance,
    limits_of_agreement,
    passing_bablok,
    reclassification,
    relative_limits,
)
from hladr.arrays import FloatArray, IndexArray
from hladr.criterion import Criterion, UnknownCriterion, load_criterion
from hladr.recalculation.dependence import Unexplained, unexplained
from hladr.recalculation.matching import Matched, Matching, match
from hladr.recalculation.reasons import Change, change_of
from hladr.result_table import OUTCOMES, ResultRow, ResultTable


@dataclass(frozen=True, slots=True, eq=False)
class AbcAgreement:
    """Agreement of AB/c over the samples that have one in both tables.

    Parameters
    ----------
    old, new
        AB/c, shape (n,), in the order of the matched samples.
    moved
        How many of them are not the same, to the last digit.
    relative, absolute
        Bias and limits of agreement, percent and AB/c.
    line
        By Passing and Bablok.
    concordance
        By Lin.
    """

    old: FloatArray
    new: FloatArray
    moved: int
    relative: RelativeLimits
    absolute: Limits
    line: Line
    concordance: Concordance


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What two tables have in common, and what changed.

    Parameters
    ----------
    old, new
        The tables.
    matching
        Which rows are the same sample.
    agreement
        Of AB/c.
    reclassified
        Samples by what became of them, shape (6, 6): old by row and new by column, in the order of
        `hladr.result_table.OUTCOMES`.
    kappa
        Agreement of the class over the samples with a class in both.
    changes
        Samples whose class or verdict is another, in the order of the new table.
    unexplained
        Numbers and classes that differ without a reason; there should be none.
    criterion
        The built-in criterion of the new table, None where it has several or one of its own.
    """

    old: ResultTable
    new: ResultTable
    matching: Matching
    agreement: AbcAgreement
    reclassified: IndexArray
    kappa: Kappa
    changes: tuple[Change, ...]
    unexplained: tuple[Unexplained, ...]
    criterion: Criterion | None


def compare(old: ResultTable, new: ResultTable) -> Comparison:
    """Hold two tables against each other.

    Raises
    ------
    ResultRowRepeated, TablesUnrelated
        The rows cannot be matched.
    """
    matching = match(old, new)
    pairs = matching.pairs
    reclassified = _reclassified(pairs)
    with_class = np.array([each.is_class for each in OUTCOMES])
    changes = (change_of(pair) for pair in pairs)
    return Comparison(
        old=old,
        new=new,
        matching=matching,
        agreement=_agreement(pairs),
        reclassified=reclassified,
        kappa=cohens_kappa(reclassified[np.ix_(with_class, with_class)]),
        changes=tuple(each for each in changes if each is not None),
        unexplained=tuple(each for pair in pairs for each in unexplained(pair)),
        criterion=_criterion(new),
    )


def _agreement(pairs: Sequence[Matched]) -> AbcAgreement:
    both = [
        (pair.old.abc, pair.new.abc)
        for pair in pairs
        if pair.old.abc is not None and pair.new.abc is not None
    ]
    old, new = np.array(both, dtype=np.float64).reshape(-1, 2).T
    return AbcAgreement(
        old=old,
        new=new,
        moved=int(np.count_nonzero(old != new)),
        relative=relative_limits(old, new),
        absolute=limits_of_agreement(old, new),
        line=passing_bablok(old, new),
        concordance=concordance(old, new),
    )


def _reclassified(pairs: Sequence[Matched]) -> IndexArray:
    place = {outcome: index for index, outcome in enumerate(OUTCOMES)}
    old, new = ([place[row.outcome] for row in rows] for rows in _sides(pairs))
    return reclassification(old, new, len(OUTCOMES))


def _sides(pairs: Sequence[Matched]) -> tuple[list[ResultRow], list[ResultRow]]:
    return [pair.old for pair in pairs], [pair.new for pair in pairs]


def _criterion(table: ResultTable) -> Criterion | None:
    names, versions = table.values("criterion"), table.values("criterion_version")
    if len(names) != 1 or len(versions) != 1:
        return None
    try:
        found = load_criterion(names[0]) if not names[0].endswith(".toml") else None
    except UnknownCriterion:
        return None
    return found if found is not None and found.version == versions[0] else None
