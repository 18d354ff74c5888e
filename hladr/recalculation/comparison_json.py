"""The JSON form of a comparison: schema ``hladr.comparison/1``.

Numbers are unrounded; what cannot be determined is null.
"""

import math
from typing import Any

from hladr.agreement import Interval, Limits, Line, RelativeLimits
from hladr.recalculation.comparison import AbcAgreement, Comparison
from hladr.recalculation.dependence import Unexplained
from hladr.recalculation.matching import Matched, Matching
from hladr.recalculation.reasons import Change
from hladr.result_table import OUTCOMES, ResultRow, ResultTable
from hladr.version import software_version

COMPARISON_SCHEMA = "hladr.comparison/1"


def comparison_to_dict(comparison: Comparison) -> dict[str, Any]:
    """JSON-ready object of schema ``hladr.comparison/1``."""
    return {
        "schema": COMPARISON_SCHEMA,
        "software": {"name": "hladr", "version": software_version()},
        "old": _table(comparison.old),
        "new": _table(comparison.new),
        "samples": _samples(comparison.matching),
        "agreement": _agreement(comparison.agreement),
        "classes": _classes(comparison),
        "changes": [_change(each) for each in comparison.changes],
        "unexplained": [_unexplained(each) for each in comparison.unexplained],
    }


def _table(table: ResultTable) -> dict[str, Any]:
    names = {"criteria": "criterion", "software_versions": "software_version"}
    return {
        "file": table.file,
        "sha256": table.sha256,
        "rows": len(table.rows),
        **{name: list(table.values(column)) for name, column in names.items()},
        "lots": list(table.lots),
        "algorithms": list(table.values("algorithm")),
    }


def _samples(matching: Matching) -> dict[str, Any]:
    by_hash = sum(pair.by == "sample_sha256" for pair in matching.pairs)
    return {
        "matched_by_sha256": by_hash,
        "matched_by_name": [
            pair.new.sample for pair in matching.pairs if pair.by != "sample_sha256"
        ],
        "only_old": [row.sample for row in matching.only_old],
        "only_new": [row.sample for row in matching.only_new],
        "not_told_apart": [
            {
                "sample": each.new[0].sample,
                "old_lines": [row.line for row in each.old],
                "new_lines": [row.line for row in each.new],
            }
            for each in matching.repeated
        ],
    }


def _agreement(found: AbcAgreement) -> dict[str, Any]:
    concordance = found.concordance
    return {
        "n": int(found.old.size),
        "moved": found.moved,
        "bland_altman_percent": _limits(found.relative) | {"sd_ln": _finite(found.relative.sd_ln)},
        "bland_altman_abc": _limits(found.absolute) | {"sd": _finite(found.absolute.sd)},
        "passing_bablok": _line(found.line),
        "concordance": _finite(concordance.coefficient),
        "concordance_ci95": _interval(concordance.interval),
        "pearson_r": _finite(concordance.pearson),
    }


def _limits(limits: Limits | RelativeLimits) -> dict[str, Any]:
    return {
        "bias": _finite(limits.bias),
        "bias_ci95": _interval(limits.bias_interval),
        "lower": _finite(limits.lower),
        "lower_ci95": _interval(limits.lower_interval),
        "upper": _finite(limits.upper),
        "upper_ci95": _interval(limits.upper_interval),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "slope": _finite(line.slope),
        "slope_ci95": _interval(line.slope_interval),
        "intercept": _finite(line.intercept),
        "intercept_ci95": _interval(line.intercept_interval),
    }


def _classes(comparison: Comparison) -> dict[str, Any]:
    kappa = comparison.kappa
    return {
        "outcomes": [each.value for each in OUTCOMES],
        "table": comparison.reclassified.tolist(),
        "n": kappa.n,
        "same": kappa.same,
        "kappa": _finite(kappa.kappa),
        "kappa_ci95": _interval(kappa.interval),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        **_who(change.pair),
        "old": _side(change.old),
        "new": _side(change.new),
        "reasons": [{"kind": each.kind.value, "detail": each.detail} for each in change.reasons],
    }


def _unexplained(found: Unexplained) -> dict[str, Any]:
    return {**_who(found.pair), "column": found.column, "old": found.old, "new": found.new}


def _who(pair: Matched) -> dict[str, Any]:
    return {
        "sample": pair.new.sample,
        "subject": pair.new.subject or pair.old.subject or None,
        "matched_by": pair.by,
        "old_line": pair.old.line,
        "new_line": pair.new.line,
    }


def _side(row: ResultRow) -> dict[str, Any]:
    return {
        "outcome": row.outcome.value,
        "verdict": row.verdict,
        "abc": row.abc,
        "error": row.error or None,
    }


def _interval(interval: Interval) -> list[float | None]:
    return [_finite(interval.low), _finite(interval.high)]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
