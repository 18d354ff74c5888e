"""The JSON form of a result and of a refusal: schemas ``hladr.result/1`` and ``hladr.error/1``.

Numbers are unrounded; what is not a finite number is null, never ``NaN``.
"""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from calibration.curve import BeadPeak, StandardCurve
from calibration.errors import CalibrationError
from hladr.errors import HladrError
from hladr.version import ALGORITHM, software_version

if TYPE_CHECKING:  # results know their JSON form, so it cannot import them
    from hladr.comparison import Comparison
    from hladr.measurement import GatingSummary
    from hladr.result import Gating, HlaDr, SampleResult

RESULT_SCHEMA = "hladr.result/1"
ERROR_SCHEMA = "hladr.error/1"
_PLAIN = frozenset({str, bool, int, type(None)})


def result_to_dict(result: "SampleResult") -> dict[str, Any]:
    """JSON-ready object of schema ``hladr.result/1``.

    A number that may not be used stands under ``unreleasable`` and ``hla_dr`` is null.
    """
    record = {
        "schema": RESULT_SCHEMA,
        "software": {"name": "hladr", "version": software_version(), "algorithm": ALGORITHM},
        "sample": _fields(result.sample, "file sha256 events cytometer serial acquired_at"),
        "context": _fields(
            result.context, "subject drawn_at stained_at tube_type preparation site visit"
        ),
        "assay": _fields(result.assay, "name version sha256"),
        "calibration": _calibration(result.curve),
        "gating": _gating(result.gating) | _beside(result.comparison),
        "hla_dr": None if result.hla_dr is None else _hla_dr(result.hla_dr),
        "internal_control": _fields(
            result.internal_control, "bright_abc bright_events negative_abc negative_events"
        ),
        "classification": result.classification.to_dict(),
        "findings": [
            {"code": each.code, "severity": each.severity.value, "message": each.message}
            for each in result.findings
        ],
        "verdict": result.verdict.value,
    }
    if result.unreleasable is not None:
        record["unreleasable"] = _hla_dr(result.unreleasable)
    plain: dict[str, Any] = _plain(record)
    return plain


def error_to_dict(file_name: str, error: CalibrationError | HladrError) -> dict[str, Any]:
    """JSON-ready object of schema ``hladr.error/1``: a sample for which no number exists."""
    return {
        "schema": ERROR_SCHEMA,
        "sample": {"file": file_name},
        "error": {"code": error.code, "message": str(error)},
    }


def _fields(part: object, names: str) -> dict[str, Any]:
    return {name: getattr(part, name) for name in names.split()}


def _calibration(curve: StandardCurve) -> dict[str, Any]:
    return {
        "beads": _fields(curve.provenance, "file sha256"),
        "lot": _fields(curve.lot, "number sha256"),
        **_fields(curve, "model slope intercept r_squared max_residual_percent accepted"),
        "peaks": [_peak(peak) for peak in curve.peaks],
    }


def _peak(peak: BeadPeak) -> dict[str, Any]:
    return _fields(peak, "assigned geometric_mean median cv_percent events residual_percent")


def _gating(gating: "Gating | GatingSummary") -> dict[str, Any]:
    return {
        **_fields(gating, "method gates_sha256 confidence population"),
        "populations": [
            {
                "name": population.name,
                "parent": population.parent,
                "events": population.count,
                "percent_of_parent": population.percent_of_parent,
            }
            for population in gating.populations
        ],
    }


def _beside(comparison: "Comparison | None") -> dict[str, Any]:
    """The automatic gate beside gates drawn by hand; nothing where it is the gate, or refused."""
    if comparison is None:
        return {}
    return {"automatic": _fields(comparison, "monocytes shared f1 moved")}


def _hla_dr(measured: "HlaDr") -> dict[str, Any]:
    return {
        **_fields(measured, "abc ci95 ci95_analysis"),
        "interval_terms": {term.name: term.relative for term in measured.interval_terms},
        **_fields(
            measured,
            "not_included statistic abc_median mfi monocytes nonpositive_fraction fp_ratio range",
        ),
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON is any of its kinds
    """Value in what JSON knows: NumPy numbers and enums unwrapped, no NaN, lists for tuples."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is float:
        return value if math.isfinite(value) else None
    if kind is dict:
        return {str(key): _plain(each) for key, each in value.items()}
    if kind is list or kind is tuple:
        return [_plain(each) for each in value]
    return _plain(_of_plain_kind(value))


def _of_plain_kind(value: Any) -> Any:  # noqa: ANN401
    """Value of a kind that JSON does not know as one of the kinds that it knows."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence):
        return list(value)
    if isinstance(value, int):
        return int(value)
    return value.item() if hasattr(value, "item") else float(value)
