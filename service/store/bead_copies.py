"""Bead files that were sent more than once: the first run of a file whose curve is accepted counts.

Runs are of one file if its SHA-256, the instrument and the lot are the same. The others are copies:
nothing was measured again. Where the lot was corrected in between the first by its newest values
counts: numbers that rest on those before wait for that anyway.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, FromClause, and_, exists, or_, select, tuple_

from service.store.tables import calibration_versions, calibrations


@dataclass(frozen=True, slots=True, order=True)
class Copy:
    """A run of a file of which another run counts.

    Parameters
    ----------
    at, by
        When it was created, and by whom.
    """

    at: str
    id: str
    version: int
    by: str


@dataclass(frozen=True, slots=True)
class Counted:
    """The run that counts for a file.

    Parameters
    ----------
    at
        Moment of creation.
    """

    id: str
    instrument_id: str
    at: str


def _one_file(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    return and_(
        one.c.file_sha256 == other.c.file_sha256,
        one.c.instrument_id == other.c.instrument_id,
        one.c.lot_id == other.c.lot_id,
    )


_Run = tuple[FromClause, FromClause]
"""A calibration, and its newest version whose curve is accepted."""


def _goes_before(one: _Run, other: _Run) -> ColumnElement[bool]:
    """Whether one run counts rather than another: by newer values of the lot, else the earlier."""
    (head, made), (other_head, other_made) = one, other
    came = tuple_(head.c.created_at, head.c.id) < tuple_(other_head.c.created_at, other_head.c.id)
    same = made.c.lot_version == other_made.c.lot_version
    return or_(made.c.lot_version > other_made.c.lot_version, and_(same, came))


def newest_accepted(heads: FromClause, versions: FromClause) -> ColumnElement[bool]:
    """Of a run the newest version whose curve is accepted: patients' numbers may rest on it.

    One that came after it, by other values or another assay, may not be.
    """
    later = calibration_versions.alias()
    newer = select(later.c.id).where(
        later.c.id == versions.c.id, later.c.version > versions.c.version, later.c.accepted
    )
    return and_(versions.c.id == heads.c.id, versions.c.accepted, ~exists(newer))


_own, _other = calibrations.alias("own"), calibrations.alias("other")
_of_own, _of_other = calibration_versions.alias("of_own"), calibration_versions.alias("of_other")

COUNTS: Final = ~exists(
    select(_other.c.id)
    .join_from(_other, _of_other, newest_accepted(_other, _of_other))
    .where(_one_file(_other, calibrations))
    .where(_goes_before((_other, _of_other), (calibrations, calibration_versions)))
    .correlate(calibrations, calibration_versions)
)
"""Of a row of `calibrations` with its newest accepted version: no run of its file goes before."""

TWINS: Final = _other
"""Runs of one file with a row of `calibrations`, itself among them: see `is_twin`."""
is_twin: Final = _one_file(_other, calibrations)

_COPIES: Final = (
    select(_own.c.id.label("of"), _other.c.created_at, _other.c.id, _other.c.version)
    .add_columns(_other.c.created_by)
    .join_from(_own, _of_own, newest_accepted(_own, _of_own))
    .join(_other, _one_file(_own, _other))
    .join(_of_other, newest_accepted(_other, _of_other))
    .where(_goes_before((_own, _of_own), (_other, _of_other)))
    .order_by(_other.c.created_at, _other.c.id)
)
_FIRST: Final = (
    select(_own.c.id.label("of"), _other.c.id, _other.c.instrument_id, _other.c.created_at)
    .join_from(_own, _of_own, newest_accepted(_own, _of_own))
    .join(_other, _one_file(_own, _other))
    .join(_of_other, newest_accepted(_other, _of_other))
    .order_by(_of_other.c.lot_version, _other.c.created_at.desc(), _other.c.id.desc())
)


def copies_of(connection: Connection, ids: Collection[str]) -> dict[str, tuple[Copy, ...]]:
    """Return the copies of runs that count, by the ids of these, in the order they came."""
    found: dict[str, list[Copy]] = defaultdict(list)
    for of, *copy in connection.execute(_COPIES.where(_own.c.id.in_(list(ids)))):
        found[of].append(Copy(*copy))
    return {of: tuple(copies) for of, copies in found.items()}


def counted_for(connection: Connection, ids: Collection[str]) -> dict[str, Counted]:
    """Return which run counts for each of some runs: itself, or another of its file.

    Of a run whose curve is not accepted nothing is returned.
    """
    rows = connection.execute(_FIRST.where(_own.c.id.in_(list(ids))))
    return {of: Counted(*first) for of, *first in rows}  # the first one comes last
