"""Uncertainty of a weighted sum of log AB/c: what results of one curve share is counted once.

A ratio of two days is the sum with the weights -1 and 1, a slope the one with the weights of a
regression, a single day the one with the weight 1. One formula serves them all.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

from calibration.budget import Combined, Term, combine
from hladr.criterion.measured import AbcEvidence
from hladr.trajectory.measured import MeasuredHlaDr

_LN10 = math.log(10.0)
_LOT = "bead_values"  # declared for the lot's values: one error for all that a lot measured


def contrast(measured: Sequence[MeasuredHlaDr], weights: Sequence[float]) -> Combined:
    """Budget of ``sum(w_i ln abc_i)``.

    Parameters
    ----------
    measured
        One or more results.
    weights
        As many, any sign; dimensionless for a ratio, one over days for a slope.

    Returns
    -------
    Combined
        Standard uncertainty of the sum, with Welch-Satterthwaite degrees of freedom; its terms
        are absolute, in the unit of the weights.

    Notes
    -----
    ``ln abc_i = ln 10 (y_i - a) / b - ln fp`` with the patient's ``y_i = log10 F_i`` and the line
    ``y = a + b x`` through ``n`` beads. Two values of one line have the covariance
    ``(ln 10 s / b)^2 (1/n + (x_i - xm)(x_j - xm) / Sxx)`` (delta method of the inverse prediction
    [1]_; law of propagation for correlated inputs [2]_). Summed over the results of one curve:

    ``u^2 = (ln 10 s / b)^2 (W^2 / n + (sum w_i (x_i - xm))^2 / Sxx)``, ``W = sum w_i``.

    For a ratio on one curve ``W`` is 0, and ``ln 10 (s / b) |x_2 - x_1| / sqrt(Sxx)`` is left: the
    uncertainty of the slope over the distance in log fluorescence. On two curves each sum has one
    result, and both count in full.

    The choice of the model moves the results of one curve together: its term is
    ``|sum w_i d_i|`` with the signed distances ``d_i`` of `StandardCurve.model_shift`. A declared
    uncertainty of the lot's values is one factor for all curves of it: ``|sum w_i u_i|``.
    Repeatability, counting, gate and F:P (another vial may be another lot) are independent from
    tube to tube.

    References
    ----------
    .. [1] Draper NR, Smith H. Applied Regression Analysis, 3rd ed. Wiley 1998, chapters 1 and 3
       (variance and covariance of a fitted line, inverse regression).
    .. [2] JCGM 100:2008 (GUM), 5.2.2 and annex G.4.1.
    """
    if not measured or len(measured) != len(weights):
        raise ValueError(f"expected a weight a result, found {len(weights)} for {len(measured)}")
    parts: dict[str, list[Term]] = defaultdict(list)
    for source in (_own, _of_curves, _of_lots):
        for each in source(measured, weights):
            parts[each.name].append(each)
    missing = dict.fromkeys(name for each in measured for name in each.not_included)
    return combine(
        [_summed(name, terms) for name, terms in parts.items()],
        not_included=[f"{name} (of some)" if name in parts else name for name in missing],
    )


def evidence_of(measured: MeasuredHlaDr) -> AbcEvidence:
    """HLA-DR of one day as a criterion takes it, with its whole uncertainty."""
    spread = contrast((measured,), (1.0,))
    return AbcEvidence(measured.abc, spread.relative, spread.dof)


def _own(measured: Sequence[MeasuredHlaDr], weights: Sequence[float]) -> Iterator[Term]:
    for each, weight in zip(measured, weights, strict=True):
        for term in each.terms:
            if term.name != _LOT:
                yield Term(term.name, abs(weight) * term.relative, term.dof)


def _of_curves(measured: Sequence[MeasuredHlaDr], weights: Sequence[float]) -> Iterator[Term]:
    by_curve: dict[str, list[tuple[MeasuredHlaDr, float]]] = defaultdict(list)
    for each, weight in zip(measured, weights, strict=True):
        by_curve[each.calibration].append((each, weight))
    for group in by_curve.values():
        yield from _of_one_curve(group)


def _of_one_curve(group: Sequence[tuple[MeasuredHlaDr, float]]) -> Iterator[Term]:
    curve = group[0][0].curve
    line = curve.line
    total = math.fsum(weight for _, weight in group)
    lever = math.fsum(weight * (each.log_molecules - line.mean_x) for each, weight in group)
    scale = _LN10 * curve.fit_sd / abs(line.slope)
    relative = scale * math.hypot(total / math.sqrt(line.n), lever / math.sqrt(line.sum_xx))
    yield Term("curve", relative, curve.fit_dof)
    shift = math.fsum(weight * curve.model_shift(each.mfi) for each, weight in group)
    yield Term("model", abs(shift))


def _of_lots(measured: Sequence[MeasuredHlaDr], weights: Sequence[float]) -> Iterator[Term]:
    """One term a lot: the same assigned values stand behind every curve of it."""
    by_lot: dict[str, list[float]] = defaultdict(list)
    for each, weight in zip(measured, weights, strict=True):
        for term in each.terms:
            if term.name == _LOT:
                by_lot[each.curve.lot.sha256].append(weight * term.relative)
    for declared in by_lot.values():
        yield Term(_LOT, abs(math.fsum(declared)))


def _summed(name: str, terms: Sequence[Term]) -> Term:
    """Root sum of squares of the terms of one name; their degrees of freedom by the same rule."""
    numbered = [Term(f"{name} {i}", term.relative, term.dof) for i, term in enumerate(terms)]
    whole = combine(numbered)
    return Term(name, whole.relative, whole.dof)
