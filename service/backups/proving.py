"""A restored service proved: its audit leads where the backup says, its results come again."""

import itertools
import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, ClassVar

from calibration.errors import CalibrationError
from hladr.errors import HladrError
from hladr.version import ALGORITHM
from service.analyses.again import again_of
from service.backups.manifest import Manifest
from service.errors import ServiceError
from service.laboratory import Laboratory
from service.store import (
    analyses,
    analysis_lists,
    audit,
    copies,
    schema,
)

SAMPLE = 50
_ROUNDING = 1e-9
"""Relative; computers of two kinds may differ in the last digits of a number."""


class AuditElsewhere(ServiceError):
    """The audit does not lead to where the backup says."""

    code: ClassVar[str] = "AUDIT_ELSEWHERE"
    status: ClassVar[int] = 500

    def __init__(self, *, expected: int, found: str) -> None:
        self.expected, self.found = expected, found
        super().__init__(
            f"expected an audit of {expected} rows whose last hash is the manifest's, found "
            f"{found}. Use another backup, and keep this one as it is: somebody changed it."
        )


class Again(Enum):
    """What became of a stored result that was measured again.

    ├── SAME       the same, number for number
    ├── ROUNDED    the same but for the last digits: another processor
    ├── ALGORITHM  of another algorithm, which is not compared
    └── OTHER      another result, or none
    """

    SAME = auto()
    ROUNDED = auto()
    ALGORITHM = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Measured:
    """A stored result measured again: id and version of the analysis, where it differs first."""

    id: str
    version: int
    again: Again
    where: str


def prove_audit(laboratory: Laboratory, manifest: Manifest) -> None:
    """Read the whole database, and follow its audit to the head that the manifest names.

    Raises
    ------
    DatabaseDamaged, AuditElsewhere
    """
    copies.require_whole(laboratory.database)
    with laboratory.database.reading() as connection:
        found = audit.verify(connection)
    expected = manifest.audit
    if isinstance(found, audit.Break):
        said = f"a break at row {found.seq}: {found.problem}"
        raise AuditElsewhere(expected=expected.seq, found=said)
    if (found.seq, found.hash) != (expected.seq, expected.hash):
        raise AuditElsewhere(expected=expected.seq, found=f"{found.seq} rows, another last hash")


def measured_again(laboratory: Laboratory, manifest: Manifest, *, every: bool) -> list[Measured]:
    """Measure stored results again: all, or as many as `SAMPLE`, drawn by the audit's last hash.

    The tables are brought to this version first, as the service does when it is started.
    """
    schema.upgrade(laboratory.database)
    with laboratory.database.reading() as connection:
        known = list(analysis_lists.measured_versions(connection))
    if not every and len(known) > SAMPLE:
        drawn = random.Random(manifest.audit.hash)  # noqa: S311 - a sample, not a secret
        known = sorted(drawn.sample(known, SAMPLE))
    return [_again(laboratory, *each) for each in known]


def _again(laboratory: Laboratory, id: str, version: int) -> Measured:
    with laboratory.database.reading() as connection:
        stored = analyses.at(connection, id, version)
    result = stored.outcome.result
    if result is None:
        raise ValueError("nothing was measured")
    if result["software"]["algorithm"] != ALGORITHM:
        return Measured(id, version, Again.ALGORITHM, "")
    try:
        found = again_of(laboratory, stored).result()
    except (HladrError, CalibrationError) as error:
        return Measured(id, version, Again.OTHER, error.code)
    return _compared(id, version, result, found)


def _compared(
    id: str, version: int, stored: Mapping[str, Any], found: Mapping[str, Any]
) -> Measured:
    both = _of_any_version(stored), _of_any_version(found)
    first = next(differences(*both), None)
    if first is None:
        return Measured(id, version, Again.SAME, "")
    graver = next(differences(*both, rounding=_ROUNDING), None)
    if graver is None:
        return Measured(id, version, Again.ROUNDED, first)
    return Measured(id, version, Again.OTHER, graver)


def _of_any_version(result: Mapping[str, Any]) -> dict[str, Any]:
    return {**result, "software": {**result["software"], "version": ""}}


def differences(
    stored: Any,  # noqa: ANN401 - JSON is any of its kinds
    found: Any,  # noqa: ANN401
    path: str = "",
    *,
    rounding: float = 0.0,
) -> Iterator[str]:
    """Return the fields in which two JSON values differ, each with both."""
    if isinstance(stored, dict) and isinstance(found, dict):
        for name in sorted({*stored, *found}):
            both = stored.get(name, _NOTHING), found.get(name, _NOTHING)
            yield from differences(*both, f"{path}.{name}" if path else name, rounding=rounding)
    elif isinstance(stored, list) and isinstance(found, list):
        pairs = itertools.zip_longest(stored, found, fillvalue=_NOTHING)
        for place, both in enumerate(pairs):
            yield from differences(*both, f"{path}[{place}]", rounding=rounding)
    elif isinstance(stored, float) and isinstance(found, float):
        if not math.isclose(stored, found, rel_tol=rounding, abs_tol=0.0):
            yield f"{path}: {stored!r}, now {found!r}"
    elif stored != found or type(stored) is not type(found):
        yield f"{path}: {stored!r}, now {found!r}"


class _Nothing:
    def __repr__(self) -> str:
        return "nothing"


_NOTHING = _Nothing()
