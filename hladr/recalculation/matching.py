"""Which row of one table is the same sample as which row of the other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from hladr.errors import HladrError
from hladr.recalculation.repeated import Pair, Repeated, told_apart
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
    """Rows of two tables side by side; `pairs` and `only_new` in the order of the new table.

    `repeated` are rows of one sample in both tables of which nothing says which is which: they are
    in neither of the others.
    """

    pairs: tuple[Matched, ...]
    only_old: tuple[ResultRow, ...]
    only_new: tuple[ResultRow, ...]
    repeated: tuple[Repeated, ...] = ()


def match(old: ResultTable, new: ResultTable) -> Matching:
    """Match by the hash of the sample's file, what then remains by the sample's name.

    A sample that is there several times is told apart by its name, then by what it was measured
    with and what else the tables carry.

    Raises
    ------
    ResultRowRepeated
        Nothing matches, because samples are there several times.
    TablesUnrelated
        Nothing matches.
    """
    by_hash, unclear = _both(old.rows, new.rows, "sample_sha256")
    rest_old, rest_new = (_without(table.rows, by_hash, unclear) for table in (old, new))
    by_name, unclear_names = _both(rest_old, rest_new, "sample")
    unclear += unclear_names
    pairs = [Matched(*pair, by="sample_sha256") for pair in by_hash]
    pairs += [Matched(*pair, by="sample") for pair in by_name]
    if not pairs:
        _refuse(old, new, unclear)
    return Matching(
        pairs=tuple(sorted(pairs, key=lambda pair: pair.new.line)),
        only_old=tuple(_without(rest_old, by_name, unclear)),
        only_new=tuple(_without(rest_new, by_name, unclear)),
        repeated=tuple(sorted(unclear, key=lambda each: each.new[0].line)),
    )


def _both(
    old_rows: Iterable[ResultRow], new_rows: Iterable[ResultRow], column: MatchedBy
) -> tuple[list[Pair], list[Repeated]]:
    """Rows that say the same in a column, and those that cannot be told apart."""
    olds, news = (_by(column, rows) for rows in (old_rows, new_rows))
    pairs: list[Pair] = []
    unclear: list[Repeated] = []
    for key in news:
        for found in told_apart(olds.get(key, ()), news[key]):
            if isinstance(found, Repeated):
                unclear.append(found)
            else:
                pairs.append(found)
    return pairs, unclear


def _by(column: str, rows: Iterable[ResultRow]) -> dict[str, list[ResultRow]]:
    found: dict[str, list[ResultRow]] = {}
    for row in rows:
        key = row.text(column)
        if key:
            found.setdefault(key, []).append(row)
    return found


def _without(
    rows: Iterable[ResultRow], pairs: Iterable[Pair], unclear: Iterable[Repeated]
) -> list[ResultRow]:
    done = {id(row) for pair in pairs for row in pair}
    done |= {id(row) for each in unclear for row in (*each.old, *each.new)}
    return [row for row in rows if id(row) not in done]


def _refuse(old: ResultTable, new: ResultTable, unclear: Sequence[Repeated]) -> None:
    """Say why nothing matches."""
    for each in unclear:
        table, rows = (old, each.old) if len(each.old) > 1 else (new, each.new)
        same = len({row.text("sample_sha256") for row in rows}) == 1 and rows[0].text(
            "sample_sha256"
        )
        raise ResultRowRepeated(
            file=table.file,
            line=rows[1].line,
            first=rows[0].line,
            sample=rows[1].sample,
            key="hash of the sample file" if same else "name",
        )
    raise TablesUnrelated(
        old=old.file, new=new.file, old_rows=len(old.rows), new_rows=len(new.rows)
    )
