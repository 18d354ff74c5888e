"""A standard curve as a plain dict that JSON can hold, and back.

Reading is strict: a curve decides about patients, so every field must be there, of its kind, and
the line must be the one its own peaks give.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from calibration.background import Background, fit_background
from calibration.curve import MODEL, BeadPeak, StandardCurve
from calibration.errors import InvalidCurveRecord, InvalidLot
from calibration.fields import Fields
from calibration.finding import Finding, Severity
from calibration.levels import back_calculated, log_line
from calibration.line import Line
from calibration.lot import BeadLot
from calibration.provenance import Provenance

SCHEMA: Final = "hladr.curve/1"

# Wider than anything an instrument gives, and narrow enough that no sum, power or interval of a
# curve within them leaves the range of a double.
_SCALE: Final = (1e-6, 1e12)
_RELATIVE_ERROR: Final = (0.0, 1.0)
_SLOPE: Final = (0.1, 100.0)
_WIDEST_FIT: Final = 1.0  # decades, unless the residuals themselves are wider


def curve_to_dict(curve: StandardCurve) -> dict[str, object]:
    """Write the curve as JSON can hold it, schema ``hladr.curve/1``."""
    provenance = asdict(curve.provenance)
    if curve.provenance.acquired_at is not None:
        provenance["acquired_at"] = curve.provenance.acquired_at.isoformat()
    return {
        "schema": SCHEMA,
        "model": MODEL,
        "lot": {**curve.lot.to_dict(), "sha256": curve.lot.sha256},
        "slope": curve.slope,
        "intercept": curve.intercept,
        "r_squared": curve.r_squared,
        "residual_sd": curve.residual_sd,
        "max_residual_percent": curve.max_residual_percent,
        "fit_sd": curve.fit_sd,
        "fit_dof": curve.fit_dof,
        "background": asdict(curve.background),
        "accepted": curve.accepted,
        "peaks": [asdict(peak) for peak in curve.peaks],
        "findings": [asdict(finding) for finding in curve.findings],
        "provenance": provenance,
    }


def curve_from_dict(record: Mapping[str, object]) -> StandardCurve:
    """Read the curve that `curve_to_dict` wrote.

    Raises
    ------
    InvalidCurveRecord
        A field is missing, unknown or of the wrong kind, or the numbers contradict each other.
    """
    fields = Fields(record, "record")
    for key, expected in (("schema", SCHEMA), ("model", MODEL)):
        fields.expect(key, expected, found=fields.text(key))
    lot = _lot(fields.section("lot"))
    peaks = tuple(_peak(section) for section in fields.sections("peaks"))
    line, background = _refitted(fields, lot, peaks)
    curve = StandardCurve(
        lot=lot,
        peaks=peaks,
        line=line,
        background=background,
        fit_sd=fields.number("fit_sd"),
        fit_dof=fields.number("fit_dof"),
        findings=tuple(_finding(section) for section in fields.sections("findings")),
        provenance=_provenance(fields.section("provenance")),
    )
    _check_agreement(fields, curve)
    fields.finish()
    return curve


def _lot(fields: Fields) -> BeadLot:
    sha256 = fields.text("sha256")
    try:
        lot = BeadLot.from_dict(fields.rest())
    except InvalidLot as cause:
        raise InvalidCurveRecord(field="lot", expected="a lot", found=str(cause)) from cause
    fields.expect("sha256", lot.sha256, found=sha256)
    return lot


def _peak(fields: Fields) -> BeadPeak:
    peak = BeadPeak(
        assigned=fields.number_or_none("assigned"),
        geometric_mean=fields.between_or_none("geometric_mean", *_SCALE),
        median=fields.number("median"),
        cv_percent=fields.number_or_none("cv_percent"),
        events=fields.count("events"),
        low=fields.number("low"),
        high=fields.number("high"),
        standard_error=fields.between_or_none("standard_error", *_RELATIVE_ERROR),
        overlap=fields.between("overlap", 0.0, 1.0),
        saturated_fraction=fields.between("saturated_fraction", 0.0, 1.0),
        cut_below=fields.flag("cut_below"),
        residual_percent=fields.number_or_none("residual_percent"),
    )
    if (peak.geometric_mean is None) != (peak.standard_error is None):
        fields.reject("standard_error", "one just where there is a geometric mean", "the other")
    fields.finish()
    return peak


def _refitted(fields: Fields, lot: BeadLot, peaks: tuple[BeadPeak, ...]) -> tuple[Line, Background]:
    """Line and background that the recorded peaks give."""
    left = iter(lot.assigned)
    if not all(peak.assigned in left for peak in peaks):
        found = [peak.assigned for peak in peaks]
        fields.reject("peaks", "levels of the lot in their order", found)
    points = [
        (peak.assigned, peak.geometric_mean)
        for peak in peaks
        if peak.assigned is not None and peak.geometric_mean is not None
    ]
    if len(points) < 2:
        fields.reject("peaks", "two or more with value and geometric mean", len(points))
    line = log_line(points)
    background = fit_background([m for m, _ in points], [f for _, f in points])
    for slope in (line.slope, background.slope):
        if not _SLOPE[0] <= slope <= _SLOPE[1]:
            fields.reject("peaks", f"a slope from {_SLOPE[0]:g} to {_SLOPE[1]:g}", slope)
    return line, background


def _check_agreement(fields: Fields, curve: StandardCurve) -> None:
    """Hold every recorded number that follows from the peaks against what follows from them."""
    for key in ("slope", "intercept", "r_squared"):
        fields.agree(key, getattr(curve, key), found=fields.number(key))
    for key in ("residual_sd", "max_residual_percent"):
        fields.agree(key, getattr(curve, key), found=fields.number_or_none(key))
    background = fields.section("background")
    for key in ("slope", "intercept", "molecules"):
        background.agree(key, getattr(curve.background, key), found=background.number(key))
    background.finish()
    for peak in curve.peaks:
        fields.agree("peaks.residual_percent", _residual(curve, peak), found=peak.residual_percent)
    seen = curve.residual_sd or 0.0
    if not seen <= curve.fit_sd <= max(seen, _WIDEST_FIT):
        expected = "no less than residual_sd, and below a decade"
        fields.reject("fit_sd", expected, curve.fit_sd)
    fields.agree("fit_dof", max(1.0, curve.line.n - 2.0), found=curve.fit_dof)
    fields.expect("accepted", curve.accepted, found=fields.flag("accepted"))


def _residual(curve: StandardCurve, peak: BeadPeak) -> float | None:
    if peak.assigned is None or peak.geometric_mean is None:
        return None
    return 100.0 * back_calculated(curve.line, peak.assigned, peak.geometric_mean)


def _finding(fields: Fields) -> Finding:
    severity = fields.text("severity")
    if severity not in set(Severity):
        fields.reject("severity", "note, warn or reject", severity)
    finding = Finding(fields.text("code"), Severity(severity), fields.text("message"))
    fields.finish()
    return finding


def _provenance(fields: Fields) -> Provenance:
    provenance = Provenance(
        file=fields.text_or_none("file"),
        sha256=fields.text_or_none("sha256"),
        cytometer=fields.text_or_none("cytometer"),
        serial=fields.text_or_none("serial"),
        detector=fields.text_or_none("detector"),
        marker=fields.text_or_none("marker"),
        voltage=fields.number_or_none("voltage"),
        gain=fields.number_or_none("gain"),
        log_decades=fields.number_or_none("log_decades"),
        range=fields.number_or_none("range"),
        acquired_at=fields.moment_or_none("acquired_at"),
        compensated=fields.flag_or_none("compensated"),
    )
    fields.finish()
    return provenance
