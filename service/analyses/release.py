"""What has left the laboratory: which version, and what it is to those who have it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.store.signatures import Meaning, Said, Signature


class Status(StrEnum):
    """What a version that left the laboratory is to those who have it.

    ├── PRELIMINARY  one person stands for it; it may still change
    ├── FINAL        it may be used
    ├── AMENDED      final, in the place of one that was given out before
    └── WITHDRAWN    no number is given any more, where one was
    """

    PRELIMINARY = "preliminary"
    FINAL = "final"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Release:
    """What has left the laboratory last.

    Parameters
    ----------
    replaces
        The version that was given out before, which of one that was withdrawn may be itself; None
        for the first.
    signatures
        Of those who stand for it.
    """

    version: int
    status: Status
    replaces: int | None
    signatures: tuple[Signature, ...]


def release_of(said: Said, verdicts: Mapping[int, str | None]) -> Release | None:
    """Return what has left the laboratory last; None if nothing has.

    Parameters
    ----------
    verdicts
        Of the software, by version; a rejected number is never released.
    """
    before: int | None = None
    release = None
    for version in sorted(verdicts):
        signed = said.signed(version)
        status = None
        if verdicts[version] in {"pass", "review"}:
            status = _status(frozenset(signed), again=before is not None)
        if Meaning.REJECTED in signed:
            before = version if status is not None else before
            status = None if before is None else Status.WITHDRAWN
        if status is not None:
            release = Release(version, status, before, tuple(signed.values()))
            before = version
    return release


def _status(signed: frozenset[Meaning], *, again: bool) -> Status | None:
    if signed & {Meaning.REVIEWED, Meaning.PERFORMED_ALONE}:
        return Status.AMENDED if again else Status.FINAL
    return Status.PRELIMINARY if Meaning.PRELIMINARY in signed else None
