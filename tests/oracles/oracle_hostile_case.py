"""What a hostile case may change on the way from a patient to two files, and what is expected.

Five places: the blood, the settings of the instrument, the particles in the order in which they
pass the laser, the blood file, the bead file. Everything else is as in `oracle_cases`.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np
from oracle_blood import Recipe
from oracle_fcs import Recording
from oracle_instrument import Instrument, Light

SOUND = "sound"  # a number within 5 %, and `pass`
DOUBTFUL = "doubtful"  # never `pass` and more than 5 % wrong
REFUSE = "refuse"  # no number at all
WORST = 0.05

SICK = (1_500.0, 3_800.0)
WELL = (6_500.0, 20_000.0)


@dataclass(frozen=True, slots=True, eq=False)
class Tube:
    """Particles in the order in which they pass the laser, ``times`` in seconds."""

    light: Light
    labels: np.ndarray
    times: np.ndarray
    truth_abc: float

    def rows(self, chosen: np.ndarray) -> "Tube":
        """Some of the particles, by mask or index, in that order."""
        light = light_rows(self.light, chosen)
        return replace(self, light=light, labels=self.labels[chosen], times=self.times[chosen])

    def with_light(self, **columns: np.ndarray) -> "Tube":
        return replace(self, light=replace(self.light, **columns))

    def dimmed(
        self,
        where: np.ndarray,
        *,
        fsc: np.ndarray | float = 1.0,
        ssc: np.ndarray | float = 1.0,
        stain: np.ndarray | float = 1.0,
    ) -> "Tube":
        """Particles off the focus: less of every light."""
        light = self.light
        stains = ("pe", "cd14", "cd45", "autofluorescence")
        columns = {name: np.where(where, getattr(light, name) * stain, getattr(light, name))
                   for name in stains}  # fmt: skip
        columns["fsc"] = np.where(where, light.fsc * fsc, light.fsc)
        columns["ssc"] = np.where(where, light.ssc * ssc, light.ssc)
        return self.with_light(**columns)


def light_rows(light: Light, chosen: np.ndarray) -> Light:
    return Light(**{each.name: getattr(light, each.name)[chosen] for each in fields(light)})


def both_lights(first: Light, second: Light) -> Light:
    return Light(
        **{
            each.name: np.concatenate([getattr(first, each.name), getattr(second, each.name)])
            for each in fields(first)
        }
    )


def _unchanged(value, _):
    return value


@dataclass(frozen=True, slots=True)
class Case:
    """One hostile or unusual pair of tubes."""

    expects: str
    blood: Callable[[Recipe, np.random.Generator], Recipe] = _unchanged
    settings: Callable[[Instrument, np.random.Generator], Instrument] = _unchanged
    tube: Callable[[Tube, np.random.Generator], Tube] = _unchanged
    blood_file: Callable[[Recording, Instrument], Recording] = _unchanged
    bead_file: Callable[[Recording, Instrument], Recording] = _unchanged
    level: tuple[float, float] | None = None  # HLA-DR; None: a sick or a well one, by chance
    cd45: bool = True
    answer: bool = True  # whether there is a true number
    faithful: bool = True  # whether the light of the events is that of the molecules in the truth
    exchanged: str = ""  # "beads as blood", "blood as beads"
    large: bool = False  # for the full run only


def both_files(change: Callable[[Recording, Instrument], Recording]) -> dict[str, Callable]:
    """The same change of the blood file and of the bead file."""
    return {"blood_file": change, "bead_file": change}


def breach(expects: str, truth: float, abc: float, verdict: str) -> str:
    """What is wrong with an outcome, empty where the expectation holds; ``abc`` NaN: no number."""
    error = abs(abc / truth - 1.0)
    if expects == REFUSE:
        return "" if verdict == "refused" else f"{verdict} instead of refused"
    if verdict == "pass" and not error <= WORST:
        return f"pass, {100 * (abc / truth - 1.0):+.0f} %" if np.isfinite(error) else "pass"
    if expects == SOUND and verdict != "pass":
        return f"{verdict} instead of pass"
    return ""
