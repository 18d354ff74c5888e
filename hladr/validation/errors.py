"""Why a folder of replicates cannot be evaluated.

ValidationError
├── ValidationFilesMissing     VALIDATION_FILES_MISSING     no manifest and no result table
├── ValidationColumnsMissing   VALIDATION_COLUMNS_MISSING   nothing says which tubes are replicates
├── ValidationCellInvalid      VALIDATION_CELL_INVALID      a cell that a study needs is no number
└── ValidationLimitsInvalid    VALIDATION_LIMITS_INVALID    the laboratory's limits cannot be read
"""

from typing import ClassVar

from hladr.errors import HladrError

_LONGEST = 60


class ValidationError(HladrError):
    """Replicates cannot be evaluated."""

    code: ClassVar[str] = "VALIDATION_ERROR"


class ValidationFilesMissing(ValidationError):
    """The folder holds neither a manifest nor a result table."""

    code: ClassVar[str] = "VALIDATION_FILES_MISSING"

    def __init__(self, *, folder: str, expected: tuple[str, ...]) -> None:
        self.folder, self.expected = folder, expected
        super().__init__(
            f"{folder}: expected {', '.join(expected[:-1])} or {expected[-1]}, found none of them. "
            f"Make a manifest with: hladr manifest {folder} --lot LOT -o {folder}/manifest.csv; "
            "then add the column specimen and those that the studies need (run, day, operator, "
            "instrument, expected, sequence, reagent_lot)."
        )


class ValidationColumnsMissing(ValidationError):
    """No column says which tubes hold the same blood."""

    code: ClassVar[str] = "VALIDATION_COLUMNS_MISSING"

    def __init__(self, *, file: str, found: tuple[str, ...], needs: tuple[str, ...]) -> None:
        self.file, self.found, self.needs = file, found, needs
        listed = ", ".join(found) or "none"
        super().__init__(
            f"{file}: expected a column specimen that names the same blood alike in each row; "
            f"found {listed} beside those of hladr. Add it, and what each study needs: "
            f"{'; '.join(needs)}."
        )


class ValidationCellInvalid(ValidationError):
    """A cell that a study needs is not what it has to be."""

    code: ClassVar[str] = "VALIDATION_CELL_INVALID"

    def __init__(self, *, file: str, line: int, column: str, expected: str, found: str) -> None:
        self.file, self.line, self.column = file, line, column
        shown = repr(found if len(found) <= _LONGEST else f"{found[:_LONGEST]}…")
        super().__init__(
            f"{file}, line {line}, {column}: expected {expected}, found {shown}. Correct the cell, "
            "or leave it empty."
        )


class ValidationLimitsInvalid(ValidationError):
    """The laboratory's limits are there and cannot be read."""

    code: ClassVar[str] = "VALIDATION_LIMITS_INVALID"

    def __init__(self, *, file: str, expected: str, found: str) -> None:
        self.file = file
        super().__init__(f"{file}: expected {expected}, found {found}. Correct the file.")
