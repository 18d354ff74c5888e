"""What somebody looked at before they stand for it: a version, and the findings that it had."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from service.analyses.refusals import FindingCame
from service.analyses.standing import Standing
from service.canonical import canonical, sha256_of

_SIGNS: Final = 16


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A version that somebody looked at.

    Parameters
    ----------
    findings
        Marks of the findings of the service that were shown with it; None: nobody says which.
        Those of the library are part of the result, which never changes.
    """

    id: str
    version: int
    findings: frozenset[str] | None = None

    @property
    def target(self) -> tuple[str, int]:
        """The analysis, and its version."""
        return self.id, self.version

    def require_seen(self, standing: Standing) -> None:
        """Refuse to have somebody stand for a finding that came after they looked.

        Raises
        ------
        FindingCame
        """
        if self.findings is None:
            return
        came = [
            str(each["code"])
            for each in standing.analysis.outcome.findings
            if mark_of(each) not in self.findings
        ]
        if came:
            raise FindingCame(findings=tuple(dict.fromkeys(came)))


def mark_of(finding: Mapping[str, Any]) -> str:
    """Return by what a finding is known: all that it says, and since when."""
    return sha256_of(canonical(dict(finding)))[:_SIGNS]


def marks_of(findings: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the marks of findings."""
    return frozenset(map(mark_of, findings))
