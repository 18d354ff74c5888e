"""Outcomes as Markdown tables."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from outcome import Outcome

VERDICTS = ("pass", "review", "reject", "refused")


def by_case(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """Outcomes of each case, in order of appearance."""
    cases: dict[str, list[Outcome]] = {}
    for each in outcomes:
        cases.setdefault(each.case, []).append(each)
    return cases


def errors(outcomes: Iterable[Outcome]) -> np.ndarray:
    """Signed relative errors of the outcomes that have a number and an answer."""
    found = np.array([each.error for each in outcomes])
    return found[np.isfinite(found)]


def coverage(outcomes: Iterable[Outcome]) -> float:
    """Share of intervals that hold the answer; a pair without a number counts as missed."""
    return float(np.mean([each.covered for each in outcomes]))


def half_width(outcomes: Iterable[Outcome]) -> float:
    """Median relative half-width of the intervals."""
    return float(np.nanmedian([each.half_width for each in outcomes]))


def accuracy_table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """One row a case, and one for all of them."""
    yield from header(
        "case", "pairs", "median abs. error %", "worst %", "mean error %", "95 % interval holds",
        "half-width %", "pass / review / reject / refused", "wrong class", "pass > 10 % off",
        "pass > 5 % off by a cut-off",
    )  # fmt: skip
    rows = by_case(outcomes)
    if len(rows) > 1:
        rows = {**rows, "**all**": list(outcomes)}
    for case, of_case in rows.items():
        found = errors(of_case)
        yield row(
            case,
            len(of_case),
            *_percents(np.abs(found), np.median, np.max),
            *_percents(found, np.mean),
            f"{100 * coverage(of_case):.0f} %",
            f"{100 * half_width(of_case):.1f}" if found.size else "–",
            " / ".join(str(n) for n in _verdicts(of_case)),
            sum(each.wrong_class for each in of_case),
            sum(each.far_pass for each in of_case),
            sum(each.near_pass for each in of_case),
        )


def calm_table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Verdicts of clean pairs, and why those that do not pass do not."""
    yield from header("kind", "pairs", "pass", "review", "reject", "refused", "because")
    for case, of_case in {**by_case(outcomes), "**all**": list(outcomes)}.items():
        shares = (f"{100 * n / len(of_case):.1f} %" for n in _verdicts(of_case))
        yield row(case, len(of_case), *shares, reasons(of_case))


def fault_table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """What becomes of pairs with a fault."""
    yield from header(
        "fault", "pairs", "pass", "review", "reject", "refused", "because", "worst pass %",
        "pass > 10 % off",
    )  # fmt: skip
    for case, of_case in by_case(outcomes).items():
        passed = np.abs([each.error for each in of_case if each.verdict == "pass"])
        yield row(
            case,
            len(of_case),
            *_verdicts(of_case),
            reasons(of_case),
            *_percents(passed, np.max),
            sum(each.far_pass for each in of_case),
        )


def _verdicts(outcomes: Iterable[Outcome]) -> list[int]:
    count = Counter(each.verdict for each in outcomes)
    return [count[verdict] for verdict in VERDICTS]


def reasons(outcomes: Iterable[Outcome]) -> str:
    """The codes behind what did not pass, the most frequent first, at most three."""
    count = Counter(each.code for each in outcomes if each.code)
    return ", ".join(f"`{code}` {n}" for code, n in count.most_common(3))


def _percents(values: np.ndarray, *measures) -> Iterator[str]:
    for measure in measures:
        yield f"{100 * measure(values):.1f}" if np.size(values) else "–"


def header(*names: str) -> Iterator[str]:
    yield row(*names)
    yield row("---", *("---:" for _ in names[1:]))


def row(*cells: object) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"
