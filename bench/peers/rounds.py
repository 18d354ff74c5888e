"""Rounds: every contestant once in a process of its own, in turn, then all of them again."""

import json
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from environments import environment

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Spread:
    """Median of the rounds, lowest and highest."""

    middle: float
    low: float
    high: float

    @classmethod
    def of(cls, values: list[float]) -> "Spread":
        return cls(statistics.median(values), min(values), max(values))


@dataclass(slots=True)
class Series:
    """Rounds of one contestant: median seconds of each, highest bytes, the answers."""

    seconds: list[float] = field(default_factory=list)
    peaks: list[int] = field(default_factory=list)
    answers: list[object] = field(default_factory=list)

    def over(self, other: "Series") -> Spread:
        """How many times as long as another, round by round."""
        return Spread.of([a / b for a, b in zip(self.seconds, other.seconds, strict=True)])

    @property
    def time(self) -> Spread:
        return Spread.of(self.seconds)

    @property
    def peak(self) -> float:
        return statistics.median(self.peaks)


def worked(series: Series, python: str, *arguments: object) -> None:
    """Add a round of `worker.py`."""
    command = [python, str(HERE / "worker.py"), *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=environment())
    if ran.returncode:
        raise SystemExit(f"{' '.join(command)}\n{ran.stderr}")
    said = json.loads(ran.stdout.splitlines()[-1])
    series.seconds.append(statistics.median(said["times"]))
    series.peaks.append(said["peak"])
    series.answers.append(said["answer"])


def timed(series: Series, command: list[object], **changes: str) -> None:
    """Add a round of a whole process."""
    start = time.perf_counter()
    ran = subprocess.run(
        [str(part) for part in command],
        capture_output=True, text=True, check=False, cwd=HERE, env=environment(**changes),
    )  # fmt: skip
    series.seconds.append(time.perf_counter() - start)
    if ran.returncode or not ran.stdout.strip():
        raise SystemExit(f"{' '.join(map(str, command))}\n{ran.stdout}{ran.stderr}")


def in_turn(rounds: int, turns: list[Callable[[], None]], say: Callable[[str], None]) -> None:
    """Each turn once, then all of them again."""
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        for turn in turns:
            turn()
