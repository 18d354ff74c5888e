"""Lysed whole blood stained with HLA-DR-PE, CD14-PerCP-Cy5.5 and CD45: cells, not gates.

A ``Recipe`` says what is in the tube; ``draw_blood`` makes the particles. Truth is read off the
particles themselves: the geometric mean of PE molecules on the singlet monocytes in the tube.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from oracle_instrument import Light, draw_apart, pair_height


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
NAMES = (*KINDS, "platelet_monocyte", "doublet")
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


@dataclass(frozen=True, slots=True)
class Recipe:
    level: float  # HLA-DR of all monocytes together, aimed at
    severity: float  # 0 healthy, 1 severe sepsis
    n_events: int = 60_000
    leukocytes: Mapping[str, float] = field(default_factory=dict)  # per cent, fixed ones
    not_cells: Mapping[str, float] = field(default_factory=dict)  # per cent of events, fixed ones
    monocytes: int | None = None  # number of singlet monocytes, where the case fixes it
    doublets: float | None = None  # share of events
    cd14_factor: float = 1.0
    cd64_cocktail: bool = False
    unstained: bool = False  # HLA-DR forgotten


def _between(pair: tuple[float, float], severity: float) -> float:
    return float(pair[0] ** (1.0 - severity) * pair[1] ** severity)


def _counts(recipe: Recipe, rng: np.random.Generator) -> tuple[dict[str, int], int]:
    """Single particles of every kind, and the number of doublets."""

    def person(pair: tuple[float, float]) -> float:
        return _between(pair, recipe.severity) * float(rng.uniform(0.8, 1.25))

    doublets = recipe.doublets
    if doublets is None:
        doublets = _between((0.022, 0.035), recipe.severity) * float(rng.uniform(0.7, 1.3))
    n_doublets = round(doublets * recipe.n_events)

    share = {name: person(pair) for name, pair in DEBRIS.items()} | dict(recipe.not_cells)
    counts = {name: round(value / 100.0 * recipe.n_events) for name, value in share.items()}
    n_cells = recipe.n_events - n_doublets - sum(counts.values())

    mono = person(MONOCYTE_PER_CENT)
    cells = {name: person(pair) for name, pair in LEUKOCYTES.items()}
    fixed = dict(recipe.leukocytes)
    free = sum(value for name, value in cells.items() if name not in fixed) + mono
    scale = (100.0 - sum(fixed.values())) / free
    cells = {name: fixed.get(name, value * scale) for name, value in cells.items()}
    n_mono = round(mono * scale / 100.0 * n_cells) if recipe.monocytes is None else recipe.monocytes
    rest = (n_cells - n_mono) / sum(cells.values())
    counts |= {name: round(value * rest) for name, value in cells.items() if name != "neutrophil"}
    mix = {name: person(pair) for name, pair in MONOCYTE_MIX.items()}
    total = sum(mix.values())
    counts |= {name: round(n_mono * value / total) for name, value in mix.items()}
    counts["classical"] += n_mono - sum(counts[name] for name in MONOCYTES)
    counts["neutrophil"] = recipe.n_events - n_doublets - sum(counts.values())
    return counts, n_doublets


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Columns of single particles, one row each: fsc, ssc, HLA-DR, CD14, CD45, glow."""

    codes: np.ndarray
    values: np.ndarray


def _gamma(cv: float, n: int, rng: np.random.Generator) -> np.ndarray:
    return rng.gamma(1.0 / cv**2, cv**2, n)


def _draw_kind(kind: Kind, n: int, rng: np.random.Generator, *, monocyte: bool) -> np.ndarray:
    """Rows of one kind. In monocytes one hidden state moves HLA-DR, CD14 and size together."""
    state = rng.standard_normal(n)
    own = rng.standard_t(kind.tail, n) / np.sqrt(kind.tail / (kind.tail - 2.0))
    skew = (8.0 - rng.gamma(8.0, 1.0, n)) / np.sqrt(8.0)  # shed CD14: a tail to the dim side
    load = 0.55 if monocyte else 0.0
    rest = np.sqrt(1.0 - load**2)
    marker = skew if monocyte else rng.standard_normal(n)
    log_dr = kind.hla_dr_sd * (load * state + rest * own)
    log_cd14 = kind.cd14_sd * (load * state + rest * marker)
    small_load = 0.4 if monocyte else 0.15
    fsc = kind.fsc * np.exp(
        kind.fsc_cv * (small_load * state + np.sqrt(1.0 - small_load**2) * rng.standard_normal(n))
    )
    ssc = kind.ssc * _gamma(kind.ssc_cv, n, rng) * np.exp(0.25 * kind.ssc_cv * state)
    if not monocyte:
        ssc *= (fsc / kind.fsc) ** 0.4
    return np.column_stack(
        [
            fsc,
            ssc,
            kind.hla_dr * 10.0**log_dr,
            kind.cd14 * 10.0**log_cd14,
            kind.cd45 * _gamma(0.20, n, rng),
            kind.glow * _gamma(0.25, n, rng),
        ]
    )


