"""Devices: the cytometer and the program."""

from service.doors.fhir.datatypes import Part
from service.doors.fhir.message import Message, entry, id_everywhere, reference


def cytometer(message: Message) -> Part | None:
    """Return the cytometer; None where nothing was measured, or nobody knows on which."""
    found = message.instrument
    if not found.model and not found.serial:
        return None
    names = [{"name": found.model, "type": "model-name"}] if found.model else []
    return entry(
        "Device",
        id_everywhere(f"cytometer/{found.model}/{found.serial}"),
        serialNumber=found.serial,
        deviceName=names,
        type={"text": "Flow cytometer"},
    )


def program(message: Message) -> Part | None:
    """Return the program that made the result; None where nothing was measured."""
    result = message.leaving.result
    if result is None:
        return None
    version, algorithm = result["software"]["version"], result["software"]["algorithm"]
    return entry(
        "Device",
        id_everywhere(f"hladr/{version}/{algorithm}"),
        deviceName=[{"name": "hladr", "type": "user-friendly-name"}],
        type={"text": "Software for flow cytometry; research use only"},
        version=[{"value": version}, {"type": {"text": "algorithm"}, "value": algorithm}],
    )


def to_device(device: Part | None) -> Part | None:
    """Return a reference to a device of the Bundle."""
    return None if device is None else reference("Device", device["resource"]["id"])
