"""What can be wrong with a manifest.

ManifestError
├── ManifestUnreadable   MANIFEST_UNREADABLE   no such file, or its bytes cannot be had
└── ManifestInvalid      MANIFEST_INVALID      rows that cannot be meant, each with its line
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from hladr.errors import HladrError

MOST_SHOWN = 20
"""Wrong cells in the sentence of an error; all of them are in its `defects`."""

MOST_KEPT = 100_000
"""Wrong cells that are kept; beyond, the file is no manifest, and they are only counted."""

_SHOWN_CHARACTERS = 60


class ManifestError(HladrError):
    """Root of what the reading of a manifest refuses."""

    code: ClassVar[str] = "MANIFEST_ERROR"


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing that is wrong.

    Parameters
    ----------
    line
        Of the CSV file, from 1, as an editor shows it, that of the row's begin; of Parquet the
        number of the row, from 1.
    column
        Its name; empty where it is the row as a whole, or the file.
    found, expected
        Parts of a sentence.
    """

    line: int
    column: str
    found: str
    expected: str

    def sentence(self, unit: str) -> str:
        """``line 4, ferritin_ng_ml: expected …, found …``; `unit` is ``line`` or ``row``."""
        where = f"{unit} {self.line}, {self.column}" if self.column else f"{unit} {self.line}"
        return f"{where}: expected {self.expected}, found {self.found}"


@dataclass(slots=True)
class Defects:
    """What was found wrong so far."""

    kept: list[Defect] = field(default_factory=list)
    count: int = 0

    def add(self, defect: Defect) -> None:
        """Keep one more, or count it where there are too many to be of use."""
        self.count += 1
        if len(self.kept) < MOST_KEPT:
            self.kept.append(defect)

    def extend(self, defects: Iterable[Defect]) -> None:
        """Add several."""
        for defect in defects:
            self.add(defect)

    def refused(self, file: str, unit: str) -> "ManifestInvalid":
        """Return the error that tells all of them."""
        return ManifestInvalid(file=file, unit=unit, defects=self.kept, count=self.count)


class ManifestUnreadable(ManifestError):
    """The manifest is not there, or the system or its format does not give its rows."""

    code: ClassVar[str] = "MANIFEST_UNREADABLE"

    def __init__(self, *, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(
            f"expected a manifest (CSV or Parquet), found {path!r}, which cannot be read: "
            f"{reason}. Correct the path, or write the file again."
        )


class ManifestInvalid(ManifestError):
    """Rows of a manifest are wrong; nothing was measured.

    Parameters
    ----------
    file
        Name of the manifest.
    unit
        ``line`` or ``row``: what is counted.
    defects
        In any order; those of the error are in the order of the lines.
    count
        How many there were, `MOST_KEPT` of which are kept.
    """

    code: ClassVar[str] = "MANIFEST_INVALID"

    def __init__(self, *, file: str, unit: str, defects: Sequence[Defect], count: int) -> None:
        self.file, self.unit, self.count = file, unit, count
        self.defects = tuple(sorted(defects, key=lambda defect: defect.line))
        told = "; ".join(self.lines()[:MOST_SHOWN])
        rest = self.count - MOST_SHOWN
        more = f"; and {rest:,} more" if rest > 0 else ""
        what = "1 thing is" if self.count == 1 else f"{self.count:,} things are"
        super().__init__(
            f"{file}: {what} wrong, nothing was done: {told}{more}. Correct the manifest and "
            "start again."
        )

    def lines(self) -> tuple[str, ...]:
        """Return a sentence a defect, without a full stop."""
        return tuple(defect.sentence(self.unit) for defect in self.defects)


def shown(text: str) -> str:
    """A cell as it may stand in a sentence: in quotes, on one line, not endless."""
    return repr(text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…")
