"""Criteria by name (built in) or by path (a laboratory's own file)."""

from operator import attrgetter
from pathlib import Path
from typing import Final

from hladr.criterion.definition import Criterion
from hladr.criterion.errors import InvalidCriterion, UnknownCriterion
from hladr.criterion.parsing import parse_criterion
from hladr.definitions.kind import DefinitionKind

CRITERIA: Final = DefinitionKind[Criterion](
    word="criterion",
    package="hladr.criterion",
    parse=lambda content, file: parse_criterion(content, file=file),
    rules=attrgetter("sha256"),
    unknown=UnknownCriterion,
    invalid=InvalidCriterion,
)


def available_criteria() -> tuple[str, ...]:
    """Names of the built-in criteria, sorted."""
    return CRITERIA.names


def load_criterion(name_or_path: str | Path) -> Criterion:
    """Load a built-in criterion, or the one in a file.

    Parameters
    ----------
    name_or_path
        One of `available_criteria`, or the path of a ``.toml`` file.

    Raises
    ------
    UnknownCriterion
        Neither a built-in name nor a file.
    InvalidCriterion
        The file cannot be read or used, or takes the name of a built-in criterion for other rules.
    """
    return CRITERIA.load(name_or_path)
