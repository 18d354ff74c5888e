"""Hostile and unusual tubes with a known answer: what is expected, what came, what is broken.

    python bench/hostile.py --seeds 3 --workers 2
    python bench/hostile.py --seeds 5 --case carry_over_10 --case bubble
    python bench/hostile.py --seeds 10 --workers 2 --write docs/gating.md

Default settings, nobody touches a gate. The same seeds print the same table. Exit status 1 when an
expectation is broken.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from outcome import Outcome, measure_pair
from page import put
from pairs import Pair, single_monocytes
from tables import VERDICTS, by_case, header, reasons, row

# isort: split
import oracle_hostile  # from tests/oracles, where `pairs` looks
from oracle_hostile_case import breach

MEANING = (
    "*sound*: a number within 5 % and `pass`; *doubtful*: never `pass` and more than 5 % wrong; "
    "*refuse*: no number."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, judge; the exit status."""
    wanted = _parser().parse_args(arguments)
    cases = wanted.case or list(oracle_hostile.CASES)
    seeds = range(wanted.first_seed, wanted.first_seed + wanted.seeds)
    outcomes = _measured([(case, seed) for case in cases for seed in seeds], wanted.workers)
    broken = [each for each in outcomes if said(each)]
    lines = [MEANING, "", *_table(outcomes), "", *_verdict(outcomes, broken)]
    print("\n".join(lines))
    if wanted.write is not None:
        put(wanted.write, "hostile", [f"    {_command(wanted)}", "", *lines])
    return 1 if broken else 0


def said(outcome: Outcome) -> str:
    """What is wrong with an outcome; empty where the expectation holds."""
    expects = oracle_hostile.CASES[outcome.case].expects
    return breach(expects, outcome.truth, outcome.abc, outcome.verdict)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=3, metavar="N", help="of each case")
    parser.add_argument("--first-seed", type=int, default=1, metavar="N")
    parser.add_argument(
        "--case", action="append", default=[], choices=oracle_hostile.CASES, metavar="CASE"
    )
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the table into a page")
    return parser


def _command(wanted: argparse.Namespace) -> str:
    first = [f"--first-seed {wanted.first_seed}"] if wanted.first_seed != 1 else []
    words = [f"--seeds {wanted.seeds}", *first, *(f"--case {case}" for case in wanted.case)]
    return " ".join(["python bench/hostile.py", *words])


def _measured(jobs: list[tuple[str, int]], workers: int) -> list[Outcome]:
    outcomes = []
    with ProcessPoolExecutor(workers) as pool:
        for done, outcome in enumerate(pool.map(_measure, jobs, chunksize=2), 1):
            outcomes.append(outcome)
            if sys.stderr.isatty():
                print(f"\r{done} of {len(jobs)} pairs", end="", file=sys.stderr, flush=True)
    return outcomes


def _measure(job: tuple[str, int]) -> Outcome:
    made = oracle_hostile.make_pair(*job)
    monocytes = single_monocytes(made.labels)
    pair = Pair(made.beads, made.blood, made.lot, made.truth_abc, monocytes)
    return measure_pair(*job, pair)


def _table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield from header(
        "case", "expected", "pairs", *VERDICTS, "because", "worst pass %", "expectation"
    )
    for case, of_case in by_case(outcomes).items():
        passed = [abs(each.error) for each in of_case if each.verdict == "pass"]
        verdicts = Counter(each.verdict for each in of_case)
        broken = sum(bool(said(each)) for each in of_case)
        yield row(
            case,
            oracle_hostile.CASES[case].expects,
            len(of_case),
            *(verdicts[verdict] for verdict in VERDICTS),
            reasons(of_case),
            f"{100 * max(passed):.1f}" if passed else "–",
            f"**broken {broken}**" if broken else "held",
        )


def _verdict(outcomes: Sequence[Outcome], broken: Sequence[Outcome]) -> Iterator[str]:
    cases = by_case(outcomes)
    if not broken:
        yield f"Every expectation holds: {len(cases)} cases, {len(outcomes)} pairs."
        return
    yield f"Expectations broken in {len(by_case(broken))} of {len(cases)} cases:"
    yield ""
    for case, of_case in by_case(broken).items():
        found = "; ".join(f"seed {each.seed} {said(each)}" for each in of_case)
        yield f"- {case}: {found}"


if __name__ == "__main__":
    sys.exit(main())
