"""A report as HTML: one self-contained page, the same bytes as long as nothing was said since."""

from dataclasses import fields
from typing import Final

from hladr.report.rendering import environment
from service.doors.leaving import Leaving
from service.doors.number import Absent
from service.doors.report.composing import laboratory_page
from service.doors.report.figures import Figures, NoFigures, figures_of
from service.doors.report.page import LaboratoryPage
from service.doors.report.sources import Sources
from service.doors.spared import spared_file
from service.laboratory import Laboratory

RESEARCH_USE: Final = "Research use only. Not for diagnosis."
"""In the footer of every page; a template without it renders nothing."""


def render_report(laboratory: Laboratory, leaving: Leaving, sources: Sources) -> str:
    """Return the report of what leaves."""
    figures = _figures(laboratory, leaving)
    page = laboratory_page(laboratory, leaving, sources, figures)
    context = {each.name: getattr(page, each.name) for each in fields(LaboratoryPage)}
    templates = environment("service.doors.report")
    text = templates.get_template("laboratory_report.html").render(context)
    if text.count(RESEARCH_USE) != 1:
        raise ValueError(f"a report says once: {RESEARCH_USE}")
    return text


def _figures(laboratory: Laboratory, leaving: Leaving) -> Figures | NoFigures:
    if isinstance(leaving.number, Absent):
        return NoFigures("No figures: there is no number that they would show.")
    return figures_of(laboratory, spared_file(leaving.standing.analysis, leaving.others))
