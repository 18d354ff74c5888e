"""The automatic gate against the simulators' labels, beside three other ways to gate.

    python bench/gate.py --seeds 20 --workers 2 --write docs/gating.md
    python bench/gate.py --seeds 2 --case cd14_third

F1 per event, and the difference of the gated monocytes' HLA-DR from that of the true ones. Default
settings, nobody touches a gate. The same seeds print the same table. Exit status 1 when a limit is
broken.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from pathlib import Path

import numpy as np
import pairs
import same_tube
from agreement import GATE, METHODS, TITLES, Agreement, compare
from agreement_limits import broken, sentence
from page import put
from tables import VERDICTS, header, row

SIMULATORS = {"oracle": "independent simulator", "own": "own simulator"}
KINDS = {"hard": "hard cases", "other": "honest files of other make", "ordinary": "ordinary pairs"}
BETTER = 0.001  # F1: less is chance
MEANING = (
    "*F1*: median / worst over the files of a case. *AB/c*: median / worst difference in per cent, "
    "regardless of sign. *Verdicts*: pass / review / reject / refused. A file without a gate has "
    "an F1 of 0."
)

Groups = dict[tuple[str, str], dict[str, list[Agreement]]]  # by simulator and kind, then case


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, judge; the exit status."""
    wanted = _parser().parse_args(arguments)
    groups = _measured(wanted)
    encodings = same_tube.measured(wanted.encodings)
    problems = [*broken(groups), *same_tube.broken(encodings)]
    lines = [MEANING, "", *_report(groups), *same_tube.table(encodings)]
    lines += [sentence(), "", *_verdict(problems)]
    print("\n".join(lines))
    if wanted.write is not None:
        put(wanted.write, "gate", [f"    {_command(wanted)}", "", *lines])
    return 1 if problems else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=20, metavar="N", help="of each case")
    parser.add_argument("--first-seed", type=int, default=1, metavar="N")
    parser.add_argument("--case", action="append", default=[], help="this case only; repeatable")
    parser.add_argument(
        "--encodings", type=int, default=3, metavar="N", help="tubes written in every way"
    )
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into a page")
    return parser


def _command(wanted: argparse.Namespace) -> str:
    first = [f"--first-seed {wanted.first_seed}"] if wanted.first_seed != 1 else []
    cases = [f"--case {case}" for case in wanted.case]
    return " ".join(["python bench/gate.py", f"--seeds {wanted.seeds}", *first, *cases])


def _measured(wanted: argparse.Namespace) -> Groups:
    jobs = [
        (simulator, kind, case, seed)
        for simulator in pairs.SIMULATORS
        for kind in KINDS
        for case in pairs.KINDS[simulator][kind]
        if not wanted.case or case in wanted.case
        for seed in range(wanted.first_seed, wanted.first_seed + wanted.seeds)
    ]
    groups: Groups = {}
    with ProcessPoolExecutor(wanted.workers) as pool:
        found = pool.map(_compare, jobs, chunksize=2)
        for done, (job, one) in enumerate(zip(jobs, found, strict=True), 1):
            groups.setdefault(job[:2], {}).setdefault(job[2], []).append(one)
            if sys.stderr.isatty():
                print(f"\r{done} of {len(jobs)} files", end="", file=sys.stderr, flush=True)
    return groups


def _compare(job: tuple[str, str, str, int]) -> Agreement:
    simulator, _, case, seed = job
    return compare(simulator, case, seed)


def _report(groups: Groups) -> Iterator[str]:
    for (simulator, kind), cases in groups.items():
        yield f"**Gate, {KINDS[kind]}, {SIMULATORS[simulator]}**"
        yield ""
        yield from _table(cases)
        yield ""
        yield from _where_worse(cases)
        yield ""


def _table(cases: dict[str, list[Agreement]]) -> Iterator[str]:
    rivals = [name for name in METHODS if name != GATE]
    names = [f"{TITLES[name]}: {what}" for name in rivals for what in ("F1", "AB/c")]
    yield from header("case", "files", "gate: F1", "gate: AB/c", "verdicts", *names)
    for case, of_case in {**cases, "**all**": list(chain.from_iterable(cases.values()))}.items():
        verdicts = Counter(each.verdict for each in of_case)
        yield row(
            case,
            len(of_case),
            *_cells(of_case, GATE),
            " / ".join(str(verdicts[verdict]) for verdict in VERDICTS),
            *(cell for name in rivals for cell in _cells(of_case, name)),
        )


def _cells(of_case: Sequence[Agreement], method: str) -> tuple[str, str]:
    f1 = np.array([each.f1[method] for each in of_case])
    off = np.abs([each.difference[method] for each in of_case])
    off = 100.0 * off[np.isfinite(off)]
    shown = f"{np.median(off):.1f} / {off.max():.1f}" if off.size else "–"
    return f"{np.median(f1):.3f} / {f1.min():.3f}", shown


def _where_worse(cases: dict[str, list[Agreement]]) -> Iterator[str]:
    """Cases in which a rival's median F1 is higher."""
    worse = []
    for case, of_case in cases.items():
        medians = {m: float(np.median([each.f1[m] for each in of_case])) for m in METHODS}
        better = [
            f"{TITLES[m]} by {medians[m] - medians[GATE]:.3f}"
            for m in METHODS
            if medians[m] > medians[GATE] + BETTER
        ]
        if better:
            worse.append(f"{case} ({', '.join(better)})")
    told = "; ".join(worse) if worse else "none"
    yield f"Cases in which another way has the higher median F1 (by more than {BETTER:g}): {told}."


def _verdict(problems: list[str]) -> list[str]:
    if not problems:
        return ["Every limit holds."]
    return ["Limits broken:", "", *(f"- {problem}" for problem in problems)]


if __name__ == "__main__":
    sys.exit(main())
