"""Curves with a known scatter, and HLA-DR as it would be read from them."""

from dataclasses import replace

import numpy as np

from calibration import BeadLot, Term, calibrate
from calibration.curve import Range
from hladr.trajectory import MeasuredHlaDr, calibration_sha256, contrast

LOT = BeadLot.parse("474,5359,23843,62336")
OWN = (Term("counting", 0.012, 1999.0), Term("gate", 0.01), Term("repeatability", 0.032))


def a_curve(seed, scatter=0.01, lot=LOT):
    """Curve through levels that lie off the line by `scatter` decades."""
    rng = np.random.default_rng(seed)
    peaks = [1.3 * m**1.01 * 10 ** (scatter * rng.standard_normal()) for m in lot.values]
    values = np.concatenate([peak * rng.lognormal(0, 0.06, 2_000) for peak in peaks])
    return calibrate(values, lot, saturation=262_143)


def measured(curve, abc, *, terms=OWN, statistic="geometric_mean", missing=("autofluorescence",)):
    """AB/c as read from a curve."""
    mfi = curve.fluorescence(abc)
    found = MeasuredHlaDr(
        abc=abc,
        ci95=(abc, abc),
        mfi=mfi,
        fp_ratio=1.0,
        statistic=statistic,
        range=Range(curve.range(mfi)),
        terms=terms,
        not_included=missing,
        curve=curve,
        calibration=calibration_sha256(curve),
    )
    factor = contrast([found], [1.0]).factor()
    return replace(found, ci95=(abc / factor, abc * factor))
