"""Settings of the rivals: a table a method, best first, on seeds that no other table uses.

    python bench/rival_settings.py --seeds 2 --workers 2 --write docs/gating.md

Every hard, other and ordinary case of both simulators; the seeds begin at 1001. A setting is judged
by its mean F1, which also counts the files in which it fails. The first of each table is the
default in `rivals.py`.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pairs
from labelled import Labelled
from page import put
from rivals import GaussianMixtures, Means, Picking, Valleys, picked
from tables import header, row

FIRST_SEED = 1001
PICKINGS = [Picking(*each) for each in product((0.005, 0.002, 0.01, 0.02), (0.0, 0.7, 1.5, 2.5))]
MIXTURES = [GaussianMixtures(*each) for each in product((2_500, 5_000, 10_000), PICKINGS)]
MEANS = [Means(*each) for each in product((3, 4, 5, 8, 16), (True, False), PICKINGS)]
VALLEYS = [
    Valleys(*each)
    for each in product(
        (1.0, 2.0, 3.0), (0.04, 0.01, 0.002), (True, False), (3.0, 4.0, 5.0), (False, True)
    )
]
RIVALS = (*MIXTURES, *MEANS, *VALLEYS)
SHOWN = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=2, metavar="N", help="a case")
    parser.add_argument("--case", action="append", default=[], help="this case only; repeatable")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into a page")
    wanted = parser.parse_args(arguments)
    jobs = [
        (simulator, case, seed)
        for simulator in pairs.SIMULATORS
        for kind in ("hard", "other", "ordinary")
        for case in pairs.KINDS[simulator][kind]
        if not wanted.case or case in wanted.case
        for seed in range(FIRST_SEED, FIRST_SEED + wanted.seeds)
    ]
    with ProcessPoolExecutor(wanted.workers) as pool:
        found = np.array(list(pool.map(_measure, jobs, chunksize=2)))  # (files, rivals)
    lines = []
    for rivals in (MIXTURES, VALLEYS, MEANS):
        first = RIVALS.index(rivals[0])
        lines += [*_table(rivals, found[:, first : first + len(rivals)]), ""]
    print("\n".join(lines))
    if wanted.write is not None:
        command = f"    python bench/rival_settings.py --seeds {wanted.seeds}"
        put(wanted.write, "settings", [command, "", *lines[:-1]])
    return 0


def _measure(job: tuple[str, str, int]) -> list[float]:
    """F1 of every setting on one file."""
    labelled = Labelled.of(pairs.make(*job))
    return [labelled.f1(labelled.over_all(mask)) for mask in masks_of(RIVALS, labelled.seen())]


def masks_of(rivals: Iterable, cells: np.ndarray) -> Iterator[np.ndarray]:
    """What each setting takes of some cells; clusters are made once for all pickings."""
    known: dict = {}
    for rival in rivals:
        if isinstance(rival, Valleys):
            yield rival.gate(cells)
            continue
        clusters = replace(rival, picking=PICKINGS[0])
        if clusters not in known:
            known[clusters] = rival.clusters(cells)
        yield picked(*known[clusters], rival.picking)


def _table(rivals: list, found: np.ndarray) -> Iterator[str]:
    yield from header("setting", "files", "mean F1", "median F1", "worst F1")
    order = np.argsort(-found.mean(axis=0), kind="stable")
    for place in order[:SHOWN]:
        of_one = found[:, place]
        numbers = (f"{value:.3f}" for value in (of_one.mean(), np.median(of_one), of_one.min()))
        yield row(f"`{rivals[place]!r}`", len(of_one), *numbers)


if __name__ == "__main__":
    sys.exit(main())
