"""Whether immunity counts as restored: by the rule of the class at entry, and by no other.

Three answers: met, not met, not known. A missing number, or one beyond a reporting limit, gives the
third unless the rule holds, or fails, whatever the number may be.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hladr.criterion.classification import FERRITIN_CV
from hladr.criterion.definition import (
    Certainty,
    ClassName,
    Criterion,
    CriterionReference,
    CutOff,
    Quantity,
    RestorationRule,
)
from hladr.criterion.ferritin_fall import read_fall
from hladr.criterion.measured import (
    AbcBeyondBeads,
    AbcEvidence,
    BareAbc,
    Reading,
    read_abc,
    read_beyond_beads,
    read_ferritin,
)
from hladr.criterion.printing import format_abc
from hladr.ferritin import Ferritin

MeasuredAbc = AbcEvidence | BareAbc | AbcBeyondBeads

_NOUN = {
    Quantity.ABC: "HLA-DR",
    Quantity.FERRITIN: "ferritin",
    Quantity.FERRITIN_FALL: "the fall of ferritin since entry",
}
_UNIT = {Quantity.ABC: " AB/c", Quantity.FERRITIN: " ng/mL", Quantity.FERRITIN_FALL: ""}
_MISSING = {
    Quantity.ABC: "a usable HLA-DR is needed",
    Quantity.FERRITIN: "ferritin is needed",
    Quantity.FERRITIN_FALL: "ferritin at entry and now is needed",
}


class Answer(StrEnum):
    """What a rule says of a patient."""

    MET = "met"
    NOT_MET = "not met"
    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Restoration:
    """A restoration rule held against the numbers of one moment.

    Parameters
    ----------
    criterion
        Which definition.
    entry_class
        The class at entry, which chose the rule.
    certainty, source
        How well the rule is known, and from where; None where the criterion has no such rule.
    answer
        `Answer.NOT_KNOWN` where a number is missing or there is no rule.
    decisive
        Whether every truth inside the 95 % intervals gives this answer; None when it is not known,
        or rests on an HLA-DR without an interval.
    reasons
        One sentence a fact.
    """

    criterion: CriterionReference
    entry_class: ClassName
    certainty: Certainty | None
    source: str | None
    answer: Answer
    decisive: bool | None
    reasons: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Write as JSON holds it."""
        return {
            "criterion": {
                "name": self.criterion.name,
                "version": self.criterion.version,
                "sha256": self.criterion.sha256,
            },
            "entry_class": self.entry_class.value,
            "certainty": None if self.certainty is None else self.certainty.value,
            "source": self.source,
            "answer": self.answer.value,
            "decisive": self.decisive,
            "reasons": list(self.reasons),
        }


def restoration(
    criterion: Criterion,
    entry_class: ClassName,
    *,
    entry_ferritin: Ferritin | None,
    abc: MeasuredAbc | None,
    ferritin: Ferritin | None,
    ferritin_cv: float = FERRITIN_CV,
) -> Restoration:
    """Whether a patient who entered in a class is restored by the numbers of a later moment.

    Parameters
    ----------
    criterion
        Whose rules.
    entry_class
        The class at entry.
    entry_ferritin
        Ferritin at entry; None when it was not measured.
    abc, ferritin
        Monocyte HLA-DR and ferritin of the later moment; None when missing or not usable.
    ferritin_cv
        Coefficient of variation of ferritin, a fraction between 0 and 1.

    Notes
    -----
    The fall is ``1 - ferritin / entry_ferritin``, computed from the decimals as they were
    reported: 8,500 after 10,000 is a fall of exactly 15 %. Its 95 % interval takes both ferritins
    as lognormal and independent.
    """
    rule = next((each for each in criterion.restoration if each.entry_class is entry_class), None)
    if rule is None:
        reason = f"{criterion.name} has no restoration rule for the class at entry, {entry_class}"
        if entry_class is ClassName.UNDETERMINED:
            reason = "the class at entry is not known, and it chooses the rule"
        return Restoration(
            criterion.reference, entry_class, None, None, Answer.NOT_KNOWN, None, (reason,)
        )
    readings: dict[Quantity, Reading] = {}
    if abc is not None:
        readings[Quantity.ABC] = _read_abc(abc, criterion)
    if ferritin is not None:
        readings[Quantity.FERRITIN] = read_ferritin(ferritin, cv=ferritin_cv)
    if ferritin is not None and entry_ferritin is not None:
        cutoffs = criterion.cutoffs(Quantity.FERRITIN_FALL)
        readings[Quantity.FERRITIN_FALL] = read_fall(entry_ferritin, ferritin, ferritin_cv, cutoffs)
    answer = _answer(rule, readings)
    return Restoration(
        criterion.reference,
        entry_class,
        rule.certainty,
        rule.source,
        answer,
        _decisive(rule, answer, readings),
        tuple(_reasons(criterion, rule, answer, readings)),
    )


