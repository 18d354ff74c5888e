"""Charts of an instrument as they are answered."""

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from calibration.control import (
    Baseline,
    Chart,
    Compared,
    ControlCharts,
    Point,
    Quantity,
    Rule,
    RuleSet,
    Segment,
    Verdict,
)
from calibration.finding import Finding
from service.quality.book import Book
from service.quality.entry import baseline_kept
from service.quality.log_told import LogEntry, entry_told, told_in_log
from service.quality.runs import MadeRun
from service.store.quality_log import Entry


class QualityTold(BaseModel):
    """How steady an instrument is.

    `runs` are bead runs whose curve is accepted, the oldest first; `moment` is by the clock of the
    instrument, `outcome` ``accept``, ``warn`` or ``reject``, or null where the instrument has no
    baseline; `use` is the entry that lets a rejected run be used; `copies` are calibrations of the
    same bead file, lot and instrument: no points, but of one outcome with it. `compared` holds
    each against the last five accepted ones. `charts` have a part for each lot and service: the
    baseline with mean and SD as they are charted (`logarithmic`: log10), and its points with their
    distance from the mean in SDs (null: none or infinite) and the rules they violate.
    """

    instrument_id: str
    runs: list[dict[str, Any]]
    charts: list[dict[str, Any]]
    rules: list[dict[str, str]]
    log: list[LogEntry]


def told(
    instrument_id: str,
    runs: Sequence[tuple[MadeRun, Compared]],
    judged: ControlCharts,
    book: Book,
    log: Sequence[Entry],
) -> dict[str, Any]:
    """Return the charts of an instrument as they are answered."""
    return {
        "instrument_id": instrument_id,
        "runs": [_run(made, near, judged.verdict(made.run.id), book) for made, near in runs],
        "charts": [_chart(each, book.rules) for each in judged.charts],
        "rules": [
            {"of": of.key, "rule": rule, "action": book.rules.action(of, rule)}
            for of in (chart.quantity for chart in judged.charts)
            for rule in Rule
        ],
        "log": [told_in_log(each, book) for each in log],
    }


def _run(made: MadeRun, near: Compared, verdict: Verdict, book: Book) -> dict[str, Any]:
    calibration, run = made.calibration, made.run
    use = book.use_of(verdict, made.ids)
    lot = calibration.outcome.lot
    return {
        "calibration_id": run.id,
        "version": calibration.version,
        "moment": run.moment,
        "lot": {"id": lot[0], "version": lot[1], "words": run.epoch.beads},
        "service": run.epoch.service or None,
        "copies": [
            {"calibration_id": each.id, "version": each.version, "at": each.at, "by": each.by}
            for each in made.copies
        ],
        "control": [{"analysis_id": each.id, "version": each.version} for each in made.tubes],
        "outcome": verdict.outcome if book.baselines else None,
        "findings": _findings(verdict.findings if book.baselines else ()),
        "compared": {
            "with": list(near.recent),
            "shifts": [
                {
                    "molecules": each.molecules,
                    "percent": each.percent if math.isfinite(each.percent) else None,
                    "limit_log10": each.limit,
                    "exceeds": each.exceeds,
                }
                for each in near.shifts
            ],
            "findings": _findings(near.findings),
        },
        "use": None if use is None else entry_told(use),
    }


def _findings(findings: Sequence[Finding]) -> list[dict[str, str]]:
    return [dataclasses.asdict(each) for each in findings]


def _chart(chart: Chart, rules: RuleSet) -> dict[str, Any]:
    quantity: Quantity = chart.quantity
    return {
        "quantity": quantity.key,
        "words": quantity.words,
        "unit": quantity.kind.unit,
        "logarithmic": quantity.kind.logarithmic,
        "rejects": any(rules.action(quantity, rule) == "reject" for rule in Rule),
        "parts": [_part(each) for each in chart.segments],
    }


def _part(segment: Segment) -> dict[str, Any]:
    known = segment.baseline
    return {
        "lot": segment.epoch.beads or None,
        "service": segment.epoch.service or None,
        "baseline": baseline_kept(known) if isinstance(known, Baseline) else None,
        "points": [_point(each) for each in segment.points],
        "skipped": [each.run for each in segment.skipped],
    }


def _point(point: Point) -> dict[str, Any]:
    return {
        "calibration_id": point.run,
        "moment": point.moment,
        "value": point.value,
        "z": None if point.z is None or math.isinf(point.z) else point.z,
        "standing": point.standing,
        "violations": [
            {"rule": each.rule, "action": each.action, "runs": list(each.runs)}
            for each in point.violations
        ],
    }
