"""What can be wrong with a criterion, or with an HLA-DR value handed to it.

CriterionError
├── UnknownCriterion     no criterion of that name, no such file
├── InvalidCriterion     the definition cannot be used
└── InvalidAbc           not a number of antibodies per cell
"""

from typing import ClassVar

from hladr.errors import HladrError


class CriterionError(HladrError):
    """Root of what a criterion refuses."""

    code: ClassVar[str] = "CRITERION_ERROR"


class UnknownCriterion(CriterionError):
    """No criterion of that name, no file of that path."""

    code: ClassVar[str] = "UNKNOWN_CRITERION"

    def __init__(self, *, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        self.known = known
        super().__init__(
            f"expected one of the criteria {', '.join(known)} or the path of a .toml file, "
            f"found {name!r}; correct the name or the path"
        )


class InvalidCriterion(CriterionError):
    """A definition that does not say what is needed, or says it wrongly."""

    code: ClassVar[str] = "INVALID_CRITERION"

    def __init__(self, *, file: str, field: str, expected: str, found: str) -> None:
        self.file = file
        self.field = field
        self.expected = expected
        self.found = found
        super().__init__(
            f"criterion file {file}, {field}: expected {expected}, found {found}; "
            "correct the file or use a built-in criterion"
        )


class InvalidAbc(CriterionError):
    """Not a positive, finite number of antibodies per cell."""

    code: ClassVar[str] = "INVALID_ABC"

    def __init__(self, *, value: float) -> None:
        self.value = value
        super().__init__(
            f"expected HLA-DR as a positive number of antibodies per cell (AB/c), found {value}; "
            "give the number, or leave HLA-DR out"
        )
