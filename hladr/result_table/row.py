"""One sample of a result table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hladr.criterion.definition import ClassName
from hladr.csv_text import Cell
from hladr.result_table.columns import MANIFEST_LOT


class Outcome(StrEnum):
    """What became of a sample: its class, or why it has none."""

    MALS = "MALS"
    IMMUNOPARALYSIS = "immunoparalysis"
    UNCLASSIFIED = "unclassified"
    UNDETERMINED = "undetermined"
    REJECTED = "rejected"
    REFUSED = "refused"

    @property
    def is_class(self) -> bool:
        """Whether it is a class that was determined."""
        return self in CLASSES


CLASSES = (Outcome.MALS, Outcome.IMMUNOPARALYSIS, Outcome.UNCLASSIFIED)
OUTCOMES = tuple(Outcome)
REJECT = "reject"
REFUSED = "refused"


@dataclass(frozen=True, slots=True, eq=False)
class ResultRow:
    """One row.

    Parameters
    ----------
    line
        Where it stands in the file, counted from 1; of Parquet the row.
    cells
        Value by column, None for an empty cell; a column the file does not have is missing.
    carried
        Columns that hladr does not know, as text: what a manifest carried along.
    """

    line: int
    cells: Mapping[str, Cell]
    carried: Mapping[str, str]

    @property
    def sample(self) -> str:
        """The sample as it was asked for."""
        return str(self.cells["sample"])

    @property
    def subject(self) -> str:
        """Whose blood it was; empty where that was not said."""
        return self.text("subject")

    @property
    def lot_name(self) -> str:
        """Number of the lot, or its assigned values or file as a manifest has them; else empty."""
        return self.text("lot") or self.carried.get(MANIFEST_LOT, "")

    @property
    def abc(self) -> float | None:
        """AB/c that may be used."""
        return self.number("abc")

    @property
    def error(self) -> str:
        """Code of the refusal; empty where there is a result."""
        return self.text("error")

    @property
    def verdict(self) -> str:
        """``pass``, ``review``, ``reject``, or ``refused`` where there is no result."""
        return REFUSED if self.error else self.text("verdict")

    @property
    def outcome(self) -> Outcome:
        """Class, or why there is none. A class that needs no HLA-DR outlasts a rejection."""
        if self.error:
            return Outcome.REFUSED
        found = Outcome(self.text("class"))
        undetermined = found is Outcome.UNDETERMINED
        return Outcome.REJECTED if undetermined and self.verdict == REJECT else found

    def text(self, column: str) -> str:
        """Text of a column; empty where there is none."""
        cell = self.cells.get(column)
        return "" if cell is None else str(cell)

    def number(self, column: str) -> float | None:
        """Number of a column; None where there is none."""
        cell = self.cells.get(column)
        return None if cell is None else float(cell)


CLASS_NAMES = frozenset(each.value for each in ClassName)
