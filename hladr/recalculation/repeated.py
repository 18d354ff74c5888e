"""Rows that go by one hash or one name, told apart by what else stands in them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from hladr.result_table import KINDS, ResultRow

Pair = tuple[ResultRow, ResultRow]

_TELLING = (
    "sample", "beads", "beads_sha256", "curve", "gates", "gates_sha256", "population",
    "manifest_lot", "lot", "lot_sha256", "subject", "ferritin_ng_ml",
)  # fmt: skip
"""The path first, then what the number rests on, then what is asked of it; others follow."""


@dataclass(frozen=True, slots=True, eq=False)
class Repeated:
    """Rows of both tables that may be one another, and nothing says which is which."""

    old: tuple[ResultRow, ...]
    new: tuple[ResultRow, ...]


def told_apart(old: Sequence[ResultRow], new: Sequence[ResultRow]) -> Iterator[Pair | Repeated]:
    """Pairs among rows that go by one hash or name; rows that only one side has are not named.

    Parameters
    ----------
    old, new
        Rows of each table that are of one sample, in the order of their table.

    Notes
    -----
    One column after the other parts them. Rows that say the same in it belong together; those
    whose value the other side does not have stay with each other, since in a recalculation beads,
    gates or lot may be others, and the next column is asked. One row on either side is a pair.
    """
    columns = _TELLING if len(old) > 1 or len(new) > 1 else ()
    rows = (*old, *new)
    others = dict.fromkeys(name for row in rows for name in row.carried) if columns else {}
    return _parted(old, new, tuple(dict.fromkeys((*columns, *others))))


def _parted(
    old: Sequence[ResultRow], new: Sequence[ResultRow], columns: tuple[str, ...]
) -> Iterator[Pair | Repeated]:
    if not old or not new:
        return
    if len(old) == len(new) == 1:
        yield old[0], new[0]
    elif not columns:
        yield from _alike(old, new)
    else:
        column, following = columns[0], columns[1:]
        olds, news = _by(column, old), _by(column, new)
        for value in (each for each in news if each in olds):
            yield from _parted(olds[value], news[value], following)
        yield from _parted(_only(olds, news), _only(news, olds), following)


def _only(rows: dict[str, list[ResultRow]], others: dict[str, list[ResultRow]]) -> list[ResultRow]:
    """Rows with a value that the others do not have."""
    return [row for value, alike in rows.items() if value not in others for row in alike]


def _alike(old: Sequence[ResultRow], new: Sequence[ResultRow]) -> Iterator[Pair | Repeated]:
    """Pairs of rows that nothing tells apart: it does not matter which, if all say the same."""
    if len(set(map(_said, old))) == len(set(map(_said, new))) == 1:
        yield from zip(old, new, strict=False)
    else:
        yield Repeated(tuple(old), tuple(new))


def _said(row: ResultRow) -> tuple[object, ...]:
    """All that a row says but the name: copies of a file stand under two."""
    cells = ((name, cell) for name, cell in row.cells.items() if name != "sample")
    return (*sorted(cells, key=lambda each: each[0]), *sorted(row.carried.items()))


def _by(column: str, rows: Iterable[ResultRow]) -> dict[str, list[ResultRow]]:
    found: dict[str, list[ResultRow]] = {}
    say: Callable[[ResultRow], str] = (
        (lambda row: row.text(column))
        if column in KINDS
        else lambda row: row.carried.get(column, "")
    )
    for row in rows:
        found.setdefault(say(row), []).append(row)
    return found
