"""The class that ferritin and monocyte HLA-DR put a patient in, and how sure it is.

The class follows from the point values, unrounded, by the inequalities as written. Its probability
and whether it is decisive follow from the whole spread of each input.
"""

from dataclasses import dataclass
from typing import Any

from hladr.criterion.decision import (
    Readings,
    is_decisive,
    matching_rule,
    probability,
    with_spread,
)
from hladr.criterion.definition import (
    ClassName,
    ClassRule,
    Criterion,
    CriterionReference,
    Quantity,
)
from hladr.criterion.measured import AbcEvidence, BareAbc, Reading, read_abc, read_ferritin
from hladr.criterion.printing import bounded_probability, format_abc, format_probability
from hladr.criterion.reasons import (
    crossings,
    grounds,
    missing_inputs,
    unmet_needs,
    without_interval,
)
from hladr.ferritin import Ferritin, parse_ferritin

FERRITIN_CV = 0.05
"""Coefficient of variation of ferritin until the laboratory enters its own."""


@dataclass(frozen=True, slots=True)
class Classification:
    """A class under a criterion.

    Parameters
    ----------
    criterion
        Which definition.
    ferritin
        The ferritin it was held against; None when none was given.
    class_name, label
        The class, and how the trial words it.
    decisive
        Whether every truth inside the 95 % intervals has this class.
    probability
        That the class is right, at most 0.999. Where ferritin lies beyond a reporting limit,
        the least it can be. `decisive` and `probability` are None when the class is undetermined,
        and when it rests on an HLA-DR that came without an interval.
    reasons
        One sentence a fact: what the class rests on, or what is missing.
    """

    criterion: CriterionReference
    ferritin: Ferritin | None
    class_name: ClassName
    label: str
    decisive: bool | None
    probability: float | None
    reasons: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Write the `classification` object of schema ``hladr.result/1``."""
        stated = None if self.probability is None else float(format_probability(self.probability))
        return {
            "criterion": {"name": self.criterion.name, "version": self.criterion.version},
            "ferritin_ng_ml": None if self.ferritin is None else self.ferritin.canonical,
            "class": self.class_name.value,
            "decisive": self.decisive,
            "probability": stated,
        }


def classify(
    criterion: Criterion,
    *,
    abc: AbcEvidence | BareAbc | None,
    ferritin: Ferritin | None,
    previous_day_abc: AbcEvidence | BareAbc | None = None,
    study_day: int | None = None,
    ferritin_cv: float = FERRITIN_CV,
) -> Classification:
    """Class of a patient under a criterion.

    Parameters
    ----------
    criterion
        The rule.
    abc, previous_day_abc
        Monocyte HLA-DR of the day and of the day before; None when missing or not usable.
    ferritin
        Of the same blood draw; None when missing.
    study_day
        Counted as the trial counts.
    ferritin_cv
        Coefficient of variation of ferritin, a fraction between 0 and 1.

    Notes
    -----
    The truth of HLA-DR is Student's t on the logarithm, that of ferritin lognormal, both with the
    measured value as median, and independent of one another. The class stands by itself: with
    two inputs near their cut-offs its probability can be below one half.
    """
    readings = _readings(criterion, abc, previous_day_abc, ferritin, ferritin_cv)
    unmet = unmet_needs(criterion, readings, study_day)
    rule = matching_rule(criterion, {quantity: each.state for quantity, each in readings.items()})
    if unmet or rule is None:
        missing = {**unmet, **missing_inputs(criterion, readings)}
        return _undetermined(criterion, ferritin, tuple(missing.values()))
    return _determined(criterion, ferritin, rule, readings)


def classify_numbers(
    criterion: Criterion, *, abc: float | None, ferritin: str | float | None
) -> Classification:
    """Class of two numbers as typed in: AB/c and ferritin (text is read by `parse_ferritin`).

    A bare AB/c has no interval, so a class that rests on it has no probability.

    Raises
    ------
    FerritinError
        The ferritin cannot be used.
    InvalidAbc
        `abc` is not a positive, finite number.
    """
    return classify(
        criterion,
        abc=None if abc is None else BareAbc(abc),
        ferritin=None if ferritin is None else parse_ferritin(ferritin),
    )


def _readings(
    criterion: Criterion,
    abc: AbcEvidence | BareAbc | None,
    previous_day_abc: AbcEvidence | BareAbc | None,
    ferritin: Ferritin | None,
    ferritin_cv: float,
) -> dict[Quantity, Reading]:
    """Read the inputs that were given and that the criterion asks about."""
    given: dict[Quantity, Reading] = {}
    for quantity, value in (
        (Quantity.ABC, abc),
        (Quantity.ABC_PREVIOUS_DAY, previous_day_abc),
    ):
        if value is not None:
            text = format_abc(value.abc, criterion.cutoffs(quantity))
            given[quantity] = read_abc(value, text)
    if ferritin is not None:
        given[Quantity.FERRITIN] = read_ferritin(ferritin, cv=ferritin_cv)
    return {
        quantity: reading
        for quantity, reading in given.items()
        if criterion.class_cutoffs(quantity)
    }


def _determined(
    criterion: Criterion, ferritin: Ferritin | None, rule: ClassRule, readings: Readings
) -> Classification:
    reasons = grounds(criterion, rule, readings)
    decisive: bool | None = None
    stated: float | None = None
    spread = with_spread(criterion, rule, readings)
    if spread is None:
        reasons += without_interval(readings)
    else:
        decisive = is_decisive(criterion, rule, spread)
        stated = bounded_probability(probability(criterion, rule, spread))
        reasons += () if decisive else crossings(criterion, rule, spread)
    return Classification(
        criterion.reference, ferritin, rule.name, rule.label, decisive, stated, reasons
    )


def _undetermined(
    criterion: Criterion, ferritin: Ferritin | None, reasons: tuple[str, ...]
) -> Classification:
    name = ClassName.UNDETERMINED
    return Classification(criterion.reference, ferritin, name, name.value, None, None, reasons)
