"""What the service finds doubtful, beside what the library finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calibration.finding import Severity


@dataclass(frozen=True, slots=True)
class ServiceFinding:
    """One doubt about identity, context or belonging.

    Parameters
    ----------
    code, severity, message
        As those of `calibration.finding.Finding`.
    blocks
        Whether nobody may sign before somebody has answered for it.
    """

    code: str
    severity: Severity
    message: str
    blocks: bool = False

    def to_dict(self) -> Mapping[str, Any]:
        """Write it as it is kept and answered."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "blocks": self.blocks,
        }
