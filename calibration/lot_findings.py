"""Findings about the bead lot."""

from collections.abc import Iterator

from calibration.evidence import Evidence
from calibration.finding import Finding, Severity
from calibration.lot import PE_MOLECULES


def lot_findings(evidence: Evidence) -> Iterator[Finding]:
    """Say what speaks against the lot."""
    lot, on = evidence.lot, evidence.on
    if lot.expires is None or on is None:
        lacking = "The lot's expiry" if lot.expires is None else "The day of the bead run"
        yield Finding(
            "LOT_EXPIRY_UNKNOWN",
            Severity.NOTE,
            f"{lacking} is not known, so it could not be checked that the lot was in date.",
        )
    elif on > lot.expires:
        yield Finding(
            "LOT_EXPIRED",
            Severity.REJECT,
            f"The lot expired on {lot.expires.isoformat()}, the beads were run on "
            f"{on.isoformat()}. Use a lot in date.",
        )
    if lot.unit != PE_MOLECULES:
        yield Finding(
            "LOT_UNIT_UNUSUAL",
            Severity.WARN,
            f"The lot counts {lot.unit!r}, not {PE_MOLECULES!r}. Antibodies per cell need PE "
            "molecules; check the flyer.",
        )
