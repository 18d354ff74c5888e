"""The letter that goes with a recalculation: what happened, whom it concerns, by how much."""

from hladr.number_format import format_count
from hladr.recalculation import Comparison, concerned_runs, relative_change
from hladr.recalculation.runs import concerned
from hladr.recalculation.wording import relative_change_text
from hladr.recalculation_report.page import LetterPage
from hladr.recalculation_report.tables import change_rows, run_rows

MOST_RUNS = 6
MOST_CHANGES = 14
"""Rows that fit on the page with two lines each."""


def letter_page(comparison: Comparison, reason: str) -> LetterPage:
    """Context of the letter's template; a sample whose verdict alone changes is counted only."""
    runs = concerned_runs(comparison)
    moved = [each for each in comparison.changes if each.old.outcome is not each.new.outcome]
    verdict_alone = len(comparison.changes) - len(moved)
    return LetterPage(
        old=comparison.old.file,
        new=comparison.new.file,
        reason=reason.strip(),
        warning=_warning(comparison),
        scope=_scope(comparison, len(runs)),
        amount=_amount(comparison),
        runs=run_rows(runs[:MOST_RUNS]),
        more_runs=_more(len(runs) - MOST_RUNS, "bead run", "bead runs"),
        moved=_moved(len(moved), verdict_alone),
        changes=change_rows(comparison, moved[:MOST_CHANGES]),
        more_changes=_more(len(moved) - MOST_CHANGES, "sample", "samples"),
    )


def _warning(comparison: Comparison) -> str:
    count = len(comparison.unexplained)
    if not count:
        return ""
    return (
        f"Do not sign: {_counted(count, 'number differs', 'numbers differ')} although nothing that "
        "it depends on does. Find the cause first."
    )


def _scope(comparison: Comparison, runs: int) -> str:
    pairs = len(comparison.matching.pairs)
    touched = len(concerned(comparison))
    verb = "is" if touched == 1 else "are"
    return (
        f"Of {_counted(pairs, 'sample', 'samples')} in both tables, {format_count(touched)} {verb} "
        f"concerned, from {_counted(runs, 'bead run', 'bead runs')}."
    )


def _amount(comparison: Comparison) -> str:
    changed = [
        pair
        for pair in comparison.matching.pairs
        if pair.has_two_numbers and pair.old.abc != pair.new.abc
    ]
    if not changed:
        return "No AB/c changes."
    samples = _counted(len(changed), "sample", "samples")
    return f"AB/c changes in {samples}: {relative_change_text(relative_change(changed))}."


def _moved(moved: int, verdict_alone: int) -> str:
    if not moved and not verdict_alone:
        return "No class and no verdict changes."
    verb = "changes" if moved == 1 else "change"
    first = f"{_counted(moved, 'sample', 'samples')} {verb} class or outcome"
    if not verdict_alone:
        return f"{first}."
    keep = "keeps its class and changes" if verdict_alone == 1 else "keep their class and change"
    return f"{first}; {format_count(verdict_alone)} more {keep} the verdict alone."


def _more(count: int, one: str, several: str) -> str:
    if count <= 0:
        return ""
    are = "is" if count == 1 else "are"
    return f"{_counted(count, one, several)} more {are} listed in the report of the comparison."


def _counted(count: int, one: str, several: str) -> str:
    return f"{format_count(count)} {one if count == 1 else several}"
