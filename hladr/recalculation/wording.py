"""A comparison in words: one wording for the terminal, the report and the letter."""

import math
from collections.abc import Iterable

from hladr.agreement import Interval, Line
from hladr.criterion import CutOff, Quantity, format_abc
from hladr.number_format import (
    MINUS,
    NARROW_SPACE,
    NOT_A_NUMBER,
    format_count,
    format_fixed,
    format_signed,
    format_significant,
)
from hladr.recalculation.comparison import Comparison
from hladr.recalculation.dependence import Unexplained
from hladr.recalculation.matching import Matched, Matching
from hladr.recalculation.reasons import Change
from hladr.recalculation.runs import ConcernedRun, RelativeChange, concerned_runs
from hladr.result_table import Outcome, ResultRow

_PERCENT_DECIMALS = 2
_COEFFICIENT_DECIMALS = 4
NOT_SAID = "not said"


def state(row: ResultRow) -> str:
    """What became of a sample: ``unclassified, review``; ``rejected``; ``refused``."""
    if row.outcome in {Outcome.REFUSED, Outcome.REJECTED}:
        return row.outcome.value
    return f"{row.outcome.value}, {row.verdict}"


def abc_text(row: ResultRow, cutoffs: tuple[CutOff, ...]) -> str:
    """AB/c as it is printed, never across a cut-off; empty where there is none."""
    return "" if row.abc is None else format_abc(row.abc, cutoffs)


def change_text(pair: Matched) -> str:
    """Relative change of AB/c; empty where a sample has not two."""
    if pair.old.abc is None or pair.new.abc is None:
        return ""
    return percent_text(100.0 * (pair.new.abc / pair.old.abc - 1.0))


def reason_kinds(change: Change) -> str:
    """``curve, findings``."""
    return ", ".join(each.kind.value for each in change.reasons)


def unexplained_text(found: Unexplained) -> str:
    """``abc 3394.21 → 3401.07``, with all digits."""
    return f"{found.column} {found.old} → {found.new}"


def matching_text(matching: Matching) -> str:
    """How many samples were matched, and by what."""
    by_hash = sum(pair.by == "sample_sha256" for pair in matching.pairs)
    by_name = len(matching.pairs) - by_hash
    old, new = len(matching.only_old), len(matching.only_new)
    unclear = sum(len(each.new) for each in matching.repeated)
    repeated = f", {format_count(unclear)} not told apart" if unclear else ""
    return (
        f"{format_count(by_hash + by_name)} in both tables ({format_count(by_hash)} by the hash of "
        f"the file, {format_count(by_name)} by name), {format_count(old)} only in the old one, "
        f"{format_count(new)} only in the new one{repeated}"
    )


def new_lot_text(run: ConcernedRun) -> str:
    """Lot of a bead run now: its number, or its values where it has none."""
    name = run.new_lot or NOT_SAID
    same_name = run.lot_values_differ and run.new_lot == run.old_lot
    return f"{name}, other values" if same_name else name


def lot_texts(comparison: Comparison) -> tuple[str, ...]:
    """Lots of the bead runs that have another now: ``402,4550,20240,52900 → A-1``."""
    differ = (run for run in concerned_runs(comparison) if run.lot_values_differ)
    return tuple(
        dict.fromkeys(f"{run.old_lot or NOT_SAID} → {new_lot_text(run)}" for run in differ)
    )


def repeated_text(rows: Iterable[ResultRow]) -> str:
    """Where the rows of a sample stand in their table: ``lines 4, 9``."""
    lines = ", ".join(str(row.line) for row in rows)
    return f"line{'s' if ',' in lines else ''} {lines}"


def printed_cutoffs(comparison: Comparison) -> tuple[CutOff, ...]:
    """Cut-offs that a printed AB/c must not cross; none where the criterion is not known."""
    criterion = comparison.criterion
    return () if criterion is None else criterion.cutoffs(Quantity.ABC)


def percent_text(percent: float) -> str:
    """``+6.60 %``."""
    if not math.isfinite(percent):
        return NOT_A_NUMBER
    return f"{format_signed(percent, _PERCENT_DECIMALS)}{NARROW_SPACE}%"


def percent_interval(interval: Interval) -> str:
    """``+5.69 % to +7.52 %``; words where it cannot be determined."""
    return _between(percent_text(interval.low), percent_text(interval.high), interval)


def abc_difference(abc: float) -> str:
    """``+1,054``."""
    if not math.isfinite(abc):
        return NOT_A_NUMBER
    size = f"{abs(abc):,.0f}" if abs(abc) >= 10.0 else f"{abs(abc):.1f}"
    if float(size.replace(",", "")) == 0.0:
        return "0"
    return f"{MINUS if abc < 0 else '+'}{size}"


def abc_interval(interval: Interval) -> str:
    """``−1,551 to +3,660``."""
    return _between(abc_difference(interval.low), abc_difference(interval.high), interval)


def coefficient_text(value: float) -> str:
    """Four decimals, cut rather than rounded: only what is 1 prints 1.0000."""
    if not math.isfinite(value):
        return NOT_A_NUMBER
    scale = 10**_COEFFICIENT_DECIMALS
    return format_fixed(math.trunc(value * scale) / scale, _COEFFICIENT_DECIMALS)


def coefficient_interval(interval: Interval) -> str:
    """``0.9271 to 0.9995``."""
    return _between(coefficient_text(interval.low), coefficient_text(interval.high), interval)


def slope_text(value: float) -> str:
    """``1.0713``."""
    return format_fixed(value, _COEFFICIENT_DECIMALS)


def slope_interval(interval: Interval) -> str:
    """``1.0297 to 1.0319``."""
    return _between(slope_text(interval.low), slope_text(interval.high), interval)


def line_text(line: Line) -> str:
    """``new = −40.5 + 1.0713 × old``."""
    if not math.isfinite(line.slope):
        return NOT_A_NUMBER
    return f"new = {format_significant(line.intercept, 3)} + {slope_text(line.slope)} × old"


def relative_change_text(change: RelativeChange | None) -> str:
    """Median with the range: ``+6.53 % (+6.28 % to +7.00 %)``."""
    if change is None:
        return NOT_A_NUMBER
    span = f"{percent_text(change.lowest)} to {percent_text(change.highest)}"
    return f"{percent_text(change.median)} ({span})"


def _between(low: str, high: str, interval: Interval) -> str:
    known = math.isfinite(interval.low) and math.isfinite(interval.high)
    return f"{low} to {high}" if known else NOT_A_NUMBER
