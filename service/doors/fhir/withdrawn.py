"""What was told of another patient than whose the tube is: entered in error, and who is not said.

A receiver keeps the resources of each patient by their ids. Those of an earlier one are told again
without a value, a time and a name, so that nothing of the tube stands for them any more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from service.analyses.departure import Departure
from service.doors.fhir.datatypes import URI, Part, concept
from service.doors.fhir.message import entry
from service.doors.fhir.observations import (
    CLASS,
    CLASS_CODE,
    ERROR,
    FERRITIN,
    FERRITIN_CODE,
    MHLADR,
    OBSERVATION,
)
from service.doors.fhir.patients import Earlier, id_of
from service.doors.fhir.report import REPORT, REPORT_CODE
from service.doors.fhir.specimen import SPECIMEN

_STATUS: Final = "entered-in-error"
_WHY: Final = "Withdrawn: the tube is not of this patient."


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Who was told of a tube that is known as somebody else's, since which departure.

    Parameters
    ----------
    code
        System, code and text of mHLA-DR.
    """

    departure: Departure
    code: tuple[str, str, str]
    patients: tuple[Earlier, ...]

    @property
    def entries(self) -> list[Part]:
        """Resources of each, as entries of a Bundle."""
        return [each for patient in self.patients for each in self._of(patient)]

    def _of(self, patient: Earlier) -> Iterator[Part]:
        urn = {"system": URI, "value": f"urn:uuid:{patient.key}"}
        code = concept(REPORT_CODE)
        yield self._entry(patient, REPORT, REPORT, identifier=[urn], code=code, conclusion=_WHY)
        told = [(MHLADR, self.code)]
        told += [(FERRITIN, FERRITIN_CODE)] if patient.ferritin else []
        told += [(CLASS, CLASS_CODE)] if patient.class_ else []
        for name, code_ in told:
            yield self._entry(
                patient,
                OBSERVATION,
                name,
                code=concept(code_),
                dataAbsentReason=concept(ERROR, _WHY),
            )
        yield self._entry(patient, SPECIMEN, SPECIMEN)

    def _entry(self, patient: Earlier, kind: str, name: str, **elements: Any) -> Part:  # noqa: ANN401 - of FHIR
        version = {"versionId": str(self.departure.version)}
        return entry(kind, id_of(patient.key, name), meta=version, status=_STATUS, **elements)
