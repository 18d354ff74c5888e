"""From a comparison to everything its report shows."""

from dataclasses import replace

import numpy as np
from markupsafe import Markup

from hladr.number_format import format_count
from hladr.recalculation import Comparison, concerned_runs
from hladr.recalculation.wording import line_text, matching_text, percent_text
from hladr.recalculation_report.figures import PairPlot, draw_bland_altman, draw_regression
from hladr.recalculation_report.page import ComparisonPage
from hladr.recalculation_report.tables import (
    alone_rows,
    bland_altman_rows,
    change_rows,
    kappa_rows,
    outcome_table,
    regression_rows,
    repeated_rows,
    run_rows,
    table_facts,
    unexplained_rows,
)
from hladr.report.badges import verdict_badge
from hladr.report.cutoffs import drawn_cutoffs
from hladr.report.page import Badge, Fact
from hladr.result import Verdict


def comparison_page(comparison: Comparison) -> ComparisonPage:
    """Context of the report's template."""
    badge, sentence = _judged(comparison)
    bland_altman, regression = _drawings(comparison)
    outcomes, outcome_rows = outcome_table(comparison)
    return ComparisonPage(
        old=comparison.old.file,
        new=comparison.new.file,
        badge=badge,
        sentence=sentence,
        summary=_summary(comparison),
        bland_altman=bland_altman,
        bland_altman_rows=bland_altman_rows(comparison),
        regression=regression,
        regression_rows=regression_rows(comparison),
        outcomes=outcomes,
        outcome_rows=outcome_rows,
        kappa_rows=kappa_rows(comparison),
        changes=change_rows(comparison, comparison.changes),
        runs=run_rows(concerned_runs(comparison)),
        unexplained=unexplained_rows(comparison),
        alone=alone_rows(comparison),
        repeated=repeated_rows(comparison),
        tables=(
            ("Before", table_facts(comparison.old)),
            ("Now", table_facts(comparison.new)),
        ),
    )


def _judged(comparison: Comparison) -> tuple[Badge, str]:
    """Badge and sentence: the gravest of what was found."""
    if comparison.unexplained:
        badge = replace(verdict_badge(Verdict.REJECT), word="Defect")
        return badge, "Numbers differ although nothing that they depend on does."
    if comparison.changes:
        badge = replace(verdict_badge(Verdict.REVIEW), word="Classes change")
        return badge, "A person must look at the samples whose class or verdict changes."
    badge = replace(verdict_badge(Verdict.PASS), word="Classes kept")
    return badge, "No class and no verdict changes."


def _summary(comparison: Comparison) -> tuple[Fact, ...]:
    found, kappa = comparison.agreement, comparison.kappa
    numbers = (
        f"{format_count(found.relative.n)} samples have one in both tables; "
        f"{format_count(found.moved)} of these are not the same"
    )
    bias = (
        f"{percent_text(found.relative.bias)}, 95 % of the samples between "
        f"{percent_text(found.relative.lower)} and {percent_text(found.relative.upper)}"
    )
    moved = sum(each.old.outcome is not each.new.outcome for each in comparison.changes)
    classes = (
        f"{format_count(moved)} samples change class or outcome, "
        f"{format_count(len(comparison.changes) - moved)} the verdict alone; "
        f"{format_count(kappa.same)} of {format_count(kappa.n)} with a class in both keep it"
    )
    return (
        Fact("Samples", matching_text(comparison.matching)),
        Fact("AB/c", numbers),
        Fact("Change", bias),
        Fact("Line", line_text(found.line)),
        Fact("Classes", classes),
    )


def _drawings(comparison: Comparison) -> tuple[Markup, Markup]:
    """Both plots; empty where no sample has two numbers."""
    found = comparison.agreement
    if found.old.size == 0:
        return Markup(), Markup()
    changed = {id(each.pair) for each in comparison.changes}
    numbered = (pair for pair in comparison.matching.pairs if pair.has_two_numbers)
    plot = PairPlot(
        old=found.old,
        new=found.new,
        changed=np.array([id(pair) in changed for pair in numbered]),
        cutoffs=() if comparison.criterion is None else drawn_cutoffs(comparison.criterion),
    )
    return draw_bland_altman(plot, found.relative), draw_regression(plot, found.line)
