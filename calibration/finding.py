"""A doubt about a measurement: what was seen, how grave it is, what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs: `note` informs, `warn` asks for a person, `reject` blocks."""

    NOTE = "note"
    WARN = "warn"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt.

    Parameters
    ----------
    code
        Stable name, upper case with underscores, e.g. ``TOP_BEAD_SATURATED``.
    severity
        Weight of the doubt.
    message
        One or two sentences: what was found and the limit it was held against, then what to do.
    """

    code: str
    severity: Severity
    message: str
