"""A calibration as it is kept: a bead tube at one version of its curve."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calibration.curve import StandardCurve


@dataclass(frozen=True, slots=True)
class Made:
    """A version of a thing with an id: when it was made, by whom, why."""

    at: str
    by: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class CurveMade:
    """A curve that was made, and what it was made with.

    Parameters
    ----------
    lot, instrument
        Id and version.
    assay_sha256
        Of the assay's definition.
    algorithm
        Of the software.
    findings
        Of the service, beside those of the curve: as those of analyses are.
    """

    lot: tuple[str, int]
    instrument: tuple[str, int]
    assay_sha256: str
    algorithm: str
    curve: StandardCurve
    findings: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A bead tube at one version of its curve."""

    id: str
    version: int
    file_sha256: str
    file_name: str
    created_at: str
    created_by: str
    made: Made
    outcome: CurveMade

    @property
    def curve(self) -> StandardCurve:
        """The standard curve."""
        return self.outcome.curve
