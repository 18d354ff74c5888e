"""How well the automatic gate and its rivals agree with a simulator's labels on one file."""

import io
import math
from collections.abc import Mapping
from dataclasses import dataclass

import pairs
from labelled import Labelled
from outcome import REFUSED
from rivals import GaussianMixtures, Means, Valleys

import hladr
from calibration import CalibrationError

GATE = "gate"
RIVALS = {"mixture": GaussianMixtures(), "valleys": Valleys(), "k-means": Means()}
METHODS = (GATE, *RIVALS)
TITLES = {GATE: "gate", "mixture": "Gaussian mixture", "valleys": "valleys", "k-means": "k-means"}


@dataclass(frozen=True, slots=True)
class Agreement:
    """One file; by method F1 (0 without a gate) and the relative difference (NaN without one)."""

    case: str
    seed: int
    verdict: str
    f1: Mapping[str, float]
    difference: Mapping[str, float]


def compare(simulator: str, case: str, seed: int) -> Agreement:
    """Make one pair, gate its blood in every way, hold the gates against the labels."""
    pair = pairs.make(simulator, case, seed)
    labelled = Labelled.of(pair)
    seen = labelled.seen()
    masks = {name: labelled.over_all(rival.gate(seen)) for name, rival in RIVALS.items()}
    f1 = {name: labelled.f1(mask) for name, mask in masks.items()}
    difference = {name: labelled.difference(mask) for name, mask in masks.items()}
    verdict = REFUSED
    f1[GATE], difference[GATE] = 0.0, math.nan
    try:
        result = hladr.quantify(labelled.table, beads=io.BytesIO(pair.beads), lot=pair.lot)
    except (hladr.HladrError, CalibrationError):
        return Agreement(case, seed, verdict, f1, difference)
    gated = next(each.mask for each in result.gating.populations if each.name == "monocytes")
    f1[GATE], difference[GATE] = labelled.f1(gated), labelled.difference(gated)
    return Agreement(case, seed, result.verdict.value, f1, difference)
