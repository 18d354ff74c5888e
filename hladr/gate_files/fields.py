"""What stands in an element: attributes, numbers, children, each read or refused by name."""

import math
import re
from collections.abc import Collection, Iterable

from hladr.gate_files.errors import GateFileInvalid, GateNotSupported
from hladr.gate_files.xml import Element

STANDARD = "http://www.isac-net.org/std/Gating-ML/v2.0/"
GATING = STANDARD + "gating"
TRANSFORMS = STANDARD + "transformations"
DATA_TYPE = STANDARD + "datatypes"

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_BOOLEAN = {"true": True, "1": True, "false": False, "0": False}
_BLANKS = " \t\r\n"
_LONGEST_SHOWN = 60
_LONGEST_NUMBER = 500
# How gates are painted; FlowJo writes them into Gating-ML, too.
_LOOKS = frozenset(
    {
        "annoOffsetX", "annoOffsetY", "tint", "isTinted", "lineWeight", "userDefined", "percentX",
        "percentY", "quadId", "gateResolution", "name",
    }
)  # fmt: skip
_OFF = frozenset({"", "0", "false", "none"})


def attribute(element: Element, namespace: str, name: str, where: str) -> str | None:
    """Value of an attribute, in its namespace or, as some programs write it, in none."""
    qualified = element.attributes.get(f"{namespace} {name}")
    plain = element.attributes.get(name)
    if qualified is not None and plain is not None and qualified != plain:
        found = f"{shown(qualified)} and {shown(plain)}"
        raise GateFileInvalid(where=where, expected=f"one attribute {name!r}", found=found)
    return plain if qualified is None else qualified


def required(element: Element, namespace: str, name: str, where: str) -> str:
    """Value of an attribute that must be there and not be empty."""
    value = attribute(element, namespace, name, where)
    if not value:
        found = f"none on {element.local!r} in line {element.line}"
        raise GateFileInvalid(where=where, expected=f"an attribute {name!r}", found=found)
    return value


def number(element: Element, namespace: str, name: str, where: str) -> float:
    """Value of an attribute that is a finite number."""
    return as_number(required(element, namespace, name, where), f"attribute {name!r}", where)


def optional_number(element: Element, namespace: str, name: str, where: str) -> float | None:
    """Value of an attribute that is a finite number, None where it is not there."""
    value = attribute(element, namespace, name, where)
    return None if value is None else as_number(value, f"attribute {name!r}", where)


def boolean(element: Element, namespace: str, name: str, where: str) -> bool:
    """Value of an attribute that is true or false; false where it is not there."""
    value = (attribute(element, namespace, name, where) or "false").strip(_BLANKS)
    if value not in _BOOLEAN:
        expected = f"true or false as attribute {name!r}"
        raise GateFileInvalid(where=where, expected=expected, found=shown(value))
    return _BOOLEAN[value]


def as_number(text: str, what: str, where: str) -> float:
    """Return the finite number that a text is."""
    stripped = text.strip(_BLANKS) if len(text) <= _LONGEST_NUMBER else ""
    value = float(stripped) if _NUMBER.fullmatch(stripped) else math.nan
    if not math.isfinite(value):
        expected = f"a finite number as {what}"
        raise GateFileInvalid(where=where, expected=expected, found=shown(text))
    return value


def only_attributes(element: Element, known: Collection[str], where: str) -> None:
    """Refuse attributes that could mean something which is not executed.

    Those of foreign namespaces and those that only paint a gate are passed over, and unknown ones
    that are switched off.
    """
    for key, value in element.attributes.items():
        namespace, _, name = key.rpartition(" ")
        if name in known or (namespace and not namespace.startswith(STANDARD)):
            continue
        if name not in _LOOKS and value.strip(_BLANKS).lower() not in _OFF:
            found = f"attribute {shown(name)} = {shown(value)} in line {element.line}"
            raise GateNotSupported(where=where, found=found)


def only_children(element: Element, known: Collection[str], where: str) -> None:
    """Refuse elements that could mean something which is not executed."""
    for child in element.children:
        if child.name not in known:
            found = f"element {shown(child.local)} in line {child.line}"
            raise GateNotSupported(where=where, found=found)


def only_child(elements: Iterable[Element], what: str, where: str) -> Element:
    """Return the one element there must be."""
    found = list(elements)
    if len(found) != 1:
        raise GateFileInvalid(where=where, expected=f"one {what}", found=str(len(found)))
    return found[0]


def shown(text: str) -> str:
    """Text of a file, short enough for a sentence."""
    return repr(text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…")
