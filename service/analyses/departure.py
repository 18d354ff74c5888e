"""What was told to those outside last: a number, that there is none, or that one is withdrawn."""

from dataclasses import dataclass

from service.analyses.release import History, Status
from service.analyses.standing import Standing
from service.store.signatures import Meaning


@dataclass(frozen=True, slots=True)
class Departure:
    """A version of an analysis as it left the laboratory.

    To a patient of whom it was not said to be before it is the first: what another was told is
    none of their history.

    Parameters
    ----------
    replaces
        The version by which the same patient was told before, which of one that was withdrawn may
        be itself; None for the first.
    at
        When it left.
    """

    version: int
    status: Status
    replaces: int | None
    at: str


def departure_of(standing: Standing) -> Departure | None:
    """Return what has left last; None as long as nothing has.

    Beside what is released these leave: that a number was rejected, and that there is nothing to
    measure, for which nobody has to sign.
    """
    history = standing.history
    version = history.left_last
    if version is None:
        return None
    before = _before(history, version)
    if version in history.rejected and history.gave_number(version):
        replaces = version if version in history.given else before
        return Departure(version, Status.WITHDRAWN, replaces, _at(standing, version))
    return Departure(version, _status(history, version), before, _at(standing, version))


def told_before(history: History, version: int) -> int | None:
    """Return the version that was told before one, whoever it was of; None for the first."""
    return max((each for each in history.left if each < version), default=None)


def _before(history: History, version: int) -> int | None:
    earlier = (each for each in history.left if each < version)
    return max((each for each in earlier if history.is_of_same(each, version)), default=None)


def _status(history: History, version: int) -> Status:
    """Return as what a version leaves that withdraws no number."""
    if version not in history.rejected and history.given.get(version) is Status.PRELIMINARY:
        return Status.PRELIMINARY
    decided = (
        each < version
        and history.is_of_same(each, version)
        and (each in history.rejected or history.given.get(each) is not Status.PRELIMINARY)
        for each in history.left
    )
    return Status.AMENDED if any(decided) else Status.FINAL


def _at(standing: Standing, version: int) -> str:
    """Return when a version left: at the last signature that it left by."""
    history, signed = standing.history, standing.said.signed(version)
    if not signed:
        return standing.analysis.made.at
    if version in history.rejected:
        return signed[Meaning.REJECTED].at
    if history.given[version] is Status.PRELIMINARY:  # one as performed that came later sends none
        return signed[Meaning.PRELIMINARY].at
    return max(each.at for each in signed.values())
