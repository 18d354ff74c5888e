"""Pairs of a bead tube and a blood tube with a known answer, from both simulators.

`oracle` is the independent one in tests/oracles, which shares nothing with the program; `own` is
`hladr.simulate`. The same simulator, case and seed give the same bytes.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests" / "oracles"))

import numpy as np
import oracle_cases
from oracle_blood import SINGLET_MONOCYTES

from hladr import simulate

SIMULATORS = ("oracle", "own")
KINDS = {
    "oracle": {
        "hard": oracle_cases.CASES,
        "ordinary": oracle_cases.ORDINARY,
        "other": oracle_cases.VARIANTS,
        "fault": oracle_cases.FAULTS,
    },
    "own": {
        "hard": tuple(simulate.CASES),
        "ordinary": tuple(simulate.ORDINARY),
        "other": (),
        "fault": tuple(simulate.FAULTS),
    },
}
"""Names of cases by simulator and kind.

hard: accuracy is judged on them; ordinary: clean pairs that must pass; other: honest files of other
make; fault: pairs whose number must not leave as it is.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Bytes of the two files, the lot as `--lot` takes it, and the answer (NaN: there is none).

    `monocytes`, shape (n_events,), marks the single monocytes among the events of the blood file.
    """

    beads: bytes
    blood: bytes
    lot: str
    truth: float
    monocytes: np.ndarray


def make(simulator: str, case: str, seed: int) -> Pair:
    """One pair of a named case."""
    if simulator == "oracle":
        made = oracle_cases.make_pair(case, seed)
        return Pair(made.beads, made.blood, made.lot, made.truth_abc, single_monocytes(made.labels))
    pair = simulate.make_pair(case, seed)
    truth = pair.blood.truth.abc if pair.blood.truth.abc > 0 else float("nan")  # 0: no stain
    lot = ",".join(f"{value:g}" for value in pair.beads.truth.assigned)
    files = (pair.beads.recording.to_bytes(), pair.blood.recording.to_bytes())
    return Pair(*files, lot, truth, pair.blood.monocytes)


def single_monocytes(labels: np.ndarray) -> np.ndarray:
    """Events that the independent simulator calls single monocytes."""
    return np.isin(labels, SINGLET_MONOCYTES)
