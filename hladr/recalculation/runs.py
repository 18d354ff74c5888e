"""Which bead runs a recalculation concerns, and by how much their samples moved."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from hladr.recalculation.comparison import Comparison
from hladr.recalculation.dependence import differs
from hladr.recalculation.matching import Matched
from hladr.result_table import ResultRow

_CURVE = ("slope", "intercept", "beads_sha256", "lot_sha256")
_DIGITS = 12  # of a hash
_NOT_RECORDED = "not recorded"


@dataclass(frozen=True, slots=True)
class RelativeChange:
    """Median and range of ``100 * (new / old - 1)``, percent, over `n` samples."""

    n: int
    median: float
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class ConcernedRun:
    """The samples of one bead run whose curve, AB/c, class or verdict is another.

    Parameters
    ----------
    beads
        Bead file by name where the table has one, else by the start of its hash.
    old_lot, new_lot
        Lot numbers, or the assigned values of a manifest; empty where there are neither.
    lot_values_differ
        Whether the lot is another, though it may have the same number.
    samples, reclassified
        How many samples, and how many of them have another class or verdict.
    change
        Of those with AB/c in both; None where there is none.
    """

    beads: str
    old_lot: str
    new_lot: str
    lot_values_differ: bool
    samples: int
    reclassified: int
    change: RelativeChange | None


def concerned_runs(comparison: Comparison) -> tuple[ConcernedRun, ...]:
    """Bead runs with samples that a recalculation changed, in the order of the new table."""
    changed = {id(change.pair) for change in comparison.changes}
    groups: dict[tuple[tuple[str, ...], str, str, str], list[Matched]] = {}
    for pair in concerned(comparison):
        content = tuple(dict.fromkeys(row.text("beads_sha256") for row in _with_result(pair)))
        groups.setdefault((content, _beads(pair), *_lots(pair)), []).append(pair)
    return tuple(
        ConcernedRun(
            *key[1:],
            lot_values_differ=any(_moved(pair, "lot_sha256") for pair in pairs),
            samples=len(pairs),
            reclassified=sum(id(pair) in changed for pair in pairs),
            change=relative_change(pairs),
        )
        for key, pairs in groups.items()
    )


def concerned(comparison: Comparison) -> tuple[Matched, ...]:
    """Samples whose curve, AB/c, class or verdict is another."""
    changed = {id(change.pair) for change in comparison.changes}
    return tuple(
        pair
        for pair in comparison.matching.pairs
        if id(pair) in changed or any(_moved(pair, column) for column in ("abc", *_CURVE))
    )


def relative_change(pairs: Iterable[Matched]) -> RelativeChange | None:
    """Median and range of the relative change of AB/c; None where no sample has two."""
    ratios = [
        pair.new.abc / pair.old.abc
        for pair in pairs
        if pair.old.abc is not None and pair.new.abc is not None
    ]
    if not ratios:
        return None
    percent = 100.0 * (np.array(ratios) - 1.0)
    return RelativeChange(
        len(ratios), float(np.median(percent)), float(percent.min()), float(percent.max())
    )


def _moved(pair: Matched, column: str) -> bool:
    """Whether a column is another in a sample that was not refused either time."""
    return not pair.old.error and not pair.new.error and differs(pair, column)


def _lots(pair: Matched) -> tuple[str, str]:
    """Lot before and now; a refusal names none, and has that of the other time."""
    rows = _with_result(pair)
    names = [row.lot_name for row in rows] or [""]
    return names[0], names[-1]


def _beads(pair: Matched) -> str:
    """The bead file or files of a sample; of a refused one those of the other time."""
    rows = _with_result(pair)
    names = [row.carried.get("beads", "") for row in rows]
    if len({row.text("beads_sha256") for row in rows}) == 1:
        names = [name for name in names if name][-1:] or names[:1]  # one file, if once without name
        rows = rows[: len(names)]
    shown = (
        name or row.text("beads_sha256")[:_DIGITS] or _NOT_RECORDED
        for name, row in zip(names, rows, strict=True)
    )
    return " → ".join(dict.fromkeys(shown)) or _NOT_RECORDED


def _with_result(pair: Matched) -> list[ResultRow]:
    return [row for row in (pair.old, pair.new) if not row.error]
