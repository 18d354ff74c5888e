"""Lysed whole blood stained with HLA-DR-PE, CD14-PerCP-Cy5.5 and CD45: cells, not gates.

A ``Recipe`` says what is in the tube; ``draw_blood`` makes the particles. Truth is read off the
particles themselves: the geometric mean of PE molecules on the singlet monocytes in the tube.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from oracle_instrument import Light, draw_apart, pair_height
from oracle_kinds import (
    DEBRIS,
    KINDS,
    LEUKOCYTES,
    MONOCYTE_MIX,
    MONOCYTE_PER_CENT,
    MONOCYTES,
    NAMES,
    NOT_CELLS,
    SINGLET_MONOCYTES,
    STRANGERS,
    THRESHOLD,
    Kind,
)


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
    kinds: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # cells unlike the usual
    monocyte_mix: Mapping[str, float] = field(default_factory=dict)  # per cent, before the person's
    strangers: Mapping[str, float] = field(default_factory=dict)  # per cent of leukocytes
    granulocyte_cd14: float | None = None  # of this person's classical monocytes'
    platelet_share: float | None = None  # of monocytes that carry platelets


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
    strangers = {name: round(p / 100.0 * n_cells) for name, p in recipe.strangers.items()}
    n_cells -= sum(strangers.values())

    mono = person(MONOCYTE_PER_CENT)
    cells = {name: person(pair) for name, pair in LEUKOCYTES.items()}
    fixed = dict(recipe.leukocytes)
    free = sum(value for name, value in cells.items() if name not in fixed) + mono
    scale = (100.0 - sum(fixed.values())) / free
    cells = {name: fixed.get(name, value * scale) for name, value in cells.items()}
    n_mono = round(mono * scale / 100.0 * n_cells) if recipe.monocytes is None else recipe.monocytes
    rest = (n_cells - n_mono) / sum(cells.values())
    counts |= {name: round(value * rest) for name, value in cells.items() if name != "neutrophil"}
    fixed_mix = {name: (value, value) for name, value in recipe.monocyte_mix.items()}
    mix = {name: person(pair) for name, pair in (MONOCYTE_MIX | fixed_mix).items()}
    total = sum(mix.values())
    counts |= {name: round(n_mono * value / total) for name, value in mix.items()}
    counts["classical"] += n_mono - sum(counts[name] for name in MONOCYTES)
    counts |= strangers
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
    present = {name: KINDS.get(name) or STRANGERS[name] for name in (*KINDS, *recipe.strangers)}
    for name, kind in present.items():
        values = {slot: getattr(kind, slot) for slot in Kind.__slots__}
        values |= recipe.kinds.get(name, {})
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
    if recipe.granulocyte_cd14 is not None:
        alike = recipe.granulocyte_cd14 * kinds["classical"].cd14
        for name, share in (("neutrophil", 1.0), ("immature_granulocyte", 0.8)):
            kinds[name] = replace(kinds[name], cd14=share * alike)
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
    if not mono.any():
        return
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


def geometric_mean(values: np.ndarray) -> float:
    """NaN of nothing."""
    return float(np.exp(np.log(values).mean())) if values.size else float("nan")


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
    platelets = _between((0.07, 0.28), recipe.severity)
    _stick_platelets(drawn, recipe.platelet_share or platelets, rng)

    codes = np.concatenate([drawn.codes, np.full(n_doublets, NAMES.index("doublet"), np.int8)])
    values = np.concatenate([drawn.values, doubles])
    height = np.concatenate([np.ones(len(drawn.codes)), double_height])
    order = rng.permutation(len(codes))
    codes, values, height = codes[order], values[order], height[order]
    molecules = np.rint(values[:, 2])
    mono = np.isin(codes, [NAMES.index(name) for name in SINGLET_MONOCYTES])
    truth = geometric_mean(np.maximum(molecules[mono], 1.0))
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
