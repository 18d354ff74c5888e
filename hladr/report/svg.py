"""SVG and HTML elements built as text that is escaped by construction.

Text from files (channel names, markers, keywords) is hostile until it has passed `visible` and an
escape; `element` does both to every string it is given, as a child and as an attribute.
"""

import unicodedata
from collections.abc import Iterable

from markupsafe import Markup, escape

from hladr.arrays import FloatArray

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
TEXT_LIMIT = 300

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str, limit: int = TEXT_LIMIT) -> str:
    """Text as it may be shown: control, direction and unpaired characters replaced, cut at `limit`.

    A direction override can make a file name read backwards and an unpaired surrogate cannot be
    written at all; both come from file names and keywords.
    """
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    if cut.isprintable():  # the quick answer for all but odd text
        return cut
    return "".join(REPLACEMENT if unicodedata.category(c) in _INVISIBLE else c for c in cut)


def element(tag: str, /, *children: str, **attributes: str | float) -> Markup:
    """One element with escaped children and attributes.

    Parameters
    ----------
    tag
        Element name, from our own code.
    *children
        Text is escaped; `Markup` made by this function goes in as it is.
    **attributes
        Underscores become hyphens and a trailing one is dropped (``class_``); numbers are
        written with at most two decimals.
    """
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for name, value in attributes.items()
    )
    inside = "".join(_child(child) for child in children)
    return Markup(f"<{tag}{written}>{inside}</{tag}>")  # noqa: S704 - every part is escaped above


def join(parts: Iterable[Markup]) -> Markup:
    """Elements one after another."""
    return Markup("").join(parts)


def number(value: float) -> str:
    """Coordinate: at most two decimals, no exponent, no minus zero."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def path_data(x: FloatArray, y: FloatArray, *, closed: bool = False) -> str:
    """``d`` of a path through pixel positions `x`, `y`, each shape (n,)."""
    points = [f"{number(a)} {number(b)}" for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    return f"M{'L'.join(points)}{'Z' if closed else ''}"


def _attribute(value: str | float) -> str:
    if isinstance(value, str):
        return str(escape(visible(value, 1_000_000)))
    return number(float(value))


def _child(child: str) -> str:
    return str(child) if isinstance(child, Markup) else str(escape(visible(child)))
