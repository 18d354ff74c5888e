"""The letter that goes with a recalculation: what happened, whom it concerns, by how much."""

import itertools
import math
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from markupsafe import Markup, escape

from hladr.number_format import format_count
from hladr.recalculation import Comparison, concerned_runs, relative_change
from hladr.recalculation.runs import concerned
from hladr.recalculation.wording import relative_change_text
from hladr.recalculation_report.page import ChangeRow, LetterPage, RunRow
from hladr.recalculation_report.tables import change_rows, run_rows
from hladr.report.svg import visible

Row = TypeVar("Row")
Texts = tuple[str, ...]

# Pixels of an A4 page, less what is there in every letter; of a line of text, and around a row's.
_ROOM, _LINE, _AROUND = 590, 18, 8
_LETTERS = 100  # of a reason, in a line
_WIDE = 1.9  # small letters that a capital, or a sign as wide as high, takes at most
_SHARE_OF_RUNS = 0.4  # of the room, at most
_RUN_LETTERS = (22, 14, 20, 8, 10, 34)  # of each column, in a line
_CHANGE_LETTERS = (13, 30, 17, 17, 10, 10, 10)


def letter_page(comparison: Comparison, reason: str) -> LetterPage:
    """Context of the letter's template; a sample whose verdict alone changes is counted only."""
    runs = sorted(concerned_runs(comparison), key=lambda run: -run.reclassified)
    moved = [each for each in comparison.changes if each.old.outcome is not each.new.outcome]
    verdict_alone = len(comparison.changes) - len(moved)
    room = _ROOM - _LINE * _lines_of_text(reason)
    shown_runs = _fitting(run_rows(runs), _run_texts, _RUN_LETTERS, int(room * _SHARE_OF_RUNS))
    room -= _height(shown_runs, _run_texts, _RUN_LETTERS)
    shown = _fitting(change_rows(comparison, moved), _change_texts, _CHANGE_LETTERS, room)
    return LetterPage(
        old=comparison.old.file,
        new=comparison.new.file,
        reason=tuple(_paragraph(each) for each in reason.strip().splitlines()),
        warning=_warning(comparison),
        scope=_scope(comparison, len(runs)),
        amount=_amount(comparison),
        runs=shown_runs,
        more_runs=_more(len(runs) - len(shown_runs), "bead run", "bead runs"),
        moved=_moved(len(moved), verdict_alone),
        changes=shown,
        more_changes=_more(len(moved) - len(shown), "sample", "samples"),
    )


def _fitting(
    rows: Sequence[Row], texts: Callable[[Row], Texts], letters: Sequence[int], room: int
) -> tuple[Row, ...]:
    """As many of the rows, from the first, as have room on the page."""
    until = itertools.accumulate(_height([row], texts, letters) for row in rows)
    return tuple(row for row, used in zip(rows, until, strict=True) if used <= room)


def _height(rows: Iterable[Row], texts: Callable[[Row], Texts], letters: Sequence[int]) -> int:
    """Pixels that rows take, each as high as its longest cell."""
    return sum(
        _AROUND + _LINE * max(_lines(*cell) for cell in zip(texts(row), letters, strict=True))
        for row in rows
    )


def _run_texts(row: RunRow) -> Texts:
    return row.beads, row.old_lot, row.new_lot, row.samples, row.reclassified, row.change


def _change_texts(row: ChangeRow) -> Texts:
    numbers = row.abc_before, row.abc_now, row.change
    return row.subject, row.sample, row.before, row.now, *numbers


def _paragraph(text: str) -> Markup:
    """A paragraph of the reason, whole: what is printed elsewhere is cut earlier."""
    return escape(visible(text, len(text)))


def _lines_of_text(text: str) -> int:
    return sum(_lines(paragraph, _LETTERS) for paragraph in text.splitlines())


def _lines(text: str, letters: int) -> int:
    """Lines that a text takes where so many small letters have room in one; never too few."""
    width = sum(_WIDE if _is_wide(each) else 1.0 for each in text)
    return max(1, math.ceil(width / letters))


def _is_wide(letter: str) -> bool:
    return letter.isupper() or unicodedata.east_asian_width(letter) in {"W", "F"}


def _warning(comparison: Comparison) -> str:
    count = len(comparison.unexplained)
    if not count:
        return ""
    differ = _counted(count, "number differs", "numbers differ")
    them = "it depends" if count == 1 else "they depend"
    return (
        f"Do not sign: {differ} although nothing that {them} on does. Find the cause first, in the "
        "report of the comparison."
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
    return (
        f"AB/c changes in {samples}, median (range): "
        f"{relative_change_text(relative_change(changed))}."
    )


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
