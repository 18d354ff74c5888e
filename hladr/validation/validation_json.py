"""The JSON form of a method validation: schema ``hladr.validation/1``.

Numbers are unrounded; what cannot be determined is null.
"""

import math
from dataclasses import asdict
from typing import Any

from hladr.agreement import Interval
from hladr.validation.least_squares import Coefficient
from hladr.validation.limits import LaboratoryLimits
from hladr.validation.linearity import Linearity
from hladr.validation.precision import Component, Precision, Unreplicated
from hladr.validation.side_by_side import SideBySide
from hladr.validation.study import PrecisionStudy, Validation
from hladr.version import software_version

VALIDATION_SCHEMA = "hladr.validation/1"


def validation_to_dict(found: Validation) -> dict[str, Any]:
    """JSON-ready object of schema ``hladr.validation/1``."""
    return {
        "schema": VALIDATION_SCHEMA,
        "software": {"name": "hladr", "version": software_version()},
        "table": {
            "file": found.table.file,
            "sha256": found.table.sha256,
            "rows": len(found.table.rows),
            "algorithms": list(found.table.values("algorithm")),
        },
        "results": {
            "used": len(found.found.usable),
            "without_specimen": found.found.no_specimen,
            "without_number": [row.sample for row in found.found.no_number],
        },
        "limits": _limits(found.limits),
        "precision": _precision_study(found.precision),
        "linearity": [_linearity(each) for each in found.linearity],
        "carry_over": {
            "k_percent": _finite(found.carry_over.k),
            "ci95": _interval(found.carry_over.interval),
            "sequences": [
                {"name": each.name, "high": each.high, "low": each.low, "k_percent": each.k}
                for each in found.carry_over.sequences
            ],
            "no_sequence": list(found.carry_over.no_sequence),
        },
        "side_by_side": [_side_by_side(each) for each in found.side_by_side],
        "not_done": [asdict(each) for each in found.not_done],
    }


def _limits(limits: LaboratoryLimits) -> dict[str, Any]:
    return {
        "file": limits.file or None,
        "sha256": limits.sha256 or None,
        "source": limits.source,
        "percent": dict(limits.percent),
    }


def _precision_study(study: PrecisionStudy) -> dict[str, Any]:
    overall = study.overall
    return {
        "levels": list(study.levels),
        "results": len(study.results),
        "left_out": study.left_out,
        "overall": None if isinstance(overall, Unreplicated) else _precision(overall),
        "specimens": [_precision(each) for each in study.specimens],
    }


def _precision(found: Precision) -> dict[str, Any]:
    return {
        "specimen": found.specimen,
        "n": found.n,
        "abc": found.abc,
        "components": [_component(each) for each in found.components],
        "on_one_instrument": _component(found.on_one),
        "together": _component(found.together),
    }


def _component(part: Component) -> dict[str, Any]:
    return {
        "levels": list(part.levels),
        "groups": part.groups,
        "dof": part.dof,
        "cv_percent": _finite(part.cv),
        "ci95": _interval(part.interval),
        "set_to_zero": part.negative,
    }


def _linearity(found: Linearity) -> dict[str, Any]:
    names = ("log_slope", "slope", "intercept", "quadratic", "cubic")
    return {
        "specimen": found.specimen,
        "n": found.n,
        **{name: _coefficient(getattr(found, name)) for name in names},
        "lack_of_fit_p": _finite(found.lack_of_fit),
        "sd_percent": _finite(found.sd_percent),
        "levels": [
            {
                "expected": each.expected,
                "n": each.n,
                "abc": each.abc,
                "recovery_percent": each.recovery,
                "deviation_percent": _finite(each.deviation),
                "ci95": _interval(each.interval),
                "log_deviation_percent": _finite(each.log_deviation),
                "log_ci95": _interval(each.log_interval),
            }
            for each in found.levels
        ],
    }


def _coefficient(found: Coefficient) -> dict[str, Any]:
    return {
        "value": _finite(found.value),
        "ci95": _interval(found.interval),
        "p": _finite(found.p),
    }


def _side_by_side(found: SideBySide) -> dict[str, Any]:
    limits = found.limits
    return {
        "column": found.column,
        "reference": found.reference,
        "other": found.other,
        "specimens": found.specimens,
        "bias_percent": _finite(limits.bias),
        "bias_ci95": _interval(limits.bias_interval),
        "lower_percent": _finite(limits.lower),
        "upper_percent": _finite(limits.upper),
    }


def _interval(interval: Interval) -> list[float | None]:
    return [_finite(interval.low), _finite(interval.high)]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
