"""One thing that was looked at."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a thing was found.

    ├── OK     as it must be
    ├── NOTE   worth to be known; nothing is wrong
    └── WRONG  to be mended
    """

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Check:
    """A thing that was looked at.

    Parameters
    ----------
    part
        Of the installation, such as ``database``.
    name, found
        What was looked at, and what was found; no secret.
    do
        What to do; empty where nothing is.
    """

    part: str
    name: str
    state: State
    found: str
    do: str = ""


def ok(part: str, name: str, found: str) -> Check:
    """Return a thing that is as it must be."""
    return Check(part, name, State.OK, found)


def note(part: str, name: str, found: str, do: str = "") -> Check:
    """Return a thing that is worth to be known."""
    return Check(part, name, State.NOTE, found, do)


def wrong(part: str, name: str, found: str, do: str) -> Check:
    """Return a thing that is to be mended."""
    return Check(part, name, State.WRONG, found, do)
