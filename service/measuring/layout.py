"""How a result is drawn: as the pages of its report, or panel by panel for the bench."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from enum import StrEnum

from calibration.finding import Finding, Severity
from hladr.result import AbcResult


class Layout(StrEnum):
    """What the figures and tables of a result are drawn for.

    ├── REPORT    one piece, for a report
    ├── BENCH     panel by panel
    └── WITHHELD  panel by panel, of a number that people rejected: it is in none of them
    """

    REPORT = "report"
    BENCH = "bench"
    WITHHELD = "withheld"


_REJECTED = Finding("REJECTED", Severity.REJECT, "Somebody signed it as rejected.")


def drawn(result: AbcResult, layout: Layout) -> Mapping[str, str]:
    """Return the figures and tables of a result, as HTML of our own making, by their names."""
    from hladr.report import render_panels, render_sections

    if layout is Layout.REPORT:
        return {"sections": str(render_sections(result))}
    if layout is Layout.BENCH:
        return {name: str(html) for name, html in asdict(render_panels(result)).items()}
    rejected = replace(result, findings=(*result.findings, _REJECTED))
    panels = asdict(render_panels(rejected))
    return {**{name: str(html) for name, html in panels.items()}, "reasons": ""}
