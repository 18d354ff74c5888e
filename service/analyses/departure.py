"""What was told to those outside last: a number, that there is none, or that one is withdrawn."""

from dataclasses import dataclass

from service.analyses.release import Status
from service.analyses.standing import Standing
from service.store.analysis import State
from service.store.signatures import Meaning


@dataclass(frozen=True, slots=True)
class Departure:
    """A version of an analysis as it left the laboratory.

    Parameters
    ----------
    replaces
        The version that was told before; None for the first.
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
    analysis, release = standing.analysis, standing.history.release
    if analysis.state is State.NO_RESULT:
        before = analysis.newest - 1 or None
        status = Status.FINAL if before is None else Status.AMENDED
        return Departure(analysis.newest, status, before, analysis.made.at)
    rejections = [each for each in standing.said.signatures if each.meaning is Meaning.REJECTED]
    if release is None:
        if not rejections:
            return None
        last = rejections[-1]
        earlier = [each.version for each in rejections if each.version < last.version]
        status = Status.AMENDED if earlier else Status.FINAL
        return Departure(last.version, status, max(earlier, default=None), last.at)
    earlier = [each.version for each in rejections if each.version < release.version]
    if release.status is Status.FINAL and earlier:  # that there is none was told before
        return Departure(release.version, Status.AMENDED, max(earlier), release.at)
    at = release.at
    if release.status is Status.PRELIMINARY:  # a signature as performed that came later sends none
        at = standing.said.signed(release.version)[Meaning.PRELIMINARY].at
    return Departure(release.version, release.status, release.replaces, at)
