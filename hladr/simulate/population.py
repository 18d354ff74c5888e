"""The cells of lysed whole blood: how much of everything a cell of each kind carries.

Each kind is log-normal in every property, with the properties correlated: a bigger cell scatters
more and binds more antibody. Medians and spreads are assumed, of the size seen in lysed whole
blood, unless a source is named; scatter is in units of a lymphocyte's, autofluorescence in PE
equivalents.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from hladr.arrays import FloatArray
from hladr.simulate.particle import Particles, Source

# Order of the properties in `_CORRELATION` and `Population.medians`.
_PROPERTIES = ("forward", "side", "hla_dr", "cd14", "cd45", "autofluorescence")


def _correlation(pairs: Mapping[tuple[str, str], float]) -> FloatArray:
    matrix = np.eye(len(_PROPERTIES))
    for (one, other), value in pairs.items():
        i, j = _PROPERTIES.index(one), _PROPERTIES.index(other)
        matrix[i, j] = matrix[j, i] = value
    return matrix


CELL_CORRELATION = _correlation(
    {
        ("forward", "side"): 0.45,
        ("forward", "cd45"): 0.2,
        ("forward", "hla_dr"): 0.2,
        ("side", "autofluorescence"): 0.4,
        ("side", "cd14"): 0.2,
    }
)
MONOCYTE_CORRELATION = _correlation(
    {
        ("forward", "side"): 0.5,
        ("forward", "hla_dr"): 0.3,
        ("forward", "cd14"): 0.3,
        ("forward", "cd45"): 0.25,
        ("side", "cd14"): 0.3,
        ("side", "hla_dr"): 0.1,
        ("side", "autofluorescence"): 0.4,
        ("hla_dr", "cd14"): 0.3,
        ("hla_dr", "cd45"): 0.15,
    }
)


@dataclass(frozen=True, slots=True)
class Population:
    """One kind of cell: medians and log10 SDs of what it scatters and carries.

    Parameters
    ----------
    forward, side
        Scatter, lymphocyte = 1.
    hla_dr, cd14, cd45
        Antibodies bound per cell. Negative cells bind a few unspecifically.
    autofluorescence
        PE equivalents.
    diameter : µm
        Length along the flow of a cell of median forward scatter.
    *_spread
        SD of log10.
    monocyte
        Whether the cell is a monocyte.
    """

    forward: float
    side: float
    hla_dr: float
    cd14: float
    cd45: float
    autofluorescence: float
    diameter: float
    forward_spread: float = 0.045
    side_spread: float = 0.08
    hla_dr_spread: float = 0.25
    cd14_spread: float = 0.25
    cd45_spread: float = 0.08
    autofluorescence_spread: float = 0.10
    monocyte: bool = False

    @property
    def medians(self) -> FloatArray:
        """Medians in the order of the properties."""
        return np.array([getattr(self, name) for name in _PROPERTIES])

    @property
    def spreads(self) -> FloatArray:
        """SDs of log10 in the order of the properties."""
        return np.array([getattr(self, f"{name}_spread") for name in _PROPERTIES])


def _monocyte(**properties: float) -> Population:
    """Return a monocyte; its HLA-DR is in multiples of a classical one's."""
    usual: dict[str, float] = {
        "cd45": 42_000, "autofluorescence": 40, "diameter": 9.0, "side_spread": 0.075,
        "hla_dr_spread": 0.0, "cd14_spread": 0.13,
    }  # fmt: skip
    return Population(**{**usual, **properties}, monocyte=True)


# CD14: about 10^5 on a classical monocyte and 3 % of that on a neutrophil (Antal-Szalmas et al.,
# J Leukoc Biol 1997;61:721-728), scaled to what one antibody of the cocktail binds. HLA-DR: highest
# on intermediate monocytes (Ziegler-Heitbrock, Front Immunol 2015;6:423); its spread: `BloodSpec`.
MONOCYTES: Mapping[str, Population] = MappingProxyType(
    {
        "classical monocyte": _monocyte(forward=1.75, side=2.3, hla_dr=1.0, cd14=60_000),
        "intermediate monocyte": _monocyte(
            forward=1.75, side=2.2, hla_dr=1.8, cd14=42_000, cd14_spread=0.15
        ),
        "non-classical monocyte": _monocyte(
            forward=1.5,
            side=1.75,
            hla_dr=0.9,
            cd14=5_500,
            cd14_spread=0.20,
            cd45=52_000,
            diameter=8.5,
        ),
        "immature monocyte": _monocyte(
            forward=1.85,
            side=2.6,
            hla_dr=0.35,
            cd14=42_000,
            cd14_spread=0.16,
            cd45=38_000,
            diameter=9.5,
        ),
        "monocyte with platelets": _monocyte(
            forward=1.85, side=2.45, hla_dr=1.0, cd14=60_000, diameter=10.0
        ),
    }
)

