"""The record of what left of an analysis: texts by field, as REDCap takes them."""

import datetime as dt
from typing import Final

from sqlalchemy import Connection

from hladr.criterion.printing import format_probability
from service.analyses.release import Status
from service.doors.leaving import Leaving, require_patient
from service.doors.number import Absent, Classified, Number
from service.doors.outside import subject_outside
from service.doors.redcap import words
from service.doors.redcap.fields import (
    COMPLETE,
    FIELDS,
    MEASURED,
    RECORD_ID,
    STATUS,
    SUBJECT,
    code,
)
from service.laboratory import Laboratory
from service.told_time import Moment, told

Record = dict[str, str]
_INCOMPLETE: Final = "0"
_FORM_STATE: Final = {
    Status.PRELIMINARY: "1", Status.FINAL: "2", Status.AMENDED: "2",
    Status.WITHDRAWN: _INCOMPLETE,
}  # fmt: skip
_CONTEXT: Final = ("study", "site", "visit")


def record(connection: Connection, laboratory: Laboratory, leaving: Leaving) -> Record:
    """Return the record of what left: no file name, and nothing that people wrote freely.

    Raises
    ------
    ControlStays
    PseudonymKeyUnknown
    """
    require_patient(leaving)
    subject = subject_outside(connection, laboratory, leaving.tube)
    said = {
        RECORD_ID: leaving.id,
        SUBJECT: subject or "",
        **{f"hladr_{name}": getattr(leaving.tube, name) or "" for name in _CONTEXT},
        "hladr_tube_type": words.tube(leaving.tube.tube_type),
        "hladr_preparation": words.preparation(leaving.tube.preparation),
        **_times(leaving, laboratory.settings.zone),
        "hladr_version": str(leaving.departure.version),
        STATUS: str(leaving.status),
        **_number(leaving.number),
        "hladr_verdict": leaving.verdict or "",
        **_class(leaving.classified),
        "hladr_ferritin": leaving.ferritin_ng_ml or "",
        **_method(leaving),
        COMPLETE: _FORM_STATE[leaving.status],
    }
    return {name: said[name] for name in (*(each.name for each in FIELDS), COMPLETE)}


def erasing(said: Record) -> Record | None:
    """Return what takes away what a record does not say; None where it says all.

    A blank of a record erases nothing, lest it take away what people entered. So what may have been
    said of a number, or of a tube that was another patient's, is erased by an import of its own,
    whatever the project was told before. The form is incomplete until the record is imported.
    """
    gone = {each.name: "" for each in FIELDS if each.goes and not said[each.name]}
    head = {RECORD_ID: said[RECORD_ID], STATUS: said[STATUS], COMPLETE: _INCOMPLETE}
    return {**head, **gone} if gone else None


def _times(leaving: Leaving, zone: dt.tzinfo) -> Record:
    tube = leaving.tube
    times = {
        "drawn_at": tube.drawn_at, "received_at": tube.received_at,
        "stained_at": tube.stained_at, "acquired_at": leaving.acquired_at,
        "left_at": leaving.departure.at,
    }  # fmt: skip
    return {f"hladr_{name}": clock(text, zone) for name, text in times.items()}


def clock(text: str | None, zone: dt.tzinfo) -> str:
    """What the clock of the laboratory showed: REDCap knows no zones.

    A field of a time takes no day alone, and no time is made up for it.
    """
    said = told(text, zone)
    if not isinstance(said, Moment):
        return ""
    return said.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def _number(number: Number | Absent) -> Record:
    if isinstance(number, Absent):
        names = ("abc", "abc_low", "abc_high", "range", "monocytes")
        return {"hladr_outcome": code(number.why), **{f"hladr_{name}": "" for name in names}}
    low, high = number.interval
    return {
        "hladr_outcome": MEASURED,
        "hladr_abc": number.text,
        "hladr_abc_low": low,
        "hladr_abc_high": high,
        "hladr_range": number.range,
        "hladr_monocytes": str(number.monocytes),
    }


def _class(classified: Classified | None) -> Record:
    names = ("class", "decisive", "probability", "criterion", "criterion_version")
    if classified is None:
        return {f"hladr_{name}": "" for name in names}
    decisive, probability = classified.decisive, classified.probability
    told = (
        classified.name,
        "" if decisive is None else str(int(decisive)),
        "" if probability is None else format_probability(probability),
        classified.criterion,
        classified.criterion_version,
    )
    return {f"hladr_{name}": text for name, text in zip(names, told, strict=True)}


def _method(leaving: Leaving) -> Record:
    result = leaving.result
    if result is None:
        return {"hladr_assay": "", "hladr_assay_version": "", "hladr_algorithm": ""}
    return {
        "hladr_assay": result["assay"]["name"],
        "hladr_assay_version": result["assay"]["version"],
        "hladr_algorithm": result["software"]["algorithm"],
    }
