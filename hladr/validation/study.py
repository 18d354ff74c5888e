"""All studies of one set of results, and which of them the results do not hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from hladr.result_table import ResultTable
from hladr.validation.carry_over import CarryOver, carry_over
from hladr.validation.columns import LEVELS, LOT, NEEDS, REAGENT_LOT
from hladr.validation.limits import LaboratoryLimits
from hladr.validation.linearity import FEWEST, Linearity, linearity
from hladr.validation.observation import Observation, Observations, levels_of, observations
from hladr.validation.precision import REPEAT, Precision, Unreplicated, precision
from hladr.validation.side_by_side import SideBySide, side_by_side


@dataclass(frozen=True, slots=True)
class NotDone:
    """A study that the results do not hold: its name, and what it needs."""

    study: str
    needs: str


@dataclass(frozen=True, slots=True, eq=False)
class PrecisionStudy:
    """Imprecision of all specimens together and of each.

    Parameters
    ----------
    levels
        Columns that the table has, outermost first.
    results
        That were used, in the order of the table.
    left_out
        How many results leave one of the columns empty.
    overall
        Of all specimens; one specimen alone is all.
    specimens
        Of each that has replicates, as they first appear.
    """

    levels: tuple[str, ...]
    results: tuple[Observation, ...]
    left_out: int
    overall: Precision | Unreplicated
    specimens: tuple[Precision, ...]

    def knows(self, level: str) -> bool:
        """Whether a component stands for this level alone or with others."""
        if isinstance(self.overall, Unreplicated):
            return False
        return any(level in part.levels for part in self.overall.components)

    @property
    def has_repeatability(self) -> bool:
        """Whether the innermost component holds nothing but repeats of a run."""
        if isinstance(self.overall, Unreplicated):
            return False
        return self.overall.components[-1].levels == (REPEAT,)


@dataclass(frozen=True, slots=True, eq=False)
class Validation:
    """What a laboratory's replicates say.

    Parameters
    ----------
    table
        The results.
    found
        Those that are used, and those that are not.
    limits
        Of the laboratory.
    precision, linearity, carry_over, side_by_side
        The studies.
    not_done
        Studies without results, with what they need.
    """

    table: ResultTable
    found: Observations
    limits: LaboratoryLimits
    precision: PrecisionStudy
    linearity: tuple[Linearity, ...]
    carry_over: CarryOver
    side_by_side: tuple[SideBySide, ...]
    not_done: tuple[NotDone, ...]


def validate(table: ResultTable, limits: LaboratoryLimits) -> Validation:
    """Evaluate the replicates of a table.

    Parameters
    ----------
    table
        Of `hladr batch`, with the columns that say what each tube is.
    limits
        Shown beside the numbers; nothing is judged by them.

    Raises
    ------
    ValidationColumnsMissing, ValidationCellInvalid
        The table does not say what is needed.
    """
    found = observations(table)
    study = _precision_study(found)
    lines = tuple(
        linearity(
            specimen,
            np.array([each.expected for each in of_it]),
            np.array([each.abc for each in of_it]),
        )
        for specimen, of_it in found.series()
        if len({each.expected for each in of_it}) >= FEWEST
    )
    carried = carry_over(found.usable)
    pairs = tuple(side_by_side(found.of_precision()))
    not_done = tuple(_not_done(study, lines, carried, pairs))
    return Validation(table, found, limits, study, lines, carried, pairs, not_done)


def _precision_study(found: Observations) -> PrecisionStudy:
    levels = levels_of(found) if "run" in found.columns else ()
    candidates = found.of_precision()
    complete = tuple(each for each in candidates if levels and all(map(each.said.get, levels)))
    names = dict.fromkeys(each.specimen for each in complete)
    of_each = (_of_specimen(complete, levels, name) for name in names)
    return PrecisionStudy(
        levels=levels,
        results=complete,
        left_out=len(candidates) - len(complete),
        overall=precision(complete, levels, next(iter(names)) if len(names) == 1 else ""),
        specimens=tuple(each for each in of_each if isinstance(each, Precision)),
    )


def _of_specimen(
    results: Sequence[Observation], levels: tuple[str, ...], name: str
) -> Precision | Unreplicated:
    return precision([each for each in results if each.specimen == name], levels, name)


def _not_done(
    study: PrecisionStudy,
    lines: Sequence[Linearity],
    carried: CarryOver,
    pairs: Sequence[SideBySide],
) -> Iterator[NotDone]:
    done = {
        "repeatability": study.has_repeatability,
        **{f"between {level}s": study.knows(level) for level in reversed(LEVELS)},
        "linearity": bool(lines),
        "carry-over": bool(carried.sequences),
        "lots side by side": any(each.column in {LOT, REAGENT_LOT} for each in pairs),
    }
    return (NotDone(name, needs) for name, needs in NEEDS.items() if not done[name])
