"""The report, and where it comes from."""

from typing import Final

from service.doors.fhir.datatypes import HL7, LOCAL, URI, Part, concept
from service.doors.fhir.message import STATUS, Message
from service.doors.fhir.specimen import SPECIMEN
from service.doors.number import Absent

REPORT: Final = "DiagnosticReport"
PROVENANCE: Final = "Provenance"
_LABORATORY = (f"{HL7}/v2-0074", "LAB", "Laboratory")
REPORT_CODE: Final = (LOCAL, "HLADR-REPORT", "Report of monocyte HLA-DR")
_AGENT = f"{HL7}/provenance-participant-type"
_ASSEMBLER = (_AGENT, "assembler", "Assembler")
_VERIFIER = (_AGENT, "verifier", "Verifier")


def report(message: Message, results: list[Part]) -> Part:
    """Return the report of some observations."""
    leaving = message.leaving
    urn = {"system": URI, "value": f"urn:uuid:{message.key}"}
    return message.entry(
        REPORT,
        REPORT,
        identifier=[urn],
        status=STATUS[leaving.departure.status],
        category=[concept(_LABORATORY)],
        code=concept(REPORT_CODE),
        subject=message.about,
        effectiveDateTime=message.drawn_at,
        issued=leaving.departure.at,
        performer=message.house,
        resultsInterpreter=message.people,
        specimen=[message.to(SPECIMEN, SPECIMEN)],
        result=results,
        conclusion=_conclusion(message),
    )


def provenance(message: Message, targets: list[Part], program: Part) -> Part:
    """Return by what and by whom some resources were made, from which file.

    Parameters
    ----------
    program
        Reference to it.
    """
    leaving, result = message.leaving, message.leaving.result
    agents = [{"type": concept(_ASSEMBLER), "who": program}]
    agents += [{"type": concept(_VERIFIER), "who": each} for each in message.people]
    entities = []
    if result is not None:
        file = {"system": f"{LOCAL}/sha256", "value": result["sample"]["sha256"]}
        entities = [{"role": "source", "what": {"identifier": file}}]
    return message.entry(
        PROVENANCE,
        PROVENANCE,
        target=targets,
        occurredDateTime=message.acquired_at,
        recorded=leaving.departure.at,
        agent=agents,
        entity=entities,
    )


def _conclusion(message: Message) -> str:
    leaving = message.leaving
    if isinstance(leaving.number, Absent):
        absent = Absent(leaving.number.why, None) if message.outside else leaving.number
        said = absent.sentence.rstrip(".")
    else:
        low, high = leaving.number.interval
        said = f"{leaving.number.text} AB/c (95 % interval {low} to {high})"
    found = leaving.classified
    by = "" if found is None else f"; {found.name} by {found.criterion} {found.criterion_version}"
    return f"{said}{by}. Research use only; not for diagnosis."
