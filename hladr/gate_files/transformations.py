"""Transformations and matrices of a Gating-ML 2.0 file, read when a gate rests on them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from hladr.gate_files.errors import GateFileInvalid, GateNotSupported
from hladr.gate_files.fields import (
    DATA_TYPE,
    TRANSFORMS,
    boolean,
    number,
    only_attributes,
    only_child,
    only_children,
    optional_number,
    required,
    shown,
)
from hladr.gate_files.xml import Element
from hladr.gates import (
    FILE_MATRIX,
    Compensated,
    InvalidMatrix,
    Matrix,
    Ratio,
    Recorded,
)
from hladr.scales import (
    Asinh,
    Bounded,
    Hyperlog,
    Linear,
    Log,
    Logicle,
    Scale,
    ScaleError,
)

NAMED_DIMENSION = f"{DATA_TYPE} fcs-dimension"
_RATIO = f"{TRANSFORMS} fratio"
_SCALES = {
    f"{TRANSFORMS} flin": (Linear, "TA"),
    f"{TRANSFORMS} flog": (Log, "TM"),
    f"{TRANSFORMS} fasinh": (Asinh, "TMA"),
    f"{TRANSFORMS} logicle": (Logicle, "TWMA"),
    f"{TRANSFORMS} hyperlog": (Hyperlog, "TWMA"),
}
_MATRIX_PARTS = tuple(f"{TRANSFORMS} {part}" for part in ("fluorochromes", "detectors", "spectrum"))
_COEFFICIENT = f"{TRANSFORMS} coefficient"
_NO_MATRIX, _THE_FILES = "uncompensated", "FCS"


@dataclass(frozen=True, slots=True)
class Definitions:
    """Transformation and spectrumMatrix elements of a file, by id."""

    transformations: Mapping[str, Element]
    matrices: Mapping[str, Element]
    _read: dict[str, Matrix] = field(default_factory=dict, compare=False)  # each once a file

    def scale(self, reference: str, where: str) -> Scale:
        """Return the scale of a transformation-ref."""
        element = self._transformation(reference, where)
        where = f"{where}, transformation {reference!r}"
        formula = _formula(element, where)
        if formula.name not in _SCALES:
            found = f"the transformation {shown(formula.local)} as a scale"
            raise GateNotSupported(where=where, found=found)
        make, letters = _SCALES[formula.name]
        only_attributes(formula, letters, where)
        only_children(formula, (), where)
        values = [number(formula, TRANSFORMS, letter, where) for letter in letters]
        low, high = _bounds(element, where)
        try:
            scale = make(*values)
            return scale if (low, high) == (-math.inf, math.inf) else Bounded(scale, low, high)
        except ScaleError as error:
            expected = f"{error.scale} {error.parameter} {error.expected}"
            raise GateFileInvalid(where=where, expected=expected, found=f"{error.found}") from error

    def ratio(self, reference: str, compensation: str, where: str) -> Ratio:
        """Return the column of a new-dimension."""
        element = self._transformation(reference, where)
        where = f"{where}, transformation {reference!r}"
        formula = _formula(element, where)
        if formula.name != _RATIO:
            found = f"the transformation {shown(formula.local)} as a new dimension"
            raise GateNotSupported(where=where, found=found)
        only_attributes(formula, "ABC", where)
        only_children(formula, (NAMED_DIMENSION,), where)
        a, b, c = (number(formula, TRANSFORMS, letter, where) for letter in "ABC")
        names = _names(formula, where)
        if len(names) != 2:
            raise GateFileInvalid(where=where, expected="two channels", found=str(len(names)))
        above, below = (self.column(name, compensation, where) for name in names)
        low, high = _bounds(element, where)
        if not low <= high:
            raise GateFileInvalid(
                where=where, expected="boundMin <= boundMax", found=f"{low} {high}"
            )
        return Ratio(above, below, a, b, c, low, high)

    def column(self, name: str, compensation: str, where: str) -> Recorded | Compensated:
        """Return the column of an fcs-dimension and a compensation-ref."""
        if compensation == _NO_MATRIX:
            return Recorded(name)
        if compensation == _THE_FILES:
            return Compensated(name, FILE_MATRIX)
        matrix = self._matrix(compensation, where)
        if name in matrix.detectors and name not in matrix.fluorochromes:
            expected = f"a fluorochrome of matrix {compensation!r}"
            raise GateFileInvalid(
                where=where, expected=expected, found=f"its detector {shown(name)}"
            )
        return Compensated(name, matrix)

    def _transformation(self, reference: str, where: str) -> Element:
        if reference not in self.transformations:
            found = f"none of id {shown(reference)}"
            raise GateFileInvalid(
                where=where, expected="its transformation in the file", found=found
            )
        return self.transformations[reference]

    def _matrix(self, reference: str, where: str) -> Matrix:
        if reference not in self.matrices:
            expected = "'uncompensated', 'FCS' or the id of a matrix"
            raise GateFileInvalid(where=where, expected=expected, found=shown(reference))
        if reference not in self._read:
            self._read[reference] = read_matrix(self.matrices[reference], reference, where)
        return self._read[reference]


def read_matrix(element: Element, name: str, where: str) -> Matrix:
    """Matrix of a spectrumMatrix element."""
    where = f"{where}, matrix {name!r}"
    only_attributes(element, ("id", "matrix-inverted-already"), where)
    only_children(element, _MATRIX_PARTS, where)
    rows, columns = (
        _names(only_child(element.all(part), f"element {part.split()[1]!r}", where), where)
        for part in _MATRIX_PARTS[:2]
    )
    spectra = tuple(_spectrum(spectrum, where) for spectrum in element.all(_MATRIX_PARTS[2]))
    inverted = boolean(element, TRANSFORMS, "matrix-inverted-already", where)
    if inverted and len(rows) != len(columns) and len(spectra) == len(rows):
        spectra = _transposed(spectra)
    try:
        return Matrix(name, rows, columns, spectra, inverted)
    except InvalidMatrix as error:
        raise GateFileInvalid(
            where=where, expected=error.expected, found=f"{error.found}"
        ) from error


def _transposed(spectra: tuple[tuple[float, ...], ...]) -> tuple[tuple[float, ...], ...]:
    """An inverse written with a row a fluorochrome, as spectra are."""
    if len({len(row) for row in spectra}) != 1:
        return spectra
    return tuple(zip(*spectra, strict=True))


def _spectrum(element: Element, where: str) -> tuple[float, ...]:
    only_attributes(element, (), where)
    only_children(element, (_COEFFICIENT,), where)
    for coefficient in element.children:
        only_attributes(coefficient, ("value",), where)
    return tuple(number(each, TRANSFORMS, "value", where) for each in element.children)


def _names(element: Element, where: str) -> tuple[str, ...]:
    """Names of the fcs-dimension elements in an element."""
    only_children(element, (NAMED_DIMENSION,), where)
    return tuple(dimension_name(child, where) for child in element.children)


def dimension_name(element: Element, where: str) -> str:
    """Channel or fluorochrome of an fcs-dimension."""
    only_attributes(element, ("name",), where)
    only_children(element, (), where)
    return required(element, DATA_TYPE, "name", where)


def _formula(element: Element, where: str) -> Element:
    only_attributes(element, ("id", "boundMin", "boundMax"), where)
    return only_child(element.children, "formula", where)


def _bounds(element: Element, where: str) -> tuple[float, float]:
    low = optional_number(element, TRANSFORMS, "boundMin", where)
    high = optional_number(element, TRANSFORMS, "boundMax", where)
    return -math.inf if low is None else low, math.inf if high is None else high
