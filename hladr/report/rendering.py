"""From a result to the page, and to a file."""

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from hladr.output_name import output_name
from hladr.report.composing import report_page
from hladr.report.page import ReportPage
from hladr.report.svg import visible
from hladr.result import AbcResult


def render(result: AbcResult) -> str:
    """Report as one self-contained HTML page; the same result gives the same text."""
    return environment().get_template("report.html").render(_context(result))


def render_sections(result: AbcResult) -> Markup:
    """Beads, gates, HLA-DR, uncertainty and origin, for a page that has a head of its own."""
    text = environment().get_template("sections.html").render(_context(result))
    return Markup(text)  # noqa: S704 - the template escapes what it is given


@dataclass(frozen=True, slots=True)
class Panels:
    """The figures and tables of a report one by one, for a page with an order of its own.

    `reasons` are the sentences that the class rests on.
    """

    beads: Markup
    line: Markup
    gates: Markup
    hla_dr: Markup
    reasons: Markup


def render_panels(result: AbcResult) -> Panels:
    """Return beads, line, gates and HLA-DR as the report draws them, each without a heading."""
    context = _context(result)

    def panel(name: str) -> Markup:
        text = environment().get_template(f"panel_{name}.html").render(context)
        return Markup(text)  # noqa: S704 - the template escapes what it is given

    return Panels(**{each.name: panel(each.name) for each in fields(Panels)})


def write(result: AbcResult, folder: Path) -> Path:
    """Write the report into an existing folder.

    Returns
    -------
    Path
        The sample's name and the start of its hash, so that two samples never share a report.
        A report of the same sample is replaced, whole or not at all.
    """
    path = folder / report_name(result.sample.file, result.sample.sha256)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(render(result), encoding="utf-8", newline="\n")
    return unfinished.replace(path)


def report_name(file: str, sha256: str) -> str:
    """Name of a sample's report: plain letters, digits, dot, hyphen and underscore only."""
    return output_name(file, sha256, ".html")


@cache
def environment(*packages: str) -> jinja2.Environment:
    """Templates of `packages` and of this one, with escaping on and unknown names refused."""
    loaders = [jinja2.PackageLoader(name) for name in (*packages, "hladr.report")]
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader(loaders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["whole"] = whole
    return made


def whole(text: str) -> Markup:
    """Text of people whose length was bounded when it came: shown as any other, but never cut."""
    return Markup(escape(visible(text, len(text))))  # noqa: S704 - it is escaped


def _context(result: AbcResult) -> dict[str, object]:
    page = report_page(result)
    return {each.name: getattr(page, each.name) for each in fields(ReportPage)}


def _shown(value: object) -> object:
    """Every text on its way into the page; markup of our own making stays as it is."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
