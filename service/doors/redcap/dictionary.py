"""The data dictionary of a project that takes the records, as REDCap reads it."""

import csv
import io
from collections.abc import Iterable
from typing import Final

from service.doors.redcap.fields import FIELDS, FORM, RECORD_ID, Field

COLUMNS: Final = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
_NOT_BY_HAND: Final = "@READONLY"


def dictionary(fields: Iterable[Field] = FIELDS, form: str = FORM) -> str:
    """Return the dictionary of a form as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(_row(each, form) for each in fields)
    return text.getvalue()


def _row(field: Field, form: str) -> dict[str, str]:
    choices = (field.choices or {}).items()
    return {
        "Variable / Field Name": field.name,
        "Form Name": form,
        "Field Type": "dropdown" if field.choices else "text",
        "Field Label": field.label,
        "Choices, Calculations, OR Slider Labels": " | ".join(map(", ".join, choices)),
        "Text Validation Type OR Show Slider Number": field.validation,
        "Identifier?": "y" if field.identifies else "",
        "Field Annotation": "" if field.name == RECORD_ID else _NOT_BY_HAND,
    }
