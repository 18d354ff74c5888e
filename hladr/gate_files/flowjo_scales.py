"""Scales of a FlowJo workspace."""

from hladr.gate_files.errors import GateFileInvalid, GateNotSupported
from hladr.gate_files.fields import (
    DATA_TYPE,
    TRANSFORMS,
    number,
    only_child,
    optional_number,
    shown,
)
from hladr.gate_files.xml import Element
from hladr.scales import Asinh, Biex, Log, Logicle, Scale, Span
from hladr.scales.parameters import MOST_DECADES

AXIS_CHANNELS = 256.0
"""Channels of a plot's axis, in which ellipses are stored."""


def read_scale(element: Element, where: str) -> Scale:
    """Scale of an element of Transformations, 0 to 1 over the axis of a plot.

    Raises
    ------
    GateFileInvalid, GateNotSupported, ScaleError
    """
    kind = element.name.removeprefix(f"{TRANSFORMS} ")
    only_child(element.all(f"{DATA_TYPE} parameter"), "parameter", where)
    if kind not in _SCALES:
        found = f"the scale {shown(element.local)}, which FlowJo does not describe"
        raise GateNotSupported(where=where, found=found)
    length = optional_number(element, TRANSFORMS, "length", where)
    if length not in (None, AXIS_CHANNELS):
        found = f"a {kind} scale of {length:g} channels, not {AXIS_CHANNELS:g}"
        raise GateNotSupported(where=where, found=found)
    return _SCALES[kind](element, where)


def _linear(element: Element, where: str) -> Scale:
    low, high = (number(element, TRANSFORMS, name, where) for name in ("minRange", "maxRange"))
    return Span(low, high)


def _log(element: Element, where: str) -> Scale:
    """Decades from the offset up, written as those below their top."""
    offset, decades = (number(element, TRANSFORMS, name, where) for name in ("offset", "decades"))
    if not (offset > 0.0 and 0.0 < decades <= MOST_DECADES):
        expected = "an offset and decades above 0"
        raise GateFileInvalid(where=where, expected=expected, found=f"{offset} and {decades}")
    return Log(offset * 10.0**decades, decades)


def _fasinh(element: Element, where: str) -> Scale:
    return Asinh(*(number(element, TRANSFORMS, letter, where) for letter in "TMA"))


def _logicle(element: Element, where: str) -> Scale:
    return Logicle(*(number(element, TRANSFORMS, letter, where) for letter in "TWMA"))


def _biex(element: Element, where: str) -> Scale:
    names = ("maxRange", "width", "pos", "neg")
    return Biex(*(number(element, TRANSFORMS, name, where) for name in names))


_SCALES = {
    "linear": _linear,
    "log": _log,
    "fasinh": _fasinh,
    "logicle": _logicle,
    "biex": _biex,
}
