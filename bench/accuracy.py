"""Accuracy on simulated pairs with known answers: a table a kind of case, and the limits.

    python bench/accuracy.py --seeds 20 --ordinary 100 --faults 5 --workers 2
    python bench/accuracy.py --seeds 2 --oracle --case level_4000 --case cd14_third
    python bench/accuracy.py --seeds 20 --ordinary 100 --faults 5 --write docs/validation.md

Default settings, nobody touches a gate. The same seeds print the same table. Exit status 1 when a
limit is broken.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pairs
from limits import broken, sentence
from outcome import Outcome, measure
from page import put
from tables import accuracy_table, calm_table, fault_table

TITLES = {"oracle": "independent simulator", "own": "own simulator"}

Groups = dict[tuple[str, str], list[Outcome]]  # by simulator and kind


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, judge; the exit status."""
    wanted = _parser().parse_args(arguments)
    groups = _measured(_jobs(wanted), wanted.workers)
    lines = [*_report(groups), *_verdict(problems := broken(groups))]
    print("\n".join(lines))
    if wanted.write is not None:
        command = "python bench/accuracy.py " + _command(wanted)
        put(wanted.write, "accuracy", [f"    {command}", "", *lines])
    return 1 if problems else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--oracle", action="store_true", help="the independent simulator only")
    which.add_argument("--own", action="store_true", help="hladr.simulate only")
    parser.add_argument("--seeds", type=int, default=20, metavar="N", help="of the hard cases")
    parser.add_argument("--ordinary", type=int, default=0, metavar="N", help="seeds a kind")
    parser.add_argument("--faults", type=int, default=0, metavar="N", help="seeds a fault")
    parser.add_argument("--first-seed", type=int, default=1, metavar="N")
    parser.add_argument("--case", action="append", default=[], help="this case only; repeatable")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into a page")
    return parser


def _command(wanted: argparse.Namespace) -> str:
    given = [f"--seeds {wanted.seeds}"]
    given += [f"--{name}" for name in ("oracle", "own") if getattr(wanted, name)]
    given += [f"--{name} {n}" for name in ("ordinary", "faults") if (n := getattr(wanted, name))]
    given += [f"--first-seed {wanted.first_seed}"] if wanted.first_seed != 1 else []
    return " ".join(given + [f"--case {case}" for case in wanted.case])


def _jobs(wanted: argparse.Namespace) -> list[tuple[str, str, str, int]]:
    """Simulator, kind, case and seed of every pair, in the order of the tables."""
    simulators = [
        name for name in pairs.SIMULATORS if not (wanted.oracle or wanted.own) or vars(wanted)[name]
    ]
    seeds = {
        "hard": wanted.seeds,
        "other": wanted.seeds,
        "ordinary": wanted.ordinary,
        "fault": wanted.faults,
    }
    return [
        (simulator, kind, case, seed)
        for kind, count in seeds.items()
        for simulator in simulators
        for case in pairs.KINDS[simulator][kind]
        if not wanted.case or case in wanted.case
        for seed in range(wanted.first_seed, wanted.first_seed + count)
    ]


def _measured(jobs: list[tuple[str, str, str, int]], workers: int) -> Groups:
    """Outcomes by simulator and kind, in the order of the jobs, whatever the workers do."""
    groups: Groups = {}
    with ProcessPoolExecutor(workers) as pool:
        outcomes = pool.map(_measure, jobs, chunksize=4)
        for done, (job, outcome) in enumerate(zip(jobs, outcomes, strict=True), 1):
            groups.setdefault(job[:2], []).append(outcome)
            if sys.stderr.isatty():
                print(f"\r{done} of {len(jobs)} pairs", end="", file=sys.stderr, flush=True)
    return groups


def _measure(job: tuple[str, str, str, int]) -> Outcome:
    simulator, _, case, seed = job
    return measure(simulator, case, seed)


def _report(groups: Groups) -> Iterator[str]:
    titles = {
        "hard": ("Accuracy", accuracy_table),
        "other": ("Honest files of other make", accuracy_table),
        "ordinary": ("Ordinary pairs", calm_table),
        "fault": ("Pairs with a fault", fault_table),
    }
    for (simulator, kind), outcomes in groups.items():
        title, table = titles[kind]
        yield f"**{title}, {TITLES[simulator]}**"
        yield ""
        yield from table(outcomes)
        yield ""


def _verdict(problems: list[str]) -> list[str]:
    if not problems:
        return [sentence(), "", "Every limit holds."]
    return [sentence(), "", "Limits broken:", "", *(f"- {problem}" for problem in problems)]


if __name__ == "__main__":
    sys.exit(main())
