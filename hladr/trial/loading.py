"""Trials by name (built in) or by path (a trial's own file)."""

from operator import attrgetter
from pathlib import Path
from typing import Final

from hladr.definitions.kind import DefinitionKind
from hladr.trial.definition import Trial
from hladr.trial.errors import InvalidTrial, UnknownTrial
from hladr.trial.parsing import parse_trial

TRIALS: Final = DefinitionKind[Trial](
    word="trial",
    package="hladr.trial",
    parse=lambda content, file: parse_trial(content, file=file),
    rules=attrgetter("sha256"),
    unknown=UnknownTrial,
    invalid=InvalidTrial,
)


def available_trials() -> tuple[str, ...]:
    """Names of the built-in trials, sorted."""
    return TRIALS.names


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
    return TRIALS.load(name_or_path)
