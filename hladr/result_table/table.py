"""A result table in memory."""

from dataclasses import dataclass

from hladr.result_table.row import ResultRow


@dataclass(frozen=True, slots=True, eq=False)
class ResultTable:
    """Rows in the order of the file.

    Parameters
    ----------
    file
        Its path as it was given.
    sha256
        Hash of its bytes.
    columns
        The columns of hladr that it has, in hladr's order.
    rows
        A row a sample.
    """

    file: str
    sha256: str
    columns: tuple[str, ...]
    rows: tuple[ResultRow, ...]

    @property
    def lots(self) -> tuple[str, ...]:
        """Different lots, by number or by their assigned values, as they first appear."""
        return tuple(dict.fromkeys(name for row in self.rows if (name := row.lot_name)))

    def values(self, column: str) -> tuple[str, ...]:
        """Different texts in a column, as they first appear, without empty cells."""
        return tuple(dict.fromkeys(text for row in self.rows if (text := row.text(column))))
