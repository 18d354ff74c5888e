"""What has left the laboratory, and which numbers may not be used any more."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.store.signatures import Meaning, Said, Signature


class Status(StrEnum):
    """What a version that left the laboratory is to those who have it.

    ├── PRELIMINARY  one person stands for it; it may still change
    ├── FINAL        it may be used
    ├── AMENDED      final, in the place of one that was final before, or withdrawn
    └── WITHDRAWN    no number is given any more, where one was
    """

    PRELIMINARY = "preliminary"
    FINAL = "final"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"


FINAL: frozenset[Status] = frozenset({Status.FINAL, Status.AMENDED})
"""What all who must have signed."""


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

    @property
    def at(self) -> str:
        """When it left: the moment of the last signature."""
        return max(each.at for each in self.signatures)


@dataclass(frozen=True, slots=True)
class History:
    """What became of the versions of an analysis.

    Parameters
    ----------
    release
        What has left the laboratory last; None if nothing has.
    was_final
        Whether a number was final at any time.
    withheld
        Versions whose number may not be used: somebody rejected them, or a later one, and nothing
        was released since.
    after_rejection
        Versions that were made after a rejection, without a release in between.
    """

    release: Release | None
    was_final: bool
    withheld: frozenset[int]
    after_rejection: frozenset[int]


def history_of(said: Said, verdicts: Mapping[int, str | None]) -> History:
    """Return what became of the versions of an analysis.

    Parameters
    ----------
    verdicts
        Of the software, by version; a rejected number is never released.
    """
    release: Release | None = None
    rejected: int | None = None
    withheld, after_rejection, was_final = set[int](), set[int](), False
    for version in sorted(verdicts):
        signed = said.signed(version)
        usable = verdicts[version] in {"pass", "review"}
        given = _given(frozenset(signed), again=was_final) if usable else None
        before = None if release is None else release.version
        if rejected is not None:
            after_rejection.add(version)
        if given is not None:
            corrects = was_final or (release is not None and release.status is Status.WITHDRAWN)
            status = Status.AMENDED if given is Status.FINAL and corrects else given
            release = Release(version, status, before, tuple(signed.values()))
            rejected, was_final = None, was_final or status in FINAL
        if Meaning.REJECTED in signed:
            rejected = version
            withheld.add(version)
            if release is not None:
                given_out = release.version
                release = Release(version, Status.WITHDRAWN, given_out, tuple(signed.values()))
    if rejected is not None:
        withheld.update(version for version in verdicts if version <= rejected)
    return History(release, was_final, frozenset(withheld), frozenset(after_rejection))


def _given(signed: frozenset[Meaning], *, again: bool) -> Status | None:
    """What signatures of a version make of it; nobody alone takes the place of what was final."""
    if signed & {Meaning.REVIEWED, Meaning.PERFORMED_ALONE}:
        return Status.FINAL
    return Status.PRELIMINARY if Meaning.PRELIMINARY in signed and not again else None
