"""What has left the laboratory, and which numbers may not be used any more."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.store.analysis import VersionSaid, Whose
from service.store.signatures import Meaning, Said


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
    """

    version: int
    status: Status
    replaces: int | None


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
    given
        Versions whose number was given out, as ``preliminary`` or ``final``.
    rejected
        Versions that somebody rejected.
    versions
        What was said of each.
    """

    release: Release | None
    was_final: bool
    withheld: frozenset[int]
    after_rejection: frozenset[int]
    given: Mapping[int, Status]
    rejected: frozenset[int]
    versions: Mapping[int, VersionSaid]

    @property
    def is_given_out(self) -> bool:
        """Whether somebody outside has a number that was not withdrawn."""
        return self.release is not None and self.release.status is not Status.WITHDRAWN

    @property
    def left(self) -> frozenset[int]:
        """Versions that left: with a number, as rejected, or as those of which there is none."""
        without = (each for each, said in self.versions.items() if said.verdict is None)
        return frozenset({*self.given, *self.rejected, *without})

    @property
    def left_last(self) -> int | None:
        """The version that left last; None as long as none has."""
        return max(self.left, default=None)

    def whose(self, version: int) -> Whose:
        """Whose blood it was said to be at a version."""
        return self.versions[version].whose

    def is_of_same(self, version: int, other: int) -> bool:
        """Whether two versions were said to be of the same blood."""
        return self.whose(version) == self.whose(other)

    def is_doubted(self, version: int) -> bool:
        """Whether the tube is described as another's than at a version, by the newest."""
        return self.whose(version).is_of_another(self.whose(max(self.versions)))

    def gave_number(self, version: int) -> bool:
        """Whether the same was given a number, by a version or by one before it."""
        return any(each <= version and self.is_of_same(each, version) for each in self.given)


def history_of(said: Said, versions: Mapping[int, VersionSaid]) -> History:
    """Return what became of the versions of an analysis; a rejected number is never released."""
    release: Release | None = None
    last_rejected: int | None = None
    rejected, after_rejection, given, was_final = set[int](), set[int](), dict[int, Status](), False
    for version in sorted(versions):
        signed = frozenset(said.signed(version))
        usable = versions[version].verdict in {"pass", "review"}
        status = _given(signed, again=was_final) if usable else None
        before = None if release is None else release.version
        if last_rejected is not None:
            after_rejection.add(version)
        if status is not None:
            given[version] = status
            corrects = was_final or (release is not None and release.status is Status.WITHDRAWN)
            amends = status is Status.FINAL and corrects
            release = Release(version, Status.AMENDED if amends else status, before)
            last_rejected, was_final = None, was_final or status in FINAL
        if Meaning.REJECTED in signed:
            last_rejected = version
            rejected.add(version)
            if release is not None:
                release = Release(version, Status.WITHDRAWN, release.version)
    until = 0 if last_rejected is None else last_rejected
    withheld = rejected | {version for version in versions if version <= until}
    return History(
        release, was_final, frozenset(withheld), frozenset(after_rejection), given,
        frozenset(rejected), versions,
    )  # fmt: skip


def _given(signed: frozenset[Meaning], *, again: bool) -> Status | None:
    """What signatures of a version make of it; nobody alone takes the place of what was final."""
    if signed & {Meaning.REVIEWED, Meaning.PERFORMED_ALONE}:
        return Status.FINAL
    return Status.PRELIMINARY if Meaning.PRELIMINARY in signed and not again else None
