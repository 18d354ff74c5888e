"""From a method validation to its page."""

from dataclasses import fields

from hladr.report.rendering import environment
from hladr.validation.composing import validation_page
from hladr.validation.page import ValidationPage
from hladr.validation.study import Validation


def render_validation(found: Validation, name: str) -> str:
    """Report as one HTML page; the same results give the same text.

    Parameters
    ----------
    found
        What is shown.
    name
        Of the folder or the table, for the heading.
    """
    page = validation_page(found, name)
    context = {each.name: getattr(page, each.name) for each in fields(ValidationPage)}
    return environment("hladr.validation").get_template("validation.html").render(context)
