"""The number of a version by its gates, as it is printed beside them."""

import math
from collections.abc import Mapping
from typing import Any

from hladr.criterion.definition import Criterion, Quantity
from hladr.number_format import format_count
from hladr.report.printing import Released


def gates_printed(
    result: Mapping[str, Any], criterion: Criterion, *, by_hand: bool
) -> dict[str, str]:
    """Return a result, schema ``hladr.result/1``, in the words that stand beside its gates.

    No number is rounded across a cut-off of the criterion, as on the report.

    Parameters
    ----------
    by_hand
        Whether its gates were drawn by hand.
    """
    printer = Released(criterion.cutoffs(Quantity.ABC))
    number = result["hla_dr"] or result.get("unreleasable") or {}
    abc, low, high = (
        _float(each) for each in (number.get("abc"), *number.get("ci95", (None,) * 2))
    )
    return {
        "abc": printer.bare(abc) if math.isfinite(abc) else "no number",
        "ci95": printer.interval((low, high)) if math.isfinite(low) else "none",
        "range": _range(number, result["calibration"]),
        "monocytes": format_count(number["monocytes"]) if number else "none",
        "gates": "drawn by hand" if by_hand else "automatic",
        **_beside(result["gating"].get("automatic"), abc, printer, by_hand=by_hand),
    }


def _beside(
    automatic: Mapping[str, Any] | None, abc: float, printer: Released, *, by_hand: bool
) -> dict[str, str]:
    """The automatic gate beside gates drawn by hand, and how far AB/c is from it."""
    if automatic is None:
        return {"automatic": "refused" if by_hand else "the same", "moved": "nothing"}
    moved = _float(automatic["moved"])
    other = abc / (1.0 + moved)
    value = printer.value(other) if math.isfinite(other) else "no number"
    share = f"{100.0 * moved:+.1f} %".replace("-", "−") if math.isfinite(moved) else "nothing"
    return {
        "automatic": f"{value}, {format_count(automatic['monocytes'])} monocytes",
        "moved": share,
    }


def _range(number: Mapping[str, Any], calibration: Mapping[str, Any]) -> str:
    """What there is to say of a number beyond the beads; empty within them."""
    if number.get("range", "within") == "within":
        return ""
    fitted = [
        each["assigned"]
        for each in calibration["peaks"]
        if each["assigned"] is not None and each["geometric_mean"] is not None
    ]
    if number["range"] == "above":
        top = format_count(round(max(fitted) / number["fp_ratio"]))
        return f"Above the top bead (> {top} AB/c): extrapolated."
    lowest = format_count(round(min(fitted) / number["fp_ratio"]))
    return f"Below the lowest bead (< {lowest} AB/c): extrapolated."


def _float(value: float | None) -> float:
    return math.nan if value is None else value
