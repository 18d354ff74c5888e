"""How soon the charts see a shift, and how often they cry without one.

    python bench/control.py --series 20000 --write docs/quality.md

Simulated instruments, baselines of their first 20 runs, the default rules. The same seed prints
the same tables. Exit status 1 when a limit is broken.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from lot_values import CASES, OF_A_LEVEL, OF_A_LOT, share
from page import put
from steadiness import (
    OF_A_PEAK,
    RUN_TO_RUN,
    Marks,
    all_charts,
    alone,
    distances,
    first_mark,
    judged,
    marked,
)
from tables import header, row

from calibration.control import (
    DEFAULT_RULES,
    LEAST_RUNS,
    Action,
    Kind,
    Quantity,
    Rule,
    in_sequence,
)

SHIFTS = (0.01, 0.015, 0.02, 0.03, 0.05)
SHIFT, WITHIN, CAUGHT = 0.03, 10, 0.95
WRONG_LOT, HONEST_LOT = 0.95, 0.05  # five calibrations, run-to-run SD of 1 %
DRIFT = 0.003
LONGEST = 1000


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, judge; the exit status."""
    wanted = _parser().parse_args(arguments)
    problems: list[str] = []
    lines = [
        *_shifts(wanted, problems),
        *_drift(wanted),
        *_steady(wanted),
        *_rates(wanted),
        *_runs(wanted),
        *_lots(wanted, problems),
        *_verdict(problems),
    ]
    print("\n".join(lines))
    if wanted.write is not None:
        command = f"python bench/control.py --series {wanted.series} --lots {wanted.lots}"
        seed = f" --seed {wanted.seed}" if wanted.seed != 1 else ""
        put(wanted.write, "control", [f"    {command}{seed}", "", *lines])
    return 1 if problems else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--series", type=int, default=20000, metavar="N", help="instruments")
    parser.add_argument("--lots", type=int, default=1000, metavar="N", help="new calibrations")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into a page")
    return parser


def _shifts(wanted: argparse.Namespace, problems: list[str]) -> Iterator[str]:
    sd = _percent(RUN_TO_RUN)
    yield f"**A shift that stays**, run-to-run SD {sd}, one chart, any rule but 1-2s"
    yield ""
    yield from header("shift", "by the first run", f"within {WITHIN} runs", "median run")
    for shift in SHIFTS:
        rng = np.random.default_rng(wanted.seed)
        change = np.full(WITHIN, np.log1p(shift))
        first = first_mark(marked(alone(rng, wanted.series, change, LEAST_RUNS)))
        caught = float(np.mean(first <= WITHIN))
        median = np.median(first)
        yield row(
            _percent(shift),
            _percent(np.mean(first == 1)),
            _percent(caught),
            f"{median:.0f}" if median <= WITHIN else f"> {WITHIN}",
        )
        if shift == SHIFT and caught < CAUGHT:
            problems.append(f"a shift of {SHIFT:.0%} caught in {caught:.1%}, limit {CAUGHT:.0%}")
    yield ""


def _drift(wanted: argparse.Namespace) -> Iterator[str]:
    rng = np.random.default_rng(wanted.seed)
    change = np.log1p(DRIFT) * np.arange(1, 101)
    first = first_mark(marked(alone(rng, wanted.series, change, LEAST_RUNS)))
    yield f"**A drift of {_percent(DRIFT)} a run**, the same"
    yield ""
    yield from header("", "median", "95 % of them by")
    ends = np.quantile(first, (0.5, 0.95))
    yield row("run it is caught in", *(f"{end:.0f}" for end in ends))
    yield row("moved by then", *(_percent((1.0 + DRIFT) ** end - 1.0) for end in ends))
    yield ""


