"""Named pairs of a bead tube and a blood tube, with the answer.

``make_pair("level_4000", seed)`` is deterministic. ``CASES`` are the hard ones that judge accuracy,
``ORDINARY`` clean pairs that a laboratory makes every day and that must pass, ``VARIANTS`` other
honest files, ``FAULTS`` pairs whose number must not leave as it is (truth is NaN where there is
none).
"""

import zlib
from dataclasses import dataclass, replace

import numpy as np
from oracle_beads import LOTS, bead_tube
from oracle_blood import Blood, Recipe, draw_blood
from oracle_instrument import Instrument, arrival_times, as_calibur, draw_instrument

CASES = (
    *("level_1300", "level_2500", "level_4000", "level_6500"),
    *("level_12000", "level_30000", "level_60000"),
    *("cd14_half", "cd14_third", "monocytes_700", "debris_45"),
    *("immature_granulocytes_35", "b_cell_rich", "doublets_12"),
)
ORDINARY = ("healthy", "surgical", "sepsis_moderate", "sepsis_severe", "calibur_log", "no_cd45")
VARIANTS = ("beads_800", "pe_height_too", "linear_20bit", "cd64_cocktail", "beads_without_matrix")
FAULTS = (
    *("no_hla_dr_stain", "b_cell_depleted", "beads_as_blood", "blood_as_beads"),
    *("other_pe_voltage", "other_serial", "other_day", "wrong_lot", "missing_bead_level"),
)

CD14_UNITS = (5_000.0, 80_000.0)
ORDINARY_LEVELS = {
    "healthy": (15_000.0, 38_000.0),
    "surgical": (9_000.0, 15_000.0),
    "sepsis_moderate": (6_500.0, 9_500.0),
    "sepsis_severe": (1_500.0, 3_800.0),
    "calibur_log": (7_500.0, 30_000.0),
    "no_cd45": (6_500.0, 30_000.0),
}


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    beads: bytes
    blood: bytes
    lot: str
    truth_abc: float
    n_monocytes: int
    labels: np.ndarray


@dataclass(frozen=True, slots=True)
class _Bench:
    """What stands on the bench before the tubes are run."""

    instrument: Instrument
    recipe: Recipe
    lot: str


def severity_of(level: float) -> float:
    return float(np.clip(np.log10(25_000.0 / level), 0.0, 1.0))


def _level(case: str, rng: np.random.Generator) -> float:
    if case.startswith("level_"):
        return float(case.removeprefix("level_")) * float(np.exp(rng.uniform(-0.04, 0.04)))
    low, high = ORDINARY_LEVELS.get(case, (2_500.0, 20_000.0))
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _recipe(case: str, rng: np.random.Generator) -> Recipe:
    level = _level(case, rng)
    severity = severity_of(level)
    fixed = {
        "cd14_half": {"cd14_factor": 0.5},
        "cd14_third": {"cd14_factor": 1.0 / 3.0},
        "monocytes_700": {"monocytes": 700},
        "debris_45": {"not_cells": {"debris": 45.0}},
        "immature_granulocytes_35": {"leukocytes": {"immature_granulocyte": 35.0}},
        "b_cell_rich": {"leukocytes": {"b_cell": float(rng.uniform(22.0, 32.0))}},
        "doublets_12": {"doublets": 0.12},
        "calibur_log": {"n_events": 40_000},
        "cd64_cocktail": {"cd64_cocktail": True},
        "no_hla_dr_stain": {"unstained": True},
        "b_cell_depleted": {"leukocytes": {"b_cell": 0.0}},
    }.get(case, {})
    if case == "immature_granulocytes_35":
        severity = max(severity, 0.5)
    fixed.setdefault("cd64_cocktail", bool(severity > 0.4 and rng.random() < 0.4))
    return Recipe(level=level, severity=severity, **fixed)


def _bench(case: str, rng: np.random.Generator) -> _Bench:
    recipe = _recipe(case, rng)
    # set on healthy blood, so that bright monocytes and the top bead stay on scale
    gain = (0.5, 1.05) if recipe.level > 25_000.0 else (0.6, 2.6)
    cd14 = (CD14_UNITS[0] / recipe.cd14_factor, CD14_UNITS[1])
    instrument = draw_instrument(rng, cd45=case != "no_cd45", pe_gain=gain, cd14=cd14)
    if case == "calibur_log":
        instrument = as_calibur(instrument, rng)
    if case == "pe_height_too":
        instrument = replace(instrument, pe_height=True)
    if case == "linear_20bit":
        instrument = replace(instrument, kind="linear20")
    return _Bench(instrument, recipe, LOTS[int(rng.integers(2))])


def _bead_instrument(case: str, instrument: Instrument, rng: np.random.Generator) -> Instrument:
    if case == "other_pe_voltage":
        louder = rng.uniform(1.15, 1.6)
        return replace(
            instrument,
            pe_gain=instrument.pe_gain * louder,
            per_electron=instrument.per_electron
            * np.where(np.arange(len(instrument.names)) == 1, louder, 1),
            pe_voltage=round(instrument.pe_voltage * louder ** (1.0 / 7.0)),
        )
    if case == "beads_without_matrix":
        return replace(instrument, writes_matrix=False)
    if case == "other_serial":
        return replace(instrument, serial="V96300001")
    return instrument


def _blood_tube(instrument: Instrument, blood: Blood, rng: np.random.Generator) -> bytes:
    n_events = len(blood.labels)
    times = arrival_times(n_events, rng.uniform(700.0, 2_500.0), rng)
    table, names = instrument.measure(blood.light, times, rng)
    return instrument.file(table, names, tube="Blood mHLA-DR", markers=True, minutes=0.0)


def make_pair(case: str, seed: int) -> Pair:
    """The two files of ``case``; the same bytes for the same case and seed."""
    if case not in CASES + ORDINARY + VARIANTS + FAULTS:
        message = f"no case {case!r}"
        raise ValueError(message)
    rng = np.random.default_rng([zlib.crc32(case.encode()), seed])
    bench = _bench(case, rng)
    blood = draw_blood(bench.recipe, rng)
    blood_file = _blood_tube(bench.instrument, blood, rng)
    n_levels = bench.lot.count(",") + 1
    beads_file = bead_tube(
        _bead_instrument(case, bench.instrument, rng),
        bench.lot,
        rng,
        n_events=800 if case == "beads_800" else 10_000,
        missing=int(rng.integers(n_levels)) if case == "missing_bead_level" else None,
        markers=bool(rng.random() < 0.5),
        minutes=-3.0 * 1440.0 if case == "other_day" else -float(rng.uniform(8.0, 90.0)),
    )
    lot = bench.lot
    if case == "wrong_lot":
        lot = LOTS[1 - LOTS.index(lot)]
    truth = float("nan") if case == "no_hla_dr_stain" else blood.truth_abc
    if case == "beads_as_blood":
        blood_file, truth = beads_file, float("nan")
    if case == "blood_as_beads":
        beads_file = blood_file
    return Pair(beads_file, blood_file, lot, truth, blood.n_monocytes, blood.labels)
