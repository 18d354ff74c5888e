"""What the steadiness of an instrument says of the numbers of patients that rest on a run."""

from collections.abc import Iterator
from typing import Final

from calibration.finding import Severity
from service.finding import ServiceFinding
from service.quality.verdicts import Judged

OUT_OF_CONTROL: Final = "RUN_OUT_OF_CONTROL"
"""Nobody answers for it on a tube: it is of the whole run."""

_MOST = 3  # sentences of rules


def use_findings(judged: Judged) -> Iterator[ServiceFinding]:
    """Whether a run violates a rule that rejects, and whether somebody lets it be used."""
    if not judged.is_rejected:
        return
    said = [each.message for each in judged.verdict.findings if each.severity is Severity.REJECT]
    more = f" And {len(said) - _MOST} more." if len(said) > _MOST else ""
    why = " ".join(said[:_MOST]) + more
    if judged.use is None:
        yield ServiceFinding(
            OUT_OF_CONTROL,
            Severity.WARN,
            f"The run violates a rule of its quality control. {why} Measure the tube in a run that "
            "does not, or let a reviewer say on the page of the instrument's quality why this run "
            "may be used.",
            blocks=True,
        )
    else:
        yield ServiceFinding(
            "RUN_USED_IN_SPITE",
            Severity.WARN,
            f"The run violates a rule of its quality control, and {judged.use.made_by} lets it be "
            f"used: {judged.use.reason} {why}",
        )
