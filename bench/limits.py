"""What the method has to keep to on simulated pairs, and whether it does."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from outcome import REFUSED, Outcome
from tables import by_case, coverage, errors, half_width

MEDIAN_ERROR = 0.02
WORST_ERROR = 0.05
COVERAGE_POOLED = 0.93
COVERAGE_OF_A_CASE = 0.88
HALF_WIDTH = 0.07
ORDINARY_PASS = 0.95
ORDINARY_REJECT = 0.01  # refusals among them


def sentence() -> str:
    """The limits in words."""
    return (
        f"Limits of the accuracy tables: median absolute error {MEDIAN_ERROR:.0%}, worst "
        f"{WORST_ERROR:.0%}; no wrong class; the interval holds the answer in at least "
        f"{COVERAGE_POOLED:.0%} of all pairs and {COVERAGE_OF_A_CASE:.0%} of every case, with a "
        f"median half-width of at most {HALF_WIDTH:.0%}. Of ordinary pairs at least "
        f"{ORDINARY_PASS:.0%} pass and fewer than {ORDINARY_REJECT:.0%} are rejected or refused. "
        "No pass anywhere in the last two columns."
    )


def broken(groups: Mapping[tuple[str, str], Sequence[Outcome]]) -> list[str]:
    """Sentences, one a broken limit; `groups` by simulator and kind."""
    judges = {"hard": _hard, "other": _passes, "ordinary": _ordinary, "fault": _passes}
    return [
        f"{simulator}, {kind}: {problem}"
        for (simulator, kind), outcomes in groups.items()
        for problem in judges[kind](outcomes)
    ]


def _hard(outcomes: Sequence[Outcome]) -> Iterator[str]:
    found = np.abs(errors(outcomes))
    if refused := [each for each in outcomes if each.verdict == REFUSED]:
        yield f"no number: {_named(refused)}"
    if not found.size:
        return
    checks = (
        ("median absolute error", float(np.median(found)), MEDIAN_ERROR, False),
        ("worst error", float(found.max()), WORST_ERROR, False),
        ("coverage of ci95_analysis", coverage(outcomes), COVERAGE_POOLED, True),
        ("median half-width", half_width(outcomes), HALF_WIDTH, False),
        *(
            (f"coverage in {case}", coverage(of_case), COVERAGE_OF_A_CASE, True)
            for case, of_case in by_case(outcomes).items()
        ),
    )
    for name, value, limit, at_least in checks:
        if value < limit if at_least else not value <= limit:
            yield f"{name} {100 * value:.2f} %, limit {100 * limit:g} %"
    if wrong := [each for each in outcomes if each.wrong_class]:
        yield f"wrong class: {_named(wrong)}"
    yield from _passes(outcomes)


def _ordinary(outcomes: Sequence[Outcome]) -> Iterator[str]:
    passed = np.mean([each.verdict == "pass" for each in outcomes])
    if passed < ORDINARY_PASS:
        yield f"{100 * passed:.1f} % pass, limit {100 * ORDINARY_PASS:g} %"
    lost = [each for each in outcomes if each.verdict in {"reject", REFUSED}]
    if not len(lost) < ORDINARY_REJECT * len(outcomes):
        yield f"rejected or refused: {_named(lost)}; limit below {100 * ORDINARY_REJECT:g} %"
    yield from _passes(outcomes)


def _passes(outcomes: Sequence[Outcome]) -> Iterator[str]:
    if far := [each for each in outcomes if each.far_pass]:
        yield f"pass with an error above 10 %: {_named(far)}"
    if near := [each for each in outcomes if each.near_pass]:
        yield f"pass with an error above 5 % by a cut-off: {_named(near)}"


def _named(outcomes: Sequence[Outcome]) -> str:
    """The first ten by case and seed."""
    shown = ", ".join(f"{each.case}-{each.seed}" for each in outcomes[:10])
    return shown if len(outcomes) <= 10 else f"{shown} and {len(outcomes) - 10} more"
