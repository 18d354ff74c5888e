"""What the automatic gate has to keep to against the simulators' labels, and whether it does."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from agreement import GATE, Agreement

MEDIAN_F1 = 0.97
WORST_F1 = 0.93
BY_NUMBER = ("monocytes_700", "cd14_half", "cd14_third")  # tiny, and CD14-dim: judged on AB/c
WORST_DIFFERENCE = 0.05
REVIEWED = {"review", "reject", "refused"}


def sentence() -> str:
    """The limits in words."""
    return (
        f"Limits: median F1 of the hard cases at least {MEDIAN_F1:g} for each simulator; no file "
        f"below {WORST_F1:g}, except in {', '.join(BY_NUMBER)}, where AB/c is within "
        f"{WORST_DIFFERENCE:.0%} or the sample does not pass."
    )


def broken(
    groups: Mapping[tuple[str, str], Mapping[str, Sequence[Agreement]]],
) -> list[str]:
    """Sentences, one a broken limit; `groups` by simulator and kind, then case."""
    return [
        f"{simulator}, {kind}: {problem}"
        for (simulator, kind), cases in groups.items()
        for problem in _problems(kind, cases)
    ]


def _problems(kind: str, cases: Mapping[str, Sequence[Agreement]]) -> Iterator[str]:
    f1 = [each.f1[GATE] for of_case in cases.values() for each in of_case]
    if kind == "hard" and not np.median(f1) >= MEDIAN_F1:
        yield f"median F1 {np.median(f1):.3f}, limit {MEDIAN_F1:g}"
    for case, of_case in cases.items():
        for each in of_case:
            if case not in BY_NUMBER:
                if not each.f1[GATE] >= WORST_F1:
                    yield f"{case}-{each.seed} has an F1 of {each.f1[GATE]:.3f}, limit {WORST_F1:g}"
            elif each.verdict not in REVIEWED:
                off = each.difference[GATE]
                if not abs(off) <= WORST_DIFFERENCE:
                    yield f"{case}-{each.seed} passes with AB/c {100 * off:+.1f} % off"
