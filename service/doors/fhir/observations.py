"""Observations: mHLA-DR, ferritin, and the class of both."""

from collections.abc import Iterator
from typing import Final

from hladr.ferritin import parse_ferritin
from service.analyses.release import Status
from service.doors.fhir.datatypes import (
    HL7,
    LOCAL,
    LOINC,
    Part,
    concept,
    filled,
    number,
    quantity,
    shown,
)
from service.doors.fhir.message import STATUS, STATUS_BESIDE, Message
from service.doors.fhir.specimen import SPECIMEN
from service.doors.number import Absence, Absent, Number

OBSERVATION: Final = "Observation"
MHLADR, FERRITIN, CLASS = "mHLA-DR", "ferritin", "class"
FERRITIN_CODE: Final = (LOINC, "2276-4", "Ferritin [Mass/volume] in Serum or Plasma")
CLASS_CODE: Final = (LOCAL, "HLADR-CLASS", "Class by monocyte HLA-DR and ferritin")
_CI95 = (LOCAL, "HLADR-CI95", "95 % interval of monocyte HLA-DR")
_MONOCYTES = (LOCAL, "monocytes", "Monocytes that were measured")
_DECISIVE = (LOCAL, "decisive", "Whether the interval leaves no other class")
_PROBABILITY = (LOCAL, "probability", "Probability that the class is right")
_LABORATORY = (f"{HL7}/observation-category", "laboratory", "Laboratory")
_BEYOND = f"{HL7}/v3-ObservationInterpretation"
_INTERPRETATION = {
    "above": concept((_BEYOND, ">", "Off scale high")),
    "below": concept((_BEYOND, "<", "Off scale low")),
}
_REASON = f"{HL7}/data-absent-reason"
ERROR: Final = (_REASON, "error", "Error")
_NOT_PERFORMED = (_REASON, "not-performed", "Not Performed")
_ABSENT = {
    Absence.REJECTED: ERROR,
    Absence.WITHDRAWN: ERROR,
    Absence.INSUFFICIENT: _NOT_PERFORMED,
    Absence.CLOTTED: _NOT_PERFORMED,
    Absence.NOT_DONE: _NOT_PERFORMED,
    Absence.LOST: _NOT_PERFORMED,
}


def mhladr(message: Message, device: Part | None) -> Part:
    """Return monocyte HLA-DR, or why there is none."""
    leaving = message.leaving
    found = leaving.number
    if isinstance(found, Number):
        value: Part = {
            "valueQuantity": _abc(found.text),
            "component": list(_components(found)),
            "referenceRange": [{"text": message.reference}] if message.reference else [],
        }
    else:
        value = {"dataAbsentReason": _absent(found, outside=message.outside)}
    return message.entry(
        OBSERVATION,
        MHLADR,
        status=STATUS[leaving.departure.status],
        category=[concept(_LABORATORY)],
        code=concept(message.code),
        subject=message.about,
        effectiveDateTime=message.drawn_at,
        issued=leaving.departure.at,
        performer=[*message.house, *message.people],
        interpretation=list(_interpretation(message)),
        note=[{"text": text} for text in _notes(message)],
        method=_method(message),
        specimen=message.to(SPECIMEN, SPECIMEN),
        device=device,
        **value,
    )


def ferritin(message: Message) -> Part | None:
    """Return the ferritin that was told with the tube; None where none was."""
    leaving = message.leaving
    if leaving.ferritin_ng_ml is None:
        return None
    read = parse_ferritin(leaving.ferritin_ng_ml)
    value = number(read.canonical.removeprefix(read.relation.value))
    return message.entry(
        OBSERVATION,
        FERRITIN,
        status=STATUS_BESIDE[leaving.departure.status],
        category=[concept(_LABORATORY)],
        code=concept(FERRITIN_CODE),
        subject=message.about,
        issued=leaving.departure.at,
        valueQuantity=quantity(value, "ng/mL", "ng/mL", read.relation.value),
        note=[{"text": "As it was told with the tube; not measured here."}],
    )


def ferritin_gone(message: Message) -> Part | None:
    """Return that the ferritin of an earlier version does not stand; None where one is told."""
    if message.leaving.ferritin_ng_ml is not None or not message.had_ferritin:
        return None
    return message.entry(
        OBSERVATION,
        FERRITIN,
        status=STATUS[Status.WITHDRAWN],
        category=[concept(_LABORATORY)],
        code=concept(FERRITIN_CODE),
        subject=message.about,
        issued=message.leaving.departure.at,
        dataAbsentReason=concept(ERROR, "Withdrawn: no ferritin is known any more."),
    )


def classified(message: Message, device: Part | None, given: list[Part]) -> Part | None:
    """Return the class under a criterion; None where nothing was measured.

    Parameters
    ----------
    given
        References to what it rests on.
    """
    found = message.leaving.classified
    if found is None:
        return None
    components = []
    if found.decisive is not None and found.probability is not None:
        probability = quantity(found.probability, "1", "1")
        components = [
            {"code": concept(_DECISIVE), "valueBoolean": found.decisive},
            {"code": concept(_PROBABILITY), "valueQuantity": probability},
        ]
    return message.entry(
        OBSERVATION,
        CLASS,
        status=STATUS_BESIDE[message.leaving.departure.status],
        category=[concept(_LABORATORY)],
        code=concept(CLASS_CODE),
        subject=message.about,
        effectiveDateTime=message.drawn_at,
        issued=message.leaving.departure.at,
        performer=[*message.house, *message.people],
        valueCodeableConcept=concept((LOCAL, found.name, found.name)),
        method={"text": f"Criterion {found.criterion}, version {found.criterion_version}"},
        device=device,
        derivedFrom=given,
        component=components,
    )


def _abc(text: str) -> Part:
    return quantity(number(text), "AB/c", "{Ab}/{cell}")


def _components(found: Number) -> Iterator[Part]:
    low, high = map(_abc, found.interval)
    yield {"code": concept(_CI95), "valueRange": {"low": low, "high": high}}
    yield {"code": concept(_MONOCYTES), "valueInteger": found.monocytes}


def _absent(found: Absent, *, outside: bool) -> Part:
    said = Absent(found.why, None) if outside else found
    return concept(_ABSENT[found.why], said.sentence)


def _interpretation(message: Message) -> Iterator[Part]:
    found, class_ = message.leaving.number, message.leaving.classified
    if not isinstance(found, Number):
        return
    if found.range in _INTERPRETATION:
        yield _INTERPRETATION[found.range]
    if class_ is not None:
        by = f"{class_.criterion} {class_.criterion_version}"
        yield {"text": f"{class_.name} by {by}"}


def _method(message: Message) -> Part | None:
    result = message.leaving.result
    if result is None:
        return None
    assay, lot = result["assay"], shown(result["calibration"]["lot"]["number"])
    by = f"assay {shown(assay['name'])}, version {assay['version']}"
    beads = f", bead lot {lot}" if lot else ""
    gates = result["gating"]["method"]
    return filled(text=f"Flow cytometry, antibodies by beads: {by}{beads}, gates {shown(gates)}")


def _notes(message: Message) -> Iterator[str]:
    """Return findings and what is said of the version; to those outside only codes."""
    leaving = message.leaving
    replaces = leaving.departure.replaces
    if replaces is not None:
        why = "" if message.outside or not leaving.reason else f": {shown(leaving.reason)}"
        yield f"In the place of version {replaces}{why}"
    for each in leaving.findings:
        code, sentence = f"{each['code']} ({each['severity']})", shown(each["message"])
        yield code if message.outside or not sentence else f"{code}: {sentence}"
    yield "Research use only; not for diagnosis."
