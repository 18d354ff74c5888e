"""The fields of a record: what each holds, and what a project is to take for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from hladr.criterion.definition import ClassName
from service.analyses.release import Status
from service.doors.number import Absence

FORM: Final = "hladr"
COMPLETE: Final = f"{FORM}_complete"
"""The state of the form, which every project has beside the fields of its dictionary."""
RECORD_ID: Final = "record_id"
STATUS: Final = "hladr_status"
SUBJECT: Final = "hladr_subject"
MEASURED: Final = "measured"
_TIME, _WHOLE, _NUMBER = "datetime_seconds_ymd", "integer", "number"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record.

    Parameters
    ----------
    validation
        REDCap's own word for what may stand in it; empty: any text.
    choices
        What alone may stand in it, with what people read; empty: no choice.
    goes
        Whether a blank takes away what was there: a number, what rests on it, and what was said of
        a tube, which may be another patient's now.
    identifies
        Whether it may tell who the subject is.
    """

    name: str
    label: str
    validation: str = ""
    choices: Mapping[str, str] | None = None
    goes: bool = False
    identifies: bool = False


def code(text: str) -> str:
    """Return a word as the code of a choice."""
    return text.replace(" ", "_")


def _choices(*words: Iterable[str]) -> dict[str, str]:
    return {code(str(word)): str(word) for each in words for word in each}


FIELDS: Final = (
    Field(RECORD_ID, "Analysis"),
    Field(SUBJECT, "Subject", goes=True, identifies=True),
    Field("hladr_study", "Study, by its id in the laboratory", goes=True),
    Field("hladr_site", "Site", goes=True),
    Field("hladr_visit", "Visit", goes=True),
    Field("hladr_drawn_at", "Drawn", _TIME, goes=True, identifies=True),
    Field("hladr_received_at", "Received", _TIME, goes=True, identifies=True),
    Field("hladr_stained_at", "Stained", _TIME, goes=True, identifies=True),
    Field("hladr_acquired_at", "Measured", _TIME, goes=True, identifies=True),
    Field("hladr_tube_type", "Tube", goes=True),
    Field("hladr_preparation", "Preparation", goes=True),
    Field("hladr_version", "Version of the analysis", _WHOLE),
    Field(STATUS, "Status", choices=_choices(Status)),
    Field("hladr_left_at", "Left the laboratory", _TIME, identifies=True),
    Field("hladr_outcome", "Outcome", choices=_choices([MEASURED], Absence)),
    Field("hladr_abc", "HLA-DR, antibodies bound per monocyte (AB/c)", _NUMBER, goes=True),
    Field("hladr_abc_low", "Lower end of its 95 % interval (AB/c)", _NUMBER, goes=True),
    Field("hladr_abc_high", "Upper end of its 95 % interval (AB/c)", _NUMBER, goes=True),
    Field("hladr_range", "Within the range of the beads",
          choices=_choices(["within", "above", "below"]), goes=True),
    Field("hladr_monocytes", "Monocytes measured", _WHOLE, goes=True),
    Field("hladr_verdict", "Verdict of the checks", choices=_choices(["pass", "review"]),
          goes=True),
    Field("hladr_class", "Class", choices=_choices(ClassName), goes=True),
    Field("hladr_decisive", "The interval leaves no other class", choices={"1": "yes", "0": "no"},
          goes=True),
    Field("hladr_probability", "Probability that the class is right", _NUMBER, goes=True),
    Field("hladr_ferritin", "Ferritin (ng/mL)", goes=True),
    Field("hladr_criterion", "Criterion of the class"),
    Field("hladr_criterion_version", "Version of the criterion"),
    Field("hladr_assay", "Assay"),
    Field("hladr_assay_version", "Version of the assay"),
    Field("hladr_algorithm", "Version of the algorithm"),
)  # fmt: skip
