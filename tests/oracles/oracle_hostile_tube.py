"""What happens to a tube on its way past the laser: clogs, carry-over, a tired laser, poor mixing.

The truth stays that of this patient's singlet monocytes, well stained and at full light.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from oracle_blood import SINGLET_MONOCYTES, Recipe, draw_blood
from oracle_hostile_case import DOUBTFUL, SOUND, Case, Tube, both_lights, light_rows
from oracle_instrument import arrival_times, draw_apart, pair_height

HLA_DR_PER_CD14 = 25_000.0  # molecules that shine as much as CD14 on a classical monocyte


def carry_over(share: float, leukocytes: dict[str, float] | None = None) -> Callable:
    """The last patient's blood in the tubing: a plug of it, then washed out by this one's."""

    def change(tube: Tube, rng: np.random.Generator) -> Tube:
        n = len(tube.labels)
        place = np.arange(n) / n
        half = 0.5 * share
        old = rng.random(n) < np.exp(-np.maximum(place - half, 0.0) / half)
        level = tube.truth_abc / 4.0 if tube.truth_abc > 5_000.0 else tube.truth_abc * 5.0
        last = draw_blood(
            Recipe(level, float(rng.uniform(0.0, 1.0)), n, leukocytes=leukocytes or {}), rng
        )
        index = np.where(old, n + np.arange(n), np.arange(n))
        light = light_rows(both_lights(tube.light, last.light), index)
        labels = np.where(old, "carried_over", tube.labels)
        slower = np.where(old, rng.uniform(0.7, 1.4), 1.0)
        times = np.cumsum(np.diff(tube.times, prepend=0.0) * slower)
        return replace(tube, light=light, labels=labels, times=times)

    return change


def _stretch(tube: Tube, share: float) -> np.ndarray:
    """Events in the middle of the run."""
    place = np.arange(len(tube.labels)) / len(tube.labels)
    return np.abs(place - 0.5) < 0.5 * share


def clog(share: float, *, slower: float = 8.0, fsc: float = 0.72, stain: float = 0.8) -> Callable:
    """The rate collapses, the stream is off the focus."""

    def change(tube: Tube, rng: np.random.Generator) -> Tube:
        inside = _stretch(tube, share)
        step = np.diff(tube.times, prepend=0.0) * np.where(inside, slower, 1.0)
        wobble = rng.normal(1.0, 0.04, len(inside))
        moved = replace(tube, times=np.cumsum(step))
        return moved.dimmed(inside, fsc=fsc * wobble, ssc=fsc * wobble, stain=stain * wobble)

    return change


def bubble(tube: Tube, rng: np.random.Generator) -> Tube:
    """Nothing for some seconds, then events whose light is anything."""
    inside = _stretch(tube, 0.02)
    n = len(inside)
    step = np.diff(tube.times, prepend=0.0)
    step[np.flatnonzero(inside)[0]] += rng.uniform(3.0, 6.0)
    fsc, ssc, stain = rng.uniform(0.25, 1.1, n), rng.uniform(0.2, 1.3, n), rng.uniform(0.3, 1.0, n)
    return replace(tube, times=np.cumsum(step)).dimmed(inside, fsc=fsc, ssc=ssc, stain=stain)


def laser(power: Callable[[np.ndarray], np.ndarray]) -> Callable:
    """PE's own laser, its power by the place in the run (0 to 1); the beads saw 1."""

    def change(tube: Tube, _: np.random.Generator) -> Tube:
        now = power(np.arange(len(tube.labels)) / len(tube.labels))
        return tube.with_light(pe=tube.light.pe * now)

    return change


def half_antibody(tube: Tube, _: np.random.Generator) -> Tube:
    return tube.with_light(pe=tube.light.pe * 0.5)


def half_unstained(*stains: str) -> Callable:
    """A drop at the wall of the tube that the antibody did not reach."""

    def change(tube: Tube, rng: np.random.Generator) -> Tube:
        missed = rng.random(len(tube.labels)) < 0.5
        columns = {name: np.where(missed, 0.0, getattr(tube.light, name)) for name in stains}
        return tube.with_light(**columns)

    return change


