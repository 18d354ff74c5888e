"""Gating-ML as `write_gatingml` writes it, read without an XML parser.

One tag stands on each line. What is read is written again and held against what was there, so that
a file of any other form, or with anything more in it, is not read.
"""

import re
from xml.sax.saxutils import unescape

from hladr.errors import HladrError
from hladr.gate_files.fields import DATA_TYPE, GATING, TRANSFORMS
from hladr.gate_files.gatingml import ROOT, read_gatingml
from hladr.gate_files.writing import HEAD, TAIL, write_gatingml
from hladr.gate_files.xml import Element
from hladr.gates import GatingStrategy

LARGEST = 1 << 20  # bytes
_DEEPEST = 8
_NAMESPACES = {"gating": GATING, "transforms": TRANSFORMS, "data-type": DATA_TYPE}
_VALUE = r"""(?:"[^"<>]*"|'[^'<>]*')"""
_TAG = re.compile(rf" *<(/?)([a-z-]+):([\w-]+)((?: [a-z-]+:[\w-]+={_VALUE})*)(/?)>")
_ATTRIBUTE = re.compile(rf" ([a-z-]+):([\w-]+)=({_VALUE})")
_SIGNS = {"&quot;": '"', "&#10;": "\n", "&#13;": "\r", "&#9;": "\t"}


def read_written(content: bytes) -> GatingStrategy | None:
    """Return the strategy of a file that `write_gatingml` wrote; None for any other file."""
    if len(content) > LARGEST:
        return None
    try:
        text = content.decode()
        root = _root(text)
        if root is None:
            return None
        strategy = read_gatingml(root)
        same = write_gatingml(strategy) == text
    except (UnicodeDecodeError, HladrError):
        return None
    return strategy if same else None


def _root(text: str) -> Element | None:
    """Tree of a document that has one tag on each line; None where it has another form."""
    if not (text.startswith(HEAD) and text.endswith(TAIL)):
        return None
    root = Element(ROOT, {}, 2)
    opened = [root]
    lines = text[len(HEAD) : -len(TAIL)].split("\n")[:-1]
    for number, line in enumerate(lines, 3):
        found = _TAG.fullmatch(line)
        if found is None or found[2] not in _NAMESPACES:
            return None
        closing, prefix, name, attributes, closed = found.groups()
        full = f"{_NAMESPACES[prefix]} {name}"
        if closing:
            if len(opened) == 1 or opened.pop().name != full:
                return None
            continue
        element = Element(full, _attributes(attributes), number)
        opened[-1].children.append(element)
        if not closed:
            opened.append(element)
        if len(opened) > _DEEPEST:
            return None
    return root if len(opened) == 1 else None


def _attributes(text: str) -> dict[str, str]:
    return {
        f"{_NAMESPACES.get(prefix, prefix)} {name}": unescape(value[1:-1], _SIGNS)
        for prefix, name, value in _ATTRIBUTE.findall(text)
    }
