"""Which row of one table is the same sample as which row of the other."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from hladr.errors import HladrError
from hladr.result_table import ResultRow, ResultTable
from hladr.result_table.errors import ResultRowRepeated

MatchedBy = Literal["sample_sha256", "sample"]


class TablesUnrelated(HladrError):
    """No sample is in both tables."""

    code: ClassVar[str] = "TABLES_UNRELATED"

    def __init__(self, *, old: str, new: str, old_rows: int, new_rows: int) -> None:
        self.old, self.new = old, new
        self.old_rows, self.new_rows = old_rows, new_rows
        super().__init__(
            f"expected two tables of the same samples, found none that is both in {old} "
            f"({old_rows:,} rows) and in {new} ({new_rows:,} rows), by the hash of its file or by "
            "its name. Give two tables of one archive."
        )


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """One sample in both tables.

    `by` is ``sample_sha256`` where the same file was measured, ``sample`` where only the name
    says so: one of the two was refused before it was read, or the file is another.
    """

    old: ResultRow
    new: ResultRow
    by: MatchedBy

    @property
    def has_two_numbers(self) -> bool:
        """Whether there is an AB/c that may be used in both tables."""
        return self.old.abc is not None and self.new.abc is not None


@dataclass(frozen=True, slots=True, eq=False)
class Matching:
    """Rows of two tables side by side; `pairs` and `only_new` in the order of the new table."""

    pairs: tuple[Matched, ...]
    only_old: tuple[ResultRow, ...]
    only_new: tuple[ResultRow, ...]


def match(old: ResultTable, new: ResultTable) -> Matching:
    """Match by the hash of the sample's file, what then remains by the sample's name.

    Raises
    ------
    ResultRowRepeated
        A table has a hash twice, or a name twice among the rows that go by it.
    TablesUnrelated
        Nothing matches.
    """
    by_hash = _both(old, new, old.rows, new.rows, "sample_sha256")
    done = {id(row) for pair in by_hash for row in pair}
    rest_old, rest_new = (
        [row for row in table.rows if id(row) not in done] for table in (old, new)
    )
    by_name = _both(old, new, rest_old, rest_new, "sample")
    done |= {id(row) for pair in by_name for row in pair}
    pairs = [Matched(*pair, by="sample_sha256") for pair in by_hash]
    pairs += [Matched(*pair, by="sample") for pair in by_name]
    if not pairs:
        raise TablesUnrelated(
            old=old.file, new=new.file, old_rows=len(old.rows), new_rows=len(new.rows)
        )
    return Matching(
        pairs=tuple(sorted(pairs, key=lambda pair: pair.new.line)),
        only_old=tuple(row for row in old.rows if id(row) not in done),
        only_new=tuple(row for row in new.rows if id(row) not in done),
    )


def _both(
    old: ResultTable,
    new: ResultTable,
    old_rows: Iterable[ResultRow],
    new_rows: Iterable[ResultRow],
    column: MatchedBy,
) -> list[tuple[ResultRow, ResultRow]]:
    """Rows that say the same in a column; a name counts as repeated only where it is in both."""
    olds, news = (_by(column, rows) for rows in (old_rows, new_rows))
    shared: Callable[[str], bool] = (
        (lambda key: key in olds and key in news) if column == "sample" else (lambda _: True)
    )
    for table, found in ((old, olds), (new, news)):
        _refuse_repeated(table, column, {k: rows for k, rows in found.items() if shared(k)})
    return [(olds[key][0], news[key][0]) for key in news if key in olds]


def _by(column: str, rows: Iterable[ResultRow]) -> dict[str, list[ResultRow]]:
    found: dict[str, list[ResultRow]] = {}
    for row in rows:
        key = row.text(column)
        if key:
            found.setdefault(key, []).append(row)
    return found


def _refuse_repeated(table: ResultTable, column: str, found: Mapping[str, list[ResultRow]]) -> None:
    for rows in found.values():
        if len(rows) > 1:
            raise ResultRowRepeated(
                file=table.file,
                line=rows[1].line,
                first=rows[0].line,
                sample=rows[1].sample,
                key="hash of the sample file" if column == "sample_sha256" else "name",
            )
