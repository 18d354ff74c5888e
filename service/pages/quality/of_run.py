"""What the quality of an instrument says of one run, for the page of the run."""

from dataclasses import dataclass

from hladr.report.badges import DOT, icon
from hladr.report.page import Badge, FindingRow
from service.laboratory import Laboratory
from service.pages.quality.runs_shown import finding_rows
from service.pages.quality.words import is_alone, outcome_badge
from service.quality.verdicts import verdicts_of
from service.store.bead_copies import counted_for

_UNKNOWN = Badge("note", "Not judged", icon(DOT))


@dataclass(frozen=True, slots=True)
class RunQuality:
    """A run over time.

    Parameters
    ----------
    said
        One sentence: what follows, or who lets it be used.
    is_rejected
        Whether a rule that rejects is violated: the page begins with it.
    findings
        Rules that are violated; a value beyond 2 SD alone is none of them.
    counted
        Id of the run that counts for the file; its own where the file was not sent before.
    """

    outcome: Badge
    said: str
    is_rejected: bool
    findings: tuple[FindingRow, ...]
    counted: str


def run_quality(laboratory: Laboratory, id: str) -> RunQuality:
    """Return what the rules of its instrument say of a run."""
    with laboratory.database.reading() as connection:
        judged = verdicts_of(connection, [id]).get(id)
        first = counted_for(connection, [id]).get(id)
    counted = id if first is None else first.id
    if judged is None:
        said = "There is no baseline, or the curve was rejected."
        return RunQuality(_UNKNOWN, said, is_rejected=False, findings=(), counted=counted)
    findings = judged.verdict.findings
    said = ""
    if judged.is_rejected:
        use = judged.use
        said = (
            "No number of a patient that rests on it can be signed."
            if use is None
            else f"{use.made_by} lets it be used: {use.reason}"
        )
    elif is_alone(findings):
        said = "One value lies beyond 2 SD, as one in twenty does."
    badge = outcome_badge(judged.verdict, is_used=judged.use is not None)
    rows = () if is_alone(findings) else finding_rows(findings)
    return RunQuality(badge, said, judged.is_rejected, rows, counted)
