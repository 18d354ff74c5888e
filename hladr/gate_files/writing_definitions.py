"""Scales, ratios and matrices as Gating-ML 2.0 defines them, each written once."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from hladr.gate_files.errors import GateNotWritable
from hladr.gates import Column, Compensated, FileMatrix, Matrix, Ratio, Recorded
from hladr.scales import (
    Asinh,
    Bounded,
    Hyperlog,
    Linear,
    Log,
    Logicle,
    LogicleFromTable,
    Scale,
)

# The standard's schema wants names that XML can refer to: a letter, then letters, digits, - . _
_NAME = re.compile(r"[^\W\d][\w.-]*")
# What no XML 1.0 document can hold.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class WrittenDefinitions:
    """Transformations and matrices that the gates written so far rest on."""

    taken: set[str]
    lines: list[str] = field(default_factory=list)
    scales: dict[Scale, str] = field(default_factory=dict)
    ratios: dict[Ratio, str] = field(default_factory=dict)
    matrices: dict[str, Matrix] = field(default_factory=dict)

    def scale(self, scale: Scale, gate: str) -> str:
        """Id of the transformation of a scale."""
        if scale not in self.scales:
            name = self._free(f"scale-{len(self.scales) + 1}")
            low, high = (
                (scale.low, scale.high) if isinstance(scale, Bounded) else (-math.inf, math.inf)
            )
            bare = scale.scale if isinstance(scale, Bounded) else scale
            self._transformation(name, low, high, _formula(bare, gate), gate)
            self.scales[scale] = name
        return self.scales[scale]

    def ratio(self, ratio: Ratio, gate: str) -> str:
        """Id of the transformation of a ratio."""
        if ratio not in self.ratios:
            name = self._free(f"ratio-{len(self.ratios) + 1}")
            letters = _letters("ABC", (ratio.a, ratio.b, ratio.c))
            names = (ratio.numerator.channel, ratio.denominator.channel)
            inside = "".join(named(each, gate) for each in names)
            formula = f"    <transforms:fratio{letters}>\n{inside}    </transforms:fratio>\n"
            self._transformation(name, ratio.low, ratio.high, formula, gate)
            self.ratios[ratio] = name
        return self.ratios[ratio]

    def compensation(self, column: Column, gate: str) -> str:
        """Value of compensation-ref of a column."""
        match column:
            case Recorded():
                return "uncompensated"
            case Compensated(_, FileMatrix()):
                return "FCS"
            case Compensated(_, Matrix() as matrix):
                return self._matrix(matrix, gate)
            case Ratio(numerator, denominator):
                above, below = (self.compensation(c, gate) for c in (numerator, denominator))
                if above != below:
                    raise GateNotWritable(gate=gate, found="a ratio compensated on one side only")
                return above
        raise GateNotWritable(gate=gate, found=f"{column!r} is no channel of a file")

    def _matrix(self, matrix: Matrix, gate: str) -> str:
        name = matrix.name
        if name not in self.matrices:
            if name in {"", "uncompensated", "FCS"} or name in self.taken:
                raise GateNotWritable(gate=gate, found=f"its matrix is called {name!r}")
            if len(matrix.fluorochromes) < 2:
                raise GateNotWritable(gate=gate, found="a matrix of one fluorochrome")
            self.matrices[name] = matrix
            self.taken.add(name)
            self.lines += _matrix_lines(matrix, gate)
        if self.matrices[name] != matrix:
            raise GateNotWritable(gate=gate, found=f"two matrices are called {name!r}")
        return name

    def _transformation(self, name: str, low: float, high: float, formula: str, gate: str) -> None:
        bounds = "" if low == -math.inf else f' transforms:boundMin="{low!r}"'
        bounds += "" if high == math.inf else f' transforms:boundMax="{high!r}"'
        identity = identity_text("transforms:id", name, gate)
        self.lines.append(
            f"  <transforms:transformation{identity}{bounds}>\n{formula}"
            "  </transforms:transformation>\n"
        )

    def _free(self, name: str) -> str:
        while name in self.taken:
            name += "-"
        self.taken.add(name)
        return name


def _formula(scale: Scale, gate: str) -> str:
    match scale:
        case Linear(t, a):
            return f"    <transforms:flin{_letters('TA', (t, a))}/>\n"
        case Log(t, m):
            return f"    <transforms:flog{_letters('TM', (t, m))}/>\n"
        case Asinh(t, m, a):
            return f"    <transforms:fasinh{_letters('TMA', (t, m, a))}/>\n"
        case Logicle(t, w, m, a) | LogicleFromTable(Logicle(t, w, m, a)):
            return f"    <transforms:logicle{_letters('TWMA', (t, w, m, a))}/>\n"
        case Hyperlog(t, w, m, a):
            return f"    <transforms:hyperlog{_letters('TWMA', (t, w, m, a))}/>\n"
    raise GateNotWritable(gate=gate, found=f"the scale {scale}")


def _letters(letters: str, values: tuple[float, ...]) -> str:
    pairs = zip(letters, values, strict=True)
    return "".join(f' transforms:{letter}="{number_text(value)}"' for letter, value in pairs)


def _matrix_lines(matrix: Matrix, gate: str) -> Iterator[str]:
    inverted = ' transforms:matrix-inverted-already="true"' if matrix.inverted else ""
    head = identity_text("transforms:id", matrix.name, gate) + inverted
    yield f"  <transforms:spectrumMatrix{head}>\n"
    for part, names in (("fluorochromes", matrix.fluorochromes), ("detectors", matrix.detectors)):
        yield f"    <transforms:{part}>\n"
        yield from (named(name, gate) for name in names)
        yield f"    </transforms:{part}>\n"
    for row in matrix.coefficients:
        yield "    <transforms:spectrum>\n"
        for value in row:
            yield f'      <transforms:coefficient transforms:value="{number_text(value)}"/>\n'
        yield "    </transforms:spectrum>\n"
    yield "  </transforms:spectrumMatrix>\n"


def named(name: str, gate: str) -> str:
    """Line of an fcs-dimension."""
    return f"      <data-type:fcs-dimension{attribute_text('data-type:name', name, gate)}/>\n"


def number_text(value: float) -> str:
    """All digits that tell a number from its neighbours."""
    return repr(float(value))


def identity_text(name: str, value: str, gate: str) -> str:
    """Text of an attribute that names or refers; GateNotWritable where XML cannot."""
    if not _NAME.fullmatch(value):
        found = f"{value!r} is no XML name (a letter, then letters, digits, '-', '.', '_')"
        raise GateNotWritable(gate=gate, found=found)
    return attribute_text(name, value, gate)


def attribute_text(name: str, value: str, gate: str) -> str:
    """Text of an attribute; GateNotWritable where no XML can hold it."""
    if not value or _FORBIDDEN.search(value):
        raise GateNotWritable(gate=gate, found=f"the name {value!r}")
    line_ends = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
    return f" {name}={quoteattr(value, line_ends)}"
