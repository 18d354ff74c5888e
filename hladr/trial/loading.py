"""Trials by name (built in) or by path (a trial's own file)."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from hladr.trial.definition import Trial
from hladr.trial.errors import InvalidTrial, UnknownTrial
from hladr.trial.parsing import parse_trial

_SUFFIX = ".toml"
_LARGEST_FILE = 65_536  # bytes; a definition has some five thousand


@cache
def available_trials() -> tuple[str, ...]:
    """Names of the built-in trials, sorted."""
    names = (entry.name for entry in files("hladr.trial").iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)))


def load_trial(name_or_path: str | Path) -> Trial:
    """Load a built-in trial, or the one in a file.

    Parameters
    ----------
    name_or_path
        One of `available_trials`, or the path of a ``.toml`` file.

    Raises
    ------
    UnknownTrial
        Neither a built-in name nor a file.
    InvalidTrial
        The file cannot be read or used, or takes the name of a built-in trial for other rules.
    """
    known = available_trials()
    if isinstance(name_or_path, str) and name_or_path in known:
        return _built_in(name_or_path)
    path = Path(name_or_path)
    if path.suffix != _SUFFIX or not path.is_file():
        raise UnknownTrial(name=str(name_or_path), known=known)
    trial = parse_trial(_content(path), file=path.name)
    if trial.name in known and trial.sha256 != _built_in(trial.name).sha256:
        raise InvalidTrial(
            file=path.name,
            field="name",
            expected="a name of its own, since its rules are not those of the built-in trial",
            found=repr(trial.name),
        )
    return trial


@cache
def _built_in(name: str) -> Trial:
    file = f"{name}{_SUFFIX}"
    return parse_trial(files("hladr.trial").joinpath(file).read_bytes(), file=file)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_FILE + 1)
    except OSError as cause:
        raise InvalidTrial(
            file=path.name,
            field="(file)",
            expected="a file that can be read",
            found=cause.strerror or type(cause).__name__,
        ) from cause
    if len(content) > _LARGEST_FILE:
        raise InvalidTrial(
            file=path.name,
            field="(file)",
            expected=f"at most {_LARGEST_FILE:,} bytes",
            found="more",
        )
    return content
