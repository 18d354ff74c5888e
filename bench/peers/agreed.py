"""Whether the contestants gave the same answers."""

from collections.abc import Mapping, Sequence

from contestants import CONTESTANTS, OURS
from rounds import Series


def disagreements(
    jobs: Mapping[tuple[str, int], Series], names: Sequence[str], sizes: Sequence[int]
) -> list[str]:
    """Sentences about counts and AB/c that differ by more than they may."""
    return [said for size in sizes for said in _of_size(jobs, names, size)]


def _of_size(jobs: Mapping[tuple[str, int], Series], names: Sequence[str], size: int) -> list[str]:
    base = OURS if OURS in names else names[0]
    true, problems = jobs[base, size].answers[0], []
    for name in names:
        who = CONTESTANTS[name]
        for found in jobs[name, size].answers:
            if who.counts and found["counts"] != true["counts"]:
                problems.append(
                    f"{who.label}, {size:,} events: {found['counts']}, not {true['counts']}"
                )
            if not abs(found["abc"] / true["abc"] - 1.0) <= who.precision:
                problems.append(f"{who.label}, {size:,} events: {found['abc']}, not {true['abc']}")
    return problems
