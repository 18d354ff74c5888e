"""Why a class was stated or could not be: one sentence a fact, for the report."""

import math
from collections.abc import Iterator

from hladr.criterion.decision import UNKNOWN, Readings, undecided_by
from hladr.criterion.definition import ClassRule, Criterion, CutOff, Need, Quantity, Span
from hladr.criterion.measured import Reading
from hladr.criterion.printing import format_abc

_NOUN = {
    Quantity.ABC: "HLA-DR",
    Quantity.ABC_PREVIOUS_DAY: "HLA-DR of the day before",
    Quantity.FERRITIN: "ferritin",
}
_UNIT = {
    Quantity.ABC: "AB/c",
    Quantity.ABC_PREVIOUS_DAY: "AB/c",
    Quantity.FERRITIN: "ng/mL",
}


def unmet_needs(criterion: Criterion, readings: Readings, study_day: int | None) -> dict[str, str]:
    """Name, by input, what must be known before any class is stated, and is not."""
    reasons = {}
    for need in criterion.needs:
        if need is Need.STUDY_DAY:
            if study_day not in criterion.study_days:
                reasons[need.value] = _wrong_day(criterion, study_day)
        elif Quantity(need.value) not in readings:
            noun = _NOUN[Quantity(need.value)]
            reasons[need.value] = (
                f"a usable {noun} is needed: {criterion.name} states no class without it"
            )
    return reasons


def missing_inputs(criterion: Criterion, readings: Readings) -> dict[str, str]:
    """Name, by input, what keeps the rules from an answer: the first question it leaves open."""
    reasons: dict[str, str] = {}
    for rule in criterion.rules:
        for cutoff in _open_questions(rule, readings):
            reading = readings.get(cutoff.quantity)
            reasons.setdefault(cutoff.quantity.value, _missing(rule, cutoff, reading))
    return reasons


def grounds(criterion: Criterion, rule: ClassRule, readings: Readings) -> tuple[str, ...]:
    """State what the class rests on; for that of those left over, what excludes the others."""
    if rule.cutoffs:
        return tuple(_answer(cutoff, readings[cutoff.quantity]) for cutoff in rule.cutoffs)
    refusals = (
        _answer(cutoff, readings[cutoff.quantity])
        for other in criterion.rules
        for cutoff in other.cutoffs
        if cutoff.quantity in readings and cutoff.met(readings[cutoff.quantity].state) is False
    )
    return tuple(dict.fromkeys(refusals))


def crossings(criterion: Criterion, rule: ClassRule, readings: Readings) -> tuple[str, ...]:
    """State which 95 % intervals hold a cut-off that matters to the class."""
    sentences = (
        f"the 95 % interval of {_NOUN[quantity]} ({_range(criterion, quantity, interval)}) "
        f"holds the cut-off {_number(cutoff.value)} {_UNIT[quantity]}"
        for quantity in undecided_by(criterion, rule, readings)
        for cutoff in criterion.class_cutoffs(quantity)
        if (interval := readings[quantity].interval) is not None
        and interval[0] <= cutoff.value <= interval[1]
    )
    return tuple(dict.fromkeys(sentences))


def without_interval(readings: Readings) -> tuple[str, ...]:
    """Name the inputs that came as a bare number."""
    return tuple(
        f"{_NOUN[quantity]} came without an interval: no probability is stated"
        for quantity, reading in readings.items()
        if reading.interval is None
    )


def _open_questions(rule: ClassRule, readings: Readings) -> Iterator[CutOff]:
    answers = {cutoff: cutoff.met(_state(cutoff, readings)) for cutoff in rule.cutoffs}
    if False not in answers.values():
        yield from (cutoff for cutoff, answer in answers.items() if answer is None)


def _state(cutoff: CutOff, readings: Readings) -> float | Span:
    reading = readings.get(cutoff.quantity)
    return UNKNOWN if reading is None else reading.state


def _wrong_day(criterion: Criterion, study_day: int | None) -> str:
    days = " or ".join(str(day) for day in criterion.study_days)
    found = "is needed" if study_day is None else f"is {study_day}"
    return f"the study day {found}: {criterion.name} is defined for day {days}"


def _missing(rule: ClassRule, cutoff: CutOff, reading: Reading | None) -> str:
    noun, limit = _NOUN[cutoff.quantity], _limit(cutoff)
    if reading is None:
        return f"a usable {noun} is needed: {rule.name} asks whether it is {limit}"
    return (
        f"{noun} {reading.text} {_UNIT[cutoff.quantity]} does not tell whether it is {limit}, "
        f"as {rule.name} asks: get the number itself"
    )


def _answer(cutoff: CutOff, reading: Reading) -> str:
    verb = "is" if cutoff.met(reading.state) else "is not"
    unit = _UNIT[cutoff.quantity]
    return f"{_NOUN[cutoff.quantity]} {reading.text} {unit} {verb} {_limit(cutoff)}"


def _limit(cutoff: CutOff) -> str:
    return f"{cutoff.inequality.words} {_number(cutoff.value)} {_UNIT[cutoff.quantity]}"


def _number(value: float) -> str:
    return f"{value:,.12g}"


def _range(criterion: Criterion, quantity: Quantity, interval: tuple[float, float]) -> str:
    low, high = interval
    cutoffs, unit = criterion.class_cutoffs(quantity), _UNIT[quantity]
    if low <= 0.0:
        return f"up to {format_abc(high, cutoffs)} {unit}"
    if math.isinf(high):
        return f"{format_abc(low, cutoffs)} {unit} and more"
    return f"{format_abc(low, cutoffs)} to {format_abc(high, cutoffs)} {unit}"