def _read_abc(abc: MeasuredAbc, criterion: Criterion) -> Reading:
    cutoffs = criterion.cutoffs(Quantity.ABC)
    if isinstance(abc, AbcBeyondBeads):
        return read_beyond_beads(abc, format_abc(abc.limit, cutoffs))
    return read_abc(abc, format_abc(abc.abc, cutoffs))


def _answer(rule: RestorationRule, readings: dict[Quantity, Reading]) -> Answer:
    answers = [_met(cutoff, readings.get(cutoff.quantity)) for cutoff in rule.cutoffs]
    if False in answers:
        return Answer.NOT_MET
    return Answer.NOT_KNOWN if None in answers else Answer.MET


def _met(cutoff: CutOff, reading: Reading | None) -> bool | None:
    return None if reading is None else cutoff.met(reading.state)


def _decisive(
    rule: RestorationRule, answer: Answer, readings: dict[Quantity, Reading]
) -> bool | None:
    """Whether the answer is the same everywhere inside the intervals."""
    if answer is Answer.NOT_KNOWN:
        return None
    sides = [_everywhere(cutoff, readings.get(cutoff.quantity)) for cutoff in rule.cutoffs]
    wanted = answer is Answer.MET
    settled = [side is wanted for side in sides]
    if all(settled) if wanted else any(settled):
        return True
    bare = any(
        reading is not None and reading.interval is None
        for reading in (readings.get(cutoff.quantity) for cutoff in rule.cutoffs)
    )
    return None if bare else False


def _everywhere(cutoff: CutOff, reading: Reading | None) -> bool | None:
    """Answer to one cut-off at both ends of the interval; None where they differ."""
    if reading is None or reading.interval is None:
        return None
    ends = {cutoff.holds(end) for end in reading.interval}
    return ends.pop() if len(ends) == 1 else None


def _reasons(
    criterion: Criterion,
    rule: RestorationRule,
    answer: Answer,
    readings: dict[Quantity, Reading],
) -> list[str]:
    reasons = []
    for cutoff in rule.cutoffs:
        reading = readings.get(cutoff.quantity)
        noun, asked = _NOUN[cutoff.quantity], _limit(cutoff)
        if reading is None and answer is Answer.NOT_MET:
            continue
        if reading is None:
            reasons.append(f"{_MISSING[cutoff.quantity]}: the rule asks whether it is {asked}")
            continue
        shown = f"{noun} {reading.text}{_UNIT[cutoff.quantity]}"
        if cutoff.quantity is Quantity.FERRITIN_FALL:
            shown = f"{noun}, {reading.text},"
        met = cutoff.met(reading.state)
        verb = {True: "is", False: "is not", None: "does not tell whether it is"}[met]
        reasons.append(f"{shown} {verb} {asked}")
        if met is not None and reading.interval and _everywhere(cutoff, reading) is None:
            reasons.append(f"the 95 % interval of {noun} holds the limit, {_value(cutoff)}")
    if rule.certainty is Certainty.UNVERIFIED:
        reasons.append(f"this rule of {criterion.name} is unverified: {rule.source}")
    return reasons


def _limit(cutoff: CutOff) -> str:
    return f"{cutoff.inequality.words} {_value(cutoff)}"


def _value(cutoff: CutOff) -> str:
    if cutoff.quantity is Quantity.FERRITIN_FALL:
        return f"{100.0 * cutoff.value:.12g} %"
    return f"{cutoff.value:,.12g}{_UNIT[cutoff.quantity]}"