def _steady(wanted: argparse.Namespace) -> Iterator[str]:
    yield "**Runs to the first false alarm**, nothing changes, one chart, any rule but 1-2s"
    yield ""
    yield from header("baseline", "mean", "median", f"none in {LONGEST} runs")
    series = max(wanted.series // 10, 1)
    for baseline in (LEAST_RUNS, 40, 100):
        rng = np.random.default_rng(wanted.seed)
        first = first_mark(marked(alone(rng, series, np.zeros(LONGEST), baseline)))
        yield row(
            f"{baseline} runs",
            f"{np.minimum(first, LONGEST).mean():.0f}",
            f"{np.median(first):.0f}",
            _percent(np.mean(first > LONGEST)),
        )
    yield ""
    yield f"The mean counts {LONGEST} where there was none, and so is somewhat too low."
    yield ""


def _rates(wanted: argparse.Namespace) -> Iterator[str]:
    """Share of runs with a mark, with the mean and SD of 20 runs and with the true ones."""
    rng = np.random.default_rng(wanted.seed)
    values = rng.standard_normal((max(wanted.series // 10, 1), LEAST_RUNS + 100))
    yield "**False alarms of one chart**, share of 100 runs behind the baseline, by rule"
    yield ""
    yield from header(
        "mean and SD", *(rule for rule in Rule if rule is not Rule.R_4S), "any but 1-2s", "any"
    )
    for title, z in (
        (f"of {LEAST_RUNS} runs", distances(values)),
        ("the true ones", values[:, LEAST_RUNS:]),
    ):
        marks = in_sequence(z)
        shares = [marks[rule].mean() for rule in Rule if rule in marks]
        both = (marked(z).mean(), marked(z, warning=True).mean())
        yield row(title, *(_percent(each, 2) for each in (*shares, *both)))
    yield ""


def _runs(wanted: argparse.Namespace) -> Iterator[str]:
    rng = np.random.default_rng(wanted.seed)
    z = all_charts(rng, max(wanted.series // 10, 1), 100)
    marks = judged(z, DEFAULT_RULES)
    yield (
        f"**False alarms of a run**, {len(marks)} charts (and a voltage that never moves), "
        f"baselines of {LEAST_RUNS} runs, default rules"
    )
    yield ""
    yield from header("chart", "warned about", "rejected")
    for of, each in marks.items():
        yield row(of.words, _percent(each.warned.mean()), _percent(each.rejected.mean()))
    yield _run("**the run**", marks)
    rules = DEFAULT_RULES
    for kind in Kind:
        rules = rules.switched(kind, Rule.ONE_2S, Action.OFF)
    yield _run("the run, 1-2s off", judged(z, rules))
    yield ""


def _run(title: str, marks: Mapping[Quantity, Marks]) -> str:
    rejected = np.any([each.rejected for each in marks.values()], axis=0)
    warned = np.any([each.warned for each in marks.values()], axis=0)
    return row(title, _percent((warned & ~rejected).mean()), _percent(rejected.mean()))


def _lots(wanted: argparse.Namespace, problems: list[str]) -> Iterator[str]:
    yield "**A calibration against the last ones**, share that is told (`CALIBRATION_SHIFTED`)"
    yield ""
    yield from header("run-to-run SD", "compared with", *(case.title for case in CASES))
    for run_to_run in (0.01, 0.02):
        for recent in (2, 3, 5):
            told = [
                share(case, recent, run_to_run=run_to_run, lots=wanted.lots, seed=wanted.seed)
                for case in CASES
            ]
            yield row(_percent(run_to_run), recent, *(_percent(each) for each in told))
            if (run_to_run, recent) == (RUN_TO_RUN, 5):
                problems += _broken(told)
    yield ""
    yield (
        f"Of an honest lot all values together are off by an SD of {_percent(OF_A_LOT)}, each "
        f"beside that by {_percent(OF_A_LEVEL)}; a peak scatters by {_percent(OF_A_PEAK)} beside "
        "the gain."
    )
    yield ""


def _broken(told: Sequence[float]) -> Iterator[str]:
    for case, found in zip(CASES, told, strict=True):
        if case.error and found < WRONG_LOT:
            yield f"{case.title}: told in {found:.1%}, limit {WRONG_LOT:.0%}"
        if not case.error and found > HONEST_LOT:
            yield f"{case.title}: told in {found:.1%}, limit {HONEST_LOT:.0%}"


def _percent(part: float, decimals: int = 1) -> str:
    """Never all of them, or none, where it is only nearly so."""
    step = 10.0 ** -(decimals + 2)
    if 0.0 < part < 0.5 * step:
        return f"< {100.0 * step:g} %"
    if 1.0 - 0.5 * step < part < 1.0:
        return f"> {100.0 * (1.0 - step):g} %"
    return f"{100.0 * part:.{decimals}f} %"


def _verdict(problems: list[str]) -> list[str]:
    said = (
        f"Limits: a shift of {SHIFT:.0%} is caught within {WITHIN} runs in at least {CAUGHT:.0%}; "
        f"against five calibrations a lot {0.1:.0%} off is told in at least {WRONG_LOT:.0%}, and "
        f"an honest one in at most {HONEST_LOT:.0%}."
    )
    if not problems:
        return [said, "", "Every limit holds."]
    return [said, "", "Limits broken:", "", *(f"- {problem}" for problem in problems)]


if __name__ == "__main__":
    sys.exit(main())
