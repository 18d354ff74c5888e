"""Criteria by name (built in) or by path (a laboratory's own file)."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from hladr.criterion.definition import Criterion
from hladr.criterion.errors import InvalidCriterion, UnknownCriterion
from hladr.criterion.parsing import parse_criterion

_SUFFIX = ".toml"
_LARGEST_FILE = 65_536  # bytes; a definition has two thousand


@cache
def available_criteria() -> tuple[str, ...]:
    """Names of the built-in criteria, sorted."""
    folder = files("hladr.criterion")
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)))


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
    known = available_criteria()
    if isinstance(name_or_path, str) and name_or_path in known:
        return _built_in(name_or_path)
    path = Path(name_or_path)
    if path.suffix != _SUFFIX or not _is_file(path):
        raise UnknownCriterion(name=str(name_or_path), known=known)
    criterion = parse_criterion(_content(path), file=path.name)
    if criterion.name in known and criterion.sha256 != _built_in(criterion.name).sha256:
        raise InvalidCriterion(
            file=path.name,
            field="name",
            expected="a name of its own, since its rules are not those of the built-in criterion",
            found=repr(criterion.name),
        )
    return criterion


@cache
def _built_in(name: str) -> Criterion:
    file = f"{name}{_SUFFIX}"
    return parse_criterion(files("hladr.criterion").joinpath(file).read_bytes(), file=file)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long
        return False


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_FILE + 1)
    except OSError as cause:
        raise InvalidCriterion(
            file=path.name,
            field="(file)",
            expected="a file that can be read",
            found=cause.strerror or type(cause).__name__,
        ) from cause
    if len(content) > _LARGEST_FILE:
        raise InvalidCriterion(
            file=path.name,
            field="(file)",
            expected=f"at most {_LARGEST_FILE:,} bytes",
            found="more",
        )
    return content
