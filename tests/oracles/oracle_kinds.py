"""Sorts of particle in lysed whole blood, and how many of each there are in health and sepsis."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of particle. Scatter in scale units of a standard laboratory.

    ``hla_dr`` in molecules (for monocytes relative to classical), ``cd14`` relative to the healthy
    classical monocyte, ``cd45`` to the lymphocyte; ``_sd`` in log10; ``tail`` degrees of freedom
    of Student's t (HLA-DR).
    """

    fsc: float
    fsc_cv: float
    ssc: float
    ssc_cv: float
    hla_dr: float
    hla_dr_sd: float
    cd14: float
    cd14_sd: float
    cd45: float
    glow: float
    tail: float = 7.0


KINDS: dict[str, Kind] = {
    "classical": Kind(112e3, 0.10, 50e3, 0.15, 1.0, 0.17, 1.0, 0.13, 0.62, 30),
    "intermediate": Kind(111e3, 0.11, 49e3, 0.16, 2.1, 0.19, 0.75, 0.16, 0.66, 32),
    "nonclassical": Kind(97e3, 0.11, 40e3, 0.16, 1.25, 0.20, 0.10, 0.19, 0.75, 26),
    "immature_monocyte": Kind(119e3, 0.11, 56e3, 0.17, 0.45, 0.21, 0.60, 0.18, 0.50, 36),
    "neutrophil": Kind(120e3, 0.09, 112e3, 0.18, 110, 0.22, 0.030, 0.17, 0.24, 30),
    "immature_granulocyte": Kind(140e3, 0.13, 88e3, 0.23, 190, 0.28, 0.022, 0.24, 0.20, 40),
    "eosinophil": Kind(110e3, 0.09, 176e3, 0.16, 90, 0.20, 0.008, 0.22, 0.42, 48),
    "basophil": Kind(72e3, 0.09, 29e3, 0.19, 90, 0.22, 0.004, 0.25, 0.38, 20),
    "t_cell": Kind(62e3, 0.09, 19e3, 0.20, 80, 0.25, 0.0020, 0.25, 1.05, 13),
    "activated_t_cell": Kind(69e3, 0.12, 21e3, 0.22, 4_000, 0.30, 0.0025, 0.25, 1.0, 15),
    "b_cell": Kind(63e3, 0.10, 20e3, 0.20, 42_000, 0.16, 0.0035, 0.28, 0.85, 13),
    "nk_cell": Kind(67e3, 0.10, 23e3, 0.20, 110, 0.35, 0.0025, 0.25, 0.95, 14),
    "myeloid_dendritic": Kind(100e3, 0.12, 37e3, 0.20, 60_000, 0.20, 0.008, 0.25, 0.60, 26),
    "plasmacytoid_dendritic": Kind(80e3, 0.10, 27e3, 0.18, 24_000, 0.20, 0.003, 0.25, 0.50, 18),
    "platelet": Kind(13e3, 0.35, 7e3, 0.40, 12, 0.25, 0.0010, 0.25, 0.004, 2),
    "red_cell": Kind(38e3, 0.22, 10e3, 0.28, 8, 0.25, 0.0008, 0.25, 0.002, 2),
    "debris": Kind(9e3, 0.60, 7e3, 0.70, 22, 0.40, 0.0030, 0.45, 0.010, 4),
}
STRANGERS: dict[str, Kind] = {  # only where a recipe asks for them
    "blast": Kind(92e3, 0.14, 27e3, 0.24, 8_000, 0.28, 0.003, 0.30, 0.28, 22, 30.0),
    "monoblast": Kind(112e3, 0.13, 45e3, 0.20, 16_000, 0.30, 0.15, 0.40, 0.45, 30),
}
NAMES = (*KINDS, "platelet_monocyte", "doublet", *STRANGERS)
MONOCYTES = ("classical", "intermediate", "nonclassical", "immature_monocyte")
SINGLET_MONOCYTES = (*MONOCYTES, "platelet_monocyte")
NOT_CELLS = ("platelet", "red_cell", "debris")
THRESHOLD = 6_000.0  # FSC, standard laboratory

# per cent of leukocytes, healthy and in severe sepsis; between them by geometric interpolation
LEUKOCYTES: dict[str, tuple[float, float]] = {
    "neutrophil": (58.0, 82.0),
    "immature_granulocyte": (0.4, 5.0),
    "eosinophil": (2.8, 0.15),
    "basophil": (0.7, 0.2),
    "t_cell": (21.0, 4.5),
    "activated_t_cell": (1.2, 0.6),
    "b_cell": (3.4, 1.6),
    "nk_cell": (4.0, 0.8),
    "myeloid_dendritic": (0.30, 0.05),
    "plasmacytoid_dendritic": (0.20, 0.03),
}
MONOCYTE_PER_CENT = (7.5, 6.0)
MONOCYTE_MIX: dict[str, tuple[float, float]] = {
    "classical": (83.0, 57.0),
    "intermediate": (6.0, 5.0),
    "nonclassical": (9.0, 2.5),
    "immature_monocyte": (1.0, 34.0),
}
DEBRIS: dict[str, tuple[float, float]] = {
    "platelet": (2.0, 3.0),
    "red_cell": (2.0, 3.0),
    "debris": (7.0, 13.0),
}
