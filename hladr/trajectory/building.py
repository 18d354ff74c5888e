"""Points from results: those at hand, and those that were stored."""

import datetime as dt
import math

from calibration.curve import Range
from hladr.result import HlaDr, SampleResult
from hladr.trajectory.measured import MeasuredHlaDr, calibration_sha256, own_terms
from hladr.trajectory.point import Classified, MomentOf, Point
from hladr.version import ALGORITHM


def point_of_result(result: SampleResult, *, id: str | None = None) -> Point:
    """Point of a result.

    Parameters
    ----------
    result
        As `hladr.quantify` returns it.
    id
        How the point is called; the file's name unless given.
    """
    moment, of = moment_of(result.context.drawn_at, result.sample.acquired_at)
    classification = result.classification
    return Point(
        id=result.sample.file if id is None else id,
        subject=result.context.subject,
        moment=moment,
        moment_of=of,
        acquired=result.sample.acquired,
        hla_dr=_measured(result, result.hla_dr),
        ferritin=classification.ferritin,
        classified=Classified(
            classification.criterion.name,
            classification.criterion.version,
            classification.class_name,
        ),
        preparation=result.context.preparation,
        cytometer=result.sample.cytometer,
        serial=result.sample.serial,
        algorithm=ALGORITHM,
        verdict=result.verdict,
    )


def moment_of(drawn_at: str | None, acquired_at: str | None) -> tuple[dt.datetime | None, MomentOf]:
    """When a tube was drawn, or else acquired, from ISO 8601 texts that were checked before."""
    for text, of in ((drawn_at, MomentOf.DRAW), (acquired_at, MomentOf.ACQUISITION)):
        if text is not None:
            return dt.datetime.fromisoformat(text), of
    return None, MomentOf.UNKNOWN


def _measured(result: SampleResult, found: HlaDr | None) -> MeasuredHlaDr | None:
    if found is None or not math.isfinite(found.abc):
        return None
    return MeasuredHlaDr(
        abc=found.abc,
        ci95=found.ci95,
        mfi=found.mfi,
        fp_ratio=found.fp_ratio,
        statistic=found.statistic,
        range=Range(found.range),
        terms=own_terms(found.interval_terms),
        not_included=found.not_included,
        curve=result.curve,
        calibration=calibration_sha256(result.curve),
    )
