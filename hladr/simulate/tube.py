"""What is in a tube of stained, lysed blood: the knobs of a simulated sample."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from hladr.simulate.population import LEUKOCYTES, MONOCYTES

# Adult differential count, per cent of leukocytes (haematology textbooks, middle of the ranges).
HEALTHY_DIFFERENTIAL: Mapping[str, float] = MappingProxyType(
    {
        "neutrophil": 59.0, "immature granulocyte": 0.3, "eosinophil": 2.6, "basophil": 0.6,
        "monocyte": 7.2, "myeloid dendritic cell": 0.30, "plasmacytoid dendritic cell": 0.15,
        "B cell": 3.6, "T cell": 20.5, "activated T cell": 1.3, "NK cell": 4.3,
    }
)  # fmt: skip
# Share of each subset among monocytes (Ziegler-Heitbrock, Front Immunol 2015;6:423, rounded).
HEALTHY_MONOCYTES: Mapping[str, float] = MappingProxyType(
    {
        "classical monocyte": 0.76, "intermediate monocyte": 0.06, "non-classical monocyte": 0.08,
        "immature monocyte": 0.02, "monocyte with platelets": 0.08,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BloodSpec:
    """A blood tube to simulate.

    Parameters
    ----------
    hla_dr
        Antibodies bound per cell: expected geometric mean over all monocytes, the one knob of
        the level.
    events
        Particles passing the laser (few of them, debris, miss the threshold).
    spread
        SD of log10 HLA-DR within a monocyte subset.
    cd14
        CD14 of the monocytes, 1 = healthy.
    granulocyte_cd14
        What neutrophils bind of the CD14 cocktail, as a share of a healthy classical monocyte;
        0.1 to 0.4 where the cocktail holds CD64 and they are activated.
    differential
        Shares of the leukocytes, any unit.
    monocyte_subsets
        Shares of the monocytes, any unit.
    debris, red_cells, platelets, damaged, doublets
        Shares of all events. A doublet is two random cells passing together.
    lymphocyte_hla_dr
        HLA-DR of B and dendritic cells, 1 = healthy.
    staining
        Anti-HLA-DR bound, as a share of what a proper stain binds; 0 is a forgotten stain.
    fp_ratio
        PE molecules per antibody.
    drift
        Relative change of the light from the first event to the last.
    started_at
        Local time of acquisition.
    """

    hla_dr: float = 25_000.0
    events: int = 60_000
    spread: float = 0.22
    cd14: float = 1.0
    granulocyte_cd14: float = 0.03
    differential: Mapping[str, float] = field(default_factory=lambda: HEALTHY_DIFFERENTIAL)
    monocyte_subsets: Mapping[str, float] = field(default_factory=lambda: HEALTHY_MONOCYTES)
    debris: float = 0.06
    red_cells: float = 0.02
    platelets: float = 0.01
    damaged: float = 0.015
    doublets: float = 0.02
    lymphocyte_hla_dr: float = 1.0
    staining: float = 1.0
    fp_ratio: float = 1.0
    drift: float = 0.0
    started_at: datetime = datetime(2026, 3, 14, 9, 31, 7)  # noqa: DTZ001 - FCS times are local

    def __post_init__(self) -> None:
        """Refuse names of cells that do not exist and shares that are no shares."""
        unknown = (set(self.differential) - {*LEUKOCYTES, "monocyte"}) | (
            set(self.monocyte_subsets) - set(MONOCYTES)
        )
        if unknown:
            msg = f"no such cells: {', '.join(sorted(unknown))}"
            raise ValueError(msg)
        rest = (self.debris, self.red_cells, self.platelets, self.damaged, self.doublets)
        if self.events < 1 or min(rest) < 0 or sum(rest) >= 1:
            msg = "a sample needs an event, and shares of what is not a single leukocyte below 1"
            raise ValueError(msg)

    @property
    def leukocytes(self) -> float:
        """Share of the events that are single leukocytes."""
        rest = self.debris + self.red_cells + self.platelets + self.damaged + self.doublets
        return 1.0 - rest
