"""A calibration as it is answered."""

from typing import Any

from pydantic import BaseModel

from calibration.record import curve_to_dict
from service.store.calibration import Calibration


class CalibrationTold(BaseModel):
    """A calibration at one of its versions.

    `curve` is the object ``hladr.curve/1``; results may rest on it if it is `accepted`.
    """

    id: str
    version: int
    file: dict[str, str]
    lot: dict[str, Any]
    instrument: dict[str, Any]
    accepted: bool
    curve: dict[str, Any]
    findings: list[dict[str, Any]]
    algorithm: str
    assay_sha256: str
    created_at: str
    created_by: str
    made_at: str
    made_by: str
    reason: str | None


class CalibrationsTold(BaseModel):
    """Calibrations, the newest first."""

    calibrations: list[CalibrationTold]


def told(calibration: Calibration) -> dict[str, Any]:
    """Return a calibration as it is answered."""
    outcome = calibration.outcome
    return {
        "id": calibration.id,
        "version": calibration.version,
        "file": {"name": calibration.file_name, "sha256": calibration.file_sha256},
        "lot": {"id": outcome.lot[0], "version": outcome.lot[1]},
        "instrument": {"id": outcome.instrument[0], "version": outcome.instrument[1]},
        "accepted": outcome.curve.accepted,
        "curve": curve_to_dict(outcome.curve),
        "findings": [dict(each) for each in outcome.findings],
        "algorithm": outcome.algorithm,
        "assay_sha256": outcome.assay_sha256,
        "created_at": calibration.created_at,
        "created_by": calibration.created_by,
        "made_at": calibration.made.at,
        "made_by": calibration.made.by,
        "reason": calibration.made.reason,
    }
