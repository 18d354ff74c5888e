"""The Bundle: a report, its observations, the tube, the devices, and where all comes from.

Behind them is what others were told whose the tube was said to be before.
"""

from typing import Any
from uuid import UUID

from service.doors.fhir.datatypes import URI, Part
from service.doors.fhir.devices import cytometer, program, to_device
from service.doors.fhir.message import Message
from service.doors.fhir.observations import classified, ferritin, ferritin_gone, mhladr
from service.doors.fhir.patients import id_of
from service.doors.fhir.report import provenance, report
from service.doors.fhir.specimen import specimen
from service.doors.fhir.withdrawn import Withdrawal
from service.doors.number import Number


def bundle(message: Message) -> dict[str, Any]:
    """Return a Bundle of type ``collection``, the same each time for the same departure."""
    measured_on, made_by = cytometer(message), program(message)
    blood = mhladr(message, to_device(measured_on))
    told = ferritin(message)
    numbers = [blood] if isinstance(message.leaving.number, Number) else []
    given = [_to(each) for each in (*numbers, told) if each is not None]
    class_ = classified(message, to_device(made_by), given)
    observations = [each for each in (blood, told, class_) if each is not None]
    whole = report(message, [_to(each) for each in observations])
    origin = None
    if made_by is not None:
        own = [_to(each) for each in (whole, blood, class_) if each is not None]
        origin = provenance(message, own, _to(made_by))
    gone, tube = ferritin_gone(message), specimen(message)
    entries = (whole, *observations, gone, tube, measured_on, made_by, origin)
    departure = message.leaving.departure
    id_ = message.id(f"Bundle/{departure.version}/{departure.status}/{message.outside}")
    there = [each for each in entries if each is not None]
    others = Withdrawal(departure, message.code, message.earlier)
    return _collection(id_, departure.at, [*there, *others.entries])


def withdrawing(analysis_id: str, withdrawal: Withdrawal) -> dict[str, Any]:
    """Return a Bundle that tells of nobody, and takes back what others were told."""
    departure = withdrawal.departure
    id_ = id_of(UUID(analysis_id), f"Bundle/{departure.version}/{departure.status}/withdrawing")
    return _collection(id_, departure.at, withdrawal.entries)


def _collection(id_: str, at: str, entries: list[Part]) -> dict[str, Any]:
    return {
        "resourceType": "Bundle",
        "id": id_,
        "identifier": {"system": URI, "value": f"urn:uuid:{id_}"},
        "type": "collection",
        "timestamp": at,
        "entry": entries,
    }


def _to(entry: Part) -> Part:
    return {"type": entry["resource"]["resourceType"], "reference": entry["fullUrl"]}
