"""A sample as somebody opened it: one of its versions, and what may be seen beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from hladr.criterion.definition import Criterion
from service.analyses import view
from service.analyses.departure import Departure, departure_of
from service.analyses.files_whole import files_of
from service.analyses.standing import Standing, standing_of
from service.canonical import canonical, sha256_of
from service.definitions import criterion_kept
from service.doors.report.sources import Measured, measured_by
from service.laboratory import Laboratory
from service.principal import Principal
from service.store.analysis import Analysis
from service.store.heads import NotFound

_MOST_VERSIONS: Final = 25
"""Of a sample, that are listed: the newest."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A version of a sample.

    Parameters
    ----------
    told
        What the one who looks may see of it; nothing else of the result is shown.
    standing
        By which it is decided who may sign.
    departure
        What has left last; None as long as nothing has.
    criterion, measured
        What the number rests on; None where there is none.
    files
        Hashes of what it was measured from.
    versions
        As they are told, the newest first.
    """

    told: Mapping[str, Any]
    standing: Standing
    departure: Departure | None
    criterion: Criterion | None
    measured: Measured | None
    files: tuple[str, ...]
    versions: tuple[Mapping[str, Any], ...]

    @property
    def analysis(self) -> Analysis:
        """The version as it is kept."""
        return self.standing.analysis

    @property
    def is_newest(self) -> bool:
        """Whether it is the version that can be signed and changed."""
        return self.analysis.version == self.analysis.newest

    @property
    def is_hidden(self) -> bool:
        """Whether an embargo hides the result from the one who looks."""
        return self.told["result"] is None and self.analysis.outcome.result is not None

    @property
    def replaces(self) -> int | None:
        """The version that was given out, if another one than this."""
        given_out = self.departure
        own = self.analysis.version
        return None if given_out is None or given_out.version == own else given_out.version

    @property
    def result_sha256(self) -> str:
        """Hash of the result, as it stands in the report; empty where there is none to be seen."""
        return "" if self.is_hidden else hash_of_result(self.analysis)


def hash_of_result(analysis: Analysis) -> str:
    """Return the hash of a stored result; empty where nothing was measured."""
    result = analysis.outcome.result
    return "" if result is None else sha256_of(canonical(dict(result)))


def opened(laboratory: Laboratory, who: Principal, id: str, version: int | None = None) -> Opened:
    """Open a sample at a version; None: the newest.

    Raises
    ------
    NotFound
    """
    with laboratory.database.reading() as connection:
        newest = view.visible(connection, id, who)
        found = newest if version is None else view.seen_at(connection, id, version, who)
        told = view.told(connection, found, laboratory, who)
        kept = found.outcome.criterion_sha256
        return Opened(
            told=told,
            standing=standing_of(connection, found),
            departure=departure_of(standing_of(connection, newest)),
            criterion=None if kept is None else criterion_kept(connection, kept),
            measured=measured_by(connection, found),
            files=files_of(connection, found),
            versions=tuple(_versions(connection, laboratory, who, newest)),
        )


def told_at(
    laboratory: Laboratory, who: Principal, id: str, version: int
) -> Mapping[str, Any] | None:
    """Return a version as somebody may see it; None where it is not theirs to see."""
    with laboratory.database.reading() as connection:
        try:
            found = view.seen_at(connection, id, version, who)
        except NotFound:
            return None
        return view.told(connection, found, laboratory, who)


def _versions(
    connection: Connection, laboratory: Laboratory, who: Principal, newest: Analysis
) -> Iterator[Mapping[str, Any]]:
    """Versions that are of the site of the one who looks."""
    last = newest.version
    for number in range(last, max(0, last - _MOST_VERSIONS), -1):
        try:
            found = view.seen_at(connection, newest.id, number, who)
        except NotFound:
            continue
        yield view.told(connection, found, laboratory, who)
