"""What a request calibrates by: beads with their lot, or a saved curve."""

import json
from typing import ClassVar

from calibration.curve import StandardCurve
from calibration.errors import InvalidCurveRecord
from calibration.judgement import judge_again
from calibration.lot import BeadLot
from calibration.record import curve_from_dict
from hladr.analysis import CalibrationMissing, CalibrationTwice
from hladr.assay.definition import AssayDefinition
from hladr.bead_run import BeadRun, calibrate_beads
from hladr.fcs import EventTable
from hladr.panel import find_panel
from service.errors import ServiceError
from service.http.multipart import Form
from service.measuring.opened import opened
from service.settings import Settings

LARGEST_LOT, LARGEST_CURVE = 65_536, 1 << 20


class SampleMissing(ServiceError):
    """The form has no blood file."""

    code: ClassVar[str] = "SAMPLE_MISSING"
    status: ClassVar[int] = 422

    def __init__(self, *, field: str) -> None:
        self.field = field
        super().__init__(f"expected an FCS file as {field}, found none. Send it as a part.")


def lot_of(text: str) -> BeadLot:
    """Return the lot of a text: the assigned values, or a lot file; never a path.

    Raises
    ------
    InvalidLot
    """
    return BeadLot.from_toml(text) if "=" in text else BeadLot.parse(text)


def curve_of(text: str, assay: AssayDefinition) -> StandardCurve:
    """Return the curve of a text as `hladr calibrate` saves it, judged by an assay.

    Raises
    ------
    InvalidCurveRecord
    """
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidCurveRecord(
            field="curve", expected="JSON as hladr calibrate saved it", found="a text that is none"
        ) from error
    return judge_again(curve_from_dict(record), assay.curve)


def calibration_for(
    form: Form, sample: EventTable, assay: AssayDefinition, settings: Settings
) -> BeadRun | StandardCurve:
    """Return what a form calibrates a sample by.

    Raises
    ------
    CalibrationMissing, CalibrationTwice
    HladrError, CalibrationError
        The beads give no curve, or the curve is none.
    """
    beads, lot, curve = form.files.get("beads"), form.texts.get("lot"), form.texts.get("curve")
    given = {"a curve": curve, "beads": beads, "a lot": lot}
    found = " and ".join(name for name, value in given.items() if value is not None) or "neither"
    if curve is not None:
        if beads is not None or lot is not None:
            raise CalibrationTwice(found=found)
        return curve_of(curve, assay)
    if beads is None or lot is None:
        raise CalibrationMissing(found=found)
    detector = find_panel(sample, assay).hla_dr
    return calibrate_beads(
        opened(beads.path, beads.name, settings), lot_of(lot), assay=assay, detector=detector
    )
