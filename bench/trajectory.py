"""A patient measured on four days with the truth known: how often the intervals hold it.

    python bench/trajectory.py --seeds 200 --workers 2 --write docs/criterion.md
    python bench/trajectory.py --seeds 20

Day 8 over day 1, and the slope through all four, on one calibration and on one a day; another
course a seed. A tube is prepared with a repeatability of 3.2 %, which the result is told; the
analysis (curve, counting, gate, model) answers for what is in the tubes alone. Exit status 1 when
a limit is broken.
"""

import argparse
import io
import math
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from page import put

import hladr
from hladr.assay import load_assay
from hladr.bead_run import BeadRun, calibrate_beads
from hladr.criterion import load_criterion
from hladr.simulate import BEAD_CASES, Instrument, beads, blood, canto, sepsis, with_monocytes
from hladr.trajectory import Point, contrast, point_of_result, trajectory

DAYS = (1, 3, 5, 8)
VOLTAGES = (400.0, 408.0, 395.0, 404.0)  # of the days with a calibration each
REPEATABILITY = 0.032  # of a tube, relative; what the built-in assay declares
BLOOD = replace(with_monocytes(sepsis, 2_000), events=12_000)
START = datetime(2026, 3, 1, 8, 0)  # noqa: DTZ001 - FCS times are local
SHARED, UNSHARED = "one calibration", "a calibration a day"
LEAST_HELD = 0.93
KEPT = f"""\
Every limit holds: {100 * LEAST_HELD:g} % of the ratios, and on one calibration an interval that is
narrower than the two single ones combined, in every seed."""


@dataclass(frozen=True, slots=True)
class Course:
    """One seed and mode: whether the intervals hold the truth, and how wide they are.

    `ratio_held` and `slope_held` are about the patient, `analysis_held` about the tubes.

    `width` and `apart` are half-widths of the logarithm of the ratio: the interval's own, and that
    of the two single intervals combined.
    """

    seed: int
    mode: str
    ratio_held: bool
    analysis_held: bool
    slope_held: bool
    width: float
    apart: float
    error: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, judge; the exit status."""
    wanted = _parser().parse_args(arguments)
    seeds = range(wanted.first_seed, wanted.first_seed + wanted.seeds)
    with ProcessPoolExecutor(wanted.workers) as pool:
        courses = [each for both in pool.map(follow, seeds, chunksize=2) for each in both]
    problems = [*broken(courses)]
    lines = [*table(courses), "", *(problems or [KEPT])]
    print("\n".join(lines))
    if wanted.write is not None:
        options = f"--seeds {wanted.seeds} --workers {wanted.workers}"
        put(wanted.write, "trajectory", [f"    python bench/trajectory.py {options}", "", *lines])
    return 1 if problems else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=200, metavar="N")
    parser.add_argument("--first-seed", type=int, default=1, metavar="N")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the table into a page")
    return parser


def follow(seed: int) -> tuple[Course, Course]:
    """One patient, on one calibration and on one a day."""
    rng = np.random.default_rng([seed, 8])
    first = float(rng.uniform(2_500.0, 9_000.0))
    truth = [first * math.exp(step) for step in (0.0, *np.cumsum(rng.normal(0.15, 0.3, 3)))]
    return (_course(seed, SHARED, truth, rng), _course(seed, UNSHARED, truth, rng))


def _course(seed: int, mode: str, truth: list[float], rng: np.random.Generator) -> Course:
    volts = VOLTAGES if mode == UNSHARED else (VOLTAGES[0],) * len(DAYS)
    instruments = [canto().at_voltage("PE", each) for each in volts]
    run = _calibrated(instruments[0], rng)
    points, stained = (
        [],
        [level * math.exp(REPEATABILITY * rng.standard_normal()) for level in truth],
    )
    for day, level, instrument in zip(DAYS, stained, instruments, strict=True):
        if mode == UNSHARED and day != DAYS[0]:
            run = _calibrated(instrument, rng)
        points.append(_measured(day, level, instrument, run, rng))
    return _judged(seed, mode, points, truth, stained)


def _calibrated(instrument: Instrument, rng: np.random.Generator) -> BeadRun:
    tube = beads(BEAD_CASES["good"], instrument, rng).recording.to_bytes()
    lot = ",".join(f"{each:g}" for each in BEAD_CASES["good"].assigned)
    return calibrate_beads(io.BytesIO(tube), lot, assay=load_assay("quantibrite-340827"))


def _measured(
    day: int, level: float, instrument: Instrument, run: BeadRun, rng: np.random.Generator
) -> Point:
    drawn = START + timedelta(days=day)
    spec = replace(BLOOD, hla_dr=level, started_at=drawn + timedelta(hours=1))
    tube = blood(spec, instrument, rng).recording.to_bytes()
    context = hladr.Context(drawn_at=drawn.isoformat(), preparation="lyse-wash")
    result = hladr.quantify(io.BytesIO(tube), curve=run, context=context)
    return point_of_result(result, id=f"day {day}")


def _judged(
    seed: int, mode: str, points: list[Point], truth: list[float], stained: list[float]
) -> Course:
    course = trajectory(points, load_criterion("immunosep-2025"))
    whole, last = course.since_first[-1], truth[-1] / truth[0]
    first, latest = points[0].number, points[-1].number
    tubes = stained[-1] / stained[0]
    days = np.array(DAYS, dtype=float)
    slope = float(np.polyfit(days, np.log(truth), 1)[0])
    without = [
        replace(each, terms=tuple(term for term in each.terms if term.name != "repeatability"))
        for each in (first, latest)
    ]
    analysis = contrast(without, (-1.0, 1.0)).factor()
    apart = math.hypot(*(math.log(each.ci95[1] / each.abc) for each in (first, latest)))
    return Course(
        seed=seed,
        mode=mode,
        ratio_held=whole.ratio.low <= last <= whole.ratio.high,
        analysis_held=1.0 / analysis <= whole.ratio.value / tubes <= analysis,
        slope_held=course.trend.slope.low <= slope <= course.trend.slope.high,
        width=math.log(whole.ratio.high / whole.ratio.value),
        apart=apart,
        error=math.log(whole.ratio.value / last),
    )


def table(courses: Sequence[Course]) -> Iterator[str]:
    """Markdown, a row a mode."""
    yield (
        "| days share | seeds | ratio day 8 / day 1 held | slope held | ratio of the tubes held "
        "by the analysis | median half-width | of the two intervals combined | median error |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for mode in (SHARED, UNSHARED):
        of = [each for each in courses if each.mode == mode]
        held = [
            f"{100 * np.mean([getattr(each, name) for each in of]):.1f} %"
            for name in ("ratio_held", "slope_held", "analysis_held")
        ]
        sizes = [
            f"{100 * math.expm1(float(np.median(values))):.1f} %"
            for values in (
                [each.width for each in of],
                [each.apart for each in of],
                [abs(each.error) for each in of],
            )
        ]
        yield f"| {mode} | {len(of)} | {' | '.join([*held, *sizes])} |"


def broken(courses: Sequence[Course]) -> Iterator[str]:
    """Limits that do not hold."""
    for mode in (SHARED, UNSHARED):
        held = np.mean([each.ratio_held for each in courses if each.mode == mode])
        if held < LEAST_HELD:
            yield f"{mode}: {100 * held:.1f} % hold the ratio, fewer than {100 * LEAST_HELD:g} %"
    wide = [each.seed for each in courses if each.mode == SHARED and each.width >= each.apart]
    if wide:
        yield f"one calibration: not narrower than the two intervals combined in seeds {wide}"


if __name__ == "__main__":
    sys.exit(main())
