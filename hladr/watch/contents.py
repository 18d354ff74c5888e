"""Hashes of files that were read to their end, so that none is read twice as it is."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from hladr.watch.settling import State


class Contents:
    """SHA-256 of files by path, each read once in each of its states."""

    def __init__(self) -> None:
        self._states: Mapping[str, State] = {}
        self._known: dict[str, tuple[State, str]] = {}

    def are(self, states: Mapping[str, State]) -> None:
        """Take in the states in which files are now; those that are gone are forgotten."""
        self._states = states
        self._known = {path: each for path, each in self._known.items() if path in states}

    def sha256(self, path: str) -> str | None:
        """Hash of a file; None where the system does not give it."""
        state, known = self._states.get(path), self._known.get(path)
        if known is not None and known[0] == state:
            return known[1]
        try:
            with Path(path).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:  # said when it is measured
            return None
        if state is not None:
            self._known[path] = state, found
        return found
