"""From a comparison to its pages."""

from dataclasses import fields

from hladr.recalculation import Comparison
from hladr.recalculation_report.composing import comparison_page
from hladr.recalculation_report.letter import letter_page
from hladr.recalculation_report.page import ComparisonPage, LetterPage
from hladr.report.rendering import environment


def render_comparison(comparison: Comparison) -> str:
    """Report as one HTML page; the same comparison gives the same text."""
    return _rendered("comparison.html", comparison_page(comparison))


def render_letter(comparison: Comparison, reason: str) -> str:
    """Letter of one printed page; `reason` says why the samples were measured again."""
    return _rendered("letter.html", letter_page(comparison, reason))


def _rendered(template: str, page: ComparisonPage | LetterPage) -> str:
    context = {each.name: getattr(page, each.name) for each in fields(page)}
    return environment("hladr.recalculation_report").get_template(template).render(context)
