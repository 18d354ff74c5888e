"""Control blood: what was measured of it by each calibration."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, select

from service.store.analysis import State
from service.store.tables import analyses, analysis_versions

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class ControlTube:
    """A tube of control blood at its newest version, which has a number.

    Parameters
    ----------
    calibration_id
        Of the run it was measured in.
    tube
        What the laboratory says about it.
    abc
        AB/c, of a number that may be used.
    """

    id: str
    version: int
    calibration_id: str
    tube: Mapping[str, Any]
    abc: float


def of_runs(connection: Connection, calibration_ids: Collection[str]) -> list[ControlTube]:
    """Return the control blood of some runs, the oldest first.

    What a person rejected, and what was rejected by its findings, is not among it.
    """
    versions = analysis_versions.c
    wanted = _usable(calibration_ids).add_columns(
        versions.calibration_id, versions.tube, versions.result
    )
    found = []
    for row in connection.execute(wanted):
        abc = _abc(row.result)
        if abc is not None:
            tube = json.loads(row.tube)
            found.append(ControlTube(row.id, row.version, row.calibration_id, tube, abc))
    return found


def keys_of(connection: Connection, calibration_ids: Collection[str]) -> tuple[Key, ...]:
    """Return id and version of what `of_runs` looks at: equal ones have equal numbers."""
    rows = connection.execute(_usable(calibration_ids))
    return tuple((row.id, row.version) for row in rows)


def _usable(calibration_ids: Collection[str]) -> Select[Any]:
    heads, versions = analyses.c, analysis_versions.c
    return (
        select(heads.id, heads.version)
        .join_from(analysis_versions, analyses)
        .where(versions.version == heads.version, heads.kind == "control")
        .where(heads.state != State.REJECTED, versions.result.is_not(None))
        .where(versions.calibration_id.in_(list(calibration_ids)))
        .order_by(heads.created_at, heads.id)
    )


@lru_cache(maxsize=512)
def _abc(result: str) -> float | None:
    """Read the number of a result; charts ask for the same ones again and again."""
    number = json.loads(result)["hla_dr"]
    return None if number is None else float(number["abc"])
