"""A bead file and a blood file with the answer beside them."""

import json
import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from hladr.simulate.bead import SimulatedBeads, beads
from hladr.simulate.blood import SimulatedBlood, blood
from hladr.simulate.case import ORDINARY, donor, pair_spec
from hladr.simulate.truth import BeadTruth, BloodTruth


@dataclass(frozen=True, slots=True)
class PairTruth:
    """What was written and what is true of it.

    Parameters
    ----------
    case, seed
        What made it.
    beads_path, blood_path
        The two files.
    beads, blood
        Their truths.
    """

    case: str
    seed: int
    beads_path: Path
    blood_path: Path
    beads: BeadTruth
    blood: BloodTruth

    @property
    def lot(self) -> str:
        """Assigned values as `--lot` takes them, ``474,5359,23843,62336``."""
        return ",".join(f"{value:g}" for value in self.beads.assigned)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values for JSON; file names without folders."""
        return {
            "case": self.case,
            "seed": self.seed,
            "beads_file": self.beads_path.name,
            "blood_file": self.blood_path.name,
            "lot": self.lot,
            "beads": _plain(self.beads),
            "blood": _plain(self.blood),
        }


def _plain(truth: BeadTruth | BloodTruth) -> dict[str, Any]:
    """Fields of a truth as JSON has them: a number that does not exist is null."""

    def value(found: Any) -> Any:  # noqa: ANN401 - any field of a truth
        if isinstance(found, Mapping):
            return dict(found)
        if isinstance(found, tuple):
            return [value(each) for each in found]
        return None if isinstance(found, float) and math.isnan(found) else found

    return {each.name: value(getattr(truth, each.name)) for each in fields(truth)}


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedPair:
    """Beads and blood of a case in memory."""

    case: str
    seed: int
    beads: SimulatedBeads
    blood: SimulatedBlood

    def write(self, folder: Path) -> PairTruth:
        """Write ``<case>-<seed>-beads.fcs`` and ``<case>-<seed>-blood.fcs``; return their truth."""
        name = f"{self.case}-{self.seed}"
        paths = {what: folder / f"{name}-{what}.fcs" for what in ("beads", "blood")}
        self.beads.recording.write(paths["beads"])
        self.blood.recording.write(paths["blood"])
        return PairTruth(
            self.case, self.seed, paths["beads"], paths["blood"], self.beads.truth, self.blood.truth
        )


def make_pair(case: str, seed: int, *, events: int | None = None) -> SimulatedPair:
    """Simulate a named case in memory.

    Parameters
    ----------
    case
        A name of `CASES`, `ORDINARY` (each seed another donor) or `FAULTS`.
    seed
        0 or more. Beads and blood have streams of chance of their own.
    events
        Events of the blood; None takes the case's own number.

    Raises
    ------
    UnknownCase
        There is no such case.
    """
    spec = pair_spec(case)
    rng = np.random.default_rng([seed, zlib.crc32(case.encode())])
    of_donor, of_beads, of_blood = rng.spawn(3)
    patient = donor(spec.blood, of_donor) if case in ORDINARY else spec.blood
    if events is not None:
        patient = replace(patient, events=events)
    return SimulatedPair(
        case,
        seed,
        beads(spec.beads, spec.bead_instrument, of_beads),
        blood(patient, spec.blood_instrument, of_blood),
    )


def simulate_pair(case: str, seed: int, folder: Path, *, events: int | None = None) -> PairTruth:
    """Write the two files of a named case, and add their truth to ``truth.json`` beside them.

    Parameters
    ----------
    case, seed, events
        As `make_pair` takes them.
    folder
        Where to write; made when it is not there. Its ``truth.json`` holds an object a pair, by
        ``<case>-<seed>``; one process at a time may write to a folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    truth = make_pair(case, seed, events=events).write(folder)
    file = folder / "truth.json"
    known = json.loads(file.read_text("utf-8")) if file.exists() else {}
    known[f"{case}-{seed}"] = truth.to_dict()
    file.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return truth
