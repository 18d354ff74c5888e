"""The tube of blood."""

from typing import Final

from service.doors.fhir.datatypes import HL7, Part, concept, filled
from service.doors.fhir.message import Message
from service.doors.number import Absence, Absent

SPECIMEN: Final = "Specimen"
_BLOOD = (f"{HL7}/v2-0487", "BLD", "Whole blood")
_CLOTTED = (f"{HL7}/v2-0493", "CLOT", "Clotted")
_STATUS = {
    Absence.INSUFFICIENT: "unsatisfactory",
    Absence.CLOTTED: "unsatisfactory",
    Absence.LOST: "unavailable",
}
_CONDITION = {
    Absence.CLOTTED: concept(_CLOTTED),
    Absence.INSUFFICIENT: concept(None, "Too little blood"),  # the table has no code for it
}


def specimen(message: Message) -> Part:
    """Return the tube: when it was drawn, received and stained, and whether it was fit."""
    tube, number = message.leaving.tube, message.leaving.number
    why = number.why if isinstance(number, Absent) else None
    inside = not message.outside
    container = tube.tube_type if inside else None
    return message.entry(
        SPECIMEN,
        SPECIMEN,
        accessionIdentifier=filled(value=tube.barcode if inside else None),
        status="available" if why is None else _STATUS.get(why, "available"),
        type=concept(_BLOOD),
        subject=message.about,
        receivedTime=message.moment(tube.received_at),
        collection=filled(collectedDateTime=message.drawn_at),
        processing=_staining(message),
        container=[] if container is None else [{"type": {"text": container}}],
        condition=[_CONDITION[why]] if why in _CONDITION else [],
    )


def _staining(message: Message) -> list[Part]:
    tube = message.leaving.tube
    at = message.moment(tube.stained_at)
    how = None if message.outside else tube.preparation
    if at is None and how is None:
        return []
    return [filled(description=f"Stained; {how}" if how else "Stained", timeDateTime=at)]
