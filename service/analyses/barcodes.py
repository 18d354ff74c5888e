"""Whether the barcode of a tube was measured before, or was noted as somebody else's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from calibration.finding import Severity
from service.analyses.tube import Kind, Tube
from service.finding import ServiceFinding
from service.store.analysis import Analysis, State
from service.store.reception import Reception
from service.store.siblings import Sibling
from service.store.studies import plain

_WITHOUT_NUMBER: Final = frozenset({State.REJECTED, State.NO_RESULT})


@dataclass(frozen=True, slots=True)
class Measured:
    """A tube that was measured, as far as its barcode is asked for.

    Parameters
    ----------
    id
        Of its analysis; empty while that is not kept.
    """

    id: str
    file_sha256: str
    kind: str
    site: str | None
    related_to: str | None

    @classmethod
    def of(cls, analysis: Analysis, file_sha256: str) -> "Measured":
        """Return the tube of an analysis as it is described now."""
        tube = analysis.tube
        return cls(analysis.id, file_sha256, tube.kind, tube.site, tube.related_to)


def measured_as_well(own: Measured, same: Sequence[Sibling]) -> list[Sibling]:
    """Return which analyses of a barcode are of another file, and not said to be a repeat.

    Those that give no number count for nothing, nor those of another site. Blood of controls has
    the barcode of its vial, day after day.
    """
    return [each for each in same if _is_other(own, each) and not _is_repeat(own, each)]


def barcode_findings(others: Sequence[Sibling]) -> Iterator[ServiceFinding]:
    """Whether another file was measured under the barcode of a tube."""
    if others:
        yield ServiceFinding(
            "BARCODE_TWICE",
            Severity.WARN,
            "Another file was sent under the barcode of this tube. Look at both tubes: correct the "
            "barcode of one, or say of the later that it is a duplicate or a reacquisition.",
            blocks=True,
        )


def reception_findings(tube: Tube, noted: Reception | None) -> Iterator[ServiceFinding]:
    """Whether a tube was noted as of another subject when it came.

    That nobody says whose a patient's blood is, is a finding of its own.
    """
    if noted is None or noted.arrival.subject is None:
        return
    unsaid = tube.subject is None and tube.kind is Kind.PATIENT
    if not unsaid and plain(tube.subject or "") != plain(noted.arrival.subject):
        yield ServiceFinding(
            "RECEPTION_MISMATCH",
            Severity.WARN,
            "The tube with this barcode was noted as of another subject when it came. Look at the "
            "tube: correct subject or barcode, or say why both are the same.",
            blocks=True,
        )


def _is_other(own: Measured, each: Sibling) -> bool:
    if each.id == own.id or each.file_sha256 in {None, own.file_sha256}:
        return False
    if each.state in _WITHOUT_NUMBER or {own.kind, each.tube["kind"]} == {Kind.CONTROL}:
        return False
    return each.site == own.site or None in {each.site, own.site}


def _is_repeat(own: Measured, each: Sibling) -> bool:
    return (own.related_to or own.id) == (each.related_to or each.id)
