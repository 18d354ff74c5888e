"""Parts that resources of FHIR R4 are made of, in JSON's kinds."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from hladr.csv_text import Cell
from service.told_time import Day, told

Part = Mapping[str, Any]

LOCAL: Final = "https://hladr.example/codes"
"""System of the codes that are ours alone."""
LOINC: Final = "http://loinc.org"
UCUM: Final = "http://unitsofmeasure.org"
URI: Final = "urn:ietf:rfc:3986"
HL7: Final = "http://terminology.hl7.org/CodeSystem"

_LONGEST = 4000  # characters


def system_of(text: str) -> str:
    """Return the address of a system of codes: HL7's name of LOINC has one, others are ours."""
    return text if ":" in text else {"LN": LOINC}.get(text, LOCAL)


def concept(code: tuple[str, str, str] | None, text: str | None = None) -> Part:
    """Return a CodeableConcept.

    Parameters
    ----------
    code
        System, code and display; None where there is none for it.
    text
        In words; None: the display.
    """
    if code is None:
        return {"text": text}
    system, name, display = code
    coding = {"system": system, "code": name, "display": display}
    return {"coding": [coding], "text": display if text is None else text}


def quantity(value: float, unit: str, code: str, comparator: str = "") -> Part:
    """Return a Quantity in a unit of UCUM."""
    more = {"comparator": comparator} if comparator else {}
    return {"value": value, "unit": unit, "system": UCUM, "code": code, **more}


def number(text: str) -> float:
    """Return a number as JSON writes it like its text: 4751 has no decimals."""
    return float(text) if "." in text or "e" in text else int(text)


def moment(text: str | None, zone: dt.tzinfo) -> str | None:
    """Return a dateTime: a day, or a time in UTC with its seconds; None where nobody said one.

    Parameters
    ----------
    zone
        Of times that say none.
    """
    said = told(text, zone)
    if said is None:
        return None
    if isinstance(said, Day):
        return said.day.isoformat()
    return said.at.astimezone(dt.UTC).replace(tzinfo=None).isoformat() + "Z"


def shown(text: str | None) -> str:
    """Return a text of a file without signs that FHIR forbids; empty where nothing is left."""
    seen = "".join(sign if sign.isprintable() else " " for sign in text or "")
    return " ".join(seen.split())[:_LONGEST]


def filled(**elements: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON is any of its kinds
    """Return those elements that are there: FHIR knows no empty one."""
    return {name: value for name, value in elements.items() if not _is_empty(value)}


def _is_empty(value: Part | list[Any] | Cell) -> bool:
    return value is None or (isinstance(value, str | list | Mapping) and not value)
