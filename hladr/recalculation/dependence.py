"""What a number depends on, and numbers that differ although nothing of it does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hladr.csv_text import Cell
from hladr.recalculation.matching import Matched

_GATE = ("sample_sha256", "assay_sha256", "gates_sha256", "algorithm")
_CURVE = ("sample_sha256", "beads_sha256", "lot_sha256", "assay_sha256", "algorithm")
_ABC = (*_GATE, "monocytes", "slope", "intercept")
_INTERVAL = (*_ABC, "beads_sha256", "lot_sha256", "r_squared", "max_residual_percent")

DEPENDS_ON: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "monocytes": _GATE,
        "slope": _CURVE,
        "intercept": _CURVE,
        "abc": _ABC,
        "abc_median": _ABC,
        "ci95_low": _INTERVAL,
        "ci95_high": _INTERVAL,
        "class": ("abc", "ferritin_ng_ml", "criterion", "criterion_version"),
    }
)
"""Columns by the columns that they follow from: where all of these are the same, so are they.

The sample's hash stands for the events, ``algorithm`` for the program: it is raised whenever the
same files and settings give another number.
"""

_POPULATION = "population"  # of a manifest; which of the drawn gates holds the monocytes


@dataclass(frozen=True, slots=True, eq=False)
class Unexplained:
    """A number that is another although nothing that it depends on is."""

    pair: Matched
    column: str
    old: Cell
    new: Cell


def differs(pair: Matched, column: str) -> bool:
    """Whether a column says something else; numbers are compared with all their digits."""
    return pair.old.cells.get(column) != pair.new.cells.get(column)


def recorded(pair: Matched, column: str) -> bool:
    """Whether both tables have the column at all."""
    return column in pair.old.cells and column in pair.new.cells


def unexplained(pair: Matched) -> Iterator[Unexplained]:
    """Differences of one sample that nothing explains.

    Where a table lacks a column that the number depends on, nothing can be said of it, and where
    one of the two has no number there is no difference.
    """
    for column, grounds in DEPENDS_ON.items():
        old, new = pair.old.cells.get(column), pair.new.cells.get(column)
        if old is None or new is None or old == new:
            continue
        if column == "monocytes" and not _same_population(pair):
            continue
        if all(recorded(pair, each) and not differs(pair, each) for each in grounds):
            yield Unexplained(pair, column, old, new)


def not_recorded(pair: Matched) -> tuple[str, ...]:
    """Columns that the number or the class depends on and that a table lacks."""
    grounds = dict.fromkeys(each for columns in DEPENDS_ON.values() for each in columns)
    return tuple(each for each in grounds if not recorded(pair, each))


def _same_population(pair: Matched) -> bool:
    """Whether the monocytes are those of the same gate; of a gate file only a manifest says so."""
    if not pair.old.text("gates_sha256"):
        return True
    old, new = (row.carried.get(_POPULATION) for row in (pair.old, pair.new))
    return old is not None and old == new
