"""Hostile and unusual tubes with a known answer.

``make_pair("carry_over_10", seed)`` is deterministic. ``CASES`` says of each what is expected of
the program: *sound* (a number within 5 % and `pass`), *doubtful* (never `pass` and more than 5 %
wrong), *refuse* (no number). The truth is the geometric mean of PE molecules that full stain and
full light would give on the singlet monocytes of this patient.
"""

import zlib
from dataclasses import dataclass

import numpy as np
import oracle_hostile_blood
import oracle_hostile_file
import oracle_hostile_settings
import oracle_hostile_tube
from oracle_beads import LOTS, bead_recording
from oracle_blood import SINGLET_MONOCYTES, Recipe, draw_blood
from oracle_cases import severity_of
from oracle_hostile_case import SICK, WELL, Case, Tube
from oracle_instrument import PE, PERCP, Instrument, arrival_times, draw_instrument

CASES: dict[str, Case] = {
    **oracle_hostile_blood.CASES,
    **oracle_hostile_settings.CASES,
    **oracle_hostile_tube.CASES,
    **oracle_hostile_file.CASES,
}
N_EVENTS = 50_000


@dataclass(frozen=True, slots=True, eq=False)
class HostilePair:
    """Two files, and what is known of them; ``seen`` is the light of each event in PE molecules."""

    beads: bytes
    blood: bytes
    lot: str
    truth_abc: float
    labels: np.ndarray
    seen: np.ndarray

    @property
    def n_monocytes(self) -> int:
        return int(np.isin(self.labels, SINGLET_MONOCYTES).sum())


def make_pair(case: str, seed: int) -> HostilePair:
    """The two files of ``case``; the same bytes for the same case and seed."""
    wanted = CASES[case]
    rng = np.random.default_rng([zlib.crc32(case.encode()), seed])
    recipe = wanted.blood(_patient(wanted, rng), rng)
    drawn = draw_instrument(rng, cd45=wanted.cd45, pe_gain=(0.6, 2.6), cd14=(8_000.0, 60_000.0))
    instrument = wanted.settings(drawn, rng)
    tube = wanted.tube(_tube(recipe, rng), rng)
    table, names = instrument.measure(tube.light, tube.times, rng)
    recorded = instrument.recording(table, names, tube="Blood mHLA-DR", markers=True, minutes=0.0)
    blood = wanted.blood_file(recorded, instrument).to_bytes()
    lot = LOTS[int(rng.integers(2))]
    bead_run = bead_recording(
        instrument, lot, rng, markers=bool(rng.random() < 0.5), minutes=-float(rng.uniform(8, 90))
    )
    beads = wanted.bead_file(bead_run, instrument).to_bytes()
    if wanted.exchanged == "beads as blood":
        blood = beads
    elif wanted.exchanged == "blood as beads":
        beads = blood
    truth = tube.truth_abc if wanted.answer else float("nan")
    return HostilePair(beads, blood, lot, truth, tube.labels, _seen(instrument, table, names))


def _patient(case: Case, rng: np.random.Generator) -> Recipe:
    low, high = case.level or (SICK, WELL)[int(rng.integers(2))]
    level = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    severity = severity_of(level)
    cocktail = bool(severity > 0.4 and rng.random() < 0.4)
    return Recipe(level, severity, N_EVENTS, cd64_cocktail=cocktail)


def _tube(recipe: Recipe, rng: np.random.Generator) -> Tube:
    blood = draw_blood(recipe, rng)
    times = arrival_times(len(blood.labels), rng.uniform(700.0, 2_500.0), rng)
    return Tube(blood.light, blood.labels, times, blood.truth_abc)


def _seen(instrument: Instrument, table: np.ndarray, names: list[str]) -> np.ndarray:
    """PE molecules by the instrument's own settings, light of the cell itself included."""
    values = table[:, [names.index(name) for name in instrument.names]]
    if instrument.kind == "log":  # compensated before the amplifier
        amplified = 10.0 ** (values[:, PE] / 256.0)
        light = 100.0 * (amplified / 100.0) ** (1.0 / instrument.log_slope)
        lost = instrument.spill[PE, PERCP] * instrument.spill[PERCP, PE]
        return light / (1.0 - lost) / instrument.pe_gain
    if instrument.kind == "linear20":
        values = values / 4.0
    return (values @ np.linalg.inv(instrument.spill))[:, PE] / instrument.pe_gain