def threshold(fsc: float) -> Callable:
    """Trigger on forward scatter, of a standard laboratory."""
    return lambda tube, _: tube.rows(tube.light.fsc >= fsc)


def monocyte_doublets(tube: Tube, rng: np.random.Generator) -> Tube:
    """A fifth of the events with monocytes are two of them together."""
    single = np.flatnonzero(np.isin(tube.labels, SINGLET_MONOCYTES))
    n = round(len(single) / 4)
    first, second = (light_rows(tube.light, rng.choice(single, n)) for _ in range(2))
    light = replace(
        first,
        fsc=first.fsc + second.fsc,
        ssc=first.ssc + second.ssc,
        height=pair_height(first.fsc, second.fsc, draw_apart(n, rng)),
        pe=first.pe + second.pe,
        cd14=first.cd14 + second.cd14,
        cd45=first.cd45 + second.cd45,
        autofluorescence=first.autofluorescence + second.autofluorescence,
    )
    order = rng.permutation(len(tube.labels) + n)
    times = arrival_times(len(order), len(tube.times) / float(tube.times[-1]), rng)
    return replace(
        tube,
        light=light_rows(both_lights(tube.light, light), order),
        labels=np.concatenate([tube.labels, np.full(n, "doublet")])[order],
        times=times,
    )


def conjugates_exchanged(tube: Tube, _: np.random.Generator) -> Tube:
    """HLA-DR-PerCP-Cy5.5 and CD14-PE in a file that says the opposite."""
    light = tube.light
    return tube.with_light(
        pe=np.rint(light.cd14 * HLA_DR_PER_CD14), cd14=light.pe / HLA_DR_PER_CD14
    )


CASES = {
    "carry_over_3": Case(DOUBTFUL, tube=carry_over(0.03)),
    "carry_over_10": Case(DOUBTFUL, tube=carry_over(0.10)),
    "carry_over_25": Case(DOUBTFUL, tube=carry_over(0.25)),
    "carry_over_10_other_blood": Case(
        DOUBTFUL, tube=carry_over(0.10, {"neutrophil": 15.0, "t_cell": 55.0})
    ),
    "carry_over_25_other_blood": Case(
        DOUBTFUL, tube=carry_over(0.25, {"neutrophil": 15.0, "t_cell": 55.0})
    ),
    "clog_8": Case(SOUND, tube=clog(0.08), faithful=False),
    "clog_30": Case(DOUBTFUL, tube=clog(0.30), faithful=False),
    "clog_partial_40": Case(
        DOUBTFUL, tube=clog(0.40, slower=2.5, fsc=0.9, stain=0.82), faithful=False
    ),
    "bubble": Case(SOUND, tube=bubble, faithful=False),
    "laser_drift_15": Case(DOUBTFUL, tube=laser(lambda place: 1.0 - 0.15 * place), faithful=False),
    "laser_step_15": Case(
        DOUBTFUL, tube=laser(lambda place: np.where(place < 0.5, 1.0, 0.85)), faithful=False
    ),
    "half_antibody": Case(DOUBTFUL, tube=half_antibody, faithful=False),
    "half_cells_unstained": Case(DOUBTFUL, tube=half_unstained("pe"), faithful=False),
    "half_cells_unstained_by_all": Case(
        DOUBTFUL, tube=half_unstained("pe", "cd14", "cd45"), faithful=False
    ),
    "threshold_through_lymphocytes": Case(SOUND, tube=threshold(62_000.0)),
    "threshold_above_lymphocytes": Case(DOUBTFUL, tube=threshold(78_000.0)),
    "monocyte_doublets_20": Case(SOUND, tube=monocyte_doublets),
    "conjugates_exchanged": Case(DOUBTFUL, tube=conjugates_exchanged, faithful=False),
}
