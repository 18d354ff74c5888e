"""A compensation matrix of one sample of a FlowJo workspace, and the channels behind its names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hladr.fcs.channel import Channel
from hladr.fcs.errors import ChannelError
from hladr.fcs.table import EventTable
from hladr.gate_files.errors import GateFileInvalid, GateNotSupported
from hladr.gate_files.fields import DATA_TYPE, TRANSFORMS, number, required, shown
from hladr.gate_files.xml import Element
from hladr.gates import GateChannelMissing, InvalidMatrix, Matrix

SPILLOVER_MATRIX = f"{TRANSFORMS} spilloverMatrix"


def find_channel(table: EventTable, name: str) -> Channel | None:
    """Return the channel of a name, in which FlowJo writes an underscore for each slash."""
    try:
        return table.channel(name)
    except ChannelError:
        same = [c for c in table.channels if c.name.replace("/", "_") == name]
        return same[0] if len(same) == 1 else None


def require_channel(table: EventTable, name: str, gate: str) -> Channel:
    """Return the channel of a name that a gate needs.

    Raises
    ------
    GateChannelMissing
    """
    channel = find_channel(table, name)
    if channel is None:
        present = tuple(channel.name for channel in table.channels)
        raise GateChannelMissing(gate=gate, channel=name, present=present)
    return channel


@dataclass(frozen=True, slots=True, eq=False)
class SampleMatrix:
    """A matrix of a sample, read once, when a gate first needs it.

    Parameters
    ----------
    element
        The matrix.
    table
        Events of the sample.
    """

    element: Element
    table: EventTable
    _rows: list[Mapping[str, Element]] = field(default_factory=list, init=False)
    _read: list[Matrix] = field(default_factory=list, init=False)

    def without(self, name: str) -> str | None:
        """Name before compensation, None where the name is not one of a compensated parameter."""
        before = self.element.attributes.get("prefix", "")
        after = self.element.attributes.get("suffix", "")
        if name.startswith(before) and name.endswith(after) and len(name) > len(before + after):
            return name[len(before) : len(name) - len(after)]
        return None

    def rows(self, where: str) -> Mapping[str, Element]:
        """Rows by fluorochrome.

        Raises
        ------
        GateFileInvalid
        """
        if not self._rows:
            self._rows.append(_rows(self.element, where))
        return self._rows[0]

    def read(self, gate: str) -> Matrix:
        """Return the matrix, for a gate that needs it.

        Raises
        ------
        GateChannelMissing, GateNotSupported, GateFileInvalid
            With the name of the gate.
        """
        if not self._read:
            self._read.append(self._matrix(gate))
        return self._read[0]

    def _matrix(self, gate: str) -> Matrix:
        name = self.element.attributes.get("name", "")
        where = f"gate {gate!r}, matrix {shown(name)}"
        if self.element.attributes.get("spectral", "0") == "1":
            method = self.element.attributes.get("weightOptAlgorithmType", "OLS")
            if method != "OLS":
                raise GateNotSupported(where=where, found=f"unmixing by {shown(method)}")
        rows = self.rows(where)
        shares = [dict(_shares(row, where)) for row in rows.values()]
        detectors = tuple(shares[0]) if shares else ()
        if any(tuple(each) != detectors for each in shares):
            expected = "the same detectors in each row"
            raise GateFileInvalid(where=where, expected=expected, found="others")
        channels = tuple(require_channel(self.table, each, gate).name for each in detectors)
        coefficients = tuple(tuple(each.values()) for each in shares)
        try:
            return Matrix(name, tuple(rows), channels, coefficients)
        except InvalidMatrix as error:
            raise GateFileInvalid(
                where=where, expected=error.expected, found=f"{error.found}"
            ) from error


def _rows(matrix: Element, where: str) -> Mapping[str, Element]:
    found: dict[str, Element] = {}
    for row in matrix.all(f"{TRANSFORMS} spillover"):
        name = required(row, DATA_TYPE, "parameter", where)
        if name in found:
            raise GateFileInvalid(where=where, expected=f"one row {name!r}", found="two")
        found[name] = row
    return found


def _shares(row: Element, where: str) -> Iterator[tuple[str, float]]:
    for element in row.all(f"{TRANSFORMS} coefficient"):
        name = required(element, DATA_TYPE, "parameter", where)
        yield name, number(element, TRANSFORMS, "value", where)
