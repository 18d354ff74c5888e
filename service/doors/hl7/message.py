"""The message about an analysis: the same bytes each time it is asked for."""

import base64
import hashlib
from collections.abc import Iterator
from typing import Final

from service.analyses.release import Status
from service.doors.hl7.er7 import Fields, moment, segment
from service.doors.hl7.observations import code_of, observations, written
from service.doors.hl7.refusals import SubjectNotSaid
from service.doors.hl7.validation import require_valid
from service.doors.leaving import Leaving, require_patient
from service.doors.number import Absence, Absent
from service.settings import Settings

_ID_LENGTH: Final = 20  # signs that MSH-10 holds
_SENDER: Final = "HLADR"
_RESEARCH: Final = "Research use only; not for diagnosis."
_STATUS: Final = {
    Status.PRELIMINARY: "P", Status.FINAL: "F", Status.AMENDED: "C", Status.WITHDRAWN: "C",
}  # fmt: skip
_SPECIMEN_REJECTED: Final = {
    Absence.CLOTTED: ("RC", "Clotting", "HL70490"),
    Absence.INSUFFICIENT: ("QS", "Quantity not sufficient", "HL70490"),
}


def message_id(analysis_id: str, version: int, status: str) -> str:
    """Return the id of the message by which a version left as something; it never changes."""
    digest = hashlib.sha256(f"{analysis_id}/{version}/{status}".encode()).digest()
    return base64.b32encode(digest).decode("ascii")[:_ID_LENGTH]


def id_of(leaving: Leaving) -> str:
    """Return the id of the message about what left."""
    return message_id(leaving.id, leaving.departure.version, leaving.departure.status)


def message(leaving: Leaving, settings: Settings) -> bytes:
    """Return the message ORU^R01 about what left, each segment ended by CR, in UTF-8.

    Raises
    ------
    ControlStays, SubjectNotSaid
    """
    require_patient(leaving)
    if leaving.tube.subject is None:
        raise SubjectNotSaid
    text = "".join(f"{each}\r" for each in _segments(leaving, leaving.tube.subject, settings))
    require_valid(text)
    return text.encode()


def _segments(leaving: Leaving, subject: str, settings: Settings) -> Iterator[str]:
    status = _STATUS[leaving.status]
    yield _head(leaving, settings)
    yield segment("PID", {1: "1", 3: subject, 5: ("",) * 6 + ("U",)})
    yield _order(leaving, settings, status)
    yield from _notes(_of_order(leaving))
    for place, each in enumerate(observations(leaving, settings), 1):
        yield written(each, place, leaving, settings, status)
        if place == 1:
            yield from _notes(_of_number(leaving))
    yield _specimen(leaving, settings)


def _head(leaving: Leaving, settings: Settings) -> str:
    fields: Fields = {  # each one less than in MSH, whose first field is the bar itself
        2: _SENDER, 3: settings.laboratory or "", 6: moment(leaving.departure.at, settings.zone),
        8: ("ORU", "R01", "ORU_R01"), 9: id_of(leaving), 10: "P", 11: "2.5.1",
        17: "UNICODE UTF-8",
    }  # fmt: skip
    return segment("MSH", fields).replace("MSH|", r"MSH|^~\&", 1)


def _order(leaving: Leaving, settings: Settings, status: str) -> str:
    tube, zone = leaving.tube, settings.zone
    fields: Fields = {
        1: "1", 3: (leaving.id, _SENDER), 4: code_of(settings), 7: moment(tube.drawn_at, zone),
        14: moment(tube.received_at, zone), 16: ("", tube.requester) if tube.requester else "",
        22: moment(leaving.departure.at, zone), 25: status,
    }  # fmt: skip
    return segment("OBR", fields)


def _specimen(leaving: Leaving, settings: Settings) -> str:
    tube, number = leaving.tube, leaving.number
    rejected = _SPECIMEN_REJECTED.get(number.why, "") if isinstance(number, Absent) else ""
    fields: Fields = {
        1: "1", 2: tube.barcode or "", 4: ("BLD", "Whole blood", "HL70487"),
        17: moment(tube.drawn_at, settings.zone), 18: moment(tube.received_at, settings.zone),
        21: rejected, 27: ("", tube.tube_type or ""),
    }  # fmt: skip
    return segment("SPM", fields)


def _notes(texts: Iterator[str]) -> Iterator[str]:
    for place, text in enumerate(texts, 1):
        yield segment("NTE", {1: str(place), 2: "L", 3: text})


def _of_order(leaving: Leaving) -> Iterator[str]:
    yield _RESEARCH
    if leaving.departure.replaces is not None:
        said = "" if leaving.reason is None else f": {leaving.reason}"
        yield f"In the place of what was told before{said}"
    if leaving.classified is not None:
        told = leaving.classified
        yield f"Class by criterion {told.criterion}, version {told.criterion_version}."


def _of_number(leaving: Leaving) -> Iterator[str]:
    """Why there is none, and what the checks found.

    Of a number that may not be used it is the codes alone: a sentence may hold the number. So it
    is of the service's findings, which may speak of other subjects.
    """
    number = leaving.number
    if isinstance(number, Absent):
        yield number.sentence
    for each in leaving.of_library:
        if each["severity"] != "note":
            sentence = each["message"]
            yield f"{each['code']}: {sentence}" if sentence else str(each["code"])
    for told in leaving.of_service:
        if told["severity"] != "note":
            yield str(told["code"])
