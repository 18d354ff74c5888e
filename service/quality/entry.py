"""What people write into the log of an instrument, as it comes and as it is kept."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FiniteFloat

from calibration.control import Action, Baseline, ByHand, Epoch, Kind, Quantity, Rule, Window
from calibration.errors import CalibrationError
from service.texts import Id, Moment, Sentence, Word


def _of_charts(text: str) -> str:
    quantity_or_kind(text)
    return text


def quantity_or_kind(text: str) -> Quantity | Kind:
    """Return what ``peak``, ``peak:2`` or ``control:low`` names.

    Raises
    ------
    ValueError
        Neither a quantity nor a kind of them.
    """
    if text in set(Kind):
        return Kind(text)
    try:
        return Quantity.of_key(text)
    except CalibrationError as error:
        raise ValueError(str(error)) from None


def _one_quantity(text: str) -> str:
    try:
        Quantity.of_key(text)
    except CalibrationError as error:
        raise ValueError(str(error)) from None
    return text


Charted = Annotated[Word, AfterValidator(_of_charts)]
"""A quantity (``peak:2``), or all of a kind (``peak``)."""

QuantityKey = Annotated[Word, AfterValidator(_one_quantity)]
"""One quantity: ``slope``, ``peak:2``, ``control:low``."""


class NewService(BaseModel):
    """That an instrument was serviced; from then on there is another baseline.

    `at` is by the clock of the instrument; a zone is not looked at.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: Moment
    reason: Sentence


class SetByHand(BaseModel):
    """Mean and SD of a quantity in its own unit, such as AB/c."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mean: FiniteFloat
    sd: Annotated[FiniteFloat, Field(ge=0.0)]


class NewBaseline(BaseModel):
    """A baseline that is locked.

    From `runs`, ids of calibrations, at least 20 of one lot and between two services: every
    quantity that has 20 values among them, or of those the ones that `quantities` names. Or
    `by_hand`, for the lot and service of `run`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    runs: Annotated[tuple[Id, ...], Field(max_length=500)] = ()
    quantities: Annotated[tuple[QuantityKey, ...], Field(max_length=100)] = ()
    run: Id | None = None
    by_hand: Annotated[dict[QuantityKey, SetByHand], Field(max_length=100)] = {}
    reason: Sentence


class RuleSwitch(BaseModel):
    """What a rule does from now on, for a quantity or for all of a kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: Charted
    rule: Rule
    action: Action
    reason: Sentence


class RunUse(BaseModel):
    """That a run may be used for patients in spite of the rules it violates."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    calibration_id: Id
    reason: Sentence


class Withdrawal(BaseModel):
    """That an entry of the log was a mistake: from now on it counts for nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    entry_id: Id
    reason: Sentence


def wall_clock(moment: str) -> str:
    """Return a moment as the clock on the wall shows it, without a zone."""
    return dt.datetime.fromisoformat(moment).replace(tzinfo=None).isoformat(timespec="seconds")


def baseline_kept(baseline: Baseline) -> dict[str, Any]:
    """Write a baseline as it is kept and answered."""
    origin = baseline.origin
    epoch = baseline.epoch
    return {
        "quantity": baseline.quantity.key,
        "epoch": {"beads": epoch.beads, "service": epoch.service},
        "mean": baseline.mean,
        "sd": baseline.sd,
        "window": None
        if isinstance(origin, ByHand)
        else {
            "runs": list(origin.runs),
            "skipped": list(origin.skipped),
            "until": str(origin.until),
        },
    }


def baseline_read(kept: Mapping[str, Any], reason: str) -> Baseline:
    """Return a baseline that was kept."""
    window = kept["window"]
    origin = (
        ByHand(reason)
        if window is None
        else Window(tuple(window["runs"]), tuple(window["skipped"]), window["until"])
    )
    epoch = Epoch(beads=kept["epoch"]["beads"], service=kept["epoch"]["service"])
    return Baseline(Quantity.of_key(kept["quantity"]), epoch, kept["mean"], kept["sd"], origin)