def _debris_rows(rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Debris falls off from the threshold; a few pieces of membrane carry stain."""
    n = len(rows)
    size = THRESHOLD + rng.exponential(8_000.0, n)
    rows[:, 0] = size
    rows[:, 1] = 1_500.0 + (size - THRESHOLD) * rng.gamma(1.5, 0.5, n)
    sticky = rng.random(n) < 0.02
    rows[sticky, 2] *= 20.0
    rows[sticky, 3] *= 8.0
    return rows


def _patient_kinds(recipe: Recipe, rng: np.random.Generator) -> dict[str, Kind]:
    """The same kinds in this person: sepsis moves stain and scatter, and people differ."""
    sick = recipe.severity
    kinds = {}
    for name, kind in KINDS.items():
        values = {slot: getattr(kind, slot) for slot in Kind.__slots__}
        values["ssc"] *= float(np.exp(rng.normal(0.0, 0.03)))
        values["fsc"] *= float(np.exp(rng.normal(0.0, 0.02)))
        values["glow"] *= float(rng.uniform(0.8, 1.25))
        if name in MONOCYTES:
            dim = recipe.cd14_factor if name != "nonclassical" else recipe.cd14_factor**0.5
            values["cd14"] *= dim * (1.0 - 0.2 * sick)
            values["hla_dr_sd"] *= 1.0 + 0.2 * sick
        else:
            values["hla_dr"] *= float(np.exp(rng.normal(0.0, 0.15)))
        if name in {"neutrophil", "immature_granulocyte"}:
            values["ssc"] *= 1.0 - 0.10 * sick
            values["cd14"] *= 1.0 + 0.6 * sick
            if recipe.cd64_cocktail:  # CD64 on granulocytes rises in sepsis
                values["cd14"] += 0.01 + 0.05 * sick * float(rng.uniform(0.6, 1.3))
        if name == "b_cell":
            values["hla_dr"] *= 1.0 - 0.25 * sick
        if name.endswith("dendritic"):
            values["hla_dr"] *= 1.0 - 0.6 * sick
        kinds[name] = Kind(**values)
    return kinds


def _draw(counts: Mapping[str, int], kinds: Mapping[str, Kind], rng: np.random.Generator) -> _Drawn:
    parts, codes = [], []
    for name, n in counts.items():
        rows = _draw_kind(kinds[name], n, rng, monocyte=name in MONOCYTES)
        parts.append(_debris_rows(rows, rng) if name == "debris" else rows)
        codes.append(np.full(n, NAMES.index(name), dtype=np.int8))
    return _Drawn(np.concatenate(codes), np.concatenate(parts))


def _scale_monocytes(drawn: _Drawn, level: float) -> None:
    """Shift the monocytes of the drawn blood together so that they lie around ``level``."""
    mono = np.isin(drawn.codes, [NAMES.index(name) for name in MONOCYTES])
    centre = np.exp(np.log(drawn.values[mono, 2]).mean())
    drawn.values[mono, 2] *= level / centre


def _pairs(drawn: _Drawn, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Rows of doublets, cells picked from the blood itself, and their pulse heights."""
    cells = np.flatnonzero(~np.isin(drawn.codes, [NAMES.index(name) for name in NOT_CELLS]))
    first = drawn.values[rng.choice(cells, n)]
    second = drawn.values[rng.choice(cells, n)]
    height = pair_height(first[:, 0], second[:, 0], draw_apart(n, rng))
    return first + second, height


def _stick_platelets(drawn: _Drawn, share: float, rng: np.random.Generator) -> None:
    """Monocytes with a platelet or two: a little more scatter, nothing else."""
    mono = np.flatnonzero(np.isin(drawn.codes, [NAMES.index(name) for name in MONOCYTES]))
    stuck = mono[rng.random(len(mono)) < share]
    platelets = 1 + rng.poisson(0.6, len(stuck))
    drawn.values[stuck, 0] += 3_500.0 * platelets
    drawn.values[stuck, 1] += 3_000.0 * platelets
    drawn.codes[stuck] = NAMES.index("platelet_monocyte")


@dataclass(frozen=True, slots=True)
class Blood:
    light: Light
    labels: np.ndarray  # (n_events,) names
    truth_abc: float
    n_monocytes: int


def draw_blood(recipe: Recipe, rng: np.random.Generator) -> Blood:
    counts, n_doublets = _counts(recipe, rng)
    drawn = _draw(counts, _patient_kinds(recipe, rng), rng)
    _scale_monocytes(drawn, recipe.level)
    if recipe.unstained:
        drawn.values[:, 2] = 0.0
    doubles, double_height = _pairs(drawn, n_doublets, rng)
    _stick_platelets(drawn, _between((0.07, 0.28), recipe.severity), rng)

    codes = np.concatenate([drawn.codes, np.full(n_doublets, NAMES.index("doublet"), np.int8)])
    values = np.concatenate([drawn.values, doubles])
    height = np.concatenate([np.ones(len(drawn.codes)), double_height])
    order = rng.permutation(len(codes))
    codes, values, height = codes[order], values[order], height[order]
    molecules = np.rint(values[:, 2])
    mono = np.isin(codes, [NAMES.index(name) for name in SINGLET_MONOCYTES])
    truth = float(np.exp(np.log(np.maximum(molecules[mono], 1.0)).mean()))
    light = Light(
        fsc=np.maximum(values[:, 0], THRESHOLD),
        ssc=values[:, 1],
        height=height,
        pe=molecules,
        cd14=values[:, 3],
        cd45=values[:, 4],
        autofluorescence=values[:, 5],
    )
    return Blood(light, np.array(NAMES)[codes], truth, int(mono.sum()))
