"""What a Bundle is made of: what leaves, who it is told about, and by which codes."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from service.analyses.release import Status
from service.doors.fhir.datatypes import LOCAL, Part, filled, moment
from service.doors.fhir.patients import Earlier, id_of, key_of
from service.doors.leaving import Leaving
from service.store.signatures import Signature


@dataclass(frozen=True, slots=True)
class Instrument:
    """A cytometer as it is told; empty where it is not known."""

    model: str
    serial: str


@dataclass(frozen=True, slots=True)
class Message:
    """What a Bundle is made of.

    Parameters
    ----------
    subject
        The id that the reader knows; None where nobody said whose blood it is.
    code
        System, code and text of mHLA-DR.
    laboratory, reference
        Its name, and its reference interval in words; None where nobody said.
    zone
        Of times that say none.
    outside
        Whether people, files and free texts are left out.
    had_ferritin
        Whether the patient was told a ferritin by an earlier version.
    earlier
        Other patients who were told of the tube.
    """

    leaving: Leaving
    subject: str | None
    code: tuple[str, str, str]
    laboratory: str | None
    reference: str | None
    zone: dt.tzinfo
    instrument: Instrument
    outside: bool
    had_ferritin: bool
    earlier: tuple[Earlier, ...]

    @property
    def key(self) -> UUID:
        """What the ids of the patient's resources are made of."""
        leaving = self.leaving
        return key_of(leaving.id, leaving.standing.history, leaving.departure.version)

    def id(self, name: str) -> str:
        """Return the id of a resource: the same for every version that the patient is told."""
        return id_of(self.key, name)

    def entry(self, kind: str, name: str, **elements: Any) -> Part:  # noqa: ANN401 - of FHIR
        """Return an entry of the Bundle: a resource and its address."""
        version = {"versionId": str(self.leaving.departure.version)}
        return entry(kind, self.id(name), meta=version, **elements)

    def to(self, kind: str, name: str) -> Part:
        """Return a reference to a resource of the Bundle."""
        return reference(kind, self.id(name))

    @property
    def about(self) -> Part | None:
        """Reference to the patient, who is known by an identifier alone."""
        if self.subject is None:
            return None
        return {"type": "Patient", "identifier": {"value": self.subject}}

    @property
    def signers(self) -> tuple[Signature, ...]:
        """Who signed the version; nobody where people are left out."""
        said = self.leaving.standing.said.signed(self.leaving.departure.version).values()
        return () if self.outside else tuple(sorted(said, key=lambda each: each.at))

    @property
    def people(self) -> list[Part]:
        """References to who signed, by their names."""
        names = dict.fromkeys(each.full_name for each in self.signers)
        return [{"type": "Practitioner", "display": name} for name in names]

    @property
    def house(self) -> list[Part]:
        """Reference to the laboratory, by its name."""
        if self.laboratory is None:
            return []
        return [{"type": "Organization", "display": self.laboratory}]

    @property
    def drawn_at(self) -> str | None:
        """When the blood was drawn, as a dateTime."""
        return self.moment(self.leaving.tube.drawn_at)

    @property
    def acquired_at(self) -> str | None:
        """When the blood was measured, as a dateTime; not by a clock that was never set."""
        return self.moment(self.leaving.acquired_at)

    def moment(self, text: str | None) -> str | None:
        """Return a dateTime; None where there is none."""
        return moment(text, self.zone)


STATUS = {
    Status.PRELIMINARY: "preliminary",
    Status.FINAL: "final",
    Status.AMENDED: "amended",
    Status.WITHDRAWN: "entered-in-error",
}
"""Of the report and of mHLA-DR. ``corrected`` would say that the earlier one was wrong, which
nobody said."""
STATUS_BESIDE = {**STATUS, Status.WITHDRAWN: "amended"}
"""Of what is told as it is now, also where the number was withdrawn."""


def entry(kind: str, id: str, **elements: Any) -> Part:  # noqa: ANN401 - of FHIR
    """Return an entry of a Bundle: a resource and its address."""
    resource = {"resourceType": kind, "id": id, **filled(**elements)}
    return {"fullUrl": f"urn:uuid:{id}", "resource": resource}


def reference(kind: str, id: str) -> Part:
    """Return a reference to a resource of the same Bundle."""
    return {"type": kind, "reference": f"urn:uuid:{id}"}


def id_everywhere(name: str) -> str:
    """Return the id of what many Bundles speak of, as of a cytometer."""
    return str(uuid5(NAMESPACE_URL, f"{LOCAL}/{name}"))
