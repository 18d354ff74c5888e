"""A page as it is answered: a template, filled."""

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any, Final

import jinja2
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from hladr.report.badges import severity_badge, verdict_badge
from hladr.report.svg import visible
from service.pages.visitor import Visitor

_LONGEST = 4000  # characters of a text; what people write may have 2,000
_HEADERS: Final = {
    # With no referrer at all a browser does not say where a form was sent from.
    "Referrer-Policy": "same-origin",
}


def page(
    template: str,
    visitor: Visitor | None,
    status: int = 200,
    /,
    **said: Any,  # noqa: ANN401
) -> Response:
    """Return a page.

    Parameters
    ----------
    template
        Its file; it extends ``base.html``.
    visitor
        Who looks at it; None for the pages before somebody signs in.
    said
        What the template shows.
    """
    text = _templates().get_template(template).render(visitor=visitor, **said)
    return HTMLResponse(text, status, _HEADERS)


def onward(address: str) -> Response:
    """Send a browser to another page, which it asks for by GET."""
    return RedirectResponse(address, 303, _HEADERS)


def static(name: str) -> str:
    """Return the address of a file of ours, which changes when the file does."""
    return f"/static/{name}?v={hashlib.sha256(content_of(name)).hexdigest()[:12]}"


@cache
def content_of(name: str) -> bytes:
    """Return the bytes of a file of ours.

    Raises
    ------
    KeyError
        There is none of this name.
    """
    if name == "figures.css":  # the figures have the look that they have in reports
        return (files("hladr.report") / "templates" / "svg.css").read_bytes()
    for each in (files("service.pages") / "static").iterdir():
        if each.name == name:
            return each.read_bytes()
    raise KeyError(name)


@cache
def _templates() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [jinja2.PackageLoader(name) for name in ("service.pages", "hladr.report")]
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(static=static, verdict_badge=verdict_badge, severity_badge=severity_badge)
    return made


def _shown(value: object) -> object:
    """Every text on its way into a page; markup of our own making stays as it is."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value, _LONGEST)
    return value
