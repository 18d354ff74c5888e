"""The same job in hladr, FlowKit, FlowCal and the least numba code: time, memory, answers.

    python bench/compare.py
    python bench/compare.py --write docs/performance.md --picture docs/pictures/performance.svg
    python bench/compare.py --sizes 10000 --rounds 1 --only hladr --only floor --tables job

FlowKit and FlowCal are installed into environments of their own. Every contestant runs in a process
of its own; rounds are interleaved, so that a busy machine meets all of them. The exit status is 1
where the answers disagree; it does not depend on speed.
"""

import argparse
import functools
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from page import put

sys.path.append(str(Path(__file__).resolve().parent / "peers"))

import curves
import environments
import machine
import printed
import tubes
from agreed import disagreements
from contestants import CONTESTANTS, DUELS, OURS
from processes import PROCESS_EVENTS, process_turns
from rounds import Series, in_turn, timed, worked
from step import EVENTS

SIZES = (10_000, 50_000, 1_000_000, 5_000_000, 10_000_000)
BEADS = 50_000
LONG = 5_000_000  # events from which on one repetition a round has to do, after one for memory
TABLES = ("job", "process", "step")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print; the exit status."""
    wanted = _parser().parse_args(arguments)
    lines = [machine.description(), ""]
    with tempfile.TemporaryDirectory(dir=wanted.folder) as folder:
        bench = Bench(wanted, Path(folder))
        for table in wanted.tables:
            lines += getattr(bench, table)()
    lines += [f"Answers disagree: {each}" for each in bench.problems]
    print("\n".join(lines))
    if wanted.write is not None:
        put(wanted.write, "compare", ["    python bench/compare.py", "", *lines[:-1]])
    if wanted.picture is not None:
        wanted.picture.write_text(curves.drawn(bench.jobs, bench.names, wanted.sizes))
    return 1 if bench.problems else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), metavar="EVENTS")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--only", action="append", choices=CONTESTANTS, help="of the job")
    parser.add_argument("--tables", nargs="+", choices=TABLES, default=list(TABLES))
    parser.add_argument("--folder", type=Path, metavar="DIR", help="for the files, 800 MB")
    cache = environments.default_folder()
    parser.add_argument("--environments", type=Path, default=cache, metavar="DIR",
                        help="where FlowKit and FlowCal are installed")  # fmt: skip
    parser.add_argument("--python", action="append", default=[], metavar="NAME=PYTHON",
                        help="one that has flowkit, or flowcal, already")  # fmt: skip
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into a page")
    parser.add_argument("--picture", type=Path, metavar="SVG", help="cost against events")
    return parser


class Bench:
    """One run: its files, its environments, what was measured."""

    def __init__(self, wanted: argparse.Namespace, folder: Path) -> None:
        self.wanted = wanted
        self.given = dict(each.split("=", 1) for each in wanted.python)
        self.names = [n for n in CONTESTANTS if wanted.only is None or n in wanted.only]
        self.folder = folder
        self.beads = tubes.bead_tube(folder / "beads.fcs", BEADS)
        self.jobs: dict[tuple[str, int], Series] = defaultdict(Series)
        self.problems: list[str] = []

    @functools.cache  # noqa: B019 - one bench a process
    def python(self, name: str) -> str:
        return self.given.get(name) or environments.python_of(name, self.wanted.environments)

    def tube(self, events: int) -> Path:
        return tubes.blood_tube(self.folder / f"blood-{events}.fcs", events)

    def job(self) -> list[str]:
        """The whole job: contestants by sizes."""
        turns: list[Callable[[], None]] = []
        small = self.tube(10_000)
        for size in self.wanted.sizes:
            tube, least = self.tube(size), 2 if size < LONG else 1
            before = small if size < LONG else tube  # else most of it is the first touch of memory
            for name in self.names:
                each = CONTESTANTS[name]
                turns.append(functools.partial(
                    worked, self.jobs[name, size], self.python(each.environment), each.module,
                    each.function, tube, self.beads, "--warm", before, "--least", least,
                ))  # fmt: skip
        self._in_turn("job", turns)
        self.problems = disagreements(self.jobs, self.names, self.wanted.sizes)
        bare = Series()
        for _ in range(3):
            worked(bare, self.python(OURS), "bare", "run", small, self.beads, "--warm", small)
        peak = int(statistics.median(bare.peaks))
        return list(printed.job_tables(self.jobs, self.names, self.wanted.sizes, peak))

    def process(self) -> list[str]:
        """A process for one tube, with warm caches and with none."""
        found: dict[str, Series] = defaultdict(Series)
        tube = self.tube(PROCESS_EVENTS)
        commands = process_turns(self.python, tube, self.beads, self.folder)
        for label, command, fresh in commands:
            found[label] = Series()
            if not fresh():
                timed(Series(), command)  # fills the caches
        turns = [
            lambda series=found[label], command=command, fresh=fresh: timed(
                series, command, **fresh()
            )
            for label, command, fresh in commands
        ]
        self._in_turn("process", turns)
        return list(printed.process_table(found, commands[0][0]))

    def step(self) -> list[str]:
        """Steps of hladr, of the fastest others, and copies."""
        found: dict[tuple[str, str], Series] = defaultdict(Series)
        tube, turns = self.tube(EVENTS), []
        steps = list(dict.fromkeys(duel.step for duel in DUELS))
        others = {duel.other: duel for duel in DUELS}
        own = [(name, OURS, module) for name in steps for module in ("our_steps", "bus")]
        rest = [(name, duel.environment, duel.module) for name, duel in others.items()]
        for name, environment, module in own + rest:
            turns.append(functools.partial(
                worked, found[module, name], self.python(environment), module, name, tube,
                self.beads, "--seconds", 0.3,
            ))  # fmt: skip
        self._in_turn("step", turns)
        per_module = defaultdict(dict)
        for (module, name), series in found.items():
            per_module[module][name] = series
        rivals = per_module["flowkit_steps"] | per_module["flowcal_steps"]
        own_steps = per_module["our_steps"]
        table = printed.step_table(own_steps, rivals, per_module["bus"])
        near = printed.near_the_bus(own_steps, per_module["bus"])
        return [*table, *near, *printed.bead_recipes(own_steps, rivals)]

    def _in_turn(self, table: str, turns: list[Callable[[], None]]) -> None:
        in_turn(self.wanted.rounds, turns, lambda said: print(f"{table}: {said}", file=sys.stderr))


if __name__ == "__main__":
    sys.exit(main())
