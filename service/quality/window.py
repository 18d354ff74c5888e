"""Which runs a baseline is locked from, and what that makes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from calibration.control import LEAST_RUNS, Baseline, Quantity, Run
from calibration.errors import BaselineTooShort
from service.errors import ServiceError


class BaselineUnclear(ServiceError):
    """It is not said what a baseline is to be locked from."""

    code: ClassVar[str] = "BASELINE_UNCLEAR"
    status: ClassVar[int] = 422

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            "expected either runs, to lock mean and SD from, or mean and SD by hand with a run of "
            f"the lot and service that they hold for; found {found}."
        )


@dataclass(frozen=True, slots=True)
class Window:
    """Runs of one lot and service, in their order.

    Parameters
    ----------
    runs
        What a baseline is locked from.
    left_out
        How many of other lots, or from before or after a service, lie among them.
    """

    runs: tuple[Run, ...]
    left_out: int

    @classmethod
    def between(cls, runs: Sequence[Run], first: str, last: str) -> Self:
        """Return the runs from one to another, both by their ids, that are of the last one's lot.

        Raises
        ------
        BaselineUnclear
            One of them is not there, or the last comes before the first.
        """
        places = {run.id: place for place, run in enumerate(runs)}
        if first not in places or last not in places:
            raise BaselineUnclear(found="a first or last run that this instrument has not")
        inside = runs[places[first] : places[last] + 1]
        if not inside:
            raise BaselineUnclear(found="a last run that came before the first")
        of_lot = tuple(run for run in inside if run.epoch == inside[-1].epoch)
        return cls(of_lot, len(inside) - len(of_lot))

    @classmethod
    def of_present(cls, runs: Sequence[Run]) -> Self:
        """Return the first 20 runs of the lot and service of the newest run, or fewer."""
        of_lot = [run for run in runs if run.epoch == runs[-1].epoch]
        return cls(tuple(of_lot[:LEAST_RUNS]), 0)


def locked_from(window: Sequence[Run], only: Collection[Quantity] = ()) -> list[Baseline]:
    """Return a baseline of each quantity that has values enough.

    Parameters
    ----------
    only
        Quantities that are asked for; none: all that were measured.

    Raises
    ------
    BaselineTooShort, BaselineMixesEpochs, BaselineUnclear
        There is none that could be locked.
    """
    made: list[Baseline] = []
    short: list[BaselineTooShort] = []
    measured = {each for run in window for each in run.values}
    for quantity in sorted(measured & set(only) if only else measured):
        try:
            made.append(Baseline.locked(quantity, window))
        except BaselineTooShort as error:
            short.append(error)
    if not made:
        raise short[0] if short else BaselineUnclear(found="runs without any value of these")
    return made