LEUKOCYTES: Mapping[str, Population] = MappingProxyType(
    {
        "neutrophil": Population(
            1.75, 5.0, 80, 1_800, 18_000, 45, 9.0, side_spread=0.10, cd14_spread=0.18
        ),
        "immature granulocyte": Population(
            2.05, 3.5, 200, 1_500, 14_000, 55, 10.5,
            forward_spread=0.06, side_spread=0.12, hla_dr_spread=0.35, cd45_spread=0.13,
        ),
        "eosinophil": Population(
            1.45, 6.8, 100, 400, 30_000, 250, 8.5, side_spread=0.09, autofluorescence_spread=0.13
        ),
        "basophil": Population(1.05, 1.4, 60, 150, 25_000, 28, 8.0),
        "myeloid dendritic cell": Population(
            1.45, 1.65, 110_000, 300, 45_000, 35, 9.0, hla_dr_spread=0.18, cd14_spread=0.30
        ),
        "plasmacytoid dendritic cell": Population(
            1.3, 1.2, 60_000, 120, 36_000, 28, 8.5, hla_dr_spread=0.16
        ),
        "B cell": Population(1.0, 1.0, 40_000, 100, 65_000, 18, 7.5, hla_dr_spread=0.14),
        "T cell": Population(1.0, 1.0, 25, 60, 80_000, 18, 7.5, hla_dr_spread=0.30),
        "activated T cell": Population(1.1, 1.1, 4_000, 70, 82_000, 21, 7.8, hla_dr_spread=0.30),
        "NK cell": Population(1.08, 1.15, 120, 70, 85_000, 20, 7.8, hla_dr_spread=0.40),
    }
)  # fmt: skip

RED_CELL = Population(0.55, 0.28, 3, 3, 10, 4, 7.0, forward_spread=0.06, side_spread=0.10)
PLATELET = Population(
    0.16, 0.12, 15, 30, 10, 3, 4.5, forward_spread=0.15, side_spread=0.18, cd45_spread=0.3
)
# Granulocytes that broke in the tube: shrunken, sticky for every antibody, brighter of themselves.
DAMAGED_CELL = Population(
    1.15, 3.2, 350, 1_500, 11_000, 110, 8.0,
    forward_spread=0.12, side_spread=0.20, hla_dr_spread=0.40, cd14_spread=0.35,
    cd45_spread=0.22, autofluorescence_spread=0.20,
)  # fmt: skip
OTHERS: Mapping[str, Population] = MappingProxyType(
    {"red cell": RED_CELL, "platelet": PLATELET, "damaged cell": DAMAGED_CELL}
)
DEBRIS, DOUBLET = "debris", "doublet"
# What an event of blood can be; its number is its place here.
LABELS: tuple[str, ...] = (*MONOCYTES, *LEUKOCYTES, *OTHERS, DEBRIS, DOUBLET)


def draw(population: Population, kind: int, count: int, rng: np.random.Generator) -> Particles:
    """Cells of one kind.

    Parameters
    ----------
    population
        Its medians and spreads.
    kind
        The number it goes by in its sample.
    count
        How many.
    rng
        Source of chance.
    """
    matrix = MONOCYTE_CORRELATION if population.monocyte else CELL_CORRELATION
    normal = rng.standard_normal((count, len(_PROPERTIES))) @ np.linalg.cholesky(matrix).T
    values = population.medians * 10.0 ** (normal * population.spreads)
    emission = np.zeros((count, len(Source)))
    emission[:, Source.FORWARD] = values[:, 0]
    emission[:, Source.SIDE] = values[:, 1]
    # Antibodies are whole.
    emission[:, [Source.PE, Source.PERCP_CY55, Source.CD45_DYE]] = np.rint(values[:, 2:5])
    emission[:, Source.AUTOFLUORESCENCE] = values[:, 5]
    return Particles(
        kind=np.full(count, kind, dtype=np.intp),
        diameter=population.diameter * np.cbrt(values[:, 0] / population.forward),
        emission=emission,
    )
