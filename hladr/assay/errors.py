"""What can be wrong with an assay definition.

HladrError
├── UnknownAssay    no definition of that name, no such file
└── InvalidAssay    the definition cannot be used
"""

from typing import ClassVar

from hladr.errors import HladrError


class UnknownAssay(HladrError):
    """No definition of that name is built in and no file has it."""

    code: ClassVar[str] = "UNKNOWN_ASSAY"

    def __init__(self, *, name: str, available: tuple[str, ...]) -> None:
        self.name, self.available = name, available
        super().__init__(
            f"no assay definition {name!r}: neither built in ({', '.join(available)}) nor a file. "
            "Give one of these names or the path of a definition file (.toml)."
        )


class InvalidAssay(HladrError):
    """A definition file does not say what an assay needs."""

    code: ClassVar[str] = "INVALID_ASSAY"

    def __init__(self, *, source: str, where: str, problem: str) -> None:
        self.source, self.where, self.problem = source, where, problem
        super().__init__(f"assay definition {source}: {where}: {problem}.")
