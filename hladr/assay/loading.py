"""Assay definitions by name (built in) or by path (a laboratory's own file)."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from hladr.assay.definition import AssayDefinition
from hladr.assay.errors import InvalidAssay, UnknownAssay
from hladr.assay.parsing import parse_assay
from hladr.definitions.kind import DefinitionKind

ASSAYS: Final = DefinitionKind[AssayDefinition](
    word="assay",
    package="hladr.assay",
    parse=lambda content, file: parse_assay(content, source=file),
    rules=lambda assay: replace(assay, sha256=""),  # which is that of the file
    unknown=lambda *, name, known: UnknownAssay(name=name, available=known),
    invalid=lambda *, file, field, expected, found: InvalidAssay(
        source=file, where=field.strip("()"), problem=f"expected {expected}, found {found}"
    ),
)


def available_assays() -> tuple[str, ...]:
    """Names of the built-in assays, sorted."""
    return ASSAYS.names


def load_assay(name_or_path: str | Path) -> AssayDefinition:
    """Load a built-in assay definition, or the one in a file.

    Parameters
    ----------
    name_or_path
        One of `available_assays`, or the path of a ``.toml`` file.

    Raises
    ------
    UnknownAssay
        Neither a built-in name nor a file.
    InvalidAssay
        The file cannot be read or used, or takes the name of a built-in assay for other rules.
    """
    return ASSAYS.load(name_or_path)
