"""What a number depends on besides the sample itself: beads or a curve, lot, assay, gates."""

import hashlib
import json
from dataclasses import dataclass, field

from calibration import BeadLot, StandardCurve
from calibration.record import curve_to_dict
from hladr.assay import AssayDefinition
from hladr.drawn.source import GateSource


@dataclass(frozen=True, slots=True)
class Beads:
    """A bead tube that is to be calibrated, and its lot."""

    location: str
    lot: BeadLot


@dataclass(frozen=True, slots=True, eq=False)
class Recipe:
    """How some samples are measured; everything but the FCS files is read already.

    Parameters
    ----------
    calibration
        The bead tube with its lot, or a saved curve.
    assay
        Definition of the assay.
    gates, population
        Gates drawn by hand and which of them holds the monocytes; None: the automatic gate.
    digest
        SHA-256 of all this but the bead file, whose content has a hash of its own.
    """

    calibration: Beads | StandardCurve
    assay: AssayDefinition
    gates: GateSource | None
    population: str | None
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        """Work out the digest, once for all samples."""
        said = {
            "assay": self.assay.sha256,
            "gates": None if self.gates is None else self.gates.sha256,
            "population": self.population,
            **_of_calibration(self.calibration),
        }
        text = json.dumps(said, sort_keys=True, allow_nan=False)
        object.__setattr__(self, "digest", hashlib.sha256(text.encode()).hexdigest())


def _of_calibration(calibration: Beads | StandardCurve) -> dict[str, object]:
    if isinstance(calibration, Beads):
        return {"lot": calibration.lot.sha256}
    return {"curve": curve_to_dict(calibration)}
