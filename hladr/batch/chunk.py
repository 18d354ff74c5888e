"""Samples that one worker measures in one go, and what comes back: small texts, never events."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from hladr.batch.kept import FORM, KeptCurve, Refused, text_of
from hladr.batch.location import Fingerprint
from hladr.batch.recipe import Recipe
from hladr.errors import HladrError
from hladr.version import ALGORITHM, software_version


@dataclass(frozen=True, slots=True)
class Job:
    """One sample to be measured.

    Parameters
    ----------
    place
        Its row in the manifest, from 0.
    sample
        Location of its file.
    recipe
        How.
    """

    place: int
    sample: str
    recipe: Recipe


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Name and content of a file that was read, and its state before and after."""

    name: str
    sha256: str
    state: Fingerprint


@dataclass(frozen=True, slots=True)
class Measured:
    """What a worker says of one sample.

    Parameters
    ----------
    place
        As in the job.
    sample, beads
        The files that were read; None where it was not read as far as that, or is not needed.
    text
        The outcome, see `hladr.batch.kept`.
    curve
        SHA-256 of the curve; None where there is no number.
    holds
        Whether the outcome follows from the content of the files, and holds as long as that.
    """

    place: int
    sample: FileFacts | None
    beads: FileFacts | None
    text: str
    curve: str | None
    holds: bool


@dataclass(frozen=True, slots=True)
class Done:
    """What a worker says of a chunk: its samples, and the curves they were measured by."""

    measured: tuple[Measured, ...]
    curves: tuple[KeptCurve, ...]
    made_by: str


class WorkerOtherVersion(HladrError):
    """A worker runs another version than the program that hands out."""

    code: ClassVar[str] = "WORKER_OTHER_VERSION"

    def __init__(self, *, found: str, expected: str) -> None:
        self.found, self.expected = found, expected
        super().__init__(
            f"expected workers that run {expected}, found one that runs {found}. Install the same "
            "version everywhere; nothing of that worker was kept."
        )


def made_by() -> str:
    """Version, algorithm and form of what is kept: workers of another say something else."""
    return f"hladr {software_version()}, algorithm {ALGORITHM}, form {FORM}"


Chunk = tuple[Job, ...]


def lost(job: Job) -> Done:
    """Return what is said of a sample over which workers die."""
    refused = Refused(
        "WORKER_LOST",
        f"{job.sample}: every worker that was given this file died. Expected a file that can be "
        "measured in the memory there is; look for it in the system's log, and try it alone.",
    )
    return Done(
        (Measured(job.place, None, None, text_of(refused), None, holds=False),), (), made_by()
    )


def chunks(jobs: Iterable[Job], size: int) -> Iterator[Chunk]:
    """Jobs in chunks of about `size`, twice that at most, in their order.

    Those of one recipe stay together, so that its bead tube is calibrated once; more than twice
    `size` of them are parted.
    """
    waiting: list[Job] = []
    for _recipe, group in groupby(jobs, key=lambda job: job.recipe):
        together = list(group)
        if waiting and len(waiting) + len(together) > 2 * size:
            yield tuple(waiting)
            waiting = []
        parted = 0
        while len(together) - parted > 2 * size:
            yield tuple(together[parted : parted + size])
            parted += size
        waiting += together[parted:]
        if len(waiting) >= size:
            yield tuple(waiting)
            waiting = []
    if waiting:
        yield tuple(waiting)
