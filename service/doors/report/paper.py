"""A report's HTML as WeasyPrint needs it: figures that bring their own style, a page of its own.

WeasyPrint draws an SVG apart from its page: rules of the page, and variables, do not reach it.
"""

import re
from functools import cache
from importlib.resources import files

_SVG = re.compile(r"<svg\b[^>]*>")
_VARIABLE = re.compile(r"var\((--[a-z]+)\)")
_VALUE = re.compile(r"(--[a-z]+): (#[0-9a-f]+)")


def on_paper(html: str) -> str:
    """Return a report as it is written to PDF."""
    styled = _SVG.sub(lambda found: f"{found[0]}<style>{_svg_rules()}</style>", html)
    return styled.replace("</head>", f"<style>{_paper_rules()}</style>\n</head>", 1)


@cache
def _svg_rules() -> str:
    templates = files("hladr.report") / "templates"
    rules = (templates / "svg.css").read_text(encoding="utf-8")
    values = dict(_VALUE.findall((templates / "report.css").read_text(encoding="utf-8")))
    return _VARIABLE.sub(lambda found: values[found[1]], rules)


@cache
def _paper_rules() -> str:
    paper = files("service.doors.report") / "templates" / "paper.css"
    return paper.read_text(encoding="utf-8")
