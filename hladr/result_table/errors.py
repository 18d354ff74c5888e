"""Why a file cannot be read as a result table.

ResultTableError
├── ResultTableInvalid     RESULT_TABLE_INVALID   the file as a whole is none
├── ResultRowInvalid       RESULT_ROW_INVALID     one row of it cannot be used
└── ResultRowRepeated      RESULT_ROW_REPEATED    a sample is there twice
"""

from typing import ClassVar

from hladr.errors import HladrError

_LONGEST = 60


class ResultTableError(HladrError):
    """A file cannot be used as a result table."""

    code: ClassVar[str] = "RESULT_TABLE_ERROR"


class ResultTableInvalid(ResultTableError):
    """The file as a whole is no result table."""

    code: ClassVar[str] = "RESULT_TABLE_INVALID"

    def __init__(self, *, file: str, found: str) -> None:
        self.file, self.found = file, found
        super().__init__(
            f"{file}: expected a result table (CSV or JSON lines as hladr quantify or batch write "
            f"them, or Parquet of the same columns), found {found}. Give the file as it was "
            "written."
        )


class ResultRowInvalid(ResultTableError):
    """A row of the table cannot be used."""

    code: ClassVar[str] = "RESULT_ROW_INVALID"

    def __init__(self, *, file: str, line: int, column: str, expected: str, found: str) -> None:
        self.file, self.line, self.column = file, line, column
        self.expected, self.found = expected, found
        super().__init__(
            f"{file}, line {line}, {column}: expected {expected}, found {_shown(found)}. Give the "
            "file as it was written; a program that saved it again may have changed it."
        )


class ResultRowRepeated(ResultTableError):
    """A sample is there twice, so that which row counts cannot be told."""

    code: ClassVar[str] = "RESULT_ROW_REPEATED"

    def __init__(self, *, file: str, line: int, first: int, sample: str, key: str) -> None:
        self.file, self.line, self.first = file, line, first
        self.sample, self.key = sample, key
        super().__init__(
            f"{file}, line {line}: expected each sample once, found {_shown(sample)} with the same "
            f"{key} as in line {first}, and nothing that says which counts. Remove one of the two."
        )


def _shown(text: str) -> str:
    return repr(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
