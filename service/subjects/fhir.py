"""A record of eligibility as a Bundle of FHIR R4: questions with answers, and what follows."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID, uuid5

from hladr.criterion import load_criterion
from hladr.criterion.definition import Quantity
from hladr.criterion.printing import format_abc
from hladr.ferritin import parse_ferritin
from service.doors.fhir.datatypes import (
    LOCAL,
    URI,
    Part,
    concept,
    filled,
    moment,
    number,
    quantity,
)
from service.doors.fhir.message import entry, reference
from service.laboratory import Laboratory
from service.subjects.export import Exported

_CODE: Final = (LOCAL, "eligibility", "Eligibility for a trial")
_ARM: Final = (LOCAL, "arm", "Arm the subject is eligible for")
_CLASS: Final = (LOCAL, "HLADR-CLASS", "Class by monocyte HLA-DR and ferritin")
_ABC: Final = (LOCAL, "mHLA-DR", "Monocyte HLA-DR")
_FERRITIN: Final = ("http://loinc.org", "2276-4", "Ferritin [Mass/volume] in Serum or Plasma")
_DRAWN: Final = {
    "hla_dr": (LOCAL, "mHLA-DR-drawn", "When blood for HLA-DR was drawn"),
    "ferritin": (LOCAL, "ferritin-drawn", "When blood for ferritin was drawn"),
}
_TIMES: Final = {
    "sepsis_classified_at": "When sepsis was classified",
    "first_dose_at": "When the first dose is to be given",
}


def bundle(
    laboratory: Laboratory, found: Exported, subject: str | None, *, outside: bool
) -> dict[str, Any]:
    """Return a Bundle of type ``collection``.

    Parameters
    ----------
    subject
        The id that the reader knows.
    outside
        Whether people are left out.
    """
    said = _Said(laboratory, found, subject, outside)
    answers = said.answers()
    id_ = said.id(f"Bundle/{outside}")
    return {
        "resourceType": "Bundle",
        "id": id_,
        "identifier": {"system": URI, "value": f"urn:uuid:{id_}"},
        "type": "collection",
        "timestamp": found.kept.made_at,
        "entry": [answers, said.outcome(answers)],
    }


class _Said:
    """A record, and what its resources have in common."""

    def __init__(
        self,
        laboratory: Laboratory,
        found: Exported,
        subject: str | None,
        outside: bool,  # noqa: FBT001
    ) -> None:
        self._laboratory, self._found, self._outside = laboratory, found, outside
        self._told: Mapping[str, Any] = found.kept.record
        self._about = None if subject is None else _patient(subject)

    def id(self, name: str) -> str:
        """Return the id of a resource."""
        return str(uuid5(UUID(self._found.kept.id), name))

    def answers(self) -> Part:
        """Return the questions with their answers, and the times."""
        trial = self._told["trial"]
        people = [each["by"] for each in self._told["signed"]]
        author = None if self._outside else {"type": "Practitioner", "display": people[0]}
        return entry(
            "QuestionnaireResponse",
            self.id("answers"),
            questionnaire=f"https://hladr.example/trials/{trial['name']}|{trial['version']}",
            status="completed",
            subject=self._about,
            authored=self._moment(self._told["assessed_at"]),
            author=author,
            item=[*map(_question, self._told["answers"]), *self._times()],
        )

    def outcome(self, answers: Part) -> Part:
        """Return what follows, with class, arm and the two numbers."""
        outcome = self._told["outcome"]
        house = self._laboratory.settings.laboratory
        performer = [] if house is None else [{"type": "Organization", "display": house}]
        return entry(
            "Observation",
            self.id("outcome"),
            status="final",
            code=concept(_CODE),
            subject=self._about,
            effectiveDateTime=self._moment(self._told["assessed_at"]),
            issued=self._found.kept.made_at,
            performer=performer,
            valueCodeableConcept=concept((LOCAL, outcome, outcome)),
            note=[{"text": text} for text in self._notes()],
            method={"text": self._rules()},
            derivedFrom=[reference("QuestionnaireResponse", answers["resource"]["id"])],
            component=list(self._components()),
        )

    def _components(self) -> Iterator[Part]:
        class_, arm = self._told["classification"], self._told["arm"]
        if arm is not None:
            words = concept((LOCAL, arm, arm), self._told["eligible_for"])
            yield {"code": concept(_ARM), "valueCodeableConcept": words}
        name = class_["class"]
        yield {"code": concept(_CLASS), "valueCodeableConcept": concept((LOCAL, name, name))}
        if class_["hla_dr"]["abc"] is not None:
            cutoffs = load_criterion(self._found.trial.criterion.name).cutoffs(Quantity.ABC)
            text = format_abc(class_["hla_dr"]["abc"], cutoffs).replace(",", "")
            value = quantity(number(text), "AB/c", "{Ab}/{cell}")
            yield {"code": concept(_ABC), "valueQuantity": value}
        if class_["ferritin"]["ng_ml"] is not None:
            read = parse_ferritin(class_["ferritin"]["ng_ml"])
            amount = number(read.canonical.removeprefix(read.relation.value))
            value = quantity(amount, "ng/mL", "ng/mL", read.relation.value)
            yield {"code": concept(_FERRITIN), "valueQuantity": value}
        for name, coded in _DRAWN.items():
            at = self._moment(class_[name]["drawn_at"])
            if at is not None:
                yield {"code": concept(coded), "valueDateTime": at}

    def _rules(self) -> str:
        trial, criterion = self._told["trial"], self._told["criterion"]
        return (
            f"Rules of {trial['name']}, version {trial['version']}; classes by "
            f"{criterion['name']}, version {criterion['version']}"
        )

    def _times(self) -> Iterator[Part]:
        for name, text in _TIMES.items():
            at = self._moment(self._told["times"][name])
            answer = [] if at is None else [{"valueDateTime": at}]
            yield filled(linkId=name.replace("_", "-"), text=text, answer=answer)

    def _notes(self) -> Iterator[str]:
        for each in self._told["reasons"]:
            yield each["text"]
        for each in self._told["missing"]:
            yield f"Missing: {each['text']}"
        yield from self._told["remarks"]
        yield self._told["note"]

    def _moment(self, text: str | None) -> str | None:
        return moment(text, self._laboratory.settings.zone)


def _patient(subject: str) -> Part:
    return {"type": "Patient", "identifier": {"value": subject}}


def _question(told: Mapping[str, Any]) -> Part:
    given = told["answer"]
    answer = []
    if given is not None:
        value = given["value"]
        answer = [{"valueCoding": {"system": LOCAL, "code": value, "display": value}}]
    return filled(linkId=told["question"], text=told["text"], answer=answer)
